"""From conditions as the files write them to the engine's tree, seen with the facts of one topic."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Literal, TypeAlias, cast

from app.engine import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Defined,
    DefinitionCode,
    FactCode,
    FactType,
    IsOneOf,
    Not,
    ProcedureCode,
    Requires,
    SetIs,
    Within,
    all_of,
)
from app.rulebook.books import TopicBook
from app.rulebook.files.conditions import (
    AllOf,
    AnyOf,
    ConditionEntry,
    Constant,
    DefinitionHolds,
    FactTest,
    NotThis,
    ProcedureRequired,
    WithinEntry,
)
from app.rulebook.files.facts import FactEntry

Order: TypeAlias = Literal["below", "at_most", "at_least", "above"]
SetTest: TypeAlias = Literal["contains_any", "contains_all", "only", "is_exactly", "is_empty"]

_ORDERS: Mapping[str, Order] = {"below": "below", "at_most": "at_most", "at_least": "at_least", "above": "above"}
_DATES: Mapping[str, Order] = {"before": "below", "on_or_after": "at_least"}


def tree(entry: ConditionEntry, facts: Mapping[FactCode, FactEntry], procedures: Collection[str]) -> Condition:
    """Return the engine's condition.

    Shape: options that a topic leaves out are left out of the tests too, so that a module's condition reads right in
        each topic; a procedure the topic does not have is never required.
    """
    match entry:
        case AllOf(parts=parts):
            return All(tuple(tree(part, facts, procedures) for part in parts))
        case AnyOf(parts=parts):
            return Any(tuple(tree(part, facts, procedures) for part in parts))
        case NotThis(part=part):
            return Not(tree(part, facts, procedures))
        case Constant(always=holds):
            return Always(holds)
        case DefinitionHolds(definition=code):
            return Defined(DefinitionCode(code))
        case ProcedureRequired(procedure=code):
            return Requires(ProcedureCode(code)) if code in procedures else Always(False)
        case FactTest(fact=code):
            fact = facts[FactCode(code)]
            return all_of(*(_test(fact, key, value) for key, value in entry.operators.items()))


def condition_of(book: TopicBook, entry: ConditionEntry) -> Condition:
    """Return the engine's condition as it reads in the topic."""
    return tree(entry, book.facts, book.procedures)


def _test(fact: FactEntry, key: str, value: object) -> Condition:
    code = FactCode(fact.code)
    if key in _ORDERS:
        assert isinstance(value, Decimal)
        return Compare(code, _ORDERS[key], int(value) if fact.type is FactType.INTEGER else value)
    if key in _DATES:
        return Compare(code, _DATES[key], value)  # type: ignore[arg-type]  # a day, as the model says
    if isinstance(value, WithinEntry):
        return Within(code, FactCode(value.after), value.months, value.days)
    match key:
        case "is":
            return _one_of(fact, (cast("bool | str", value),))
        case "is_not":
            return Not(_one_of(fact, (cast("bool | str", value),)))
        case "in":
            return _one_of(fact, cast("tuple[str, ...]", value))
        case "is_empty":
            empty = SetIs(code, "is_empty", frozenset())
            return empty if value else Not(empty)
        case "contains":
            return _set_is(fact, "contains_any", (cast(str, value),))
        case _:
            return _set_is(fact, cast(SetTest, key), cast("tuple[str, ...]", value))


def _one_of(fact: FactEntry, values: tuple[bool | str, ...]) -> Condition:
    allowed: Collection[bool | str] = (True, False) if fact.type is FactType.BOOLEAN else fact.values
    kept = frozenset(value for value in values if value in allowed)
    return IsOneOf(FactCode(fact.code), kept) if kept else Always(False)


def _set_is(fact: FactEntry, test: SetTest, values: tuple[str, ...]) -> Condition:
    kept = frozenset(values) & frozenset(fact.values)
    missing = len(kept) < len(frozenset(values))
    if missing and (test in {"contains_all", "is_exactly"} or not kept):
        return Always(False)
    return SetIs(FactCode(fact.code), test, kept)
