"""A concrete scenario for a class of scenarios: round figures that lie inside its cells and keep every order."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from app.engine.cells import Level, LevelKind
from app.engine.compile import CompiledTopic
from app.engine.conditions import later
from app.engine.diagram import TERMINAL, Store
from app.engine.facts import SCALE, Fact, FactCode, FactType, Value, scaled
from app.engine.model import AtMost

#: The first of two days that stand for each other's distance, and a number that nothing bounds.
_SOME_DAY: Final = date(2021, 6, 1)
_SOME_NUMBER: Final = 100
_LARGEST_STEP: Final = 10**14


def some_way(store: Store, diagram: int) -> dict[int, int]:
    """Level -> cell on one way to true.

    Raises: ValueError where none leads there.
    """
    way: dict[int, int] = {}
    dead: set[int] = set()

    def walk(node: int) -> bool:
        if store.level[node] == TERMINAL:
            return node == store.true
        if node in dead:
            return False
        for cell, child in enumerate(store.children[node]):
            if walk(child):
                way[store.level[node]] = cell
                return True
        dead.add(node)
        return False

    if not walk(diagram):
        raise ValueError("no way leads to true")
    return way


def example_in(compiled: CompiledTopic, diagram: int) -> dict[FactCode, Value]:
    """Answers to the facts on one way to true of a diagram that admissible scenarios alone lead to true.

    Shape: in topic order; a set is answered as a whole, two compared days both.
    """
    way = some_way(compiled.store, diagram)
    named = {code for place in way for code in compiled.levels[place].facts}
    cells = dict(way)
    for component in compiled.components:
        if component.facts & named:
            rest = compiled.store.restricted(component.whole, cells)
            cells = {**some_way(compiled.store, rest), **cells}
    numbers = _numbers(compiled, cells)
    answers: dict[FactCode, Value] = {}
    for place, level in enumerate(compiled.levels):
        if named & set(level.facts):
            _answer(compiled.topic.facts, level, cells.get(place, 0), numbers, answers)
    return {code: answers[code] for code in compiled.topic.facts if code in answers}


def _answer(
    facts: Mapping[FactCode, Fact],
    level: Level,
    cell: int,
    numbers: Mapping[FactCode, Value],
    answers: dict[FactCode, Value],
) -> None:
    code = level.facts[0]
    match level.kind:
        case LevelKind.VALUES:
            order: list[object] = list(facts[code].options)
            answers[code] = min(level.values[cell], key=lambda value: order.index(value) if value in order else value)
        case LevelKind.MEMBER:
            chosen = answers.get(code, frozenset())
            assert isinstance(chosen, frozenset)
            answers[code] = chosen | {level.members[0]} if cell else chosen
        case LevelKind.RANGE:
            answers[code] = numbers[code]
        case LevelKind.PAIR:
            first = answers.setdefault(level.facts[1], _SOME_DAY)
            assert isinstance(first, date)
            answers.setdefault(code, _day_in(level, cell, first))


def _day_in(level: Level, cell: int, first: date) -> date:
    """A day that stands to the first one as the cell says: the last that still does, or the next after all."""
    if cell == 0:
        return first - timedelta(days=1)
    months, days = level.offsets[min(cell, len(level.offsets)) - 1]
    reached = later(first, months, days)
    return reached if cell <= len(level.offsets) else reached + timedelta(days=1)


# ---- numbers -----------------------------------------------------------------------------------------


def _numbers(compiled: CompiledTopic, cells: Mapping[int, int]) -> dict[FactCode, Value]:
    """A number or day for every fact of the way, all orders between them kept."""
    facts = compiled.topic.facts
    orders = [item.holds for item in compiled.topic.constraints if isinstance(item.holds, AtMost)]
    spans: dict[FactCode, tuple[int | None, int | None]] = {}
    for code in {code for order in orders for code in (order.lesser, order.greater)}:
        spans[code] = _bounds(facts[code])
    chosen = []
    for place, level in enumerate(compiled.levels):
        if level.kind is LevelKind.RANGE and (place in cells or level.facts[0] in spans):
            code = level.facts[0]
            if place in cells:
                spans[code] = (level.spans[cells[place]].low, level.spans[cells[place]].high)
            chosen.append(code)
    found: dict[FactCode, Value] = {}
    for code in chosen:
        spans = _tightened(spans, orders, facts)
        point = _round(spans[code], facts[code].type)
        spans[code] = (point, point)
        found[code] = _value(point, facts[code].type)
    return found


def _bounds(fact: Fact) -> tuple[int | None, int | None]:
    return (
        None if fact.minimum is None else scaled(fact.type, fact.minimum),
        None if fact.maximum is None else scaled(fact.type, fact.maximum),
    )


def _tightened(
    spans: Mapping[FactCode, tuple[int | None, int | None]], orders: Iterable[AtMost], facts: Mapping[FactCode, Fact]
) -> dict[FactCode, tuple[int | None, int | None]]:
    """The spans, each as narrow as the others make it."""
    found = dict(spans)
    moved = True
    while moved:
        moved = False
        for order in orders:
            whole = facts[order.lesser].type is not FactType.DECIMAL
            plus = int(order.plus) if whole else int(order.plus * SCALE)
            (low, high), (other_low, other_high) = found[order.lesser], found[order.greater]
            if low is not None and (other_low is None or other_low < low - plus):
                found[order.greater] = (low - plus, other_high)
                moved = True
            if other_high is not None and (high is None or high > other_high + plus):
                found[order.lesser] = (low, other_high + plus)
                moved = True
    return found


def _round(span: tuple[int | None, int | None], fact_type: FactType) -> int:
    """The roundest number in the span, a small one where zero would be as good as any."""
    low, high = span
    if fact_type is FactType.DATE:
        return next((end for end in (low, high) if end is not None), _SOME_DAY.toordinal())
    some = _SOME_NUMBER * SCALE if fact_type is FactType.DECIMAL else 1
    if low is None or low <= 0:
        if high is None or high >= some:
            return some
        low = low if high <= 0 else 1
        low = high if low is None else low
    step = _LARGEST_STEP
    while step > 1:
        point = -(-low // step) * step
        if point <= high if high is not None else point < low * 2:
            return point
        step //= 10
    return low


def _value(point: int, fact_type: FactType) -> Value:
    if fact_type is FactType.DATE:
        return date.fromordinal(point)
    if fact_type is FactType.DECIMAL:
        whole = Decimal(point) / SCALE
        return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()
    return point
