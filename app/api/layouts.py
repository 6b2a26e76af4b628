"""Requests that differ in their numbers alone: what surrounds the numbers is read once, then found by its bytes.

Whoever tries out areas and sums, or asks for many projects by one form, sends the same text around other numbers.
"""

import re
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.engine import FactCode
from app.evaluation import Again, Asked, Renumbered
from app.rulebook import Rulebook

# A number that stands after a name, plainly written. One that is written otherwise stays part of what surrounds it.
_NUMBER: Final = re.compile(rb":[ \n\r\t]*((?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,4})?)(?=[\s,}])")
_MOST_LAYOUTS: Final = 64
# A layout's own bytes are its key.
_LONGEST: Final = 4_096


@dataclass(frozen=True, slots=True)
class Layout:
    """The text of a request, and the numbers in it one after the other."""

    text: tuple[bytes, ...]
    numbers: tuple[bytes, ...]

    @classmethod
    def of(cls, raw: bytes) -> "Layout | None":
        """Return the layout of a body, None where it has no numbers or is too long to be kept."""
        parts = _NUMBER.split(raw) if len(raw) <= _LONGEST else ()
        if len(parts) < 2:
            return None
        return cls(tuple(parts[::2]), tuple(parts[1::2]))

    def facts_in(self, facts: Mapping[str, object]) -> tuple[FactCode, ...] | None:
        """Return the facts that the numbers answer; `facts` are those of the whole body, which was found sound.

        Unknown: None where the numbers are not just the answers, one after the other.
        """
        answers = [(code, value) for code, value in facts.items() if value.__class__ in (int, Decimal)]
        if [value for _, value in answers] != [Decimal(digits.decode()) for digits in self.numbers]:
            return None
        return tuple([FactCode(code) for code, _ in answers])


class Layouts:
    """The layouts seen lately, each with the request that it makes; the one unused longest goes first.

    Not thread-safe: one event loop uses it.
    """

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, Renumbered] = OrderedDict()
        self._rulebook: Rulebook | None = None

    def again(self, layout: Layout, context: Hashable) -> Again | None:
        """Return the request, None where its body has to be read; `context` is all else that makes it what it is."""
        found = self._held.get((layout.text, context))
        if found is None:
            return None
        self._held.move_to_end((layout.text, context))
        return found.with_numbers(layout.numbers)

    def learn(self, layout: Layout, context: Hashable, facts: Mapping[str, object], asked: Asked) -> None:
        """Keep what was read of a sound body; what was read under another rulebook goes, lest that stay in memory."""
        if asked.blocks.rulebook is not self._rulebook:
            self._held.clear()
            self._rulebook = asked.blocks.rulebook
        key = (layout.text, context)
        found = self._held.get(key)
        if found is not None:
            found.learn(asked)
            return
        codes = layout.facts_in(facts)
        if codes is not None and all(code in asked.placed.given for code in codes):
            self._held[key] = Renumbered(asked, codes)
            if len(self._held) > _MOST_LAYOUTS:
                self._held.popitem(last=False)
