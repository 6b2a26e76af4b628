"""What a path comes to, as a person would say it: "at least" where more may come, never "at least none"."""

from decimal import Decimal

import pytest

from app.engine import Duration, Unit
from app.wording import phrases_in, total_days_text, total_text

KINDS = ("procedures", "papers", "visits")


@pytest.mark.parametrize(
    ("count", "is_whole", "chinese", "english"),
    [
        (0, False, "手续还没定下来", "procedures not settled yet"),
        (0, True, "没有要申请的手续", "no procedure"),
        (1, False, "至少1项手续", "at least 1 procedure"),
        (1, True, "1项手续", "1 procedure"),
        (2, False, "至少2项手续", "at least 2 procedures"),
        (2, True, "2项手续", "2 procedures"),
    ],
)
def test_a_count_is_said_as_far_as_it_is_known(count: int, is_whole: bool, chinese: str, english: str) -> None:
    assert total_text("procedures", count, phrases_in("zh-CN"), is_whole=is_whole) == chinese
    assert total_text("procedures", count, phrases_in("en"), is_whole=is_whole) == english


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_nothing_is_never_at_least(kind: str, language: str) -> None:
    said = [total_text(kind, 0, phrases_in(language), is_whole=whole) for whole in (True, False)]

    assert len(set(said)) == 2
    assert not any("0" in text or "至少" in text or "at least" in text for text in said)


@pytest.mark.parametrize(
    ("days", "is_whole", "text"),
    [(0, True, "当日"), (0, False, "多长时间还说不准"), (5, True, "5个工作日"), (5, False, "至少5个工作日")],
)
def test_a_time_is_said_as_far_as_it_is_known(days: int, is_whole: bool, text: str) -> None:
    length = Duration(Decimal(days), Unit.WORKING_DAY)

    assert total_days_text(length, phrases_in("zh-CN"), is_whole=is_whole) == text
