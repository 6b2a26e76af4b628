"""The scenario that is measured: the largest topic, every fact answered, out of the rulebook's own worked examples."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.engine import FactCode, FactType, Value
from app.evaluation import EvaluateRequest, plain
from app.rulebook import Rulebook, TopicBook


@dataclass(frozen=True, slots=True)
class Measured:
    """One scenario in every form a benchmark needs."""

    book: TopicBook
    answers: Mapping[FactCode, Value]
    facts: Mapping[str, object]
    day: date

    @property
    def body(self) -> dict[str, object]:
        """The request as JSON has it."""
        return {"topic": self.book.code, "facts": dict(self.facts), "as_of": self.day.isoformat(), "lang": "zh-CN"}

    @property
    def request(self) -> EvaluateRequest:
        """The request as the evaluation takes it."""
        return EvaluateRequest(self.book.code, self.facts, self.day, "zh-CN")


def largest(rulebook: Rulebook) -> Measured:
    """Return the topic with most procedures and rules, and its worked example with most answers."""
    return fullest(max(rulebook.topics.values(), key=lambda book: (len(book.procedures) + len(book.rules), book.code)))


def broadest(rulebook: Rulebook) -> Measured:
    """Return the topic with most procedures, and its worked example with most answers."""
    return fullest(max(rulebook.topics.values(), key=lambda book: (len(book.procedures), book.code)))


def fullest(book: TopicBook) -> Measured:
    """Return the topic's worked example with most answers."""
    case = max(book.cases, key=lambda case: len(case.facts))
    answers: dict[FactCode, Value] = {}
    for code, fact in book.facts.items():
        value = dict(case.facts).get(code)
        if value is None:
            continue
        if isinstance(value, tuple):
            answers[code] = frozenset(value)
        elif fact.type is FactType.DECIMAL and isinstance(value, int):
            answers[code] = Decimal(value)
        else:
            answers[code] = value
    facts = {str(code): plain(book.facts[code], value) for code, value in answers.items()}
    return Measured(book, answers, facts, case.as_of)
