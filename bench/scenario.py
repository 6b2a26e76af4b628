"""The scenario that is measured: the largest topic, every fact answered, out of the rulebook's own worked examples."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.engine import FactCode, FactType, Value, compile_topic
from app.evaluation import EvaluateRequest, plain
from app.rulebook import Rulebook, TopicBook
from tests.support.make_scenario import make_scenario

_MANY: Final = 2_500
_OTHERS: Final = 400


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


def with_other_numbers(measured: Measured) -> list[dict[str, Any]]:
    """Return requests for the scenario with other areas, heights, sums each time, no two alike; its law stays as it is.

    More than a server keeps answers, so that none of them is found again when their turn comes back.
    """
    pick = random.Random(7)
    decimals = [
        code
        for code, value in measured.facts.items()
        if measured.book.facts[FactCode(code)].type is FactType.DECIMAL and value
    ]
    found: dict[tuple[object, ...], dict[str, Any]] = {}
    while len(found) < _MANY:
        # All shrink alike, so that what is part of something stays so.
        share = 1 - pick.randint(1, 5_000) / 100_000
        facts = dict(measured.facts)
        facts.update({code: round(float(str(facts[code])) * share, 2) for code in decimals})
        found[tuple(facts[code] for code in decimals)] = {**measured.body, "facts": facts}
    return list(found.values())


def others(measured: Measured) -> list[dict[str, Any]]:
    """Return requests for scenarios of the topic with every fact answered at random, no two alike."""
    compiled = compile_topic(measured.book.topic)
    facts = [make_scenario(measured.book, compiled, seed=seed) for seed in range(_OTHERS)]
    return [{**measured.body, "facts": given} for given in facts]
