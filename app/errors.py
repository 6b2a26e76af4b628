"""The one tree of errors; imports the standard library only.

    AppError
    ├─ RulebookError      the law as data is wrong; carries every finding
    ├─ ScenarioError      what was sent does not fit: InvalidFact, InvalidRequest, AsOfOutOfRange
    ├─ UnknownError       UnknownTopic, UnknownRelease, UnknownReference, NotFound, NoDocument
    ├─ ConflictError      IdempotencyConflict, StaleRelease
    ├─ AccessError        Unauthorized, Forbidden, RateLimited
    └─ UnavailableError   StorageUnavailable

An error knows nothing of HTTP: `app/api/problems.py` holds the one table from `code` to status. Its `detail`
is plain English for logs and the command line; `code` and `params` let `app/wording` say the same in the
caller's language. A code without a class of its own is raised by its family: `ScenarioError(…, code=…)`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar


class ProblemCode(StrEnum):
    """The problem types of the contract; the wire shows them as `/problems/<code>`."""

    INVALID_FACT = "invalid-fact"
    INVALID_REQUEST = "invalid-request"
    AS_OF_OUT_OF_RANGE = "as-of-out-of-range"
    PAYLOAD_TOO_LARGE = "payload-too-large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported-media-type"
    METHOD_NOT_ALLOWED = "method-not-allowed"
    UNKNOWN_TOPIC = "unknown-topic"
    UNKNOWN_RELEASE = "unknown-release"
    UNKNOWN_REFERENCE = "unknown-reference"
    NOT_FOUND = "not-found"
    NO_DOCUMENT = "no-document"
    IDEMPOTENCY_CONFLICT = "idempotency-conflict"
    STALE_RELEASE = "stale-release"
    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    RATE_LIMITED = "rate-limited"
    STORAGE_UNAVAILABLE = "storage-unavailable"
    # Ours beside the contract's: publishing a faulty rulebook, and whatever nobody foresaw.
    INVALID_RULEBOOK = "invalid-rulebook"
    INTERNAL_ERROR = "internal-error"


class FaultCode(StrEnum):
    """The codes of single faults in what was sent."""

    UNKNOWN_FACT = "unknown_fact"
    WRONG_TYPE = "wrong_type"
    NOT_ALLOWED = "not_allowed"
    BELOW_MINIMUM = "below_minimum"
    ABOVE_MAXIMUM = "above_maximum"
    CONTRADICTION = "contradiction"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in what was sent.

    Shape: `pointer` is a JSON pointer (`/facts/height_m`); `allowed` is what would have been taken: the
    options of a choice, a bound, a type's name, or None where nothing can be listed. `params` holds what
    `message` mentions, for whoever words it again in another language.
    """

    pointer: str
    code: str
    message: str = ""
    allowed: object = None
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        """Return `pointer code message`, as one line of a log reads."""
        return " ".join(part for part in (self.pointer, self.code, self.message) if part)


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing the checks say about the rulebook, and where.

    Units: `line` and `column` count from 1; 0 where only the file is known.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        """Return `file:line:column code message`, which editors turn into a link."""
        return f"{self.place} {self.code} {self.message}"

    @property
    def place(self) -> str:
        """`file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}"


class AppError(Exception):
    """What every error of ours has.

    Shape: `code` the problem type · `detail` what is wrong, in English · `where` a pointer, file position or
    name, or None · `hint` what to do about it, or None · `params` what the detail mentions.
    """

    default_code: ClassVar[str] = ProblemCode.INTERNAL_ERROR

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.code: str = code or self.default_code
        self.detail = detail
        self.where = where
        self.hint = hint
        self.params: Mapping[str, object] = dict(params or {})

    def __reduce__(self) -> tuple[object, ...]:
        """Return the parts a copy is made of, so that an error comes whole out of a worker process.

        Exceptions are otherwise rebuilt by calling their class with `args`, which fails where the class takes
        something other than a message.
        """
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[AppError], args: tuple[object, ...], state: dict[str, object]) -> AppError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class RulebookError(AppError):
    """The rulebook does not hold together; raised once, with every finding, in order of place."""

    default_code = ProblemCode.INVALID_RULEBOOK

    def __init__(self, findings: Sequence[Finding], *, hint: str | None = None) -> None:
        self.findings: tuple[Finding, ...] = tuple(sorted(findings))
        detail = "\n".join(str(finding) for finding in self.findings) or "the rulebook is not valid"
        first = self.findings[0] if self.findings else None
        super().__init__(
            detail,
            where=f"{first.file}:{first.line}:{first.column}" if first else None,
            hint=hint,
            params={"count": len(self.findings)},
        )


class ScenarioError(AppError):
    """What was sent does not fit; `faults` lists each single fault, or is empty where there is no list."""

    default_code = ProblemCode.INVALID_REQUEST

    def __init__(
        self,
        detail: str,
        *,
        faults: Sequence[Fault] = (),
        code: str | None = None,
        where: str | None = None,
        hint: str | None = None,
        params: Mapping[str, object] | None = None,
    ) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__(
            "; ".join([detail, *map(str, self.faults)]),
            code=code,
            where=where or (self.faults[0].pointer if self.faults else None),
            hint=hint,
            params={"count": len(self.faults), **(params or {})},
        )


class InvalidFact(ScenarioError):
    """Facts are unknown, of the wrong type, out of range or contradict each other: all of them at once."""

    default_code = ProblemCode.INVALID_FACT

    def __init__(self, faults: Sequence[Fault], *, topic: str | None = None) -> None:
        super().__init__("facts do not fit the topic", faults=faults, params={"topic": topic})


class InvalidRequest(ScenarioError):
    """The request itself cannot be read: malformed, a field unknown, missing or of the wrong type."""

    default_code = ProblemCode.INVALID_REQUEST

    def __init__(self, faults: Sequence[Fault] = (), *, detail: str = "the request cannot be read") -> None:
        super().__init__(detail, faults=faults)


class AsOfOutOfRange(ScenarioError):
    """The day asked about lies before the first law encoded for the topic."""

    default_code = ProblemCode.AS_OF_OUT_OF_RANGE

    def __init__(self, as_of: date, earliest: date) -> None:
        self.as_of = as_of
        self.earliest = earliest
        super().__init__(
            f"as_of {as_of.isoformat()} lies before {earliest.isoformat()}, the first day covered",
            where="/as_of",
            hint=f"ask about {earliest.isoformat()} or a later day",
            params={"as_of": as_of, "earliest": earliest},
        )


class UnknownError(AppError):
    """What was asked for does not exist."""

    default_code = ProblemCode.NOT_FOUND


class UnknownTopic(UnknownError):
    """No topic has this code; `known` lists those that exist."""

    default_code = ProblemCode.UNKNOWN_TOPIC

    def __init__(self, code: str, known: Sequence[str] = ()) -> None:
        self.topic = code
        self.known: tuple[str, ...] = tuple(known)
        super().__init__(
            f"no topic has the code {code!r}",
            where="/topic",
            hint=f"known topics: {', '.join(self.known)}" if self.known else None,
            params={"topic": code, "known": self.known},
        )


class UnknownRelease(UnknownError):
    """No release has this version or content hash."""

    default_code = ProblemCode.UNKNOWN_RELEASE

    def __init__(self, release: str) -> None:
        super().__init__(
            f"no release has the version or content hash {release!r}",
            where="/release",
            params={"release": release},
        )


class UnknownReference(UnknownError):
    """No guide is kept under this reference; `misread` says that its check digit is already wrong."""

    default_code = ProblemCode.UNKNOWN_REFERENCE

    def __init__(self, reference: str, *, misread: bool = False) -> None:
        super().__init__(
            f"the check digit of {reference!r} is wrong" if misread else f"no guide is kept as {reference!r}",
            hint="read the ten characters once more" if misread else None,
            params={"reference": reference, "misread": misread},
        )


class NotFound(UnknownError):
    """Nothing of this kind has this code: a fact, procedure, rule, policy, clause, client, page."""

    default_code = ProblemCode.NOT_FOUND

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"no {kind} has the code {code!r}", params={"kind": kind, "code": code})


class NoDocument(UnknownError):
    """There is no form to fill in: the procedure is not a decided commitment or filing in this guide."""

    default_code = ProblemCode.NO_DOCUMENT

    def __init__(self, procedure: str, treatment: str | None = None) -> None:
        super().__init__(
            f"no document is made for {procedure!r}: its treatment is {treatment or 'not decided'}",
            hint="documents are made for decided commitments and filings",
            params={"procedure": procedure, "treatment": treatment},
        )


class ConflictError(AppError):
    """What was asked collides with something done before."""

    default_code = ProblemCode.IDEMPOTENCY_CONFLICT


class IdempotencyConflict(ConflictError):
    """The same Idempotency-Key came before with another request."""

    default_code = ProblemCode.IDEMPOTENCY_CONFLICT

    def __init__(self, key: str) -> None:
        super().__init__(
            f"the idempotency key {key!r} was used before with another request",
            hint="take a new key for a new request",
            params={"key": key},
        )


class StaleRelease(ConflictError):
    """The release worked upon is no longer the newest one."""

    default_code = ProblemCode.STALE_RELEASE

    def __init__(self, expected: str, actual: str) -> None:
        super().__init__(
            f"release {expected} was expected, {actual} is in force",
            hint="look at what changed since, then try again",
            params={"expected": expected, "actual": actual},
        )


class AccessError(AppError):
    """The caller may not do this, or not now."""

    default_code = ProblemCode.FORBIDDEN


class Unauthorized(AccessError):
    """The route needs a key, and none that is valid was sent.

    Shape: `variant` says what is wrong with the key that was sent: unknown, expired or revoked; None without one.
    """

    default_code = ProblemCode.UNAUTHORIZED

    def __init__(
        self, detail: str = "this needs a valid key", *, hint: str | None = None, variant: str | None = None
    ) -> None:
        super().__init__(detail, hint=hint, params={"variant": variant} if variant else None)


class Forbidden(AccessError):
    """The key is valid but lacks the scope."""

    default_code = ProblemCode.FORBIDDEN

    def __init__(self, scope: str) -> None:
        super().__init__(f"the key lacks the scope {scope!r}", params={"scope": scope})


class RateLimited(AccessError):
    """The caller asked too often.

    Units: `retry_after` in whole seconds, at least 1.
    """

    default_code = ProblemCode.RATE_LIMITED

    def __init__(self, retry_after: int) -> None:
        self.retry_after = max(1, retry_after)
        super().__init__(
            "too many requests",
            hint=f"try again in {self.retry_after} s",
            params={"retry_after": self.retry_after},
        )


class UnavailableError(AppError):
    """Something this needs is away for now; says when to try again.

    Units: `retry_after` in whole seconds, at least 1. Shape: `reason` is a driver's own words, for the operator alone.
    """

    default_code = ProblemCode.STORAGE_UNAVAILABLE

    def __init__(self, detail: str, *, retry_after: int = 5, reason: str | None = None) -> None:
        self.retry_after = max(1, retry_after)
        params = {"retry_after": self.retry_after, "reason": reason or detail}
        super().__init__(detail, hint=f"try again in {self.retry_after} s", params=params)


class StorageUnavailable(UnavailableError):
    """The database cannot be reached; evaluating goes on, keeping and reopening do not."""

    default_code = ProblemCode.STORAGE_UNAVAILABLE

    def __init__(
        self, detail: str = "the database cannot be reached", *, retry_after: int = 5, reason: str | None = None
    ) -> None:
        super().__init__(detail, retry_after=retry_after, reason=reason)
