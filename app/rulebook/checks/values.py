"""Values: every test, answer and option fits the fact it speaks of."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import Final

from app.engine import DECIMAL_PLACES, FactType
from app.rulebook.checks.context import Context
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.conditions import FactTest, WithinEntry
from app.rulebook.files.facts import NUMBERS, FactEntry, FactUse
from app.rulebook.files.shared import Order
from app.rulebook.files.words import WordsEntry
from app.rulebook.findings import did_you_mean
from app.rulebook.places import Place

_CODE: Final = "value_outside_fact"
_ORDERS: Final = ("below", "at_most", "at_least", "above")
#: Type of a fact -> the tests it takes.
_TESTS: Final = {
    FactType.BOOLEAN: ("is", "is_not"),
    FactType.CHOICE: ("is", "is_not", "in"),
    FactType.CHOICES: ("contains", "contains_any", "contains_all", "only", "is_exactly", "is_empty"),
    FactType.INTEGER: _ORDERS,
    FactType.DECIMAL: _ORDERS,
    FactType.DATE: ("before", "on_or_after", "within"),
}
_WORDED: Final = {
    FactType.BOOLEAN: "true or false",
    FactType.CHOICE: "one option",
    FactType.CHOICES: "a list of options",
    FactType.INTEGER: "a whole number",
    FactType.DECIMAL: "a number",
    FactType.DATE: "a day",
}


def check_values(context: Context) -> None:
    """Tests, answers, narrowed options and everyday words keep to the facts' types, options and bounds."""
    facts = context.registry.facts()
    for test, item in context.all_inside(FactTest):
        if test.fact in facts:
            _check_test(context, facts[test.fact], test, item.place)
    for order, item in context.all_inside(Order):
        _check_order(context, order, item.place)
    for case, _ in context.all_inside(CaseEntry):
        for code, answer in case.facts.items():
            if code in facts and answer is not None:
                _check_answer(context, facts[code], answer, case.place.at("facts", code))
    for use, item in context.all_inside(FactUse):
        _check_use(context, use, item.place)
    for words, _ in context.all_inside(WordsEntry):
        for code, answers in words.facts.items():
            for answer in answers if code in facts else ():
                _check_worded(context, facts[code], answer, words.place.at("facts", code, answer))
    for fact, _ in context.all_inside(FactEntry):
        _check_fact(context, fact)


def _check_test(context: Context, fact: FactEntry, test: FactTest, place: Place) -> None:
    for key, value in test.operators.items():
        if key not in _TESTS[fact.type]:
            context.findings.add(
                place.at(key),
                _CODE,
                f"`{fact.code}` is a {fact.type} and takes no `{key}`; it takes {', '.join(_TESTS[fact.type])}",
            )
        elif isinstance(value, WithinEntry):
            other = context.registry.facts().get(value.after)
            if other is not None and other.type is not FactType.DATE:
                message = f"`{other.code}` is a {other.type}; `within` compares two days"
                context.findings.add(place.at(key, "after"), "not_comparable", message)
        elif isinstance(value, tuple):
            for index, option in enumerate(value):
                _check_value(context, fact, option, place.at(key, index))
        elif key != "is_empty":
            _check_value(context, fact, value, place.at(key))


def _check_answer(context: Context, fact: FactEntry, answer: object, place: Place) -> None:
    if isinstance(answer, tuple) and fact.type is FactType.CHOICES:
        for index, option in enumerate(answer):
            _check_value(context, fact, option, place.at(index))
        if not answer and not fact.empty_allowed:
            context.findings.add(place, _CODE, f"`{fact.code}` cannot be empty; choose at least one option")
    elif isinstance(answer, tuple) or fact.type is FactType.CHOICES:
        context.findings.add(place, _CODE, f"`{fact.code}` takes {_WORDED[fact.type]}")
    else:
        _check_value(context, fact, answer, place)


def _check_value(context: Context, fact: FactEntry, value: object, place: Place) -> None:
    fault = _fault(fact, value)
    if fault:
        context.findings.add(place, _CODE, f"`{fact.code}` {fault}")


def _fault(fact: FactEntry, value: object) -> str | None:
    """What is wrong with one value of the fact, None for nothing."""
    match fact.type:
        case FactType.BOOLEAN:
            return None if isinstance(value, bool) else "takes true or false"
        case FactType.CHOICE | FactType.CHOICES:
            return None if value in fact.values else _no_option(value, fact.values)
        case FactType.DATE:
            return None if isinstance(value, date) else "takes a day (2021-09-01)"
        case _:
            return _number_fault(fact, value)


def _no_option(value: object, options: Collection[str]) -> str:
    near = did_you_mean(str(value), options) or f"; it has {', '.join(options)}"
    return f"has no option `{value}`{near}"


def _number_fault(fact: FactEntry, value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return f"takes {_WORDED[fact.type]}"
    number = Decimal(value)
    if fact.type is FactType.INTEGER and number != number.to_integral_value():
        return "takes a whole number"
    if number != round(number, DECIMAL_PLACES):
        return f"takes at most {DECIMAL_PLACES} decimal places"
    if fact.minimum is not None and number < fact.minimum:
        return f"is never below {fact.minimum}; {value} cannot be"
    if fact.maximum is not None and number > fact.maximum:
        return f"is never above {fact.maximum}; {value} cannot be"
    return None


def _check_order(context: Context, order: Order, place: Place) -> None:
    facts = context.registry.facts()
    if order.fact not in facts or order.than not in facts:
        return
    types = {facts[order.fact].type, facts[order.than].type}
    if len(types) > 1 or not types <= NUMBERS | {FactType.DATE}:
        message = f"`{order.fact}` and `{order.than}` have no order: both have to be numbers of one type, or days"
        context.findings.add(place, "not_comparable", message)
    elif order.plus != order.plus.to_integral_value() and types != {FactType.DECIMAL}:
        context.findings.add(place.at("plus"), _CODE, "`plus` is a whole number for whole numbers and days")


def _check_use(context: Context, use: FactUse, place: Place) -> None:
    fact = context.registry.facts().get(use.use)
    if fact is None:
        return
    for index, option in enumerate(use.options):
        if option not in fact.values:
            message = f"`{fact.code}` {_no_option(option, fact.values)}"
            context.findings.add(place.at("options", index), _CODE, message)
    for option in use.elsewhere:
        if option not in fact.values or option in (use.options or fact.values):
            message = f"`{option}` has to be an option of `{fact.code}` that this topic leaves out"
            context.findings.add(place.at("elsewhere", option), _CODE, message)


def _check_worded(context: Context, fact: FactEntry, answer: str, place: Place) -> None:
    known = {FactType.BOOLEAN: ("true", "false"), FactType.CHOICE: fact.values, FactType.CHOICES: fact.values}
    answers = known.get(fact.type)
    if answers is None:
        message = f"`{fact.code}` takes {_WORDED[fact.type]} and has no words of its own; take them out"
        context.findings.add_at_key(place, _CODE, message)
    elif answer not in answers:
        context.findings.add_at_key(place, _CODE, f"`{fact.code}` {_no_option(answer, answers)}")


def _check_fact(context: Context, fact: FactEntry) -> None:
    seen: set[str] = set()
    for option in fact.options:
        if option.value in seen:
            message = f"the option `{option.value}` stands twice; keep one"
            context.findings.add(option.place.at("value"), "duplicate_code", message)
        seen.add(option.value)
    if fact.minimum is not None and fact.maximum is not None and fact.minimum > fact.maximum:
        context.findings.add(fact.place.at("maximum"), _CODE, f"maximum {fact.maximum} is below minimum {fact.minimum}")
