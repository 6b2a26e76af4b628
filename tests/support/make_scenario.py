"""Builder of raw scenarios for a topic: random, admissible, as full as asked for, as JSON would hold them."""

import random
from datetime import date
from decimal import Decimal

from app.engine import CompiledTopic, FactCode, FactType, Value, conflicting_facts
from app.evaluation import plain
from app.rulebook import FactEntry, TopicBook

_NUMBERS = [Decimal(text) for text in ("0", "0.5", "1", "60", "99.5", "300", "5000", "20000", "1000000", "5000000")]


def make_scenario(book: TopicBook, compiled: CompiledTopic, *, seed: int = 1, share: float = 1.0) -> dict[str, object]:
    """Return raw facts that contradict nothing: about `share` of the topic's facts, all of them for 1."""
    pick = random.Random(f"{book.code} {seed} {share}")
    answers: dict[FactCode, Value] = {}
    for code, entry in book.facts.items():
        if pick.random() > share:
            continue
        for value in _values(entry, pick):
            if conflicting_facts(compiled, {**answers, code: value}) is None:
                answers[code] = value
                break
    return {code: plain(book.facts[code], value) for code, value in answers.items()}


def _values(entry: FactEntry, pick: random.Random) -> list[Value]:
    """Values of the fact in random order, some of them fitting whatever the constraints say."""
    match entry.type:
        case FactType.BOOLEAN:
            values: list[Value] = [True, False]
        case FactType.CHOICE:
            values = list(entry.values)
        case FactType.CHOICES:
            least = 0 if entry.empty_allowed else 1
            some = pick.sample(entry.values, pick.randint(least, min(3, len(entry.values))))
            return [frozenset(some), *(frozenset({option}) for option in entry.values)]
        case FactType.DATE:
            values = [_day(pick) for _ in range(5)]
        case _:
            least_number = entry.minimum if entry.minimum is not None else Decimal(0)
            most = entry.maximum if entry.maximum is not None else _NUMBERS[-1]
            numbers = [number for number in _NUMBERS if least_number <= number <= most]
            whole = entry.type is FactType.INTEGER
            values = [int(number) for number in numbers] if whole else list(numbers)
    pick.shuffle(values)
    return values


def _day(pick: random.Random) -> Value:
    return date(pick.randint(2019, 2026), pick.randint(1, 12), pick.randint(1, 28))
