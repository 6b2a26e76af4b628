"""Blanks: the places of a guide where a number of the scenario stands.

Scenarios that differ in their numbers alone, and not in the cells these lie in, have one guide but for the numbers
themselves. It is put together once, with a blank wherever a number or its words belong, and filled in for each.
"""

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from app.engine import Compare, FactCode, FactType, Memo, Value, leaves
from app.evaluation.pieces import written
from app.evaluation.values import json_number
from app.rulebook import TopicBook, condition_of
from app.wording import Phrases, quantity_text

_MOST_WRITTEN: Final = 1_024
# Private signs of Unicode, which no text of law uses and JSON writes as they are; each begins with this byte, and
# nothing else does.
_WORDS, _FIGURE, _MOST = 0xE000, 0xE100, 0x100
_LEAD: Final = b"\xee"


class Blanks:
    """The numbers of one topic that a guide in one language leaves blank, and what fills them.

    Shape: `places` the facts left blank, numbered.
    """

    def __init__(self, book: TopicBook, phrases: Phrases) -> None:
        self.phrases = phrases
        told = _told_exactly(book)
        numbers = [code for code, fact in book.facts.items() if fact.type in (FactType.INTEGER, FactType.DECIMAL)]
        blank = [code for code in numbers if code not in told]
        self.places: Mapping[FactCode, int] = {code: place for place, code in enumerate(blank[:_MOST])}
        units = {code: str(unit) if (unit := book.facts[code].unit) else None for code in self.places}
        # A unit by its first place, which is sooner hashed.
        first = {unit: place for place, unit in reversed(list(enumerate(units.values())))}
        self._units = {code: (unit, first[unit]) for code, unit in units.items()}
        self._written: Memo[tuple[int, str], tuple[bytes, bytes]] = Memo(_MOST_WRITTEN)

    def words(self, fact: FactCode) -> str:
        """What stands in a text in place of the answer's words."""
        return chr(_WORDS + self.places[fact])

    def figure(self, fact: FactCode) -> str:
        """What stands as a text in place of the number itself."""
        return chr(_FIGURE + self.places[fact])

    def signs(self, fact: FactCode) -> tuple[int, int]:
        """The signs of the answer's words and of the number."""
        return _WORDS + self.places[fact], _FIGURE + self.places[fact]

    def fillings(self, answers: Mapping[FactCode, Value]) -> dict[int, bytes]:
        """What belongs into each blank, by its sign."""
        found: dict[int, bytes] = {}
        for code, place in self.places.items():
            value = answers.get(code)
            if value is not None:
                found[_WORDS + place], found[_FIGURE + place] = self.both(code, value)
        return found

    def both(self, fact: FactCode, value: Value) -> tuple[bytes, bytes]:
        """An answer with its unit as it stands in a text, and the number as it is."""
        unit, number = self._units[fact]
        # Found by its text, for that is had sooner than the hash of a Decimal.
        key = (number, str(value))
        found = self._written.get(key)
        if found is None:
            assert isinstance(value, int | Decimal)
            words = written(quantity_text(value, unit, self.phrases))
            found = self._written.keep(key, (words[1:-1], written(json_number(value))))
        return found


class Form:
    """A guide in JSON with its blanks."""

    def __init__(self, written: bytes) -> None:
        first, *rest = written.split(_LEAD)
        parts: list[bytes] = [first]
        blanks: list[tuple[int, int]] = []
        for piece in rest:
            sign, after = ord((_LEAD + piece[:2]).decode()), piece[2:]
            if sign >= _FIGURE:
                # A figure stands alone as a text, and takes the place of its quotes too.
                parts[-1], after = parts[-1][:-1], after[1:]
            blanks.append((len(parts), sign))
            parts += (b"", after)
        self.size = len(written)
        self._parts = parts
        self._blanks: Sequence[tuple[int, int]] = blanks
        self._hash = hashlib.sha256(written).digest()

    def filled(self, fillings: Mapping[int, bytes]) -> tuple[bytes, str]:
        """The guide, and the opaque part of its strong ETag.

        The tag hashes the form and what fills it, which together are the body; the form is hashed once.
        """
        parts = self._parts.copy()
        for place, sign in self._blanks:
            parts[place] = fillings[sign]
        told = hashlib.sha256(self._hash)
        told.update(b"\0".join([parts[place] for place, _ in self._blanks]))
        return b"".join(parts), told.hexdigest()[:32]


def _told_exactly(book: TopicBook) -> frozenset[FactCode]:
    """Numbers that decide whether an official total is shown: their bounds there need not cut any diagram."""
    conditions = [condition_of(book, entry.when) for entry in book.benchmarks if entry.when is not None]
    return frozenset(leaf.fact for condition in conditions for leaf in leaves(condition) if isinstance(leaf, Compare))
