"""The path on real days: each step from the day it can start, its length by the rule of its own unit.

Nothing is converted: working days are counted on the official calendar, calendar days and months by the civil code, and
a length whose kind the source leaves open is given both readings, and an end only where they agree.
"""

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING
from enum import StrEnum
from typing import Final

from app.documents.reading import length_of
from app.documents.records import Entry
from app.documents.workdays import Workdays
from app.engine import Duration, Unit

_MONTHS: Final = {Unit.MONTH: 1, Unit.YEAR: 12}
_OF_A_DAY: Final = {Unit.HOUR: 24, Unit.MINUTE: 24 * 60}


class OpenEnd(StrEnum):
    """Why a step has no end."""

    NO_FIGURE = "no_figure"
    """No source says how long it takes."""
    KIND_UNKNOWN = "kind_unknown"
    """The source says days, and not which."""
    YEAR_UNKNOWN = "year_unknown"
    """It reaches into a year whose days off are not held."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One step on the calendar.

    Shape: `begins` a working day, or the start itself in a year not held; `ends` the last day of its time;
        `readings` the two days it may end on where the kind of day is unknown, counted as calendar days and as working
        days; `is_earliest` where an earlier step's length is not known, so that it may begin later; `may_move` where
        `ends`, or the first of the readings, lies in a year not held and moves to the next working day should it be a
        day off; `carries` the day from which the next step counts.
    Unknown: `begins` None where the year is not held.
    """

    number: int
    begins: date | None
    ends: date | None = None
    why_open: OpenEnd | None = None
    readings: tuple[date, date | None] | None = None
    is_earliest: bool = False
    may_move: bool = False
    carries: date | None = None

    @property
    def is_sure(self) -> bool:
        """Whether the end is known, and nothing before it is open."""
        return self.ends is not None and not self.is_earliest


def place_steps(steps: Iterable[Entry], start: date, workdays: Workdays) -> dict[int, Placed]:
    """Return step number -> where it stands when the company begins on a day.

    Shape: a step begins on the day the steps before it end, or on the next working day; where such a step's length is
        not known, it is counted as nothing, and what follows is marked as the earliest possible.
    """
    placed: dict[int, Placed] = {}
    for step in steps:
        number = int(step["number"])
        before = [placed[other] for other in step["starts_after"]]
        placed[number] = _place(number, step["days"], before, start, workdays)
    return placed


def _place(number: int, days: Entry | None, before: list[Placed], start: date, workdays: Workdays) -> Placed:
    carried = [other.carries for other in before]
    known = [day for day in carried if day is not None]
    if not before and not workdays.is_known(start):
        # Whether it is a working day nobody can say yet; it is the day the company chose.
        begins: date | None = start
    else:
        begins = None if len(known) < len(carried) else workdays.on_or_after(max(known, default=start))
    is_earliest = any(not other.is_sure for other in before)
    if begins is None:
        return Placed(number, None, why_open=OpenEnd.YEAR_UNKNOWN, is_earliest=is_earliest)
    if days is None:
        return Placed(number, begins, why_open=OpenEnd.NO_FIGURE, is_earliest=is_earliest, carries=begins)
    length = length_of(days)
    if length.unit is Unit.DAY_UNSPECIFIED:
        plain, may_move = _day_off_gives_way(_plain_end(begins, length), workdays)
        readings = plain, workdays.after(begins, _whole(length))
        if readings[0] == readings[1]:
            return Placed(number, begins, plain, is_earliest=is_earliest, carries=plain)
        carries = None if may_move else plain
        return Placed(number, begins, None, OpenEnd.KIND_UNKNOWN, readings, is_earliest, may_move, carries)
    ends, may_move = end_of(begins, length, workdays)
    if ends is None:
        return Placed(number, begins, why_open=OpenEnd.YEAR_UNKNOWN, is_earliest=is_earliest)
    carries = None if may_move else ends
    return Placed(number, begins, ends, is_earliest=is_earliest, may_move=may_move, carries=carries)


def end_of(begins: date, length: Duration, workdays: Workdays) -> tuple[date | None, bool]:
    """Return the last day of a time that begins on a day, and whether it may still move.

    Unknown: None where working days of a year not held would have to be counted.
    Source: 民法典 art. 201–203: the first day does not count; a month ends on the same day of the month, or its last;
        a last day that is a day off gives way to the next working day.
    """
    if length.unit is Unit.WORKING_DAY:
        return workdays.after(begins, _whole(length)), not workdays.is_known(begins)
    return _day_off_gives_way(_plain_end(begins, length), workdays)


def _day_off_gives_way(day: date, workdays: Workdays) -> tuple[date, bool]:
    """The day, or the next working day where it is a day off; true where that is not known."""
    rolled = workdays.on_or_after(day)
    return (day, True) if rolled is None else (rolled, False)


def _whole(length: Duration) -> int:
    """The number of days, half a one counted whole."""
    return int(length.value.to_integral_value(ROUND_CEILING))


def _plain_end(begins: date, length: Duration) -> date:
    if length.unit in _MONTHS:
        return months_after(begins, _whole(length) * _MONTHS[length.unit])
    if length.unit in _OF_A_DAY:
        return begins + timedelta(days=int(length.value // _OF_A_DAY[length.unit]))
    return begins + timedelta(days=_whole(length))


def months_after(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day.

    >>> months_after(date(2024, 1, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def step_of(steps: Iterable[Entry]) -> Mapping[str, int]:
    """Return procedure -> the number of the step it belongs to."""
    return {code: int(step["number"]) for step in steps for code in step["procedures"]}
