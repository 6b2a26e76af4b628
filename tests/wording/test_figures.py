"""Numbers, days and lengths of time as each language says them."""

from datetime import date
from decimal import Decimal

import pytest

from app.engine import Duration, Unit
from app.wording import date_text, duration_text, number_text, phrases_in, quantity_text

CHINESE, ENGLISH = phrases_in("zh-CN"), phrases_in("en")


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (Decimal("0.50"), "0.5", "0.5"),
        (Decimal("1000000.00"), "1000000", "1,000,000"),
        (Decimal("1E+3"), "1000", "1,000"),
        (12, "12", "12"),
        (Decimal("-1.25"), "-1.25", "-1.25"),
    ],
)
def test_a_number_has_no_needless_zeros(value: Decimal, chinese: str, english: str) -> None:
    assert (number_text(value, CHINESE), number_text(value, ENGLISH)) == (chinese, english)


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        (60, "m2", "60平方米", "60 m²"),
        (1_000_000, "yuan", "100万元", "1,000,000 yuan"),
        (12_345, "yuan", "12345元", "12,345 yuan"),
        (0, "yuan", "0元", "0 yuan"),
        (1, "floor", "1层", "1 floor"),
        (2, "floor", "2层", "2 floors"),
        (7, None, "7", "7"),
    ],
)
def test_a_quantity_has_its_unit(value: int, unit: str | None, chinese: str, english: str) -> None:
    assert (quantity_text(value, unit, CHINESE), quantity_text(value, unit, ENGLISH)) == (chinese, english)


@pytest.mark.parametrize(
    ("value", "unit", "chinese", "english"),
    [
        ("20", Unit.WORKING_DAY, "20个工作日", "20 working days"),
        ("1", Unit.WORKING_DAY, "1个工作日", "1 working day"),
        ("0", Unit.WORKING_DAY, "当日", "the same day"),
        ("0.5", Unit.WORKING_DAY, "0.5个工作日", "0.5 working days"),
        ("0", Unit.HOUR, "0小时", "0 hours"),
        ("3", Unit.DAY_UNSPECIFIED, "3日", "3 days (kind not stated)"),
    ],
)
def test_a_length_of_time_stays_in_its_unit(value: str, unit: Unit, chinese: str, english: str) -> None:
    duration = Duration(Decimal(value), unit)

    assert (duration_text(duration, CHINESE), duration_text(duration, ENGLISH)) == (chinese, english)


def test_a_day_is_said_as_in_speech() -> None:
    day = date(2024, 3, 1)

    assert (date_text(day, CHINESE), date_text(day, ENGLISH)) == ("2024年3月1日", "1 March 2024")
