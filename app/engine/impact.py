"""What a change of rules moves: for whom, from what to what, from which day to which, exactly and in few classes.

Two layers. First the definitions that turn, for which scenarios; then everything that decides, in classes that speak of
facts and of what becomes of definitions, so that they stay few. The classes of one stretch of time are disjoint, and
together they are exactly the admissible scenarios in which the part moves.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from app.engine.conditions import Condition
from app.engine.diagram import BOTTOM, TERMINAL
from app.engine.facts import DefinitionCode, FactCode, ProcedureCode, Value
from app.engine.impact_cubes import Care, Cube, cubes_of
from app.engine.impact_example import example_in
from app.engine.impact_joint import Joint, Side, join
from app.engine.impact_parts import Facet, Part, parts_of, told_apart
from app.engine.impact_words import Turned, conditions_in
from app.engine.leaf import Leaf
from app.engine.model import NOT_REQUIRED, Extra, ExtraKind, Topic


@dataclass(frozen=True, slots=True)
class MovedClass:
    """Scenarios in which a part moves alike.

    Shape: `conditions` all hold in exactly these scenarios; `example` answers that lead there on `day` whatever else is
        answered; `situations` how many of the situations that the law tells apart lie in it.
    """

    before: Part
    after: Part
    conditions: tuple[Condition | Turned, ...]
    example: Mapping[FactCode, Value]
    day: date
    situations: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of days over which a part moves in the same classes.

    Shape: `start` included, `end` excluded; `situations` how many the law tells apart as to this part, admissible ones
        alone, on the stretch's first day.
    Unknown: `end` None is open.
    """

    start: date
    end: date | None
    classes: tuple[MovedClass, ...]
    situations: int

    @property
    def moved(self) -> int:
        """How many of the situations move."""
        return sum(item.situations for item in self.classes)


@dataclass(frozen=True, slots=True)
class Moved:
    """A definition, procedure, barrier or extra that moves, in which respect, and over which days."""

    subject: "Subject"
    facet: Facet
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class OfDefinition:
    """A definition; `reworded` where its own words changed, else it turns with another one."""

    code: DefinitionCode
    reworded: bool


@dataclass(frozen=True, slots=True)
class OfProcedure:
    """A procedure."""

    code: ProcedureCode


@dataclass(frozen=True, slots=True)
class OfBarrier:
    """A closing rule or a barring condition."""

    code: str


Subject: TypeAlias = OfDefinition | OfProcedure | OfBarrier | Extra


@dataclass(frozen=True, slots=True)
class TopicImpact:
    """All that moves in a topic: definitions first, then procedures, barriers and extras in the topic's order."""

    topic: str
    moved: tuple[Moved, ...]

    def of(self, kind: type) -> tuple[Moved, ...]:
        """Those whose subject is of the kind."""
        return tuple(item for item in self.moved if isinstance(item.subject, kind))


def find_impact(before: Topic, after: Topic) -> TopicImpact:
    """All that moves from one version of a topic to the other, in scenarios that both take.

    Cost: compiles what differs twice over, for every period; nothing where nothing differs.
    """
    return _Finding(join(before, after)).run()


#: The label of scenarios in which nothing moves.
_STILL: Final = "still"
_OF_PROCEDURE: Final = (Facet.OUTCOME, Facet.LIMIT, Facet.MATERIALS, Facet.CONDITIONS, Facet.OFFICE)
Label: TypeAlias = tuple[Part, Part]
Cubes: TypeAlias = tuple[tuple[Label, tuple[Cube, ...]], ...]


class _Finding:
    """One comparison: what its steps share."""

    def __init__(self, joint: Joint) -> None:
        self.joint = joint
        self.compiled = joint.compiled
        self.store = joint.compiled.store
        self.care = Care(joint)
        self.topics = joint.topics
        first = min(topic.covers_from for topic in self.topics.values())
        self.first_day = min(first, *(topic.before_day for topic in self.topics.values()))
        self.periods = range(self.compiled.period_of(self.first_day), len(self.compiled.law_days) + 1)
        self._kept_last = [place for place in range(len(self.compiled.levels)) if self.care.is_definition(place)]
        self._cubes: dict[tuple[int, tuple[int, ...]], Cubes] = {}

    def run(self) -> TopicImpact:
        touched = self.joint.touched
        found = [
            self._moved(OfDefinition(code, self._reworded(code)), Facet.TRUTH, self._definition(code))
            for code in touched.definitions
        ]
        for code in touched.procedures:
            found += [self._moved(OfProcedure(code), facet, self._procedure(code, facet)) for facet in _OF_PROCEDURE]
        found += [self._moved(OfBarrier(code), Facet.TRUTH, self._barrier(code)) for code in touched.barriers]
        found += [self._moved(extra, Facet.TRUTH, self._extra(extra)) for extra in touched.extras]
        return TopicImpact(self.topics[Side.AFTER].code, tuple(item for item in found if item is not None))

    def _reworded(self, code: DefinitionCode) -> bool:
        old, new = (self.topics[side].definitions.get(code) for side in Side)
        words = [
            None if item is None else [(version.period, version.when) for version in item.versions]
            for item in (old, new)
        ]
        return words[0] != words[1]

    # Diagrams of what moves ---------------------------------------------------------------------

    def _definition(self, code: DefinitionCode) -> Callable[[int], int]:
        return lambda period: self._pair(*(self.joint.body(side, code, period) for side in Side))

    def _procedure(self, code: ProcedureCode, facet: Facet) -> Callable[[int], int]:
        def diagram(period: int) -> int:
            return self._pair(*(self._part(side, code, facet, period) for side in Side))

        return diagram

    def _part(self, side: Side, code: ProcedureCode, facet: Facet, period: int) -> int:
        """The diagram of what the procedure comes to in one respect; beside the outcome only where it exists."""
        topic, store = self.topics[side], self.store
        if code not in topic.procedures:
            return store.leaf(NOT_REQUIRED if facet is Facet.OUTCOME else None)
        root = self.compiled.procedure(self.joint.procedure(side, code, full=False), period)
        if facet is Facet.OUTCOME:
            return store.mapped(root, lambda leaf: _leaf(leaf).outcome)
        day = self.compiled.day_in(period)
        procedure = topic.procedures[code]

        def part(leaf: Hashable) -> Hashable:
            found = _leaf(leaf)
            if not found.outcome.required:
                return None
            return (found.outcome, parts_of(topic, procedure, found, side, day)[facet])

        return store.mapped(root, part)

    def _barrier(self, code: str) -> Callable[[int], int]:
        return lambda period: self._pair(*(self.compiled.barrier(f"{side}{code}", period) for side in Side))

    def _extra(self, extra: Extra) -> Callable[[int], int]:
        def diagram(period: int) -> int:
            return self._pair(*(self._given(side, extra, period) for side in Side))

        return diagram

    def _given(self, side: Side, extra: Extra, period: int) -> int:
        named = Extra(extra.kind, f"{side}{extra.code}")
        return self.compiled.extra(named, period) if named in self.compiled.extras else self.store.false

    def _pair(self, before: int, after: int) -> int:
        """The diagram whose leaves are what a scenario moves from and to."""
        if before == after:
            return self.store.leaf(_STILL)
        return self.store.apply(_label, before, after)

    # Classes ------------------------------------------------------------------------------------

    def _moved(self, subject: Subject, facet: Facet, diagram: Callable[[int], int]) -> Moved | None:
        stretches: list[Stretch] = []
        known: Cubes = ()
        for period in self.periods:
            root = diagram(period)
            found = self._classes(root, period)
            day = self._begin(period)
            if stretches and known == found and stretches[-1].end == day:
                last = stretches.pop()
                stretches.append(Stretch(last.start, self._end(period), last.classes, last.situations))
            elif found:
                stretches.append(self._stretch(root, found, period, day))
            known = found
        return Moved(subject, facet, tuple(stretches)) if stretches else None

    def _begin(self, period: int) -> date:
        return max(self.compiled.law_days[period - 1], self.first_day) if period else self.first_day

    def _end(self, period: int) -> date | None:
        days = self.compiled.law_days
        return days[period] if period < len(days) else None

    def _classes(self, root: int, period: int) -> Cubes:
        if self.store.level[root] == TERMINAL and self.store.value[root] == _STILL:
            return ()
        levels = self.store.levels_in(root)
        key = (root, self.care.about(levels, period))
        if key not in self._cubes:
            guarded = self.care.guarded(root, period)
            labels = [label for label in self.store.leaves_in(guarded) if label not in (_STILL, BOTTOM)]
            self._cubes[key] = tuple(
                (label, tuple(cubes_of(self.store, guarded, label, self._kept_last)))  # type: ignore[misc]
                for label in sorted(labels, key=repr)
            )
        return self._cubes[key]

    def _stretch(self, root: int, found: Cubes, period: int, day: date) -> Stretch:
        levels = self._told_apart(root, period)
        admissible = self.care.about(levels, period)
        classes = tuple(
            self._class(label, cube, period, day, levels, admissible) for label, cubes in found for cube in cubes
        )
        return Stretch(day, self._end(period), classes, self._count(self._joined(self.store.true, admissible), levels))

    def _told_apart(self, root: int, period: int) -> frozenset[int]:
        """The levels of facts that the diagram speaks of, those of its definitions included."""
        found: set[int] = set()
        for level in self.store.levels_in(root):
            if self.care.is_definition(level):
                found.update(*(self.store.levels_in(turn) for turn in self.care.turns(level, period)))
            else:
                found.add(level)
        return frozenset(found)

    def _class(
        self, label: Label, cube: Cube, period: int, day: date, levels: frozenset[int], admissible: tuple[int, ...]
    ) -> MovedClass:
        inside = self._joined(self.care.expanded(cube, period), admissible)
        return MovedClass(
            label[0],
            label[1],
            conditions_in(self.joint, cube),
            example_in(self.compiled, inside),
            day,
            self._count(inside, levels),
        )

    def _joined(self, diagram: int, parts: tuple[int, ...]) -> int:
        for part in parts:
            diagram = self.store.both(diagram, part)
        return diagram

    def _count(self, diagram: int, levels: frozenset[int]) -> int:
        """How many combinations of cells of the levels the boolean diagram, over these alone, holds in."""
        order = sorted(levels)
        sizes = [self.compiled.levels[level].size for level in order]
        place_of = {level: place for place, level in enumerate(order)}
        whole = [1]
        for size in reversed(sizes):
            whole.append(whole[-1] * size)
        whole.reverse()
        memo: dict[int, int] = {}

        def walk(node: int) -> int:
            """Combinations of the levels from the node's own on."""
            if node not in memo:
                below = place_of[self.store.level[node]] + 1
                memo[node] = sum(walk_from(child, below) for child in self.store.children[node])
            return memo[node]

        def walk_from(node: int, place: int) -> int:
            if self.store.level[node] == TERMINAL:
                return whole[place] if node == self.store.true else 0
            own = place_of[self.store.level[node]]
            return walk(node) * (whole[place] // whole[own])

        return walk_from(diagram, 0)


def _leaf(value: Hashable) -> Leaf:
    assert isinstance(value, Leaf)
    return value


def _label(before: Hashable, after: Hashable) -> Hashable:
    """What moves: a pair of outcomes or truths; of a part beside the outcome only where the outcome stays."""
    if before == after or before is None or after is None:
        return _STILL
    if isinstance(before, tuple) and isinstance(after, tuple):
        return told_apart(before[1], after[1]) if before[0] == after[0] else _STILL
    return (before, after)


def notes_apart(impact: TopicImpact) -> Iterator[Moved]:
    """All that moves but notes, which change nothing for a company."""
    return (
        item for item in impact.moved if not (isinstance(item.subject, Extra) and item.subject.kind is ExtraKind.NOTE)
    )
