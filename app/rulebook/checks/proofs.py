"""Proofs: what the engine finds when it goes through every possible scenario of a topic, put into words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.engine import FactCode, Fault, FaultKind, ProcedureCode, RuleCode, compile_topic, find_faults
from app.errors import Finding
from app.rulebook.books import Rulebook, TopicBook
from app.rulebook.checks.fault_words import said_of
from app.rulebook.files.facts import FactUse
from app.rulebook.findings import Findings
from app.rulebook.lookup import plain
from app.rulebook.names import Kind
from app.rulebook.places import Place

#: What a module's rule may be in one topic, as long as it is not so in every topic that uses the module.
_IDLE: Final = frozenset({FaultKind.DEAD_RULE, FaultKind.IDLE_OVERRIDE})


@dataclass(frozen=True, slots=True)
class Told:
    """A fault put into words, at the place to look at first.

    Shape: `topic` the one whose proof found it, the first of several.
    """

    finding: Finding
    topic: str
    fault: Fault


def prove_topics(draft: Rulebook, findings: Findings) -> None:
    """Note every contradiction, gap, dead rule, idle override and merge into nothing, each with a scenario."""
    faults = {code: find_faults(compile_topic(book.topic)) for code, book in draft.topics.items()}
    for told in tell(draft, faults):
        if not findings.has_at(told.finding):
            findings.take(told.finding, harmless=True)


def tell(draft: Rulebook, faults: Mapping[str, Sequence[Fault]]) -> Iterator[Told]:
    """The faults in words; what a module's rule does in no topic is told once, as a warning.

    Shape: `faults` by the code of the topic; all topics that use a module have to be among them.
    """
    idle: dict[tuple[FaultKind, tuple[str, ...]], list[tuple[str, Fault]]] = {}
    for code, found in faults.items():
        book = draft.topics[code]
        for fault in telling(book, found):
            if fault.kind in _IDLE and draft.homes[Kind.RULE, fault.codes[0]] != code:
                idle.setdefault((fault.kind, fault.codes), []).append((code, fault))
            else:
                yield _told(book, fault, code)
    for (_, codes), found_in in idle.items():
        first, fault = found_in[0]
        if len(found_in) == sum(codes[0] in book.rules for book in draft.topics.values()):
            yield _told(draft.topics[first], fault, ", ".join(code for code, _ in found_in), warning=True)


def telling(book: TopicBook, faults: Sequence[Fault]) -> Iterator[Fault]:
    """The faults, without overrides that are idle only because a rule is dead, and without two equal fees."""
    dead = {fault.codes[0] for fault in faults if fault.kind is FaultKind.DEAD_RULE}
    for fault in faults:
        if fault.kind is FaultKind.IDLE_OVERRIDE and dead & set(fault.codes):
            continue
        if fault.about != "fee" or _fees_differ(book, fault):
            yield fault


def _fees_differ(book: TopicBook, fault: Fault) -> bool:
    """The engine knows that two rules give a fee, and not which."""
    *rules, procedure = fault.codes
    effects = [effect for code in rules for effect in book.rules[RuleCode(code)].procedure_effects]
    fees = [plain(effect.fee) for effect in effects if effect.procedure == procedure and effect.fee is not None]
    return any(fee != fees[0] for fee in fees)


def _told(book: TopicBook, fault: Fault, topics: str, *, warning: bool = False) -> Told:
    place = _place(book, fault)
    message = f"{topics}: {said_of(fault)}"
    finding = Finding(place.file, place.mark.line, place.mark.column, fault.kind.value, message, warning=warning)
    return Told(finding, topics.partition(",")[0], fault)


# ---- where -------------------------------------------------------------------------------------------


def _place(book: TopicBook, fault: Fault) -> Place:
    if fault.kind is FaultKind.USELESS_QUESTION:
        return _listed_at(book, fault.codes[0])
    if fault.kind is FaultKind.NO_SCENARIO:
        broken = (book.constraints.get(code) for code in fault.codes)
        return next((constraint.place for constraint in broken if constraint), book.entry.place)
    joined = () if fault.kind is FaultKind.DEAD_RULE else fault.rules
    for code in (*joined, *fault.codes):
        entry = book.rules.get(RuleCode(code)) or book.procedures.get(ProcedureCode(code))
        if entry is not None:
            if fault.kind is FaultKind.IDLE_OVERRIDE and fault.codes[1] in book.rules[RuleCode(code)].overrides:
                return entry.place.at("overrides", book.rules[RuleCode(code)].overrides.index(fault.codes[1]))
            return entry.place
    return book.entry.place


def _listed_at(book: TopicBook, code: str) -> Place:
    """Where the topic lists the fact."""
    for index, listed in enumerate(book.entry.facts):
        if code == (listed.use if isinstance(listed, FactUse) else listed.code):
            return book.entry.place.at("facts", index)
    return book.facts[FactCode(code)].place
