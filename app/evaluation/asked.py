"""A request that was read, and the same request asked again with other numbers."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from app.engine import CompiledTopic, FactCode, FactType, Memo, Placed, Value, exact_values, keeps_all
from app.evaluation.blocks import Blocks
from app.evaluation.scenario import Scenario
from app.evaluation.values import bounds_of
from app.rulebook import FactEntry
from app.wording import Language

# Of one request's numbers, parts of the law's range that were asked about lately.
_MOST_PARTS: Final = 16


class Key:
    """What a guide is found again by; hashed once, for it names every answer."""

    __slots__ = ("_hash", "parts")

    def __init__(self, parts: Hashable) -> None:
        self.parts = parts
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._hash == other._hash and self.parts == other.parts


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was read and found sound, and what its guide is made from.

    Shape: `key` the same only for requests whose guides differ in the scenarios' numbers alone; `is_fixed` as in
        `Answer`.
    """

    blocks: Blocks
    compiled: CompiledTopic
    scenario: Scenario
    placed: Placed
    day: date
    lang: Language
    overdue: frozenset[str]
    is_fixed: bool
    key: Key


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number stands in a request: the fact it answers, and what it may be."""

    code: FactCode
    is_whole: bool
    least: Decimal
    most: Decimal

    @classmethod
    def of(cls, entry: FactEntry) -> "_Place":
        return cls(FactCode(entry.code), entry.type is FactType.INTEGER, *bounds_of(entry))


class Renumbered:
    """A sound request with a place for each of its numbers: asked again with others, only these are read.

    Shape: `codes` the facts that the numbers answer, in the order in which they are given.
    """

    def __init__(self, asked: Asked, codes: Sequence[FactCode]) -> None:
        compiled, blocks, full = asked.compiled, asked.blocks, asked.placed.full
        self._codes, self._facts = codes, compiled.topic.facts
        self._places = [_Place.of(blocks.book.facts[code]) for code in codes]
        self._likeness = compiled.likeness
        groups = [part.relations for part in compiled.components if part.relations is not None]
        self._orders = [group for group in groups if not set(codes).isdisjoint(group.facts)]
        tied = {code for code, _ in compiled.likeness.bounds}.union(*(group.facts for group in self._orders))
        self._tied = exact_values(tied, self._facts, full)
        cut = compiled.finder.numbers
        self._cuts = [(code, compiled.levels[cut[code][0]].starts) for code in codes if code in cut]
        self._told = [code for code in codes if code not in blocks.blanks.places]
        self._known: Memo[Hashable, Asked] = Memo(_MOST_PARTS)
        self.learn(asked)

    def learn(self, asked: Asked) -> None:
        """Answer from this one too where other numbers lie as its own do."""
        full = asked.placed.full
        exact = {**self._tied, **exact_values(self._codes, self._facts, full)}
        self._known.keep(self._part(full, exact), asked)

    def with_numbers(self, numbers: Sequence[bytes]) -> Asked | None:
        """The request with these numbers, as JSON writes them without exponent and sign, in place of its own.

        Unknown: None where all of it has to be read: for numbers that lie in cells not asked about before or are not
            allowed, and for orders between them that are not kept or hang on what is open.
        """
        given: dict[FactCode, int | Decimal] = {}
        for place, digits in zip(self._places, numbers, strict=True):
            if place.is_whole and b"." in digits:
                return None
            number = int(digits) if place.is_whole else Decimal(digits.decode())
            if not place.least <= number <= place.most:
                return None
            given[place.code] = number
        exact = {**self._tied, **exact_values(given, self._facts, given)}
        like = self._known.get(self._part(given, exact))
        if like is None or not all(keeps_all(group, exact) for group in self._orders):
            return None
        full = {**like.placed.full, **given}
        answers = full if like.placed.given is like.placed.full else {**like.placed.given, **given}
        scenario = Scenario(answers, like.scenario.aside, like.scenario.cells)
        return replace(like, scenario=scenario, placed=replace(like.placed, given=answers, full=full))

    def _part(self, given: Mapping[FactCode, Value], exact: Mapping[FactCode, int]) -> Hashable:
        """All of the numbers that a guide can hang on, themselves aside."""
        cells = tuple([bisect_right(starts, exact[code]) for code, starts in self._cuts])
        return cells, self._likeness.places(exact), tuple([given[code] for code in self._told])
