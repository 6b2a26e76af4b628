"""Days on which to look at dated law, and the clashes of its periods."""

from datetime import date

import pytest

from app.engine import ALWAYS, Period
from app.rulebook.checks.days import days_to_try, first_overlap, uncovered_day

D19, D20, D21, D22 = (date(year, 1, 1) for year in (2019, 2020, 2021, 2022))


def test_one_day_is_tried_for_each_stretch_in_which_the_law_stands_still() -> None:
    assert days_to_try(Period(D20, D22), [Period(D21)]) == (D20, D21)


def test_time_before_the_first_day_is_tried_too() -> None:
    assert days_to_try(ALWAYS, [Period(D20)]) == (date(2019, 12, 31), D20)


def test_what_has_no_ends_is_tried_once() -> None:
    assert days_to_try(ALWAYS, []) == (date.min,)


@pytest.mark.parametrize(
    ("period", "others", "day"),
    [
        (Period(D20), [ALWAYS], None),
        (Period(D20), [Period(D20, D21), Period(D21)], None),
        (Period(D20), [Period(D20, D21)], D21),
        (Period(D20), [Period(D21)], D20),
        (Period(D20, D21), [Period(D20, D21)], None),
        (Period(D19, D22), [Period(D19, D20), Period(D21)], D20),
    ],
)
def test_first_day_that_nothing_covers_is_found(period: Period, others: list[Period], day: date | None) -> None:
    assert uncovered_day(period, others) == day


def test_period_that_ends_where_the_next_begins_is_apart_from_it() -> None:
    assert first_overlap([Period(D19, D20), Period(D20, D21), Period(D21)]) is None


def test_periods_that_share_a_day_are_named_by_their_places() -> None:
    assert first_overlap([Period(D19, D20), Period(D21), Period(None, D20)]) == (0, 2)
