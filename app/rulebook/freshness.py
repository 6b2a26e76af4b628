"""Freshness: which sources are overdue on a day, which figures nobody verified, what only offices can say, days off."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.engine import (
    AskedOf,
    Condition,
    Defined,
    FactCode,
    Topic,
    Verification,
    full_condition,
    leaves,
    mentioned_facts,
    weakest,
)
from app.rulebook.books import Rulebook, citations
from app.rulebook.files.base import Citation, Dated, Entry
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.policies import PolicyFile
from app.rulebook.files.procedures import Fee, LimitEntry, ProcedureEntry
from app.rulebook.files.rules import Due, EffectLimit, RuleEntry
from app.rulebook.mentions import items
from app.rulebook.places import Place

#: How long before the last day held the next year's days off are wanted: December.
_AHEAD: Final = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class OverdueSource:
    """A policy whose review day has passed; `users` are the rules and procedures that cite it."""

    policy: PolicyFile
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnverifiedFigure:
    """A figure in force whose weakest source was not seen; `owner` is the rule or procedure that gives it."""

    owner: str
    figure: str
    sources: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class AuthorityFact:
    """A fact that no source settles and that the law of the day hangs on, with the topics it is open in."""

    fact: FactEntry
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DueReport:
    """What wants somebody's attention on a day.

    Shape: `days_off_until` the last day whose days off are held; None where no year's are.
    """

    day: date
    overdue: tuple[OverdueSource, ...]
    figures: tuple[UnverifiedFigure, ...]
    facts: tuple[AuthorityFact, ...]
    days_off_until: date | None

    @property
    def wants_next_year(self) -> bool:
        """Whether calendars begun now soon reach days whose days off are not held."""
        return self.days_off_until is None or self.days_off_until < self.day + _AHEAD


def overdue_policies(rulebook: Rulebook, day: date) -> frozenset[str]:
    """Return the policies that should have been looked at again before the day."""
    return frozenset(code for code, book in rulebook.policies.items() if book.policy.review_by < day)


def due(rulebook: Rulebook, day: date) -> DueReport:
    """Return what is overdue on the day, the figures and facts that are uncertain in its law, and the days off held.

    Shape: sources by review day, the longest overdue first; figures and facts in the order of the files.
    """
    until = date(max(rulebook.calendar), 12, 31) if rulebook.calendar else None
    return DueReport(day, _overdue(rulebook, day), tuple(_figures(rulebook, day)), _facts(rulebook, day), until)


def _overdue(rulebook: Rulebook, day: date) -> tuple[OverdueSource, ...]:
    users: dict[str, list[str]] = {code: [] for code in overdue_policies(rulebook, day)}
    for code, entry in _entries(rulebook):
        for policy in dict.fromkeys(reference.partition("#")[0] for reference in citations(entry)):
            if policy in users:
                users[policy].append(code)
    found = [OverdueSource(rulebook.policies[code].policy, tuple(named)) for code, named in users.items()]
    return tuple(sorted(found, key=lambda source: (source.policy.review_by, source.policy.code)))


def _entries(rulebook: Rulebook) -> Iterator[tuple[str, ProcedureEntry | RuleEntry]]:
    yield from rulebook.procedures.items()
    yield from rulebook.rules.items()


# ---- figures -----------------------------------------------------------------------------------------


def _figures(rulebook: Rulebook, day: date) -> Iterator[UnverifiedFigure]:
    for code, owner in _entries(rulebook):
        if not owner.period.covers(day):
            continue
        for item in items(owner):
            said = _said(item.entry)
            own: tuple[Citation, ...] = getattr(item.entry, "basis", None) or owner.basis
            if said and (not isinstance(item.entry, Dated) or item.entry.period.covers(day)):
                cited = [citation.ref for citation in own if citation.period.covers(day)]
                if weakest([rulebook.article(ref).verification for ref in cited]) is Verification.UNVERIFIED:
                    yield UnverifiedFigure(code, said, tuple(cited), item.place)


def _said(entry: Entry) -> str:
    """The figure in a few words, nothing where the entry gives none."""
    match entry:
        case LimitEntry():
            given = {"statutory": entry.statutory, "promised": entry.promised}
            return ", ".join(f"{name} {limit.value:f} {limit.unit}" for name, limit in given.items() if limit)
        case EffectLimit(value=value, unit=unit) if value is not None:
            return f"limit {value:f} {unit}"
        case Due():
            return f"due {entry.value:f} {entry.unit}"
        case Fee(amount_yuan=amount) if amount is not None:
            return f"fee {amount:f} yuan"
    return ""


# ---- facts -------------------------------------------------------------------------------------------


def _facts(rulebook: Rulebook, day: date) -> tuple[AuthorityFact, ...]:
    topics: dict[FactCode, list[str]] = {}
    for code, book in rulebook.topics.items():
        for fact in _asked(book.topic, day):
            if book.facts[fact].asked_of is AskedOf.AUTHORITY:
                topics.setdefault(fact, []).append(code)
    return tuple(AuthorityFact(rulebook.facts[code], tuple(topics[code])) for code in rulebook.facts if code in topics)


def _asked(topic: Topic, day: date) -> Iterable[FactCode]:
    """The facts that the law in force on the day mentions, definitions followed, each once."""
    found: dict[FactCode, None] = {}
    waiting, seen = list(_conditions(topic, day)), set[Condition]()
    while waiting:
        condition = waiting.pop()
        if condition in seen:
            continue
        seen.add(condition)
        found.update(dict.fromkeys(mentioned_facts(condition)))
        for leaf in leaves(condition):
            version = topic.definitions[leaf.definition].version_on(day) if isinstance(leaf, Defined) else None
            if version is not None:
                waiting.append(version.when)
    return found


def _conditions(topic: Topic, day: date) -> Iterator[Condition]:
    for rule in topic.rules.values():
        if rule.period.covers(day):
            yield full_condition(rule)
            added = (item for effect in rule.effects for item in effect.conditions_added)
            yield from (item.test for item in added if item.test is not None and item.period.covers(day))
    for procedure in topic.procedures.values():
        if procedure.period.covers(day):
            yield procedure.required_when
            tested = (item for item in procedure.conditions if item.period.covers(day))
            yield from (item.test for item in tested if item.test is not None)
