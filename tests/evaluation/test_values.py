"""Raw JSON values as answers: what each type takes, what it refuses and with which fault."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from app.engine import FactType, Value
from app.errors import FaultCode
from app.evaluation import facts_from_text, json_number, plain
from app.evaluation.values import WrongValue, typed
from app.rulebook import FactEntry

WORDS = {"zh": "某事", "en": "something"}


def make_fact(kind: str, **more: object) -> FactEntry:
    content: dict[str, object] = {"code": "it", "type": kind, "name": WORDS, "question": WORDS, **more}
    if kind == "boolean":
        content |= {"statement": WORDS, "negation": WORDS}
    if kind in ("choice", "choices"):
        content["options"] = tuple({"value": value, "label": WORDS} for value in ("tea", "wine", "salt"))
    return FactEntry.model_validate(content)


FACTS: Mapping[str, FactEntry] = {
    **{kind: make_fact(kind) for kind in FactType},
    "bounded": make_fact("decimal", minimum=0, maximum=100),
    "whole": make_fact("integer", minimum=1),
    "never empty": make_fact("choices", empty_allowed=False),
}

TAKEN = [
    ("boolean", True, True),
    ("boolean", False, False),
    ("choice", "tea", "tea"),
    ("choices", [], frozenset()),
    ("choices", ["wine", "tea", "wine"], frozenset({"tea", "wine"})),
    ("integer", 3, 3),
    ("integer", Decimal("3.0"), 3),
    ("decimal", 3, Decimal(3)),
    ("decimal", 2.1, Decimal("2.1")),
    ("decimal", Decimal("60.12340"), Decimal("60.1234")),
    ("bounded", 0, Decimal(0)),
    ("bounded", 100, Decimal(100)),
    ("date", "2024-02-29", date(2024, 2, 29)),
]
REFUSED = [
    ("boolean", "true", FaultCode.WRONG_TYPE),
    ("boolean", 1, FaultCode.WRONG_TYPE),
    ("choice", ["tea"], FaultCode.WRONG_TYPE),
    ("choice", "beer", FaultCode.NOT_ALLOWED),
    ("choices", "tea", FaultCode.WRONG_TYPE),
    ("choices", ["tea", 1], FaultCode.WRONG_TYPE),
    ("choices", ["tea", "beer"], FaultCode.NOT_ALLOWED),
    ("never empty", [], FaultCode.NOT_ALLOWED),
    ("integer", 2.5, FaultCode.WRONG_TYPE),
    ("integer", True, FaultCode.WRONG_TYPE),
    ("integer", "3", FaultCode.WRONG_TYPE),
    ("whole", 0, FaultCode.BELOW_MINIMUM),
    ("integer", 10**30, FaultCode.ABOVE_MAXIMUM),
    ("decimal", -(10**30), FaultCode.BELOW_MINIMUM),
    ("decimal", Decimal("1E+400000"), FaultCode.ABOVE_MAXIMUM),
    ("decimal", False, FaultCode.WRONG_TYPE),
    ("decimal", 0.1 + 0.2, FaultCode.WRONG_TYPE),
    ("decimal", Decimal("60.12345"), FaultCode.WRONG_TYPE),
    ("decimal", float("nan"), FaultCode.WRONG_TYPE),
    ("decimal", float("inf"), FaultCode.WRONG_TYPE),
    ("decimal", {"value": 3}, FaultCode.WRONG_TYPE),
    ("bounded", -0.5, FaultCode.BELOW_MINIMUM),
    ("bounded", 100.0001, FaultCode.ABOVE_MAXIMUM),
    ("date", "2023-02-29", FaultCode.WRONG_TYPE),
    ("date", "20240301", FaultCode.WRONG_TYPE),
    ("date", "2024-3-1", FaultCode.WRONG_TYPE),
    ("date", 20240301, FaultCode.WRONG_TYPE),
    ("date", "0001-01-01", FaultCode.BELOW_MINIMUM),
    ("date", "9999-12-31", FaultCode.ABOVE_MAXIMUM),
]


@pytest.mark.parametrize(("fact", "raw", "answer"), TAKEN)
def test_a_fitting_value_is_taken_exactly(fact: str, raw: object, answer: Value) -> None:
    found = typed(FACTS[fact], raw)

    assert (found, type(found)) == (answer, type(answer))


@pytest.mark.parametrize(("fact", "raw", "code"), REFUSED)
def test_another_value_is_refused_with_its_fault(fact: str, raw: object, code: str) -> None:
    with pytest.raises(WrongValue) as refused:
        typed(FACTS[fact], raw)

    assert (refused.value.fault.code, refused.value.fault.pointer) == (code, "/facts/it")


def test_a_fault_says_what_would_have_been_taken() -> None:
    with pytest.raises(WrongValue) as option:
        typed(FACTS["choice"], "beer")
    with pytest.raises(WrongValue) as number:
        typed(FACTS["bounded"], 101)

    assert option.value.fault.allowed == ["tea", "wine", "salt"]
    assert number.value.fault.allowed == 100


@pytest.mark.parametrize(("fact", "raw", "answer"), TAKEN)
def test_what_was_taken_is_echoed_as_json_would_hold_it(fact: str, raw: object, answer: Value) -> None:
    echoed = plain(FACTS[fact], answer)

    assert typed(FACTS[fact], echoed) == answer


def test_options_are_echoed_in_the_order_they_are_offered() -> None:
    assert plain(FACTS["choices"], frozenset({"salt", "tea"})) == ["tea", "salt"]


@pytest.mark.parametrize(("value", "number"), [("5000.00", 5000), ("0.5", 0.5), ("0", 0), ("-2.25", -2.25)])
def test_whole_numbers_are_shown_without_a_point(value: str, number: float) -> None:
    found = json_number(Decimal(value))

    assert (found, type(found)) == (number, type(number))


def test_texts_become_the_values_a_body_would_have() -> None:
    pairs = [
        ("boolean", "true"),
        ("choice", "tea"),
        ("choices", "tea,wine"),
        ("choices", "salt"),
        ("never empty", ""),
        ("integer", "3"),
        ("decimal", "2.50"),
        ("date", "2024-03-01"),
        ("nobody", "1"),
    ]

    assert facts_from_text(FACTS, pairs) == {
        "boolean": True,
        "choice": "tea",
        "choices": ["tea", "wine", "salt"],
        "never empty": [],
        "integer": Decimal(3),
        "decimal": Decimal("2.50"),
        "date": "2024-03-01",
        "nobody": "1",
    }


@pytest.mark.parametrize(
    ("fact", "text"), [("boolean", "yes"), ("integer", "three"), ("decimal", "1e5"), ("decimal", "1_000")]
)
def test_a_text_that_is_no_such_value_stays_text(fact: str, text: str) -> None:
    assert facts_from_text(FACTS, [(fact, text)]) == {fact: text}


def test_a_single_value_given_twice_is_no_single_value() -> None:
    given = facts_from_text(FACTS, [("decimal", "1"), ("decimal", "2")])

    with pytest.raises(WrongValue):
        typed(FACTS["decimal"], given["decimal"])
