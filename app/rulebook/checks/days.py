"""Days on which to look: between two neighbouring ends of periods the law stands still."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from app.engine import Period, change_days


def days_to_try(period: Period, others: Iterable[Period]) -> tuple[date, ...]:
    """Days of the period, one for each stretch in which none of the others begins or ends."""
    ends = change_days([period, *others])
    if not ends:
        return (date.min,)
    tried = (ends[0] - timedelta(days=1), *ends)
    return tuple(day for day in tried if period.covers(day))


def uncovered_day(period: Period, others: Sequence[Period]) -> date | None:
    """The first day of the period that none of the others covers, None where there is none."""
    return next((day for day in days_to_try(period, others) if not any(other.covers(day) for other in others)), None)


def first_overlap(periods: Sequence[Period]) -> tuple[int, int] | None:
    """The places of the first two periods that share a day, None where all are apart."""
    for later, period in enumerate(periods):
        for earlier in range(later):
            if periods[earlier].overlaps(period):
                return earlier, later
    return None
