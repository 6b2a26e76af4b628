"""Half-open periods of law: `start` is the first day, `end` the first day no more; None is open."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """生效期间. When a rule, a definition's version, a figure or a procedure is in force.

    Unknown: `start` None is "since before our first day", `end` None is "still in force".
    """

    start: date | None = None
    end: date | None = None

    def covers(self, day: date) -> bool:
        """True where the law of `day` includes this.

        >>> Period(date(2021, 9, 1), date(2024, 1, 1)).covers(date(2024, 1, 1))
        False
        """
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    def overlaps(self, other: "Period") -> bool:
        """True where some day lies in both."""
        starts_in_time = self.start is None or other.end is None or self.start < other.end
        return starts_in_time and (other.start is None or self.end is None or other.start < self.end)

    def days(self) -> tuple[date, ...]:
        """The days on which something changes because of this period, at most two."""
        return tuple(day for day in (self.start, self.end) if day is not None)


ALWAYS = Period()


def change_days(periods: Iterable[Period]) -> tuple[date, ...]:
    """All days on which any of the periods begins or ends.

    Shape: sorted, without doubles; between two neighbours the law stands still.
    """
    return tuple(sorted({day for period in periods for day in period.days()}))
