"""A cube of cells as conditions: what an outsider can read, and test a scenario against."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.engine.cells import Level, LevelKind
from app.engine.conditions import All, Any, Compare, Condition, IsOneOf, Not, SetIs, Within
from app.engine.facts import SCALE, DefinitionCode, Fact, FactCode, FactType
from app.engine.impact_cubes import Cube
from app.engine.impact_joint import Joint, Turn, definition_of


@dataclass(frozen=True, slots=True)
class Turned:
    """What becomes of a definition from one version to the other, in every scenario of a class."""

    definition: DefinitionCode
    turns: frozenset[Turn]


def conditions_in(joint: Joint, cube: Cube) -> tuple[Condition | Turned, ...]:
    """What the cube says: definitions first, those that turn in front, then facts in topic order.

    Shape: the cube's cells are reachable ones, so a test of a set, which cannot turn, has one of two.
    """
    levels, facts = joint.compiled.levels, joint.compiled.topic.facts
    turned: list[Turned] = []
    said: list[Condition] = []
    members: dict[FactCode, dict[tuple[str, ...], bool]] = {}
    for place, cells in cube.cells:
        level = levels[place]
        code = definition_of(level.facts[0])
        if code is not None and code in joint.sets:
            holds = all(value == Turn.YES for cell in cells for value in level.values[cell])
            said.append(joint.sets[code] if holds else Not(joint.sets[code]))
        elif code is not None:
            turned.append(Turned(code, frozenset(Turn(str(value)) for cell in cells for value in level.values[cell])))
        elif level.kind is LevelKind.MEMBER:
            members.setdefault(level.facts[0], {})[level.members] = cells == frozenset({1})
        else:
            said.append(_one_level(level, facts[level.facts[0]], sorted(cells)))
    said += [part for code, chosen in members.items() for part in _set_conditions(facts[code], chosen)]
    order = {code: place for place, code in enumerate(facts)}
    said.sort(key=lambda part: order[_fact_of(part)])
    turned.sort(key=lambda item: bool(item.turns <= {Turn.YES, Turn.NO}))
    return (*turned, *said)


def _fact_of(condition: Condition) -> FactCode:
    match condition:
        case Not(part=part):
            return _fact_of(part)
        case All(parts=parts) | Any(parts=parts):
            return _fact_of(parts[0])
        case IsOneOf(fact=fact) | Compare(fact=fact) | SetIs(fact=fact) | Within(fact=fact):
            return fact
        case _:
            raise TypeError(condition)


def _one_level(level: Level, fact: Fact, cells: list[int]) -> Condition:
    match level.kind:
        case LevelKind.VALUES:
            return IsOneOf(fact.code, frozenset(value for cell in cells for value in level.values[cell]))
        case LevelKind.RANGE:
            return _either([_between(level, fact, first, last) for first, last in _runs(cells)])
        case _:
            return _either(list(_pair_conditions(level, cells)))


def _either(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Any(tuple(parts))


def _both(parts: list[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _runs(cells: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring cells as (first, last)."""
    runs: list[tuple[int, int]] = []
    for cell in cells:
        if runs and runs[-1][1] == cell - 1:
            runs[-1] = (runs[-1][0], cell)
        else:
            runs.append((cell, cell))
    return runs


def _between(level: Level, fact: Fact, first: int, last: int) -> Condition:
    """From the first cell to the last one; the bounds are the numbers that the law names."""
    parts: list[Condition] = []
    if first > 0:
        included = level.starts[first - 1] == level.bounds[first - 1]
        parts.append(Compare(fact.code, "at_least" if included else "above", _bound(level.bounds[first - 1], fact)))
    if last < level.size - 1:
        included = level.starts[last] != level.bounds[last]
        parts.append(Compare(fact.code, "at_most" if included else "below", _bound(level.bounds[last], fact)))
    return _both(parts)


def _bound(point: int, fact: Fact) -> int | Decimal | date:
    if fact.type is FactType.DATE:
        return date.fromordinal(point)
    if fact.type is FactType.DECIMAL:
        whole = Decimal(point) / SCALE
        return whole.quantize(Decimal(1)) if whole == whole.to_integral_value() else whole.normalize()
    return point


def _pair_conditions(level: Level, cells: list[int]) -> Iterator[Condition]:
    """The cells of two days; before the first day and beyond every length are never told apart by a condition."""
    lengths = [Within(level.facts[0], level.facts[1], months=months, days=days) for months, days in level.offsets]
    for first, last in _runs([cell for cell in cells if 0 < cell <= len(lengths)]):
        inside: list[Condition] = [lengths[last - 1]]
        if first > 1:
            inside.append(Not(lengths[first - 2]))
        yield _both(inside)
    if cells[-1] == level.size - 1 or cells[0] == 0:
        yield Not(lengths[-1])


def _set_conditions(fact: Fact, chosen: Mapping[tuple[str, ...], bool]) -> Iterator[Condition]:
    """Which options are among the answer, and which are not; none at all where every one of them is not.

    Shape: of options that stand together at least one is among the answer, or none is.
    """
    missing = frozenset(option for options, is_in in chosen.items() if not is_in for option in options)
    if missing == frozenset(fact.options):
        yield SetIs(fact.code, "is_empty", frozenset())
        return
    among = frozenset(options[0] for options, is_in in chosen.items() if is_in and len(options) == 1)
    if among:
        yield SetIs(fact.code, "contains_all", among)
    for options, is_in in chosen.items():
        if is_in and len(options) > 1:
            yield SetIs(fact.code, "contains_any", frozenset(options))
    if missing:
        yield Not(SetIs(fact.code, "contains_any", missing))
