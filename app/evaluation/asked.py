"""A request that was read, and the same request asked again with other numbers."""

from bisect import bisect_right
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from app.engine import CompiledTopic, FactCode, FactType, Memo, Placed, Value, exact_values, keeps_all, scaled
from app.evaluation.blocks import Blocks
from app.evaluation.scenario import Scenario
from app.evaluation.values import bounds_of
from app.wording import Language

# A number that was read: the answer, that scaled, and what fills its blanks, the words and the figure.
_Number: TypeAlias = tuple[int | Decimal, int, bytes, bytes]
# Of one request's numbers, parts of the law's range that were asked about lately.
_MOST_PARTS: Final = 16
_MOST_NUMBERS: Final = 64


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
        `Answer`; `fillings` what belongs into the blanks of its guide.
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
    fillings: Mapping[int, bytes]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number stands in a request: the fact it answers, and what it may be.

    Shape: `kind` the same for places where the same number is read and said alike; `signs` of its blanks, None where
        its guide has none.
    """

    code: FactCode
    kind: int
    type: FactType
    least: Decimal
    most: Decimal
    signs: tuple[int, int] | None


class Again(NamedTuple):
    """A request that was read, with other numbers.

    Shape: `fillings` what belongs into the blanks of its guide.
    """

    like: Asked
    numbers: Mapping[FactCode, int | Decimal]
    fillings: Mapping[int, bytes]

    def asked(self) -> Asked:
        """The whole of it, as if it had been read."""
        scenario, place = self.like.scenario, self.like.placed
        full = {**place.full, **self.numbers}
        answers = full if place.given is place.full else {**place.given, **self.numbers}
        return replace(
            self.like,
            scenario=Scenario(answers, scenario.aside, scenario.cells),
            placed=Placed(answers, full, place.cells, place.alike),
            fillings=self.fillings,
        )


class Renumbered:
    """A sound request with a place for each of its numbers: asked again with others, only these are read.

    Shape: `codes` the facts that the numbers answer, in the order in which they are given.
    """

    def __init__(self, asked: Asked, codes: Sequence[FactCode]) -> None:
        compiled, blocks, full = asked.compiled, asked.blocks, asked.placed.full
        self._codes, self._facts = codes, compiled.topic.facts
        self._blanks = blocks.blanks
        self._places = _places(blocks, codes)
        self._numbers: Memo[tuple[int, bytes], _Number] = Memo(_MOST_NUMBERS)
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

    def with_numbers(self, numbers: Sequence[bytes]) -> Again | None:
        """The request with these numbers, as JSON writes them without exponent and sign, in place of its own.

        Unknown: None where all of it has to be read: for numbers that lie in cells not asked about before or are not
            allowed, and for orders between them that are not kept or hang on what is open.
        """
        given: dict[FactCode, int | Decimal] = {}
        exact = dict(self._tied)
        fillings: dict[int, bytes] = {}
        for place, digits in zip(self._places, numbers, strict=True):
            number = self._numbers.get((place.kind, digits)) or self._read(place, digits)
            if number is None:
                return None
            given[place.code], exact[place.code], words, figure = number
            if place.signs is not None:
                fillings[place.signs[0]], fillings[place.signs[1]] = words, figure
        like = self._known.get(self._part(given, exact))
        if like is None or not all(keeps_all(group, exact) for group in self._orders):
            return None
        return Again(like, given, {**like.fillings, **fillings})

    def _read(self, place: _Place, digits: bytes) -> _Number | None:
        """The number at the place, None where it may not stand there."""
        is_whole = place.type is FactType.INTEGER
        if is_whole and b"." in digits:
            return None
        value = int(digits) if is_whole else Decimal(digits.decode())
        if not place.least <= value <= place.most:
            return None
        words, figure = (b"", b"") if place.signs is None else self._blanks.both(place.code, value)
        return self._numbers.keep((place.kind, digits), (value, scaled(place.type, value), words, figure))

    def _part(self, given: Mapping[FactCode, Value], exact: Mapping[FactCode, int]) -> Hashable:
        """All of the numbers that a guide can hang on, themselves aside."""
        cells = tuple([bisect_right(starts, exact[code]) for code, starts in self._cuts])
        return cells, self._likeness.places(exact), tuple([given[code] for code in self._told])


def _places(blocks: Blocks, codes: Sequence[FactCode]) -> list[_Place]:
    kinds: list[tuple[object, ...]] = []
    found = []
    for code in codes:
        entry, signs = blocks.book.facts[code], blocks.blanks.signs(code) if code in blocks.blanks.places else None
        kind = (entry.type, entry.unit, *bounds_of(entry), signs is None)
        if kind not in kinds:
            kinds.append(kind)
        found.append(_Place(code, kinds.index(kind), entry.type, *bounds_of(entry), signs))
    return found
