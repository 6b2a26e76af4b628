"""Levels and cells: each fact's values cut into the finitely many parts that the conditions can tell apart."""

import enum
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.engine.conditions import Atom, Compare, IsOneOf, SetIs, Within, atom_holds, later
from app.engine.facts import SCALE, Fact, FactCode, FactType, Value, scaled


class LevelKind(enum.StrEnum):
    """What one level of the diagrams stands for."""

    VALUES = "values"
    RANGE = "range"
    MEMBER = "member"
    PAIR = "pair"


@dataclass(frozen=True, slots=True)
class Span:
    """Scaled integers from `low` to `high`, both included; None is unbounded."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Level:
    """One multi-valued variable of the diagrams: a fact, some options of a set, or a pair of days.

    Shape: `facts` one code, two for a pair (the later one first). `cells` by kind: sets of values, spans,
        (none, some) for members, thresholds' number plus two for a pair. `members` in the fact's order.
        `starts` the first scaled integer of each span but the first, `bounds` the number a condition named for it.
        `offsets` of a pair: (months, days), rising.
    """

    kind: LevelKind
    facts: tuple[FactCode, ...]
    size: int
    values: tuple[frozenset[bool | str], ...] = ()
    spans: tuple[Span, ...] = ()
    starts: tuple[int, ...] = ()
    bounds: tuple[int, ...] = ()
    members: tuple[str, ...] = ()
    offsets: tuple[tuple[int, int], ...] = ()


def build_levels(facts: Mapping[FactCode, Fact], atoms: Iterable[Atom]) -> tuple[Level, ...]:
    """The levels that the atoms need, in the order of `facts`; a set's members together, a pair after both days."""
    by_fact: dict[FactCode, list[Atom]] = {}
    pairs: dict[tuple[FactCode, FactCode], set[tuple[int, int]]] = {}
    for atom in atoms:
        if isinstance(atom, Within):
            pairs.setdefault((atom.fact, atom.after), set()).add((atom.months, atom.days))
        else:
            by_fact.setdefault(atom.fact, []).append(atom)
    order = {code: place for place, code in enumerate(facts)}
    levels: list[Level] = []
    for code, fact in facts.items():
        if code in by_fact:
            levels.extend(_levels_of(fact, by_fact[code]))
        here = [pair for pair in pairs if max(order[pair[0]], order[pair[1]]) == order[code]]
        levels.extend(_pair_level(pair, pairs[pair]) for pair in sorted(here))
    return tuple(levels)


def _levels_of(fact: Fact, atoms: list[Atom]) -> list[Level]:
    if fact.type is FactType.CHOICES:
        return _member_levels(fact, [atom for atom in atoms if isinstance(atom, SetIs)])
    if fact.type in (FactType.BOOLEAN, FactType.CHOICE):
        return [_value_level(fact, [atom for atom in atoms if isinstance(atom, IsOneOf)])]
    return [_range_level(fact, [atom for atom in atoms if isinstance(atom, Compare)])]


def _member_levels(fact: Fact, atoms: list[SetIs]) -> list[Level]:
    """Options that every condition treats alike share a level: whether any of them is among the answer."""
    alike: dict[tuple[object, ...], list[str]] = {}
    for option in fact.options:
        if any(option in _options_in(atom, fact) for atom in atoms):
            alike.setdefault(tuple(_part_in(atom, option) for atom in atoms), []).append(option)
    return [Level(LevelKind.MEMBER, (fact.code,), 2, members=tuple(options)) for options in alike.values()]


def _options_in(atom: SetIs, fact: Fact) -> Iterable[str]:
    """Tests that look at the whole set name every option."""
    return atom.options if atom.test in ("contains_any", "contains_all") else fact.options


def _part_in(atom: SetIs, option: str) -> object:
    """What the option is to the test: named or not, or itself where each of several has to be there."""
    named = option in atom.options
    each = atom.test in ("contains_all", "is_exactly") and len(atom.options) > 1
    return option if named and each else named


def _value_level(fact: Fact, atoms: list[IsOneOf]) -> Level:
    """Values that every condition treats alike share a cell."""
    values: tuple[bool | str, ...] = (False, True) if fact.type is FactType.BOOLEAN else fact.options
    alike: dict[tuple[bool, ...], list[bool | str]] = {}
    for value in values:
        alike.setdefault(tuple(value in atom.values for atom in atoms), []).append(value)
    cells = tuple(frozenset(group) for group in alike.values())
    return Level(LevelKind.VALUES, (fact.code,), len(cells), values=cells)


def _range_level(fact: Fact, atoms: list[Compare]) -> Level:
    """Spans between the cuts; a cut is the first scaled integer of the next span, so none is empty."""
    least = None if fact.minimum is None else scaled(fact.type, fact.minimum)
    most = None if fact.maximum is None else scaled(fact.type, fact.maximum)
    bounds: dict[int, int] = {}
    for atom in atoms:
        bound = scaled(fact.type, atom.bound)
        bounds[bound if atom.order in ("below", "at_least") else bound + 1] = bound
    kept = sorted(start for start in bounds if (least is None or start > least) and (most is None or start <= most))
    lows: list[int | None] = [least, *kept]
    highs: list[int | None] = [*(start - 1 for start in kept), most]
    spans = tuple(Span(low, high) for low, high in zip(lows, highs, strict=True))
    return Level(
        LevelKind.RANGE,
        (fact.code,),
        len(spans),
        spans=spans,
        starts=tuple(kept),
        bounds=tuple(bounds[start] for start in kept),
    )


def _pair_level(pair: tuple[FactCode, FactCode], offsets: set[tuple[int, int]]) -> Level:
    rising = tuple(sorted(offsets, key=lambda offset: offset[0] * 31 + offset[1]))
    return Level(LevelKind.PAIR, pair, len(rising) + 2, offsets=rising)


def level_keys(level: Level) -> tuple[tuple[str, str, str], ...]:
    """What a level stands for, as conditions name it; for options of a set each of them."""
    if level.kind is LevelKind.PAIR:
        return (("pair", level.facts[0], level.facts[1]),)
    if level.kind is LevelKind.MEMBER:
        return tuple(("member", level.facts[0], option) for option in level.members)
    return (("fact", level.facts[0], ""),)


def cell_of(level: Level, answers: Mapping[FactCode, Value]) -> int | None:
    """The cell the answers fall into, None where they leave the level open."""
    value = answers.get(level.facts[0])
    if value is None:
        return None
    match level.kind:
        case LevelKind.VALUES:
            for cell, values in enumerate(level.values):
                if value in values:
                    return cell
            raise ValueError(f"{value!r} is no option of {level.facts[0]}")
        case LevelKind.MEMBER:
            assert isinstance(value, frozenset)
            return int(not value.isdisjoint(level.members))
        case LevelKind.RANGE:
            return bisect_right(level.starts, _scaled(value))
        case LevelKind.PAIR:
            first = answers.get(level.facts[1])
            return None if first is None else _pair_cell(level, value, first)


@dataclass(frozen=True, slots=True)
class CellFinder:
    """What finds the cells of a whole scenario.

    Shape: by fact its level, and for a boolean or choice (`chosen`) the cell of each value, for a number (`numbers`)
        or day (`days`) the first value of each cell but the first, a day's as its ordinal; for a set (`sets`) each
        level with its options; `pairs` the levels of two days.
    """

    chosen: Mapping[FactCode, tuple[int, Mapping[Value, int]]]
    numbers: Mapping[FactCode, tuple[int, tuple[int | Decimal, ...]]]
    days: Mapping[FactCode, tuple[int, tuple[int, ...]]]
    sets: Mapping[FactCode, tuple[tuple[int, frozenset[str]], ...]]
    pairs: tuple[tuple[int, Level], ...]

    def cells(self, answers: Mapping[FactCode, Value]) -> dict[int, int]:
        """The cell of every level that the answers fix."""
        found: dict[int, int] = {}
        chosen, numbers, sets, days = self.chosen, self.numbers, self.sets, self.days
        # Every scenario comes by here, and most answers are chosen from a few.
        for code, value in answers.items():
            if code in chosen:
                place, table = chosen[code]
                found[place] = table[value]
            elif code in numbers:
                place, starts = numbers[code]
                found[place] = bisect_right(starts, value)
            elif code in sets:
                for place, members in sets[code]:
                    found[place] = 0 if members.isdisjoint(value) else 1  # type: ignore[arg-type]  # a set of options
            elif code in days:
                place, ordinals = days[code]
                found[place] = bisect_right(ordinals, value.toordinal())  # type: ignore[union-attr]  # a day
        for place, level in self.pairs:
            cell = cell_of(level, answers)
            if cell is not None:
                found[place] = cell
        return found


def cell_finder(levels: Sequence[Level], facts: Mapping[FactCode, Fact]) -> CellFinder:
    """The finder for these levels."""
    chosen: dict[FactCode, tuple[int, Mapping[Value, int]]] = {}
    numbers: dict[FactCode, tuple[int, tuple[int | Decimal, ...]]] = {}
    days: dict[FactCode, tuple[int, tuple[int, ...]]] = {}
    sets: dict[FactCode, tuple[tuple[int, frozenset[str]], ...]] = {}
    for place, level in enumerate(levels):
        code = level.facts[0]
        match level.kind:
            case LevelKind.VALUES:
                chosen[code] = place, {value: cell for cell, values in enumerate(level.values) for value in values}
            case LevelKind.MEMBER:
                sets[code] = (*sets.get(code, ()), (place, frozenset(level.members)))
            case LevelKind.RANGE if facts[code].type is FactType.DATE:
                days[code] = place, level.starts
            case LevelKind.RANGE:
                numbers[code] = place, tuple(_unscaled(facts[code].type, start) for start in level.starts)
    pairs = tuple((place, level) for place, level in enumerate(levels) if level.kind is LevelKind.PAIR)
    return CellFinder(chosen, numbers, days, sets, pairs)


def _unscaled(fact_type: FactType, number: int) -> int | Decimal:
    return Decimal(number) / SCALE if fact_type is FactType.DECIMAL else number


def _scaled(value: Value) -> int:
    return scaled(FactType.DECIMAL if isinstance(value, Decimal) else FactType.INTEGER, value)


def _pair_cell(level: Level, value: Value, first: Value) -> int:
    """0 before the first day, then one cell per offset reached, the last beyond them all."""
    assert isinstance(value, date)
    assert isinstance(first, date)
    if value < first:
        return 0
    reached = sum(value > later(first, months, days) for months, days in level.offsets)
    return 1 + reached


def cells_where(level: Level, atom: Atom, fact: Fact) -> frozenset[int]:
    """The cells of the level in which the atom holds; for a range or value level only."""
    match atom:
        case IsOneOf(values=values):
            return frozenset(cell for cell, group in enumerate(level.values) if group <= values)
        case Compare():
            return frozenset(
                cell
                for cell, span in enumerate(level.spans)
                if atom_holds(atom, {atom.fact: sample_of(span, fact.type)})
            )
        case Within(months=months, days=days):
            last = 1 + level.offsets.index((months, days))
            return frozenset(range(1, last + 1))
        case SetIs():
            raise TypeError("a set has one level an option")


def sample_of(span: Span, fact_type: FactType, from_above: bool = False) -> Value:
    """A value inside the span, at its lower end unless that is open or `from_above` asks for the upper one."""
    at_low = span.low if not from_above or span.high is None else span.high
    point = at_low if at_low is not None else (span.high if span.high is not None else 0)
    if fact_type is FactType.DATE:
        return date.fromordinal(point)
    return _unscaled(fact_type, point)
