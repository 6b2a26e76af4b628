"""What-if: another answer in words, and the treatment it would lead to."""

from collections.abc import Hashable
from datetime import date
from decimal import Decimal
from typing import Literal

from app.engine import Compare, Condition, FactCode, IsOneOf, Value, WhatIf
from app.evaluation.telling import Telling
from app.evaluation.values import plain
from app.wording import NOT_REQUIRED


def what_if_entry(telling: Telling, change: WhatIf) -> bytes:
    """The nearest different answer: the boundary or option itself, its words, and where it leads; as JSON."""
    present = telling.decision.answers[change.fact]
    key = ("what_if", change.fact, change.answer, change.side, change.treatment, _seen_from(change.answer, present))
    return telling.blocks.piece(
        key,
        lambda: {
            "fact": change.fact,
            "answer": plain(telling.book.facts[change.fact], change.answer),
            "text": _text(telling, change),
            "treatment": change.treatment or NOT_REQUIRED,
        },
    )


def _seen_from(answer: Value, present: Value) -> Hashable:
    """What the words of a change take from the present answer: all of a set, of numbers and days where they lie."""
    if isinstance(present, frozenset):
        return present
    if isinstance(present, bool | str):
        return None
    return "same" if answer == present else answer > present  # type: ignore[operator]  # of one type


def _text(telling: Telling, change: WhatIf) -> str:
    present = telling.decision.answers[change.fact]
    if isinstance(change.answer, frozenset):
        assert isinstance(present, frozenset)
        return _set_change(telling, change.fact, present, change.answer)
    if change.answer == present and isinstance(present, date):
        return telling.phrases.say("what_if.other_day", name=telling.blocks.sentences.name(change.fact))
    return telling.blocks.sentences.condition(_as_condition(change, present))


def _as_condition(change: WhatIf, present: object) -> Condition:
    """The changed answer as a condition: an option itself, or everything beyond the boundary."""
    answer = change.answer
    if isinstance(answer, bool | str):
        return IsOneOf(change.fact, frozenset({answer}))
    assert isinstance(answer, int | Decimal | date)
    upwards = answer >= present if change.side != "below" else False  # type: ignore[operator]  # of one type
    order: Literal["below", "at_most", "at_least", "above"] = "at_least" if upwards else "at_most"
    if change.side in ("above", "below"):
        order = "above" if change.side == "above" else "below"
    return Compare(change.fact, order, answer)


def _set_change(telling: Telling, fact: FactCode, present: frozenset[str], changed: frozenset[str]) -> str:
    def labels(options: frozenset[str]) -> str:
        named = [option for option in telling.topic.facts[fact].options if option in options]
        return telling.phrases.listed([telling.blocks.sentences.label(fact, option) for option in named])

    name = telling.blocks.sentences.name(fact)
    added, removed = changed - present, present - changed
    if added and removed:
        return telling.phrases.say("what_if.exchange", name=name, added=labels(added), removed=labels(removed))
    key = "what_if.add" if added else "what_if.remove"
    return telling.phrases.say(key, name=name, labels=labels(added or removed))
