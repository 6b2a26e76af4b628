"""Conditions with one thing wrong: a bound moved, a part left out, a test turned round."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias

from app.rulebook.files.conditions import (
    OPERATOR_KEYS,
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
from app.rulebook.mutation.slips import Slip, changed
from app.rulebook.places import Place

#: One mutant of a condition: the sort of slip, where, in words, and the condition with it.
Slipped: TypeAlias = tuple[Slip, Place, str, ConditionEntry]

#: Field of an order -> the one that treats the bound itself otherwise.
_BESIDE: Final = {"below": "at_most", "at_most": "below", "at_least": "above", "above": "at_least"}
#: Field of a test -> the field that says the same thing of another set.
_TURNED: Final = {
    "equals": "differs",
    "differs": "equals",
    "contains_any": "contains_all",
    "contains_all": "contains_any",
    "only": "contains_any",
    "is_exactly": "contains_any",
}

#: Tests that say the same of a single option.
_ALIKE: Final = frozenset({"contains_any", "contains_all"})


def condition_mutants(entry: ConditionEntry) -> Iterator[Slipped]:
    """Return the condition with one slip in it, for each place and way to slip."""
    match entry:
        case AllOf(parts=parts):
            yield from _list(entry, parts, "all", "any")
        case AnyOf(parts=parts):
            yield from _list(entry, parts, "any", "all")
        case NotThis(part=part):
            yield Slip.OPERATOR, entry.place, "`not` is left out", part
            for slip, place, said, other in condition_mutants(part):
                yield slip, place, said, changed(entry, part=other)
        case Constant(always=holds):
            yield (
                Slip.OPERATOR,
                entry.place,
                f"`always: {_truth(holds)}` turned round",
                changed(entry, always=not holds),
            )
        case DefinitionHolds(definition=code):
            yield Slip.OPERATOR, entry.place, f"`{code}` turned round", _not(entry)
        case ProcedureRequired(procedure=code):
            yield Slip.OPERATOR, entry.place, f"`{code}` required turned round", _not(entry)
        case FactTest():
            yield from _test(entry)


def _list(entry: AllOf | AnyOf, parts: tuple[ConditionEntry, ...], key: str, other: str) -> Iterator[Slipped]:
    if len(parts) > 1:
        model = AnyOf if isinstance(entry, AllOf) else AllOf
        yield Slip.OPERATOR, entry.place, f"`{key}` becomes `{other}`", _of(model, parts, entry.place)
    for index, part in enumerate(parts):
        if len(parts) > 1:
            kept = parts[:index] + parts[index + 1 :]
            said = f"part {index + 1} of `{key}` is left out"
            yield Slip.CONDITION, part.place, said, _of(type(entry), kept, entry.place)
        for slip, place, said, slipped in condition_mutants(part):
            others = (*parts[:index], slipped, *parts[index + 1 :])
            yield slip, place, said, _of(type(entry), others, entry.place)


def _of(model: type[AllOf | AnyOf], parts: tuple[ConditionEntry, ...], place: Place) -> AllOf | AnyOf:
    return model.model_construct(_fields_set={"parts"}, parts=parts, place=place)


def _test(entry: FactTest) -> Iterator[Slipped]:
    names = [name for name in OPERATOR_KEYS if name in entry.model_fields_set]
    for name in names:
        key, value = OPERATOR_KEYS[name], getattr(entry, name)
        place = entry.place.at(key)
        if len(names) > 1:
            said = f"{entry.fact}: `{key}` is left out"
            yield Slip.CONDITION, place, said, _with(entry, names, {name: None})
        for slip, other, into in _values(name, value):
            said = f"{entry.fact}: `{key}: {_shown(value)}` becomes `{OPERATOR_KEYS[into]}: {_shown(other)}`"
            yield slip, place, said, _with(entry, names, {name: None, into: other})
    if len(names) == 1 and names[0] in {"one_of", "contains", "before", "on_or_after", "within"}:
        yield Slip.OPERATOR, entry.place, f"the test of {entry.fact} turned round", _not(entry)


def _values(name: str, value: object) -> Iterator[tuple[Slip, object, str]]:
    """(slip, other value, field it stands in) for one test."""
    match value:
        case bool():
            yield Slip.OPERATOR, not value, name
        case Decimal():
            step = Decimal(1).scaleb(min(int(value.as_tuple().exponent), 0))
            yield Slip.THRESHOLD, value + step, name
            yield Slip.THRESHOLD, value - step, name
            yield Slip.THRESHOLD, value, _BESIDE[name]
        case date():
            yield Slip.THRESHOLD, value + timedelta(days=1), name
            yield Slip.THRESHOLD, value - timedelta(days=1), name
        case WithinEntry(months=months, days=days):
            unit = "months" if months else "days"
            yield Slip.THRESHOLD, changed(value, **{unit: max(months or days, 1) + 1}), name
            if (months or days) > 1:
                yield Slip.THRESHOLD, changed(value, **{unit: (months or days) - 1}), name
        case _ if name in _TURNED and not (name in _ALIKE and isinstance(value, tuple) and len(value) == 1):
            yield Slip.OPERATOR, value, _TURNED[name]


def _with(entry: FactTest, names: list[str], fields: dict[str, object]) -> FactTest:
    """The test with some fields changed; None takes one out."""
    given: dict[str, Any] = {name: getattr(entry, name) for name in names}
    given = {name: value for name, value in {**given, **fields}.items() if value is not None}
    return FactTest.model_construct(_fields_set={"fact", *given}, fact=entry.fact, place=entry.place, **given)


def _not(entry: ConditionEntry) -> NotThis:
    return NotThis.model_construct(_fields_set={"part"}, part=entry, place=entry.place)


def _truth(holds: bool) -> str:
    return "true" if holds else "false"


def _shown(value: object) -> str:
    match value:
        case bool():
            return _truth(value)
        case tuple():
            return f"[{', '.join(str(part) for part in value)}]"
        case WithinEntry(months=months, days=days):
            return f"{months} months" if months else f"{days} days"
        case Decimal():
            return f"{value:f}"
    return str(value)
