"""Which open facts are worth asking, best first."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.engine.compile import CompiledTopic
from app.engine.decision import OpenFact
from app.engine.explain import Reader
from app.engine.facts import FactCode, Value
from app.engine.model import Topic


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What is open: by procedure or barrier the facts that still move it, and the facts that move only details."""

    moving: Mapping[str, tuple[FactCode, ...]]
    details: tuple[FactCode, ...]


def open_facts(
    compiled: CompiledTopic, still_open: OpenQuestion, answers: Mapping[FactCode, Value], reader: Reader
) -> tuple[OpenFact, ...]:
    """The open facts that could change something, best first, authority's ones among them.

    Shape: first those that move an outcome, the one first that moves most procedures and barriers, ties in the topic's
        order, those marked to be asked last at their end; then those that move only details; last where to go.
        One whose own precondition does not hold is left out as long as another question is open.
    """
    topic, order = compiled.topic, compiled.fact_order
    decides: dict[FactCode, list[str]] = {}
    for code, facts in still_open.moving.items():
        for fact in facts:
            decides.setdefault(fact, []).append(code)
    moving = sorted(
        decides,
        key=lambda fact: (topic.facts[fact].ask_last, -len(decides[fact]), order[fact]),
    )
    askable = [fact for fact in moving if _may_be_asked(topic, fact, answers, reader)] or moving
    optional = sorted({fact for fact in still_open.details if fact not in decides}, key=order.__getitem__)
    optional = [fact for fact in optional if _may_be_asked(topic, fact, answers, reader)]
    where = [code for code in compiled.where_facts if code not in answers and code not in decides]
    found = [OpenFact(fact, tuple(decides[fact]), optional=False) for fact in askable]
    found += [OpenFact(fact, (), optional=True) for fact in dict.fromkeys([*optional, *where]) if fact not in answers]
    return tuple(found)


def _may_be_asked(topic: Topic, fact: FactCode, answers: Mapping[FactCode, Value], reader: Reader) -> bool:
    condition = topic.facts[fact].only_if
    return condition is None or reader.holds(condition, answers) is not False
