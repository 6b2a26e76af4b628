"""Numbers, days and lengths of time in words."""

from datetime import date
from decimal import Decimal
from typing import Final

from app.engine import Duration, Unit
from app.wording.phrases import Phrases

_TEN_THOUSAND: Final = 10_000


def number_text(value: int | Decimal, phrases: Phrases) -> str:
    """The number without needless zeros, grouped where the language does so.

    >>> from app.wording.phrases import phrases_in
    >>> number_text(Decimal("12500.50"), phrases_in("en"))
    '12,500.5'
    """
    plain = f"{Decimal(value):,f}"
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain.replace(",", phrases.say("number.thousands"))


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


def date_text(day: date, phrases: Phrases) -> str:
    """The day as it is said."""
    month = phrases.words("date.months")[day.month - 1]
    return phrases.say("date.full", year=day.year, month=month, day=day.day)


def _counted(group: str, unit: str, value: int | Decimal, phrases: Phrases) -> str:
    key = f"{group}.{unit}_one" if value == 1 else f"{group}.{unit}"
    return phrases.say(key, count=number_text(value, phrases))
