"""Errors on the wire: the one table from error code to status, and the one shape of a problem (RFC 9457)."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

import orjson
from starlette.exceptions import HTTPException
from starlette.types import Scope, Send

from app.api.bodies import escaped
from app.api.exchange import Header
from app.api.faults import query_faults
from app.errors import AppError, Fault, InvalidRequest, NotFound, ProblemCode, RulebookError, ScenarioError
from app.wording import Language, finding_text, language_of, problem_text

STATUSES: Final[Mapping[str, int]] = MappingProxyType(
    {
        ProblemCode.INVALID_FACT: 422,
        ProblemCode.INVALID_REQUEST: 422,
        ProblemCode.AS_OF_OUT_OF_RANGE: 422,
        ProblemCode.PAYLOAD_TOO_LARGE: 413,
        ProblemCode.UNSUPPORTED_MEDIA_TYPE: 415,
        ProblemCode.METHOD_NOT_ALLOWED: 405,
        ProblemCode.UNKNOWN_TOPIC: 404,
        ProblemCode.UNKNOWN_RELEASE: 404,
        ProblemCode.UNKNOWN_REFERENCE: 404,
        ProblemCode.NOT_FOUND: 404,
        ProblemCode.NO_DOCUMENT: 404,
        ProblemCode.IDEMPOTENCY_CONFLICT: 409,
        ProblemCode.STALE_RELEASE: 409,
        ProblemCode.UNAUTHORIZED: 401,
        ProblemCode.FORBIDDEN: 403,
        ProblemCode.RATE_LIMITED: 429,
        ProblemCode.STORAGE_UNAVAILABLE: 503,
        ProblemCode.INVALID_RULEBOOK: 422,
        ProblemCode.INTERNAL_ERROR: 500,
    }
)
"""Error code -> status; nothing else in the product knows statuses."""

PROBLEM_JSON: Final = b"application/problem+json"
REQUEST_ID: Final = "apg.request_id"
"""Key of the scope under which the front keeps a request's id."""
_CHALLENGE: Final = 'Bearer realm="approval-guide"'
# A caller's own words come back in a problem, but not by the megabyte.
_LONGEST_WORDS: Final = 1_000
_MOST_ERRORS: Final = 300
_MOST_FINDINGS: Final = 20_000


class MethodNotAllowed(AppError):
    """The route exists, and takes other methods."""

    default_code = ProblemCode.METHOD_NOT_ALLOWED

    def __init__(self, method: str, allowed: str) -> None:
        super().__init__(f"{method} is not allowed here, only {allowed}", params={"method": method, "allowed": allowed})


class Unforeseen(AppError):
    """Something nobody foresaw; the caller learns a reference number and nothing else."""

    default_code = ProblemCode.INTERNAL_ERROR

    def __init__(self, reference: str) -> None:
        super().__init__(f"something went wrong; reference {reference}", params={"reference": reference})


def as_app_error(error: Exception, scope: Scope) -> AppError:
    """Return what the error is in our own tree: ours as it is, a framework's translated, any other unforeseen.

    One of ours about which a caller can do nothing, as a guide that is damaged, is unforeseen too.
    """
    match error:
        case AppError() if _is_ours_to_mend(error):
            return Unforeseen(request_id(scope))
        case AppError():
            return error
        case HTTPException(status_code=405, headers=headers):
            return MethodNotAllowed(scope["method"], (headers or {}).get("Allow", ""))
        case HTTPException(status_code=404):
            return NotFound("route", scope["path"])
        case HTTPException(status_code=status) if 400 <= status < 500:
            return InvalidRequest(detail=str(error.detail))
    # Here, for only FastAPI raises it, which many a process is ready without.
    from fastapi.exceptions import RequestValidationError

    if isinstance(error, RequestValidationError):
        return InvalidRequest(query_faults(error.errors()))
    return Unforeseen(scope.get(REQUEST_ID, ""))


def _is_ours_to_mend(error: AppError) -> bool:
    return status_of(error) == 500 and not isinstance(error, Unforeseen)


def status_of(error: AppError) -> int:
    """Return the status a problem is answered with; a code the table does not know is a fault of ours."""
    return STATUSES.get(error.code, 500)


def problem_body(error: AppError, lang: str, *, instance: str, request_id: str) -> dict[str, object]:
    """Return the problem in the caller's language, in the contract's order of keys.

    Shape: `errors` holds each single fault; it is [] where a problem is not about single values.
    """
    title, detail, messages = problem_text(error, lang)
    faults = error.faults if isinstance(error, ScenarioError) else tuple(_findings(error, language_of(lang)))
    pairs = zip(faults, [*messages, *("" for _ in faults[len(messages) :])], strict=False)
    return {
        "type": f"/problems/{error.code}",
        "title": title,
        "status": status_of(error),
        "detail": _shortened(detail),
        "instance": instance,
        "errors": [_wire_fault(fault, message) for fault, message in list(pairs)[: _most(error)]],
        "request_id": request_id,
    }


def _findings(error: AppError, lang: Language) -> Iterator[Fault]:
    """What is wrong with a rulebook that was sent, each finding at its file; none for any other error."""
    for finding in error.findings if isinstance(error, RulebookError) else ():
        path = finding.file.partition("/")[2]
        said = f"{path}:{finding.line}:{finding.column} {finding_text(finding, lang)}"
        yield Fault(f"/files/{escaped(path)}", finding.code, said)


def request_id(scope: Scope) -> str:
    """Return the number under which the log has this request, "" before the front gave it one."""
    given: str = scope.get(REQUEST_ID, "")
    return given


async def send_problem(error: AppError, lang: str, scope: Scope, send: Send, extra: list[Header] | None = None) -> None:
    """Send the problem; never cached, with the headers that the error calls for.

    Raises: the error itself where a caller can do nothing about it; nothing is sent then, and the layer in front
        records it whole and tells the number it is recorded under.
    """
    if _is_ours_to_mend(error):
        raise error
    instance = quote(str(scope["path"])[:200], safe="/")
    body = _to_json(problem_body(error, lang, instance=instance, request_id=scope.get(REQUEST_ID, "")))
    headers: list[Header] = [
        *(extra or ()),
        (b"content-type", PROBLEM_JSON),
        (b"content-language", lang.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"vary", b"Accept-Language, Accept-Encoding"),
        *headers_of(error),
    ]
    await send({"type": "http.response.start", "status": status_of(error), "headers": headers})
    await send({"type": "http.response.body", "body": body})


def headers_of(error: AppError) -> list[Header]:
    """Return the headers an answer to the error must have besides its content's."""
    match error.code:
        case ProblemCode.PAYLOAD_TOO_LARGE:
            # What is left of the body is not read, so the connection cannot serve another request.
            return [(b"connection", b"close")]
        case ProblemCode.METHOD_NOT_ALLOWED:
            return [(b"allow", str(error.params.get("allowed", "")).encode("latin-1", "replace"))]
        case ProblemCode.UNAUTHORIZED:
            # RFC 6750 §3.1: without any key nothing but the way to come with one.
            wrong = ', error="invalid_token"' if error.params.get("variant") else ""
            return [(b"www-authenticate", f"{_CHALLENGE}{wrong}".encode())]
        case ProblemCode.FORBIDDEN if "scope" in error.params:
            wanted = re.sub(r"[^\x21\x23-\x5b\x5d-\x7e]", "", str(error.params["scope"]))
            return [(b"www-authenticate", f'{_CHALLENGE}, error="insufficient_scope", scope="{wanted}"'.encode())]
        case ProblemCode.RATE_LIMITED | ProblemCode.STORAGE_UNAVAILABLE:
            return [(b"retry-after", str(error.params.get("retry_after", 5)).encode())]
    return []


def _most(error: AppError) -> int:
    # Whoever mends a rulebook wants to see all of it, and had a key to send it.
    return _MOST_FINDINGS if isinstance(error, RulebookError) else _MOST_ERRORS


def _wire_fault(fault: Fault, message: str) -> dict[str, object]:
    return {
        "pointer": _shortened(fault.pointer),
        "code": str(fault.code),
        "message": _shortened(message or fault.message),
        "allowed": fault.allowed,
    }


def _shortened(words: str) -> str:
    return words if len(words) <= _LONGEST_WORDS else f"{words[: _LONGEST_WORDS - 1]}…"


def _to_json(body: dict[str, object]) -> bytes:
    try:
        return orjson.dumps(body, default=_plain)
    except TypeError:  # a lone surrogate or a number beyond 64 bits came in with the caller's own words
        return json.dumps(body, default=_plain).encode()


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case frozenset() | set():
            return sorted(map(str, value))
        case Mapping():
            return dict(value)
    return str(value)
