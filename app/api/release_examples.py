"""What the OpenAPI document shows of releases: answers put together here, for nothing is published for their sake."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from pydantic import BaseModel

from app.api.bodies import PayloadTooLarge, UnsupportedMediaType, expected
from app.api.faults import unknown_field
from app.api.kept_examples import Staged, staged_problem
from app.api.parts import Parts
from app.api.views.releases import release_list, release_view, taken_back
from app.errors import Finding, InvalidRequest, RulebookError, StaleRelease, UnknownRelease
from app.releases import Editions, Release, ReleaseState, RolledBack, Standing, Step, StepKind

_ROUTE: Final = "/v1/releases"
_ONE: Final = f"{_ROUTE}/{{version}}"
_ACTIVATE: Final = f"{_ONE}/activate"
_WITHDRAW: Final = f"{_ONE}/withdraw"
_ROLLBACK: Final = f"{_ROUTE}/rollback"
_CODES: Final[tuple[tuple[str, str], ...]] = (
    (_ROUTE, "get"), (_ONE, "get"), (_ROUTE, "post"), (_ACTIVATE, "post"), (_WITHDRAW, "post"), (_ROLLBACK, "post"),
)  # fmt: skip
_MOMENT: Final = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
_OLD: Final = "2026-11-20.1"
_NEW: Final = "2026-11-22.1"
_NONE: Final = "2026-11-22.9"
_FILE: Final = "topics/<topic>/rules.yaml"


def release_answers(parts: Parts) -> Iterator[Staged]:
    """Yield an answer for every route of releases, and for every problem one may end in."""
    active = _standing(ReleaseState.ACTIVE)
    scheduled = _standing(ReleaseState.SCHEDULED)
    listed = release_list([active, _older()], Editions(parts.editions.active()))
    yield _said("list", "All of them", _ROUTE, "get", listed)
    yield _said("one", "One of them", _ONE, "get", release_view(active))
    published = release_view(_standing(ReleaseState.PUBLISHED))
    sent = {"files": {_FILE: "rules:\n  - code: …\n"}, "notes": "一处面积标准改动", "base": _OLD}
    yield _said("published", "Published, not active yet", _ROUTE, "post", published, 201, sent)
    yield _said("known", "The same rules were published before", _ROUTE, "post", published)
    wish = {"at": "2026-11-23T08:00:00+08:00"}
    yield _said("scheduled", "Active from a moment on", _ACTIVATE, "post", release_view(scheduled), 200, wish)
    yield _said("withdrawn", "Taken back before it was active", _WITHDRAW, "post", published)
    back = RolledBack(_step(StepKind.ROLLED_BACK, _OLD), _NEW, ())
    yield _said(
        "taken_back", "The release before is active again", _ROLLBACK, "post",
        taken_back(back, replace(_older(), state=ReleaseState.ACTIVE)), 200, {"active": _NEW},
    )  # fmt: skip
    yield from _problems(parts)


def _problems(parts: Parts) -> Iterator[Staged]:
    for route, method in _CODES:
        yield staged_problem("invalid-request", "A field nobody knows", route, method,
                       InvalidRequest([unknown_field("/page", "page", None)]))  # fmt: skip
        if "{version}" in route:
            yield staged_problem(
                "unknown-release", "Nobody published it", route, method, UnknownRelease("2026-11-22.9")
            )
        if method != "get":
            stale = StaleRelease(_OLD, _NEW)
            yield staged_problem("stale-release", "Another release is active by now", route, method, stale)
        if method == "post" and route != _WITHDRAW:
            most = parts.settings.max_rulebook_bytes if route == _ROUTE else parts.settings.max_body_bytes
            yield staged_problem("payload-too-large", "A body over the bound", route, method, PayloadTooLarge(most))
            plain = UnsupportedMediaType("text/plain")
            yield staged_problem("unsupported-media-type", "A body that is no JSON", route, method, plain)
    finding = Finding(f"rules/{_FILE}", 14, 12, "invalid_value", "`force` takes one of binding, plan_commitment")
    yield staged_problem("invalid-rulebook", "Every finding, at its file", _ROUTE, "post", RulebookError([finding]))
    late = InvalidRequest([expected("/at", "at", "moment")])
    yield staged_problem("invalid-request", "A moment without its zone", _ACTIVATE, "post", late)


def _said(
    name: str, summary: str, route: str, method: str, said: BaseModel, status: int = 200, request: Any = None
) -> Staged:
    body = orjson.loads(said.model_dump_json())
    return Staged(name, summary, route, method, status, "application/json", body, request)


def _standing(state: ReleaseState) -> Standing:
    kinds = {ReleaseState.ACTIVE: StepKind.ACTIVATED, ReleaseState.SCHEDULED: StepKind.SCHEDULED}
    kind = kinds.get(state)
    steps = () if kind is None else (_step(kind, _NEW),)
    return Standing(_release(_NEW, _OLD), state, steps[0].effective_at if steps else None, steps)


def _older() -> Standing:
    return Standing(_release(_OLD, None), ReleaseState.RETIRED, None, (_step(StepKind.ACTIVATED, _OLD),))


def _release(version: str, based_on: str | None) -> Release:
    content_hash = f"sha256:{'0f8a1c93b7d24e56' * 4}"
    certificate = {"release": {"version": version, "content_hash": content_hash}, "complete": True, "topics": []}
    return Release(version, content_hash, based_on, "一处面积标准改动", "client:policy-office", _MOMENT, certificate)


def _step(kind: StepKind, version: str) -> Step:
    at = _MOMENT + timedelta(hours=14.5) if kind is StepKind.SCHEDULED else _MOMENT
    return Step(1, kind, version, at, _MOMENT, "client:policy-desk", None)
