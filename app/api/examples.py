"""The requests whose answers become examples: picked from the rulebook, so that they follow it wherever it goes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

import orjson
from starlette.types import ASGIApp, Message

from app.api.parts import Parts
from app.api.problems import Unforeseen, problem_body, status_of
from app.clients import Scope
from app.errors import AppError, Forbidden, ProblemCode, RateLimited, StorageUnavailable, Unauthorized
from app.evaluation import plain
from app.releases import EDITION, Edition
from app.rulebook import TopicBook

_REFERENCE: Final = "0f8a1c93b7d24e56"
_KEYED: Final = "/v1/releases"
_INSTANCES: Final = {str(ProblemCode.INTERNAL_ERROR): "/v1/evaluate"}
_NOBODY: Final = "no_such_code"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to ask the application itself.

    Shape: `route` is the path of the OpenAPI document, `target` the path and query really asked.
    """

    name: str
    summary: str
    route: str
    target: str
    method: str = "GET"
    body: bytes | None = None
    content_type: str = "application/json"


def example_requests(parts: Parts, edition: Edition) -> Iterator[Asked]:
    """Yield a request for every route, and for every problem it may end in."""
    yield from _evaluations(parts, edition)
    yield from _readings(edition)
    yield Asked("alive", "The process answers", "/livez", "/livez")


def staged_problems() -> Iterator[tuple[int, str, str, dict[str, object]]]:
    """Yield (status, code, summary, body) of the problems that no request can bring about at will."""
    staged: dict[str, AppError] = {
        "Something nobody foresaw": Unforeseen(_REFERENCE),
        "No key was sent, or none that is valid": Unauthorized(),
        "The key opens other things": Forbidden(Scope.RULES_PUBLISH),
        "This client asks too often": RateLimited(3),
        "The database is away": StorageUnavailable(),
    }
    for summary, error in staged.items():
        body = problem_body(error, "en", instance=_INSTANCES.get(error.code, _KEYED), request_id=_REFERENCE)
        yield status_of(error), str(error.code), summary, body


async def ask(app: ASGIApp, asked: Asked, edition: Edition) -> tuple[int, str, bytes]:
    """Return status, media type and body of the application's answer by an edition."""
    path, _, query = asked.target.partition("?")
    headers = [(b"x-request-id", _REFERENCE.encode()), (b"accept-language", b"en")]
    if asked.body is not None:
        headers.append((b"content-type", asked.content_type.encode()))
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": asked.method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "headers": headers,
        "client": None, "server": None, EDITION: edition,
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": asked.body or b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    media_type = next((value for name, value in sent[0]["headers"] if name == b"content-type"), b"")
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], media_type.decode().partition(";")[0], body


def example_topic(edition: Edition) -> TopicBook:
    """Return the topic that examples are about: the smallest one, for a document is read by people."""
    return min(edition.rulebook.topics.values(), key=lambda book: (len(book.rules) + len(book.procedures), book.code))


def _evaluations(parts: Parts, edition: Edition) -> Iterator[Asked]:
    book = example_topic(edition)
    route = "/v1/evaluate"
    release = edition.version
    facts, as_of = example_scenario(book)
    full: dict[str, object] = {"topic": book.code, "facts": facts, "as_of": as_of, "lang": "zh-CN"}
    query = as_query({"topic": book.code, "as_of": as_of, "lang": "en", "release": release}, facts)
    yield _post("worked_example", "A worked example of the rulebook", full)
    yield _post("nothing_known", "Nothing known yet: what is open, and what to ask", {"topic": book.code, "lang": "en"})
    yield Asked("worked_example", "The same as a link, to be kept for a day", route, f"{route}?{query}")
    wrong: dict[str, object] = {_NOBODY: True, next(iter(book.facts)): {}}
    too_early: dict[str, object] = {"topic": book.code, "as_of": "1949-10-01"}
    yield _post("invalid-fact", "Facts that do not fit, all named at once", {"topic": book.code, "facts": wrong})
    yield _post("invalid-request", "A field nobody knows, a day that is none", {**too_early, "as_of": "soon", "q": 1})
    yield _post("as-of-out-of-range", "A day before the law encoded here", too_early)
    yield _post("unknown-topic", "A topic nobody knows", {"topic": _NOBODY})
    yield _post("unknown-release", "A release nobody knows", {"topic": book.code, "release": _NOBODY})
    big = b" " * (parts.settings.max_body_bytes + 1)
    yield Asked("payload-too-large", "A body over the bound", route, route, "POST", big)
    yield Asked("unsupported-media-type", "A body that is no JSON", route, route, "POST", b"topic=x", "text/plain")
    yield Asked("invalid-fact", "A fact nobody knows", route, f"{route}?topic={book.code}&{_NOBODY}=true")
    yield Asked("invalid-request", "A language we do not speak", route, f"{route}?topic={book.code}&lang=fr")
    yield Asked("as-of-out-of-range", "A day too early", route, f"{route}?topic={book.code}&as_of=1949-10-01")
    yield Asked("unknown-topic", "A topic nobody knows", route, f"{route}?topic={_NOBODY}")
    yield Asked("unknown-release", "A release nobody knows", route, f"{route}?topic={book.code}&release={_NOBODY}")


def _readings(edition: Edition) -> Iterator[Asked]:
    book = example_topic(edition)
    policy = next(iter(edition.rulebook.policies.values()))
    codes = {
        "topics": book.code, "facts": next(iter(book.facts)), "procedures": next(iter(book.procedures)),
        "rules": next(iter(book.rules)), "policies": policy.policy.code,
    }  # fmt: skip
    for things, code in codes.items():
        listed, one = f"/v1/{things}", f"/v1/{things}/{{code}}"
        missing = "unknown-topic" if things == "topics" else "not-found"
        yield Asked("list", "All of them", listed, listed)
        yield Asked("invalid-request", "A field nobody knows", listed, f"{listed}?page=2")
        if things in ("facts", "procedures", "rules"):
            yield Asked("unknown-topic", "A topic nobody knows", listed, f"{listed}?topic={_NOBODY}")
        yield Asked("one", "One of them", one, f"{listed}/{quote(code)}?lang=en")
        yield Asked(missing, "A code nobody knows", one, f"{listed}/{_NOBODY}")
        yield Asked("invalid-request", "A language we do not speak", one, f"{listed}/{quote(code)}?lang=fr")
    clauses = f"/v1/policies/{quote(policy.policy.code)}/clauses"
    listed, one = "/v1/policies/{code}/clauses", "/v1/policies/{code}/clauses/{clause}"
    yield Asked("list", "All of them", listed, f"{clauses}?lang=en")
    yield Asked("not-found", "A policy nobody knows", listed, f"/v1/policies/{_NOBODY}/clauses")
    yield Asked("invalid-request", "A language we do not speak", listed, f"{clauses}?lang=fr")
    for clause in list(policy.articles)[:1]:
        yield Asked("one", "One of them", one, f"{clauses}/{quote(clause)}")
    yield Asked("not-found", "A clause nobody knows", one, f"{clauses}/{_NOBODY}")
    yield Asked("invalid-request", "A language we do not speak", one, f"{clauses}/{_NOBODY}?lang=fr")
    for route, name in (("/v1/changes", "list"), ("/v1/changes.atom", "feed")):
        since = book.topic.before_day.isoformat()
        yield Asked(name, "What changed since a day", route, f"{route}?since={since}&topic={book.code}&lang=en")
        yield Asked("unknown-topic", "A topic nobody knows", route, f"{route}?topic={_NOBODY}")
        yield Asked("invalid-request", "A day that is none", route, f"{route}?since=soon&recorded_since=2024-13-01")
    release, compared = quote(edition.version), "/v1/releases/{a}/diff/{b}"
    itself = f"/v1/releases/{release}/diff/{release}"
    yield Asked("same", "A release beside itself: nothing changed", compared, f"{itself}?lang=en")
    yield Asked("unknown-release", "A release nobody knows", compared, f"/v1/releases/{release}/diff/{_NOBODY}")
    yield Asked("invalid-request", "A language we do not speak", compared, f"{itself}?lang=fr")
    words = quote(book.words.topic[0] if book.words.topic else book.entry.name.zh)
    yield Asked("found", "What a caller says", "/v1/search", f"/v1/search?q={words}&limit=2&lang=zh-CN")
    yield Asked("invalid-request", "Nothing to look for", "/v1/search", "/v1/search?q=&limit=51")


def _post(name: str, summary: str, body: dict[str, object]) -> Asked:
    return Asked(name, summary, "/v1/evaluate", "/v1/evaluate", "POST", orjson.dumps(body))


def example_scenario(book: TopicBook) -> tuple[dict[str, object], str]:
    """Return the facts and day of the topic's first worked example that settles everything, as a request has them."""
    cases = tuple(book.cases)
    settled = [case for case in cases if case.expect.status == "complete"]
    if not cases:
        return {}, book.entry.reviewed_until.isoformat()
    case = (settled or cases)[0]
    facts: dict[str, object] = {
        code: plain(fact, frozenset(answer) if isinstance(answer, tuple) else answer)
        for code, fact in book.facts.items()
        if (answer := dict(case.facts).get(code)) is not None
    }
    return facts, case.as_of.isoformat()


def as_query(fields: Mapping[str, object], facts: Mapping[str, object]) -> str:
    """Return a request as the query of a link: choices repeated, none of them as nothing, booleans in small letters."""
    pairs: list[tuple[str, str]] = [(name, str(value)) for name, value in fields.items()]
    for name, value in facts.items():
        if isinstance(value, list):
            pairs += [(name, str(part)) for part in value] or [(name, "")]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return urlencode(pairs)
