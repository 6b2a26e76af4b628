"""What is told three ways at once, by word, sign and colour: how a procedure is treated, what is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from app.engine import Treatment
from app.wording import NOT_REQUIRED, Phrases

Part: TypeAlias = Mapping[str, Any]
"""A record of a guide, as its JSON has it."""

#: The mark of what is not decided yet.
OPEN: Final = "open"
#: From the lightest to the strictest, as the contract orders them.
_LIGHTEST_FIRST: Final = (NOT_REQUIRED, *Treatment)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a procedure is treated: `code` picks sign and colour, `word` says it, `meaning` says it in everyday words."""

    code: str
    word: str
    meaning: str


def mark_of(code: str | None, phrases: Phrases) -> Mark:
    """Return the mark of a treatment, of one that is not decided (None), or of not being needed at all."""
    known = code or OPEN
    word = phrases.say("mark.open") if known == OPEN else phrases.say(f"treatment.{known}")
    return Mark(known, word, phrases.say(f"meaning.{known}"))


def marks_of(codes: Iterable[str], phrases: Phrases) -> tuple[Mark, ...]:
    """Return the marks of the possible treatments."""
    return tuple(mark_of(code, phrases) for code in codes)


def asks_less(code: str, item: Part) -> bool:
    """Return whether another answer's treatment asks less of the company than what the procedure has now.

    A procedure that another project would not have says nothing of this one; and what stands where the voluntary way
    is declined, or barred, is no relief.

    >>> asks_less("filing", {"treatment": "standard", "fallback": None})
    True
    >>> asks_less("merged", {"treatment": "commitment", "fallback": "merged"})
    False
    """
    if item["treatment"] is None or code in (NOT_REQUIRED, item["fallback"]):
        return False
    return _LIGHTEST_FIRST.index(code) < _LIGHTEST_FIRST.index(item["treatment"])
