"""Conditions: the tree a rule's `when` is made of, and its plain reading in Kleene's three-valued logic.

True and False are decided, None is open. The plain reading is the second opinion beside the diagrams.
"""

import calendar
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, TypeAlias, Union

from app.engine.facts import DefinitionCode, FactCode, ProcedureCode, Value

Truth: TypeAlias = bool | None
Order: TypeAlias = Literal["below", "at_most", "at_least", "above"]
SetTest: TypeAlias = Literal["contains_any", "contains_all", "only", "is_exactly", "is_empty"]


@dataclass(frozen=True, slots=True)
class Always:
    """Holds, or never holds, whatever was answered."""

    holds: bool = True


@dataclass(frozen=True, slots=True)
class All:
    """Holds where every part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Holds where at least one part holds."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where the part does not."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Defined:
    """Holds where the definition in force that day holds; false where none is in force."""

    definition: DefinitionCode


@dataclass(frozen=True, slots=True)
class Requires:
    """Holds where the procedure exists in this scenario."""

    procedure: ProcedureCode


@dataclass(frozen=True, slots=True)
class IsOneOf:
    """A boolean or choice fact has one of these values."""

    fact: FactCode
    values: frozenset[bool | str]


@dataclass(frozen=True, slots=True)
class Compare:
    """A number or day stands in this order to a bound."""

    fact: FactCode
    order: Order
    bound: int | Decimal | date


@dataclass(frozen=True, slots=True)
class SetIs:
    """A choices fact passes a test against options; `only` is a subset that is not empty."""

    fact: FactCode
    test: SetTest
    options: frozenset[str]


@dataclass(frozen=True, slots=True)
class Within:
    """A day lies on or after another one and at most so many months or days later, both ends included."""

    fact: FactCode
    after: FactCode
    months: int = 0
    days: int = 0


Atom: TypeAlias = IsOneOf | Compare | SetIs | Within
Condition: TypeAlias = Union[Always, "All", "Any", "Not", Defined, Requires, Atom]


def all_of(*parts: Condition) -> Condition:
    """The conjunction, one part standing for itself."""
    return parts[0] if len(parts) == 1 else All(parts)


def later(day: date, months: int, days: int = 0) -> date:
    """The same day of the month so many months later, or the month's last day where there is none.

    >>> later(date(2021, 1, 31), 1)
    datetime.date(2021, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)) + timedelta(days=days)


def atom_holds(atom: Atom, answers: Mapping[FactCode, Value]) -> Truth:
    """Whether the comparison holds; None where a fact it names is not answered."""
    value = answers.get(atom.fact)
    if value is None:
        return None
    match atom:
        case IsOneOf(values=values):
            return value in values
        case Compare(order=order, bound=bound):
            return _ORDERS[order](value, bound)
        case SetIs(test=test, options=options):
            assert isinstance(value, frozenset)
            return _set_holds(value, test, options)
        case Within(after=after, months=months, days=days):
            first = answers.get(after)
            if first is None:
                return None
            assert isinstance(first, date)
            assert isinstance(value, date)
            return first <= value <= later(first, months, days)


_ORDERS: Final[Mapping[Order, Callable[..., bool]]] = {
    "below": operator.lt,
    "at_most": operator.le,
    "at_least": operator.ge,
    "above": operator.gt,
}


def _set_holds(value: frozenset[str], test: SetTest, options: frozenset[str]) -> bool:
    match test:
        case "contains_any":
            return bool(value & options)
        case "contains_all":
            return options <= value
        case "only":
            return bool(value) and value <= options
        case "is_exactly":
            return value == options
        case "is_empty":
            return not value


def negated(truth: Truth) -> Truth:
    """Kleene's not: open stays open."""
    return None if truth is None else not truth


def conjunction(truths: Iterator[Truth]) -> Truth:
    """Kleene's and: one False decides, else one open leaves it open."""
    result: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            result = None
    return result


def disjunction(truths: Iterator[Truth]) -> Truth:
    """Kleene's or: one True decides, else one open leaves it open."""
    return negated(conjunction(negated(truth) for truth in truths))


def mentioned_facts(condition: Condition) -> Iterator[FactCode]:
    """The facts the condition names itself, definitions and procedures not followed, with repetitions."""
    match condition:
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from mentioned_facts(part)
        case Not(part=part):
            yield from mentioned_facts(part)
        case Within(fact=fact, after=after):
            yield fact
            yield after
        case IsOneOf(fact=fact) | Compare(fact=fact) | SetIs(fact=fact):
            yield fact


def with_leaves(condition: Condition, changed: Callable[[Condition], Condition]) -> Condition:
    """The condition with each atom, definition, procedure and constant in it changed."""
    match condition:
        case All(parts=parts):
            return All(tuple(with_leaves(part, changed) for part in parts))
        case Any(parts=parts):
            return Any(tuple(with_leaves(part, changed) for part in parts))
        case Not(part=part):
            return Not(with_leaves(part, changed))
        case _:
            return changed(condition)


def leaves(condition: Condition) -> Iterator[Condition]:
    """The atoms, definitions, procedures and constants the condition is made of, in order."""
    match condition:
        case All(parts=parts) | Any(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case _:
            yield condition
