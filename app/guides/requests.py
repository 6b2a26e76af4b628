"""What is kept of a request: its normal form, in which two requests that mean the same are the same."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from app.evaluation import EvaluateRequest


@dataclass(frozen=True, slots=True)
class AskedFor:
    """One request in its normal form.

    Shape: `facts` is canonical JSON: facts in order of their codes, unanswered ones left out, the options of a choice
        sorted, numbers exact and without needless zeros.
    Unknown: `as_of` None is the day of asking, `release` None the release that is served.
    """

    topic: str
    facts: str
    as_of: date | None
    lang: str
    release: str | None

    @property
    def fingerprint(self) -> bytes:
        """SHA-256 by which two requests are told apart."""
        parts = [self.topic, self.facts, self.as_of and self.as_of.isoformat(), self.lang, self.release]
        return hashlib.sha256(json.dumps(parts).encode()).digest()

    def again(self, *, release: str | None, as_of: date | None) -> EvaluateRequest:
        """Return the request as the evaluation takes it, for another day or release."""
        facts: Mapping[str, object] = cast("Mapping[str, object]", json.loads(self.facts, parse_float=Decimal))
        return EvaluateRequest(topic=self.topic, facts=facts, as_of=as_of, lang=self.lang, release=release)


def normal_form(request: EvaluateRequest) -> AskedFor:
    """Return what is kept of a request.

    >>> normal_form(EvaluateRequest("t", {"b": ["y", "x"], "c": None, "a": Decimal("1.50")})).facts
    '{"a":1.5,"b":["x","y"]}'
    """
    answered = sorted((code, value) for code, value in request.facts.items() if value is not None)
    facts = ",".join(f"{json.dumps(code)}:{_canonical(value)}" for code, value in answered)
    return AskedFor(request.topic, f"{{{facts}}}", request.as_of, request.lang, request.release)


def _canonical(value: object) -> str:
    match value:
        case bool() | None | str():
            return json.dumps(value)
        case int() | float() | Decimal():
            return _number(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
        case date():
            return json.dumps(value.isoformat())
        case list() | tuple() | set() | frozenset():
            return f"[{','.join(sorted({_canonical(part) for part in value}))}]"
    # Nothing else passes the evaluation; whatever it was, it makes a request of its own.
    return json.dumps(repr(value))


def _number(value: Decimal) -> str:
    if not value.is_finite():
        return json.dumps(str(value))
    if not value:
        return "0"  # also what was written as -0.0
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
