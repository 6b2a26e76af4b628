"""Steps on real days: each unit by its own rule, nothing converted, what is not known not made up."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.documents import Workdays
from app.documents.schedule import OpenEnd, end_of, place_steps
from app.engine import Duration, Unit
from tests.documents.real import cases, day, original, workdays
from tests.evaluation.real import rulebook

START = day("2024-03-01")


def step(number: int, days: tuple[float, str] | None, *after: int) -> dict[str, Any]:
    """A step of a path as the guide has it."""
    length = None if days is None else {"value": days[0], "unit": days[1]}
    return {"number": number, "procedures": [f"p{number}"], "starts_after": list(after), "days": length}


def ends(begins: str, value: str, unit: Unit, known: Workdays | None = None) -> tuple[date | None, bool]:
    return end_of(day(begins), Duration(Decimal(value), unit), known or workdays())


@pytest.mark.parametrize(
    ("begins", "value", "unit", "last"),
    [
        ("2024-03-01", "20", Unit.WORKING_DAY, "2024-03-29"),
        ("2024-03-01", "0.5", Unit.WORKING_DAY, "2024-03-04"),
        ("2024-03-01", "20", Unit.CALENDAR_DAY, "2024-03-21"),
        ("2024-03-01", "1", Unit.CALENDAR_DAY, "2024-03-04"),  # a Saturday gives way to the Monday
        ("2024-09-02", "1", Unit.MONTH, "2024-10-08"),  # the same day lies in the days off of October
        ("2024-01-31", "1", Unit.MONTH, "2024-02-29"),  # the last day of a shorter month
        ("2024-02-29", "1", Unit.YEAR, "2025-02-28"),
        ("2024-03-01", "4", Unit.HOUR, "2024-03-01"),
        ("2024-03-04", "30", Unit.MINUTE, "2024-03-04"),
    ],
)
def test_each_unit_is_placed_by_its_own_rule(begins: str, value: str, unit: Unit, last: str) -> None:
    assert ends(begins, value, unit) == (day(last), False)


def test_working_days_that_reach_into_an_unknown_year_have_no_end() -> None:
    known = Workdays([rulebook().calendar[2024]])

    assert ends("2024-12-20", "20", Unit.WORKING_DAY, known) == (None, False)


def test_a_calendar_day_of_an_unknown_year_is_named_and_may_move() -> None:
    known = Workdays([rulebook().calendar[2024]])

    assert ends("2024-12-20", "20", Unit.CALENDAR_DAY, known) == (day("2025-01-09"), True)


def test_steps_follow_each_other_and_wait_for_the_slowest() -> None:
    steps = [
        step(1, (3, "working_day")), step(2, (10, "working_day")), step(3, (1, "working_day"), 1, 2), step(4, None, 3)
    ]  # fmt: skip

    placed = place_steps(steps, START, workdays())

    assert [one.begins for one in placed.values()] == [START, START, day("2024-03-15"), day("2024-03-18")]
    assert [one.ends for one in placed.values()] == [day("2024-03-06"), day("2024-03-15"), day("2024-03-18"), None]
    assert [one.is_earliest for one in placed.values()] == [False] * 4


def test_a_start_on_a_day_off_waits_for_the_next_working_day() -> None:
    placed = place_steps([step(1, (1, "working_day"))], day("2024-10-01"), workdays())

    assert (placed[1].begins, placed[1].ends) == (day("2024-10-08"), day("2024-10-09"))


def test_a_start_on_a_swapped_sunday_begins_there() -> None:
    placed = place_steps([step(1, (0, "working_day"))], day("2024-04-28"), workdays())

    assert (placed[1].begins, placed[1].ends) == (day("2024-04-28"), day("2024-04-28"))


def test_an_unknown_length_has_no_end_and_what_follows_is_the_earliest() -> None:
    placed = place_steps([step(1, None), step(2, (5, "working_day"), 1), step(3, None, 2)], START, workdays())

    assert (placed[1].ends, placed[1].why_open, placed[1].is_earliest) == (None, OpenEnd.NO_FIGURE, False)
    assert (placed[2].begins, placed[2].ends, placed[2].is_earliest) == (START, day("2024-03-08"), True)
    assert placed[3].is_earliest


def test_days_of_no_stated_kind_get_both_readings_and_no_end() -> None:
    placed = place_steps([step(1, (7, "day_unspecified")), step(2, (1, "working_day"), 1)], START, workdays())

    assert (placed[1].ends, placed[1].why_open) == (None, OpenEnd.KIND_UNKNOWN)
    assert placed[1].readings == (day("2024-03-08"), day("2024-03-12"))
    assert (placed[2].begins, placed[2].is_earliest) == (day("2024-03-08"), True)


def test_days_of_no_stated_kind_that_end_alike_have_an_end() -> None:
    """A Friday and a day is a Saturday: both kinds end on the Monday, so that the end is known."""
    placed = place_steps([step(1, (1, "day_unspecified")), step(2, None, 1)], START, workdays())

    assert (placed[1].ends, placed[1].why_open, placed[1].readings) == (day("2024-03-04"), None, None)
    assert (placed[2].begins, placed[2].is_earliest) == (day("2024-03-04"), False)


def test_nothing_is_dated_beyond_the_years_published() -> None:
    known = Workdays([rulebook().calendar[2024]])
    steps = [step(1, (30, "working_day")), step(2, (1, "working_day"), 1), step(3, (2, "working_day"))]

    placed = place_steps(steps, day("2024-12-02"), known)

    assert (placed[1].begins, placed[1].ends, placed[1].why_open) == (day("2024-12-02"), None, OpenEnd.YEAR_UNKNOWN)
    assert (placed[2].begins, placed[2].ends, placed[2].why_open) == (None, None, OpenEnd.YEAR_UNKNOWN)
    assert placed[3].ends == day("2024-12-04")


def test_begun_in_a_year_not_published_only_what_needs_no_working_day_is_dated() -> None:
    known = Workdays([rulebook().calendar[2024]])
    lengths = [(0, "working_day"), (20, "calendar_day"), (5, "working_day"), None]
    steps = [*(step(number, length) for number, length in enumerate(lengths, start=1)), step(5, None, 1)]

    placed = place_steps(steps, day("2025-01-06"), known)

    assert [one.begins for one in placed.values()] == [day("2025-01-06")] * 4 + [None]
    assert [one.ends for one in placed.values()] == [day("2025-01-06"), day("2025-01-26"), None, None, None]
    assert [one.may_move for one in placed.values()] == [True, True, False, False, False]
    assert [one.why_open for one in placed.values()] == [
        None, None, OpenEnd.YEAR_UNKNOWN, OpenEnd.NO_FIGURE, OpenEnd.YEAR_UNKNOWN
    ]  # fmt: skip


def whole_paths() -> list[dict[str, Any]]:
    """The paths of a topic's worked examples in which everything is decided and every length known."""
    paths = [original(topic, case).guide["path"] for topic, case in cases(4) if topic == "open_pharmacy"]
    known = [path for path in paths if path["steps"] and path["after"]["complete"]]
    return [path for path in known if path["after"]["days"]["complete"]]


def test_a_path_of_working_days_ends_when_its_total_says() -> None:
    """The calendar ends as many working days on as the guide counts."""
    start, paths = day("2024-03-04"), whole_paths()

    last = [max(one.ends or date.min for one in place_steps(p["steps"], start, workdays()).values()) for p in paths]

    assert last == [workdays().after(start, path["after"]["days"]["value"]) for path in paths]
    assert len(paths) > 3
