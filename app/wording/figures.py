"""Numbers, days and lengths of time in words."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from app.engine import Duration, Unit
from app.wording.phrases import Phrases

_TEN_THOUSAND: Final = 10_000
#: The clock that everybody here goes by; China has known no other since 1991.
_BEIJING: Final = timezone(timedelta(hours=8), "Asia/Shanghai")


def number_text(value: int | Decimal, phrases: Phrases) -> str:
    """The number without needless zeros, grouped where the language does so.

    >>> from app.wording.phrases import phrases_in
    >>> number_text(Decimal("12500.50"), phrases_in("en"))
    '12,500.5'
    """
    # Zero may be a negative one.
    plain = f"{value:,}" if isinstance(value, int) else f"{value or 0:,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(",", phrases.template("number.thousands")) if "," in plain else plain


def quantity_text(value: int | Decimal, unit: str | None, phrases: Phrases) -> str:
    """The number with the unit of its fact; round sums of yuan the way each language counts them."""
    if unit == "yuan" and phrases.is_chinese and value and Decimal(value) % _TEN_THOUSAND == 0:
        return phrases.say("quantity.ten_thousand_yuan", count=number_text(Decimal(value) / _TEN_THOUSAND, phrases))
    return _counted("quantity", unit or "none", value, phrases)


def duration_text(duration: Duration, phrases: Phrases) -> str:
    """The length of time in its own unit; no working day at all is "the same day"."""
    if duration.unit is Unit.WORKING_DAY and not duration.value:
        return phrases.say("unit.same_day")
    return _counted("unit", duration.unit, duration.value, phrases)


def total_text(kind: str, count: int, phrases: Phrases, *, is_whole: bool) -> str:
    """What a path comes to of procedures, papers or visits; "at least" where more may come, never "at least none".

    Unknown: nothing counted so far, and more may come, is said to be not known yet.
    >>> from app.wording.phrases import phrases_in
    >>> [total_text("papers", count, phrases_in("en"), is_whole=False) for count in (0, 1, 2)]
    ['documents not known yet', 'at least 1 document', 'at least 2 documents']
    """
    if not count:
        return phrases.say(f"total.{kind}_zero" if is_whole else f"total.{kind}_not_known")
    certainty = "" if is_whole else "_least"
    return phrases.say(f"total.{kind}{certainty}{'_one' if count == 1 else ''}", count=number_text(count, phrases))


def total_days_text(days: Duration, phrases: Phrases, *, is_whole: bool) -> str:
    """How long a path takes; "at least" where some of it is not known, and not known where nothing is."""
    if is_whole:
        return duration_text(days, phrases)
    if not days.value:
        return phrases.say("total.days_not_known")
    return phrases.say("total.days_least", days=duration_text(days, phrases))


def date_text(day: date, phrases: Phrases) -> str:
    """The day as it is said."""
    month = phrases.words("date.months")[day.month - 1]
    return phrases.say("date.full", year=day.year, month=month, day=day.day)


def moment_text(moment: datetime, phrases: Phrases) -> str:
    """The moment as it is said, by the clock in Beijing."""
    there = moment.astimezone(_BEIJING)
    return phrases.say("date.moment", day=date_text(there.date(), phrases), time=f"{there:%H:%M}")


def _counted(group: str, unit: str, value: int | Decimal, phrases: Phrases) -> str:
    key = f"{group}.{unit}_one" if value == 1 else f"{group}.{unit}"
    return phrases.say(key, count=number_text(value, phrases))
