"""Guides of the real topics for generated scenarios, made once for all tests that look at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from app.evaluation import Answer, EvaluateRequest, Evaluator
from app.rulebook import Rulebook, load
from app.settings import Settings
from app.wording import LANGUAGES, Language
from tests.support.make_scenario import make_scenario

TODAY: Final = date(2026, 11, 22)
DAYS: Final = (date(2020, 12, 29), date(2021, 6, 1), date(2024, 3, 1), TODAY)
SHARES: Final = (0.0, 0.4, 0.8, 1.0)
SEEDS: Final = (1, 2, 3)


@cache
def rulebook() -> Rulebook:
    """The rulebook of this repository."""
    return load(Settings().rules_dir)


@cache
def evaluator() -> Evaluator:
    """One that answers from it."""
    return Evaluator(rulebook())


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and what came back."""

    topic: str
    lang: Language
    share: float
    answer: Answer

    def __str__(self) -> str:
        """Return what was asked, for a failing test."""
        return f"{self.topic} {self.answer.as_of} {self.lang} share {self.share}"


def requests() -> Iterator[tuple[EvaluateRequest, float]]:
    """Each topic: empty, partial and full scenarios on days of each time, in both languages."""
    for topic, book in rulebook().topics.items():
        compiled = evaluator().compiled(topic)
        for share in SHARES:
            for seed in SEEDS if share else SEEDS[:1]:
                facts = make_scenario(book, compiled, seed=seed, share=share)
                for place, day in enumerate(DAYS):
                    for lang in LANGUAGES if (place + seed) % 2 else LANGUAGES[::-1][:1]:
                        yield EvaluateRequest(topic, facts, day, lang), share


@cache
def asked() -> tuple[Asked, ...]:
    """The answers to all of them."""
    return tuple(
        Asked(request.topic, answer.lang, share, answer)
        for request, share in requests()
        for answer in (evaluator().evaluate(request, TODAY),)
    )
