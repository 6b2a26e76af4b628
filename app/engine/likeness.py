"""Which scenarios are alike: those that no decision, path or what-if of a topic can tell apart."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from app.engine.cells import Level, LevelKind
from app.engine.components import Component
from app.engine.facts import Fact, FactCode, FactType, Value
from app.engine.relations import RelationGroup, exact_values

_Bound: TypeAlias = tuple[tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A scenario, and where it lies among the cells.

    Shape: `given` the answers, `full` these with the defaults, both in topic order; `cells` those of the levels that
        `full` fixes; `alike` the same for two scenarios only where everything decided of them is.
    """

    given: Mapping[FactCode, Value]
    full: Mapping[FactCode, Value]
    cells: Mapping[int, int]
    alike: Hashable


class Likeness:
    """What of a topic's answers matters beside their cells.

    A set matters whole, for what-if names the whole of it, and so do days compared with each other. Of a number that
    constraints tie to others (a ≤ b + c) it matters between which of the others' cuts it puts their bounds: cells of
    one number are possible or not beside another one's answer by these places alone.
    """

    def __init__(
        self, facts: Mapping[FactCode, Fact], levels: tuple[Level, ...], components: Iterable[Component]
    ) -> None:
        self.facts = facts
        paired = {code for level in levels if level.kind is LevelKind.PAIR for code in level.facts}
        sets = {fact.code for fact in facts.values() if fact.type is FactType.CHOICES}
        self.whole = tuple(code for code in facts if code in paired | sets)
        groups = [part.relations for part in components if part.relations is not None]
        self.bounds: tuple[tuple[FactCode, tuple[_Bound, ...]], ...] = tuple(
            (code, bounds)
            for group in groups
            for code in group.facts
            if (bounds := tuple(_bounds(group, code, levels)))
        )

    def of(self, given: Iterable[FactCode], full: Mapping[FactCode, Value], cells: Mapping[int, int]) -> Hashable:
        """The same for two scenarios only where everything decided of them is; `given` tells what was not assumed."""
        whole = tuple([full.get(code) for code in self.whole])
        exact = exact_values((code for code, _ in self.bounds), self.facts, full)
        return tuple(given), tuple(cells.items()), whole, self.places(exact)

    def places(self, exact: Mapping[FactCode, int]) -> tuple[int, ...]:
        """Where scaled numbers that constraints tie to others put the bounds of these, among their cuts."""
        places: list[int] = []
        for code, bounds in self.bounds:
            value = exact.get(code)
            if value is not None:
                places += [bisect_right(starts, value + shift) for starts, shift in bounds]
        return tuple(places)


def _bounds(group: RelationGroup, code: FactCode, levels: tuple[Level, ...]) -> Iterator[_Bound]:
    """For every other fact of the group with cuts: these, and how far from the answer its bound lies."""
    beyond = _distances(group)
    for other, place in group.levels.items():
        starts = levels[place].starts
        if other == code or not starts:
            continue
        if (code, other) in beyond:
            yield starts, -beyond[code, other]
        if (other, code) in beyond:
            yield starts, beyond[other, code]


def _distances(group: RelationGroup) -> dict[tuple[FactCode, FactCode], int]:
    """(a, b) -> the least d for which the relations together say a ≤ b + d.

    Cost: the cube of the group's facts.
    """
    least: dict[tuple[FactCode, FactCode], int] = {}
    for relation, offset in zip(group.relations, group.offsets, strict=True):
        ends = (relation.lesser, relation.greater)
        least[ends] = min(offset, least.get(ends, offset))
    for middle in group.facts:
        for first in group.facts:
            for last in group.facts:
                one, two = least.get((first, middle)), least.get((middle, last))
                if one is not None and two is not None:
                    least[first, last] = min(one + two, least.get((first, last), one + two))
    return least
