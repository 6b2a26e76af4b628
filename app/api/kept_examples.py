"""What the OpenAPI document shows of kept guides and of readiness: made by the product, asking no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import orjson

from app.api.examples import Asked, example_scenario
from app.api.parts import Parts
from app.api.problems import problem_body, status_of
from app.api.standing import READYZ, readiness_body
from app.api.v1.feedback import feedback_body
from app.api.views.guides import kept_body
from app.errors import AppError, IdempotencyConflict, NoDocument, StorageUnavailable
from app.evaluation import EvaluateRequest
from app.feedback import Given, as_feedback, as_opinion
from app.guides import Reference, as_kept, draft_guide
from app.releases import Edition, Source
from app.storage import DatabaseState

_ROUTE: Final = "/v1/guides"
_ONE: Final = "/v1/guides/{reference}"
_FORM: Final = f"{_ONE}/documents/{{procedure}}.docx"
_FEEDBACK: Final = f"{_ONE}/feedback"
_FILES: Final = (_FORM, f"{_ONE}/notice.docx", f"{_ONE}/calendar.ics")
_REFERENCE: Final = Reference("ACDEFGHJKM")
_MISREAD: Final = "ACD-EFG-HJKL"
_KEY: Final = "desk-4-call-17"
_OPINION: Final = {
    "grade": "dissatisfied",
    "reasons": ["office_said_otherwise"],
    "comment": "窗口说还要交一份材料，电话13800138000。",
}
_REQUEST_ID: Final = "0f8a1c93b7d24e56"
_CREATED: Final = {
    "Location": "Where the guide is fetched.",
    "Idempotency-Replayed": "`true` where the guide had been kept before under the same Idempotency-Key.",
}


@dataclass(frozen=True, slots=True)
class Staged:
    """An answer put together without being asked for.

    Shape: `request` is the body that leads to it, None where it shows no request.
    """

    name: str
    summary: str
    route: str
    method: str
    status: int
    media_type: str
    body: object
    request: object = None


def guide_requests(parts: Parts, edition: Edition) -> Iterator[Asked]:
    """Yield the requests that end in a problem before any database is asked."""
    topic = next(iter(edition.rulebook.topics))
    wrong: dict[str, dict[str, object]] = {
        "invalid-fact": {"topic": topic, "facts": {"no_such_code": True}},
        "invalid-request": {"topic": topic, "as_of": "soon"},
        "as-of-out-of-range": {"topic": topic, "as_of": "1949-10-01"},
        "unknown-topic": {"topic": "no_such_code"},
        "unknown-release": {"topic": topic, "release": "no_such_code"},
    }
    for name, body in wrong.items():
        yield Asked(name, "As when evaluating", _ROUTE, _ROUTE, "POST", orjson.dumps(body))
    big = b" " * (parts.settings.max_body_bytes + 1)
    yield Asked("payload-too-large", "A body over the bound", _ROUTE, _ROUTE, "POST", big)
    yield Asked("unsupported-media-type", "A body that is no JSON", _ROUTE, _ROUTE, "POST", b"topic=x", "text/plain")
    graded = f"{_ROUTE}/{_MISREAD}/feedback"
    opinion = orjson.dumps(_OPINION)
    yield Asked("unknown-reference", "A misread character", _FEEDBACK, graded, "POST", opinion)
    wrong_opinion = orjson.dumps({"grade": "five", "reasons": ["other_reason"], "stars": 5})
    yield Asked("invalid-request", "Every fault at once", _FEEDBACK, graded, "POST", wrong_opinion)
    yield Asked("payload-too-large", "A body over the bound", _FEEDBACK, graded, "POST", big)
    yield Asked("unsupported-media-type", "A body that is no JSON", _FEEDBACK, graded, "POST", b"x", "text/plain")
    yield Asked("unknown-reference", "A misread character", _ONE, f"{_ROUTE}/{_MISREAD}")
    yield Asked("invalid-request", "A language we do not speak", _ONE, f"{_ROUTE}/{_MISREAD}?lang=fr")
    for route in _FILES:
        target = route.format(reference=_MISREAD, procedure="no_such_code")
        yield Asked("unknown-reference", "A misread character", route, target)
        yield Asked("invalid-request", "A language we do not speak", route, f"{target}?lang=fr")


def staged_answers(parts: Parts, edition: Edition) -> Iterator[Staged]:
    """Yield what only a database could answer: a guide kept and fetched, a key used twice, the database away."""
    book = next(iter(edition.rulebook.topics.values()))
    facts, day = example_scenario(book)
    asked = {"topic": book.code, "facts": facts, "as_of": day, "lang": "zh-CN"}
    request = EvaluateRequest(book.code, facts, date.fromisoformat(day), "zh-CN")
    draft = draft_guide(edition.evaluator, request, parts.today())
    moment = datetime.combine(book.entry.reviewed_until, time(9, 30), UTC)
    kept = as_kept(draft, _REFERENCE, moment)
    body = orjson.loads(kept_body(kept, kept.when_kept))
    yield Staged("kept", "A guide is kept", _ROUTE, "post", 201, "application/json", body, asked)
    yield Staged("fetched", "It is fetched again", _ONE, "get", 200, "application/json", body)
    away = "The database is away; questions are answered as ever"
    yield staged_problem("storage-unavailable", away, _ROUTE, "post", StorageUnavailable())
    yield staged_problem("storage-unavailable", away, _ONE, "get", StorageUnavailable())
    given = Given(as_feedback(kept, as_opinion(_OPINION), "zh-CN", moment), replayed=False)
    told = orjson.loads(feedback_body(given, "zh-CN").model_dump_json())
    yield Staged("graded", "A low grade with its reason", _FEEDBACK, "post", 201, "application/json", told, _OPINION)
    yield staged_problem("storage-unavailable", away, _FEEDBACK, "post", StorageUnavailable())
    other = "The key came before with another opinion"
    yield staged_problem("idempotency-conflict", other, _FEEDBACK, "post", IdempotencyConflict(_KEY))
    for route in _FILES:
        yield staged_problem("storage-unavailable", away, route, "get", StorageUnavailable())
    undecided = "The procedure is no decided commitment or filing"
    yield staged_problem("no-document", undecided, _FORM, "get", NoDocument("no_such_code"))
    twice = "The key came before with another request"
    yield staged_problem("idempotency-conflict", twice, _ROUTE, "post", IdempotencyConflict(_KEY))
    yield from _readiness(parts, edition)


def _readiness(parts: Parts, edition: Edition) -> Iterator[Staged]:
    """How a process stands, whatever its database is doing at the moment the document is made."""
    kind = parts.database.address.kind
    source = Source.FILES if edition.is_of_files else Source.DATABASE
    shown = (
        ("ready", "The rulebook is loaded, guides can be kept", DatabaseState.current(kind)),
        ("degraded", "The database is away; questions are answered as ever", DatabaseState.away(kind)),
    )
    for name, summary, state in shown:
        body = orjson.loads(orjson.dumps(readiness_body(edition, source, state)))
        yield Staged(name, summary, READYZ, "get", 200, "application/json", body)


def staged_problem(name: str, summary: str, route: str, method: str, error: AppError) -> Staged:
    """Return a problem as it would be answered."""
    body = problem_body(error, "en", instance=route, request_id=_REQUEST_ID)
    return Staged(name, summary, route, method, status_of(error), "application/problem+json", body)


def add_staged(document: dict[str, Any], staged: Staged, shown: object) -> None:
    """Put a staged answer into the document; `shown` is its body as far as it is shown."""
    operation = document["paths"][staged.route][staged.method]
    content = operation["responses"][str(staged.status)].setdefault("content", {}).setdefault(staged.media_type, {})
    note = " (long lists cut)" if shown != staged.body else ""
    content.setdefault("examples", {})[staged.name] = {"summary": f"{staged.summary}{note}", "value": shown}
    if staged.request is not None:
        request = operation["requestBody"]["content"]["application/json"]
        request.setdefault("examples", {})[staged.name] = {"summary": staged.summary, "value": staged.request}


def describe_created(document: dict[str, Any]) -> None:
    """Say which headers a 201 has."""
    for route in (_ROUTE, _FEEDBACK):
        headers = document["paths"][route]["post"]["responses"]["201"].setdefault("headers", {})
        for name in ("ETag", "Cache-Control"):
            headers.pop(name, None)
        known = {name: text for name, text in _CREATED.items() if route == _ROUTE or name != "Location"}
        headers |= {name: {"description": text, "schema": {"type": "string"}} for name, text in known.items()}
