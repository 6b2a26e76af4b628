"""What-if: another answer in words, and the treatment it would lead to."""

from collections.abc import Hashable, Iterable
from datetime import date

from app.engine import FactCode, Value, WhatIf
from app.evaluation.blocks import Json
from app.evaluation.pieces import written
from app.evaluation.telling import Telling
from app.evaluation.values import plain
from app.wording import NOT_REQUIRED


def what_ifs(telling: Telling, changes: Iterable[WhatIf]) -> bytes:
    """The nearest different answers: each boundary or option itself, its words, and where it leads; as JSON."""
    pieces, serial, answers = telling.blocks.pieces, telling.blocks.serial, telling.decision.answers
    told: list[bytes] = []
    for change in changes:
        key: Hashable = (serial, "what_if", change.serial)
        if change.serial is None:
            fact, answer = change.fact, change.answer
            key = (serial, "what_if", fact, answer, change.side, change.treatment, _seen_from(answer, answers[fact]))
        told.append(pieces.get(key) or pieces.keep(key, written(_entry(telling, change))))
    return b"[%s]" % b",".join(told)


def _entry(telling: Telling, change: WhatIf) -> Json:
    return {
        "fact": change.fact,
        "answer": plain(telling.book.facts[change.fact], change.answer),
        "text": _text(telling, change),
        "treatment": change.treatment or NOT_REQUIRED,
    }


def _seen_from(answer: Value, present: Value) -> Hashable:
    """What the words of a change take from the present answer: all of a set, of numbers and days where they lie."""
    if isinstance(present, (bool, str)):
        return None
    if isinstance(present, frozenset):
        return present
    return "same" if answer == present else answer > present  # type: ignore[operator]  # of one type


def _text(telling: Telling, change: WhatIf) -> str:
    """The changed answer alone, as answers are said elsewhere: what is asked stands under the fact's code."""
    present, answer = telling.decision.answers[change.fact], change.answer
    if isinstance(answer, frozenset):
        assert isinstance(present, frozenset)
        return _set_change(telling, change.fact, present, answer)
    if isinstance(answer, bool | str):
        return telling.blocks.sentences.answer(change.fact, answer)
    if answer == present and isinstance(present, date):
        return telling.phrases.say("what_if.other_day")
    return telling.blocks.sentences.bound(change.fact, _order(change, present), answer)


def _order(change: WhatIf, present: object) -> str:
    """On which side of the boundary the changed answer lies: from it on, or beyond it."""
    if change.side in ("above", "below"):
        return str(change.side)
    return "at_least" if change.answer >= present else "at_most"  # type: ignore[operator]  # of one type


def _set_change(telling: Telling, fact: FactCode, present: frozenset[str], changed: frozenset[str]) -> str:
    def labels(options: frozenset[str]) -> str:
        named = [option for option in telling.topic.facts[fact].options if option in options]
        return telling.phrases.listed([telling.blocks.sentences.label(fact, option) for option in named])

    added, removed = changed - present, present - changed
    if added and removed:
        return telling.phrases.say("what_if.exchange", added=labels(added), removed=labels(removed))
    return telling.phrases.say("what_if.add" if added else "what_if.remove", labels=labels(added or removed))
