"""工作日. Working days as the State Council's yearly notices set them, for the years the rulebook holds."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final, Protocol

_ONE_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
#: How many years beyond those held a start is taken for meant, and not for a slip of the pen.
_YEARS_AHEAD: Final = 10


class OfficialYear(Protocol):
    """What is published of one year: weekdays off and weekend days worked."""

    @property
    def year(self) -> int: ...
    @property
    def holidays(self) -> tuple[date, ...]: ...
    @property
    def workdays(self) -> tuple[date, ...]: ...


class Workdays:
    """The working days of the years held.

    Unknown: a year that is not held, be it published or not, has no working days and no days off; whatever would
        need it is None.
    """

    def __init__(self, years: Iterable[OfficialYear]) -> None:
        known = list(years)
        self._years = frozenset(entry.year for entry in known)
        self._off = frozenset(day for entry in known for day in entry.holidays)
        self._worked = frozenset(day for entry in known for day in entry.workdays)

    @property
    def bounds(self) -> tuple[date, date] | None:
        """The first and the last day known, None where no year is."""
        if not self._years:
            return None
        return date(min(self._years), 1, 1), date(max(self._years), 12, 31)

    @property
    def start_bounds(self) -> tuple[date, date] | None:
        """The first and the last day that a path may be begun on, None where no year is known.

        Unknown: beyond the years held only what needs no working day of theirs is placed.
        """
        bounds = self.bounds
        return None if bounds is None else (bounds[0], bounds[1].replace(year=bounds[1].year + _YEARS_AHEAD))

    def is_known(self, day: date) -> bool:
        """Return whether the days off of the day's year are held."""
        return day.year in self._years

    def is_workday(self, day: date) -> bool:
        """Return whether the offices work on a day of a known year."""
        return day in self._worked or (day.weekday() < _SATURDAY and day not in self._off)

    def on_or_after(self, day: date) -> date | None:
        """Return the first working day from a day on, itself included."""
        return next((found for found in self._known_from(day) if self.is_workday(found)), None)

    def after(self, day: date, count: int) -> date | None:
        """Return the working day so many after a day, which itself does not count; none after is the day itself.

        Source: 行政许可法 art. 82 (working days, without days off), 民法典 art. 201 (the first day does not count).
        """
        if not count:
            return day
        later = (found for found in self._known_from(day + _ONE_DAY) if self.is_workday(found))
        return next((found for number, found in enumerate(later, start=1) if number == count), None)

    def _known_from(self, day: date) -> Iterator[date]:
        while self.is_known(day):
            yield day
            day += _ONE_DAY
