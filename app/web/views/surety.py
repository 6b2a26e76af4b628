"""把握有多大. How sure a guide is, in plain words: on what its outcomes rest, and how well that was seen."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.web.views.card import NamedLink, anchor_of
from app.web.views.marks import Part
from app.wording import Phrases

#: From what may be relied on to what has to be asked about first.
_LEVELS: Final = ("firm", "excerpt", "plan", "secondary", "unverified")
_BY_MARK: Final = {"full_text": "firm", "excerpt": "excerpt", "secondary": "secondary", "unverified": "unverified"}


@dataclass(frozen=True, slots=True)
class Level:
    """Procedures whose outcome is equally sure; `code` is one of the levels, `procedures` only where care is needed."""

    code: str
    words: str
    procedures: tuple[NamedLink, ...]


@dataclass(frozen=True, slots=True)
class Surety:
    """All levels that occur, the surest first; `undecided` says how many outcomes are open, None where none is."""

    levels: tuple[Level, ...]
    undecided: str | None


def surety_of(guide: Part, phrases: Phrases) -> Surety:
    """Return how sure the guide's decided outcomes are."""
    open_ones = sum(not item["decided"] for item in guide["procedures"])
    undecided = phrases.say("surety.undecided", count=open_ones) if open_ones else None
    return Surety(tuple(_levels(guide, phrases)), undecided)


def _levels(guide: Part, phrases: Phrases) -> Iterator[Level]:
    for code in _LEVELS:
        items = [item for item in guide["procedures"] if item["decided"] and _level(item) == code]
        if items:
            links = [NamedLink(item["everyday_name"], f"#{anchor_of(item['code'])}") for item in items]
            shown = tuple(links) if code in ("plan", "secondary", "unverified") else ()
            yield Level(code, phrases.say(f"surety.{code}", count=len(items)), shown)


def _level(item: Part) -> str:
    level = _BY_MARK[item["verification"] or "unverified"]
    if level in ("firm", "excerpt") and item["legal_force"] != "binding":
        return "plan"
    return level
