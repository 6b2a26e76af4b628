"""A concrete scenario for a way through a diagram: answers that are admissible at their exact values."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from app.engine.cells import Level, LevelKind, Span
from app.engine.compile import CompiledTopic
from app.engine.components import Component
from app.engine.conditions import later
from app.engine.diagram import BOTTOM, TERMINAL, Store
from app.engine.facts import SCALE, FactCode, FactType, Value
from app.engine.relations import RelationGroup, least_solution, offset_of, spans_of
from app.engine.view import View

#: The first of two days that a scenario compares, where nothing else says which.
_SOME_DAY = date(2021, 6, 1)


def witness(
    compiled: CompiledTopic, view: View, diagram: int, wanted: Callable[[Hashable], bool]
) -> dict[FactCode, Value]:
    """Answers that lead to a wanted leaf of a reduced diagram, {} where nothing leads there.

    Shape: the facts on the way, in topic order; a set is answered as a whole. Whatever the facts left out are answered
        leads to the same leaf, and some admissible answers to them exist.
    """
    way = way_to(view.store, diagram, wanted)
    return {} if way is None else answers_in(compiled, {**view.cells, **way}, view.answers)


def way_to(store: Store, diagram: int, wanted: Callable[[Hashable], bool]) -> dict[int, int] | None:
    """Level -> cell on one way to a wanted leaf, None where nothing leads there."""
    dead: set[int] = set()

    def walk(node: int) -> list[tuple[int, int]] | None:
        if store.level[node] == TERMINAL:
            value = store.value[node]
            return [] if value is not BOTTOM and wanted(value) else None
        if node in dead:
            return None
        for cell, child in enumerate(store.children[node]):
            rest = walk(child)
            if rest is not None:
                return [(store.level[node], cell), *rest]
        dead.add(node)
        return None

    found = walk(diagram)
    return None if found is None else dict(found)


def answers_in(
    compiled: CompiledTopic, cells: Mapping[int, int], given: Mapping[FactCode, Value] | None = None
) -> dict[FactCode, Value]:
    """Answers inside the cells, in topic order, those given kept; with them the constraints can be met.

    Shape: the facts that the cells speak of and no others. The cells must be possible together.
    """
    known = dict(given or {})
    named = {code for place in cells for code in compiled.levels[place].facts}
    whole = dict(cells)
    for component in compiled.components:
        if component.facts & named:
            whole |= _completed(compiled.store, component, whole)
    numbers = _numbers(compiled, whole, known)
    found = {}
    for code in compiled.topic.facts:
        if code in known:
            found[code] = known[code]
        elif code in named and code not in found:
            found |= _answer(compiled, code, whole, numbers)
    return {code: found[code] for code in compiled.topic.facts if code in found}


def _completed(store: Store, component: Component, cells: Mapping[int, int]) -> dict[int, int]:
    """Cells of the component's other levels with which it holds."""
    rest = store.restricted(
        component.whole, {place: cell for place, cell in cells.items() if place in component.levels}
    )
    return way_to(store, rest, lambda value: value is True) or {}


def _numbers(compiled: CompiledTopic, cells: Mapping[int, int], given: Mapping[FactCode, Value]) -> dict[FactCode, int]:
    """Scaled numbers for the facts that orders tie together: the least that keep all of them and lie in the cells."""
    found: dict[FactCode, int] = {}
    for component in compiled.components:
        group = component.relations
        if group is None:
            continue
        spans = spans_of(group, compiled.topic.facts, given)
        for code, place in group.levels.items():
            if place in cells and code not in given:
                spans[code] = compiled.levels[place].spans[cells[place]]
        floor = _floor(compiled, group, spans)
        bounded = {code: Span(floor if span.low is None else span.low, span.high) for code, span in spans.items()}
        lows = least_solution(bounded, group.relations, compiled.topic.facts) or {}
        found |= {code: low for code, low in lows.items() if low is not None}
    return found


def _floor(compiled: CompiledTopic, group: RelationGroup, spans: Mapping[FactCode, Span]) -> int:
    """A number so low that what has no lower bound of its own may take it under all the orders."""
    ends = [end for span in spans.values() for end in (span.low, span.high) if end is not None]
    reach = sum(abs(offset_of(relation, compiled.topic.facts)) for relation in group.relations)
    return min(ends, default=_SOME_DAY.toordinal()) - reach


def _answer(
    compiled: CompiledTopic, code: FactCode, cells: Mapping[int, int], numbers: Mapping[FactCode, int]
) -> dict[FactCode, Value]:
    """The answer to a fact; for one of two days that are compared, to both."""
    fact = compiled.topic.facts[code]
    levels = [(compiled.levels[place], cells.get(place)) for place in compiled.fact_levels[code]]
    if fact.type is FactType.CHOICES:
        return {code: frozenset(level.members[0] for level, cell in levels if cell == 1)}
    level, cell = next((item for item in levels if item[1] is not None), (None, None))
    if level is None or cell is None:
        return {}
    if level.kind is LevelKind.PAIR:
        return _two_days(level, cell)
    if level.kind is LevelKind.VALUES:
        offered: Iterable[bool | str] = (False, True) if fact.type is FactType.BOOLEAN else fact.options
        return {code: next(value for value in offered if value in level.values[cell])}
    span = level.spans[cell]
    low = numbers.get(code, span.low if span.low is not None else span.high)
    return {code: _unscaled(fact.type, low if low is not None else 0)}


def _unscaled(fact_type: FactType, number: int) -> Value:
    if fact_type is FactType.DATE:
        return date.fromordinal(number)
    return Decimal(number) / SCALE if fact_type is FactType.DECIMAL else number


def _two_days(level: Level, cell: int) -> dict[FactCode, Value]:
    """Two days that stand to each other as the cell says."""
    second, first = level.facts
    if cell == 0:
        return {first: _SOME_DAY, second: _SOME_DAY - timedelta(days=1)}
    months, days = level.offsets[min(cell, len(level.offsets)) - 1]
    beyond = timedelta(days=1 if cell > len(level.offsets) else 0)
    return {first: _SOME_DAY, second: later(_SOME_DAY, months, days) + beyond}
