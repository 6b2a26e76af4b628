"""An opinion as it is sent, read strictly: every fault named at once."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.errors import Fault, FaultCode, InvalidRequest
from app.feedback.records import LOW_GRADES, Grade, Reason

LONGEST_COMMENT: Final = 500
_FIELDS: Final = ("grade", "reasons", "comment")
_GRADES: Final = [grade.value for grade in Grade]
_REASONS: Final = [reason.value for reason in Reason]


@dataclass(frozen=True, slots=True)
class Opinion:
    """A grade, with reasons where it is low, and a comment or none."""

    grade: Grade
    reasons: tuple[Reason, ...] = ()
    comment: str | None = None

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 by which two opinions are told apart."""
        parts = [self.grade, *self.reasons, self.comment]
        return hashlib.sha256(json.dumps(parts).encode()).digest()


def as_opinion(given: object) -> Opinion:
    """Return the opinion that a JSON object, or a form read into one, states.

    Shape: reasons in the order of the list, each once; a comment without blanks at its ends, an empty one as none.
    Raises: InvalidRequest with every fault.
    """
    if not isinstance(given, Mapping):
        raise InvalidRequest([_wrong_type("", "body", "object")])
    faults = [*_unknown(given), *_grade_faults(given), *_reason_faults(given), *_comment_faults(given)]
    if faults:
        raise InvalidRequest(faults)
    reasons = given.get("reasons") or ()
    comment = (given.get("comment") or "").strip()
    return Opinion(Grade(given["grade"]), tuple(reason for reason in Reason if reason in reasons), comment or None)


def _unknown(given: Mapping[str, object]) -> Iterator[Fault]:
    for name in given:
        if name not in _FIELDS:
            params = {"name": str(name), "allowed": list(_FIELDS)}
            yield Fault(f"/{name}", "unknown_field", f"there is no field {name}", list(_FIELDS), params)


def _grade_faults(given: Mapping[str, object]) -> Iterator[Fault]:
    grade = given.get("grade")
    if grade is None or grade == "":
        yield Fault("/grade", FaultCode.MISSING, "grade is missing", list(_GRADES), {"name": "grade"})
    elif not isinstance(grade, str):
        yield _wrong_type("/grade", "grade", "string")
    elif grade not in _GRADES:
        yield _not_allowed("/grade", "grade", grade, _GRADES)


def _reason_faults(given: Mapping[str, object]) -> Iterator[Fault]:
    reasons = given.get("reasons")
    if reasons is None:
        return
    if not isinstance(reasons, list | tuple):
        yield _wrong_type("/reasons", "reasons", "list")
        return
    for place, reason in enumerate(reasons):
        if not isinstance(reason, str):
            yield _wrong_type(f"/reasons/{place}", "reasons", "string")
        elif reason not in _REASONS:
            yield _not_allowed(f"/reasons/{place}", "reasons", reason, _REASONS)
    grade = given.get("grade")
    if reasons and isinstance(grade, str) and grade in _GRADES and grade not in LOW_GRADES:
        said = "reasons go with a low grade"
        params = {"name": "reasons", "variant": "with_good_grade"}
        yield Fault("/reasons", FaultCode.NOT_ALLOWED, said, [], params)


def _comment_faults(given: Mapping[str, object]) -> Iterator[Fault]:
    comment = given.get("comment")
    if comment is None:
        return
    if not isinstance(comment, str):
        yield _wrong_type("/comment", "comment", "string")
    elif len(comment) > LONGEST_COMMENT:
        params = {"name": "comment", "variant": "length", "maximum": LONGEST_COMMENT}
        said = f"comment takes at most {LONGEST_COMMENT} characters"
        yield Fault("/comment", FaultCode.ABOVE_MAXIMUM, said, LONGEST_COMMENT, params)
    elif any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\r\n\t" for sign in comment):
        params = {"name": "comment", "variant": "control"}
        yield Fault("/comment", FaultCode.NOT_ALLOWED, "comment takes no control characters", None, params)


def _wrong_type(pointer: str, name: str, kind: str) -> Fault:
    return Fault(pointer, FaultCode.WRONG_TYPE, f"{name} takes a {kind}", kind, {"name": name, "expected": kind})


def _not_allowed(pointer: str, name: str, given: str, allowed: Sequence[str]) -> Fault:
    params = {"name": name, "value": given[:100]}
    return Fault(pointer, FaultCode.NOT_ALLOWED, f"{name} cannot be {given[:100]!r}", list(allowed), params)
