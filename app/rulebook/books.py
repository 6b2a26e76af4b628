"""The resolved rulebook: frozen records that hold the engine's topics, and every entry with its words, by code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TypeVar

from app.engine import (
    DefinitionCode,
    ExtraKind,
    FactCode,
    ProcedureCode,
    RuleCode,
    Topic,
    Verification,
)
from app.rulebook.files.base import Citation, DatePrecision, Effective, Entry, Text
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.policies import Clause, ClausePart, PolicyFile
from app.rulebook.files.procedures import AcceptanceConditionEntry, ProcedureEntry
from app.rulebook.files.rules import ExtraEntry, RuleEntry
from app.rulebook.files.shared import (
    AuthorityEntry,
    CalendarYear,
    ConstraintEntry,
    DistrictEntry,
    ItemTypeEntry,
    LevelEntry,
    MaterialEntry,
    ZoneEntry,
)
from app.rulebook.files.topics import DefinitionEntry, ModuleFile, TopicFile
from app.rulebook.files.words import BenchmarkEntry
from app.rulebook.mentions import items
from app.rulebook.names import Kind

C = TypeVar("C")


@dataclass(frozen=True, slots=True)
class ArticleBook:
    """One citable piece: an article of a policy, a clause of the plan or a part of one.

    Shape: `quote` is the plan's own text, None for others; `summary` the other way round; `clause` the plan's entry
        that the quote is from, `part` the piece of it where a part is cited.
    """

    policy: PolicyFile
    code: str
    cite: Text
    title: Text
    verification: Verification
    effective: Effective
    summary: Text | None = None
    quote: str | None = None
    clause: Clause | None = None
    part: ClausePart | None = None

    @property
    def reference(self) -> str:
        """`policy#article`."""
        return f"{self.policy.code}#{self.code}"


@dataclass(frozen=True, slots=True)
class PolicyBook:
    """A policy with its articles or clauses by code, in order of the document."""

    policy: PolicyFile
    articles: Mapping[str, ArticleBook]
    clauses: tuple[Clause, ...] = ()
    text: str | None = None


@dataclass(frozen=True, slots=True)
class WordBook:
    """How people say it.

    Shape: `facts` fact -> option, `true` or `false` -> phrases.
    """

    topic: tuple[str, ...] = ()
    procedures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TopicBook:
    """A topic: the engine's record, and every entry behind it by code, modules' ones included.

    Shape: `facts` in the order they are asked, options narrowed as the topic takes them; `elsewhere` fact -> option
        left out -> topic that takes it; `extras` (kind, code) -> entry; `acceptance` (procedure, code) -> condition,
        those that rules add included; `words` everyday words of the topic itself, of procedures, of answers; `own` the
        procedures that the topic writes itself, those of its modules left out.
    """

    entry: TopicFile
    topic: Topic
    facts: Mapping[FactCode, FactEntry]
    elsewhere: Mapping[FactCode, Mapping[str, str]]
    definitions: Mapping[DefinitionCode, DefinitionEntry]
    constraints: Mapping[str, ConstraintEntry]
    procedures: Mapping[ProcedureCode, ProcedureEntry]
    rules: Mapping[RuleCode, RuleEntry]
    extras: Mapping[tuple[ExtraKind, str], ExtraEntry]
    acceptance: Mapping[tuple[ProcedureCode, str], AcceptanceConditionEntry]
    cases: Sequence[CaseEntry]
    benchmarks: tuple[BenchmarkEntry, ...]
    words: WordBook
    modules: tuple[str, ...]
    own: frozenset[ProcedureCode]

    @property
    def code(self) -> str:
        """The topic's code."""
        return self.entry.code

    def start_precision(self, codes: Iterable[RuleCode], start: date | None) -> DatePrecision:
        """How exactly the first day of an outcome is known: as roughly as the rule that begins on it."""
        if start is not None:
            for code in codes:
                effective = self.rules[code].effective
                if effective.start == start:
                    return effective.precision
        return DatePrecision.DAY


@dataclass(frozen=True)
class Rulebook:
    """规则库. Everything, resolved; never changed once made.

    Shape: all mappings in order of the files; `content_hash` is `sha256:<hex>` over the canonical form, `version` the
        name it is served under; `facts`, `procedures` and `rules` are those of all files, `shared_facts` those of
        rules/shared/facts.yaml alone, `shared_topic` these with the constraints among them and no law; `homes` (kind,
        code) -> the topic or module that writes it; `changelog` what changed in the law, newest first.
    """

    version: str
    content_hash: str
    policies: Mapping[str, PolicyBook]
    topics: Mapping[str, TopicBook]
    modules: Mapping[str, ModuleFile]
    facts: Mapping[FactCode, FactEntry]
    shared_facts: Mapping[FactCode, FactEntry]
    shared_topic: Topic
    procedures: Mapping[ProcedureCode, ProcedureEntry]
    rules: Mapping[RuleCode, RuleEntry]
    constraints: Mapping[str, ConstraintEntry]
    materials: Mapping[str, MaterialEntry]
    authorities: Mapping[str, AuthorityEntry]
    item_types: Mapping[str, ItemTypeEntry]
    levels: Mapping[str, LevelEntry]
    districts: Mapping[str, DistrictEntry]
    zones: Mapping[str, ZoneEntry]
    calendar: Mapping[int, CalendarYear]
    homes: Mapping[tuple[Kind, str], str] = field(default_factory=dict)
    changelog: tuple[ChangelogEntry, ...] = ()

    def article(self, reference: str) -> ArticleBook:
        """The citable piece behind `policy#article`.

        Raises: KeyError where there is none; a loaded rulebook cites none such.
        """
        policy, _, code = reference.partition("#")
        return self.policies[policy].articles[code]

    @cached_property
    def rules_citing(self) -> Mapping[str, tuple[RuleCode, ...]]:
        """`policy#article` -> the rules whose basis, limits or conditions cite it."""
        found: dict[str, dict[RuleCode, None]] = {}
        for code, rule in self.rules.items():
            for reference in citations(rule):
                found.setdefault(reference, {})[code] = None
        return {reference: tuple(codes) for reference, codes in found.items()}

    @cached_property
    def topics_of_fact(self) -> Mapping[FactCode, tuple[str, ...]]:
        """Fact -> the topics that ask it."""
        return _users({code: topic.facts for code, topic in self.topics.items()})

    @cached_property
    def topics_of_procedure(self) -> Mapping[ProcedureCode, tuple[str, ...]]:
        """Procedure -> the topics it belongs to."""
        return _users({code: topic.procedures for code, topic in self.topics.items()})

    @cached_property
    def topics_of_rule(self) -> Mapping[RuleCode, tuple[str, ...]]:
        """Rule -> the topics it decides in: one, or for a module's rule all that use it."""
        return _users({code: topic.rules for code, topic in self.topics.items()})


def citations(entry: Entry) -> tuple[str, ...]:
    """Every `policy#article` that the entry cites, each once, in order."""
    cited = (item.entry.ref for item in items(entry) if isinstance(item.entry, Citation))
    return tuple(dict.fromkeys(cited))


def _users(held: Mapping[str, Iterable[C]]) -> Mapping[C, tuple[str, ...]]:
    found: dict[C, list[str]] = {}
    for topic, codes in held.items():
        for code in codes:
            found.setdefault(code, []).append(topic)
    return {code: tuple(topics) for code, topics in found.items()}
