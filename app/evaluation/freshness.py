"""Answers that rest on a source whose review is overdue say so.

Two days count. A source is overdue on the day of asking, once its review day has passed: nobody has looked since
whether it still stands. That leaves answers about days up to its last review as sound as they were, so the note stands
on answers about later days alone.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from app.engine import Condition, Defined, DefinitionCode, RuleCode, Source, full_condition, leaves
from app.evaluation.blocks import Json
from app.evaluation.telling import Telling
from app.rulebook import Rulebook, overdue_policies
from app.wording import date_text

#: The code of the note we add where a source of the answer is overdue for review.
OVERDUE_SOURCES: Final = "overdue_sources"
#: How many of them are named.
_NAMED: Final = 3
_NONE: Final[frozenset[str]] = frozenset()


class Overdue:
    """The overdue policies of a rulebook, worked out once a day."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._known: tuple[date, frozenset[str]] = (date.min, _NONE)

    def for_answer(self, today: date, day: date) -> frozenset[str]:
        """The policies overdue today that an answer about the day should not rest on in silence."""
        known, overdue = self._known
        if known != today:
            overdue = overdue_policies(self._rulebook, today)
            self._known = today, overdue
        if not overdue:
            return _NONE
        policies = self._rulebook.policies
        return frozenset(code for code in overdue if policies[code].policy.last_verified < day)


def overdue_notes(telling: Telling, overdue: frozenset[str]) -> list[Json]:
    """One note naming the overdue policies that the answer rests on; none where it rests on none."""
    if not overdue:
        return []
    policies = telling.blocks.rulebook.policies
    found = {source.policy for source in _sources(telling) if source.period.covers(telling.day)} & overdue
    if not found:
        return []
    named = sorted((policies[code].policy for code in found), key=lambda policy: (policy.last_verified, policy.code))
    phrases = telling.phrases
    titles = [phrases.say("freshness.title", title=phrases.pick(policy.title)) for policy in named[:_NAMED]]
    key = "note_more" if len(named) > _NAMED else "note"
    text = phrases.say(
        f"freshness.{key}",
        sources=phrases.listed(titles),
        count=len(named),
        verified=date_text(named[0].last_verified, phrases),
    )
    note: Json = {
        "code": OVERDUE_SOURCES,
        "text": text,
        "applies": True,
        "depends_on_facts": [],
        "legal_force": None,
        "basis": [],
    }
    return [note]


def _sources(telling: Telling) -> Iterator[Source]:
    """What the decision rests on: its procedures, barriers and extras, their rules, and the definitions they use."""
    decision, topic = telling.decision, telling.topic
    rules: dict[RuleCode, None] = {}
    for item in decision.procedures:
        procedure = topic.procedures[item.code]
        yield from procedure.sources
        yield from item.limit.law.sources if item.limit.law is not None else ()
        yield from item.limit.figure.sources if item.limit.figure is not None else ()
        rules.update(dict.fromkeys(carried.rule for carried in item.rules))
    for barrier in decision.barriers:
        yield from barrier.sources
    for extra in decision.extras:
        if extra.applies is not False:
            rules.update(dict.fromkeys(extra.rules))
    conditions: list[Condition] = [topic.procedures[item.code].required_when for item in decision.procedures]
    for code in rules:
        yield from topic.rules[code].sources
        conditions.append(full_condition(topic.rules[code]))
    yield from _definitions(telling, conditions)


def _definitions(telling: Telling, conditions: Iterable[Condition]) -> Iterator[Source]:
    waiting, seen = list(conditions), set[DefinitionCode]()
    while waiting:
        for leaf in leaves(waiting.pop()):
            if isinstance(leaf, Defined) and leaf.definition not in seen:
                seen.add(leaf.definition)
                version = telling.topic.definitions[leaf.definition].version_on(telling.day)
                if version is not None:
                    waiting.append(version.when)
                    yield from version.sources
