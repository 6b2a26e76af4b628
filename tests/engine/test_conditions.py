"""Three-valued logic, comparisons, and the same day so many months later."""

from datetime import date
from decimal import Decimal

import pytest

from app.engine import Compare, FactCode, SetIs, Truth, Within, later
from app.engine.conditions import All, Always, Any, Not, atom_holds, conjunction, disjunction, negated, with_leaves
from tests.support.make_topic import is_true

OPEN = None


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, OPEN, OPEN, True),
        (False, True, False, True),
        (False, False, False, False),
        (False, OPEN, False, OPEN),
        (OPEN, True, OPEN, True),
        (OPEN, False, False, OPEN),
        (OPEN, OPEN, OPEN, OPEN),
    ],
)
def test_and_and_or_follow_kleene(left: Truth, right: Truth, both: Truth, either: Truth) -> None:
    assert conjunction(iter((left, right))) is both
    assert disjunction(iter((left, right))) is either


def test_not_leaves_open_what_is_open() -> None:
    assert [negated(truth) for truth in (True, False, OPEN)] == [False, True, OPEN]


@pytest.mark.parametrize(
    ("order", "value", "holds"),
    [
        ("at_most", "60", True),
        ("at_most", "60.0001", False),
        ("below", "60", False),
        ("below", "59.9999", True),
        ("at_least", "60", True),
        ("above", "60", False),
        ("above", "60.0001", True),
    ],
)
def test_boundaries_of_numbers_are_exact(order: str, value: str, holds: bool) -> None:
    condition = Compare(FactCode("area"), order, Decimal(60))  # type: ignore[arg-type]

    assert atom_holds(condition, {FactCode("area"): Decimal(value)}) is holds


@pytest.mark.parametrize(
    ("test", "chosen", "holds"),
    [
        ("contains_any", {"tea"}, True),
        ("contains_any", {"salt"}, False),
        ("contains_all", {"tea"}, False),
        ("contains_all", {"tea", "milk", "salt"}, True),
        ("only", {"tea"}, True),
        ("only", set(), False),
        ("only", {"tea", "salt"}, False),
        ("is_exactly", {"tea", "milk"}, True),
        ("is_exactly", {"tea"}, False),
        ("is_empty", set(), True),
        ("is_empty", {"tea"}, False),
    ],
)
def test_sets_are_compared_as_wholes(test: str, chosen: set[str], holds: bool) -> None:
    condition = SetIs(FactCode("goods"), test, frozenset({"tea", "milk"}))  # type: ignore[arg-type]

    assert atom_holds(condition, {FactCode("goods"): frozenset(chosen)}) is holds


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2021, 1, 31), 1, date(2021, 2, 28)),
        (date(2020, 2, 29), 12, date(2021, 2, 28)),
        (date(2021, 12, 15), 1, date(2022, 1, 15)),
        (date(2021, 3, 31), 0, date(2021, 3, 31)),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(day: date, months: int, expected: date) -> None:
    assert later(day, months) == expected


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2021, 1, 30), False),
        (date(2021, 1, 31), True),
        (date(2022, 1, 31), True),
        (date(2022, 2, 1), False),
    ],
)
def test_within_includes_both_ends(day: date, holds: bool) -> None:
    condition = Within(FactCode("next_day"), FactCode("first_day"), months=12)
    answers = {FactCode("first_day"): date(2021, 1, 31), FactCode("next_day"): day}

    assert atom_holds(condition, answers) is holds


def test_within_is_open_while_either_day_is() -> None:
    condition = Within(FactCode("next_day"), FactCode("first_day"), months=12)

    assert atom_holds(condition, {FactCode("next_day"): date(2021, 1, 1)}) is None
    assert atom_holds(condition, {FactCode("first_day"): date(2021, 1, 1)}) is None


def test_each_leaf_of_a_condition_is_changed_and_its_shape_kept() -> None:
    condition = All((is_true("a"), Not(Any((is_true("b"), Always(False))))))

    turned = with_leaves(condition, lambda leaf: Always(True) if leaf == is_true("b") else leaf)

    assert turned == All((is_true("a"), Not(Any((Always(True), Always(False))))))
