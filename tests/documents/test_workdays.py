"""Working days: the official lists agree with a library's for every day published, and nothing is said beyond."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from app.documents import Workdays
from tests.documents.real import day, workdays
from tests.evaluation.real import rulebook


def every_day() -> list[date]:
    first, last = workdays().bounds or (date.min, date.min)
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def test_every_day_of_the_years_published_is_what_a_library_says() -> None:
    differing = [one for one in every_day() if workdays().is_workday(one) != chinese_calendar.is_workday(one)]

    assert differing == []
    assert len(every_day()) > 2_500


def test_no_year_is_left_out_between_the_first_and_the_last() -> None:
    years = sorted(rulebook().calendar)

    assert years == list(range(years[0], years[-1] + 1))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2024-03-01", 0, "2024-03-01"),
        ("2024-03-01", 1, "2024-03-04"),  # a Friday to the Monday
        ("2024-04-26", 1, "2024-04-28"),  # the Sunday was worked
        ("2024-04-30", 1, "2024-05-06"),  # over the days off of May
        ("2024-02-09", 1, "2024-02-18"),  # over the Spring Festival, whose last Sunday was worked
        ("2024-09-30", 5, "2024-10-12"),  # the Saturday was worked
        ("2024-12-31", 1, "2025-01-02"),
    ],
)
def test_working_days_are_counted_over_days_off_and_swapped_days(start: str, count: int, end: str) -> None:
    assert workdays().after(day(start), count) == day(end)


def test_the_first_day_does_not_count() -> None:
    assert workdays().after(day("2024-03-04"), 5) == day("2024-03-11")


@pytest.mark.parametrize(
    ("given", "found"), [("2024-10-01", "2024-10-08"), ("2024-04-28", "2024-04-28"), ("2024-03-02", "2024-03-04")]
)
def test_a_day_off_gives_way_to_the_next_working_day(given: str, found: str) -> None:
    assert workdays().on_or_after(day(given)) == day(found)


def test_a_year_not_published_is_unknown_and_not_guessed() -> None:
    known = Workdays([rulebook().calendar[2024]])

    assert known.bounds == (day("2024-01-01"), day("2024-12-31"))
    assert not known.is_known(day("2025-01-02"))
    assert known.on_or_after(day("2025-01-02")) is None
    assert known.after(day("2024-12-31"), 1) is None
    assert known.after(day("2024-12-30"), 1) == day("2024-12-31")
    assert Workdays([]).bounds is None
