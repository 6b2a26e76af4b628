"""Date sweep: every topic on each day anything changes, the day before it, and two years ahead."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Final

import pytest

from app.engine import Decision, FactCode, Period, Value, change_days, conflicting_facts, decide
from app.rulebook import answers_of
from app.rulebook.files.base import Dated
from app.rulebook.mentions import items
from tests.rules.real import books, cases, compiled

#: Each scenario is decided on every so many-th day, each with another start, so that together they meet every day.
STRIDE: Final = 6


def days_of(topic: str) -> list[date]:
    """Each day on which any entry begins or ends and the day before it, the first day covered, two years from now."""
    book = books()[topic]
    entries = chain(book.definitions.values(), book.procedures.values(), book.rules.values())
    dated = (item.entry for entry in entries for item in items(entry))
    changes = change_days([entry.period for entry in dated if isinstance(entry, Dated)] or [Period()])
    record = book.topic
    ends = {record.covers_from, record.before_day, record.reviewed_until, record.reviewed_until + timedelta(days=730)}
    days = {*ends, *changes, *(day - timedelta(days=1) for day in changes)}
    return sorted(day for day in days if day >= record.covers_from)


def scenarios_of(topic: str) -> list[dict[FactCode, Value]]:
    """The different answers of the worked examples."""
    book = books()[topic]
    found = [answers_of(book, case) for name, case in cases() if name == topic]
    distinct = {tuple(sorted(answers.items(), key=lambda item: item[0])): answers for answers in found}
    return [answers for answers in distinct.values() if conflicting_facts(compiled(topic), answers) is None]


def swept(topic: str) -> Iterator[Decision]:
    """Decisions of every scenario on its share of the days."""
    days = days_of(topic)
    for start, answers in enumerate(scenarios_of(topic)):
        for day in days[start % STRIDE :: STRIDE]:
            yield decide(compiled(topic), answers, day)


@pytest.mark.parametrize("topic", list(books()))
def test_nothing_answered_is_decided_or_open_on_every_day(topic: str) -> None:
    decisions = [decide(compiled(topic), {}, day) for day in days_of(topic)]

    assert all(procedure.possible for decision in decisions for procedure in decision.procedures)


@pytest.mark.parametrize("topic", list(books()))
def test_every_worked_scenario_has_an_answer_all_through_the_years(topic: str) -> None:
    """An example is written for one day; the same company on other days must not fall into a hole."""
    assert all(procedure.possible for decision in swept(topic) for procedure in decision.procedures)
