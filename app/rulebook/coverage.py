"""条款台账: every sentence of the plan with what became of it, and by which rules."""

import enum
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from app.engine import DefinitionCode, Force, ProcedureCode, RuleCode
from app.rulebook.books import Rulebook, citations
from app.rulebook.files.base import Entry, Text
from app.rulebook.files.policies import Certainty, Clause, ClauseKind, ClausePart

C = TypeVar("C")


class LedgerStatus(enum.StrEnum):
    """What became of a sentence of the plan."""

    ENCODED = "encoded"
    """A rule, a definition or a procedure carries it."""
    NOTED = "noted"
    """It is shown as a note and decides nothing."""
    NOT_ENCODABLE = "not_encodable"
    """No rule can carry it; the reason is given."""
    DIRECTION_ONLY = "direction_only"
    """It names no particular procedure."""
    TARGET = "target"
    """A figure to be reached or a thing still to be brought about."""
    PILOT = "pilot"
    """Exploratory; nothing places a company in the pilot."""
    DEPARTMENT_TASK = "department_task"
    """A task of departments."""
    FRONT_MATTER = "front_matter"
    """Headings and introductions."""
    OPEN = "open"
    """A measure that is not encoded yet."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One sentence of the plan, or one part of it.

    Shape: `part` is None where the clause has no parts · `reference` as rules cite it · `topics` those that name it.
    Unknown: `reason` None where the status says all there is to say.
    """

    reference: str
    clause: Clause
    part: ClausePart | None
    status: LedgerStatus
    reason: Text | None
    rules: tuple[RuleCode, ...]
    definitions: tuple[DefinitionCode, ...]
    procedures: tuple[ProcedureCode, ...]
    topics: tuple[str, ...]

    @property
    def measure(self) -> ClausePart:
        """The part, or the clause where it has none."""
        return self.part or self.clause


def ledger(rulebook: Rulebook) -> tuple[LedgerEntry, ...]:
    """Return every sentence of the documents that are kept clause by clause, in their order."""
    return tuple(_Ledger(rulebook).entries())


def counts(entries: Iterable[LedgerEntry]) -> Mapping[LedgerStatus, int]:
    """Return how many entries have each status, all statuses named."""
    found = Counter(entry.status for entry in entries)
    return {status: found[status] for status in LedgerStatus}


class _Ledger:
    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        books = rulebook.topics.values()
        self.rules = rulebook.rules_citing
        self.procedures = _citing(rulebook.procedures.items())
        self.definitions = _citing(item for book in books for item in book.definitions.items())
        self.topics: dict[str, list[str]] = {}
        for code, book in rulebook.topics.items():
            for clause in book.entry.clauses:
                self.topics.setdefault(clause, []).append(code)

    def entries(self) -> Iterator[LedgerEntry]:
        for code, policy in self.rulebook.policies.items():
            for clause in policy.clauses:
                for measure in clause.measures:
                    yield self.entry(code, clause, measure)

    def entry(self, policy: str, clause: Clause, measure: ClausePart) -> LedgerEntry:
        # Who cites a whole clause speaks of each of its parts.
        ids = tuple(dict.fromkeys((measure.id, clause.id)))
        references = tuple(f"{policy}#{code}" for code in ids)
        rules = _all(self.rules, references)
        definitions = _all(self.definitions, references)
        procedures = _all(self.procedures, references)
        return LedgerEntry(
            reference=references[0],
            clause=clause,
            part=measure if measure is not clause else None,
            status=self.status(measure, rules, bool(definitions or procedures)),
            reason=measure.not_encodable,
            rules=rules,
            definitions=definitions,
            procedures=procedures,
            topics=_all(self.topics, ids),
        )

    def status(self, measure: ClausePart, rules: tuple[RuleCode, ...], carried: bool) -> LedgerStatus:
        if carried or any(self.decides(code) for code in rules):
            return LedgerStatus.ENCODED
        if rules:
            return LedgerStatus.NOTED
        if measure.not_encodable is not None:
            return LedgerStatus.NOT_ENCODABLE
        return _own_status(measure)

    def decides(self, code: RuleCode) -> bool:
        """Whether the rule is more than a note of what the plan intends."""
        return any(part.force is not Force.PLAN_INTENT for part in self.rulebook.rules[code].force)


def _own_status(measure: ClausePart) -> LedgerStatus:
    """What a sentence is by its own wording, where nothing carries it."""
    if measure.kind is ClauseKind.FRONT_MATTER:
        return LedgerStatus.FRONT_MATTER
    if measure.kind is ClauseKind.GOVERNMENT_TASK:
        return LedgerStatus.DEPARTMENT_TASK
    if measure.certainty is Certainty.TARGET:
        return LedgerStatus.TARGET
    if measure.certainty is Certainty.PILOT:
        return LedgerStatus.PILOT
    if measure.determinate is False:
        return LedgerStatus.DIRECTION_ONLY
    return LedgerStatus.OPEN


def _citing(entries: Iterable[tuple[C, Entry]]) -> dict[str, list[C]]:
    found: dict[str, list[C]] = {}
    for code, entry in entries:
        for reference in citations(entry):
            found.setdefault(reference, []).append(code)
    return found


def _all(found: Mapping[str, Iterable[C]], keys: Iterable[str]) -> tuple[C, ...]:
    """What stands under any of the keys, each once."""
    return tuple(dict.fromkeys(value for key in keys for value in found.get(key, ())))
