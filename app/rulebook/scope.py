"""What a topic consists of once its modules are merged in: its names, each with its entry."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from app.rulebook.files.base import Entry
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.facts import FactEntry, FactUse
from app.rulebook.files.procedures import ProcedureEntry
from app.rulebook.files.rules import RuleEntry
from app.rulebook.files.shared import ConstraintEntry
from app.rulebook.files.topics import DefinitionEntry, ModuleFile, TopicFile
from app.rulebook.files.words import BenchmarkEntry, WordsEntry
from app.rulebook.folder import Folder, Source
from app.rulebook.mentions import names_only
from app.rulebook.names import Kind
from app.rulebook.registry import Registry, facts_of

E = TypeVar("E", bound=Entry)


@dataclass(slots=True)
class Scope:
    """A topic with its modules merged in.

    Shape: `facts` in the topic's order, options narrowed; `rules` and `definitions` the topic's own first, then module
        by module; `procedures` likewise, but after what they depend on, voluntary ones last; `elsewhere` fact -> option
        left out -> topic that takes it.
    """

    topic: TopicFile
    folder: Folder
    modules: list[Folder] = field(default_factory=list)
    facts: dict[str, FactEntry] = field(default_factory=dict)
    elsewhere: dict[str, dict[str, str]] = field(default_factory=dict)
    definitions: dict[str, DefinitionEntry] = field(default_factory=dict)
    constraints: dict[str, ConstraintEntry] = field(default_factory=dict)
    procedures: dict[str, ProcedureEntry] = field(default_factory=dict)
    rules: dict[str, RuleEntry] = field(default_factory=dict)
    cases: list[CaseEntry] = field(default_factory=list)
    benchmarks: list[BenchmarkEntry] = field(default_factory=list)
    words: list[WordsEntry] = field(default_factory=list)

    @property
    def folders(self) -> tuple[Folder, ...]:
        """The topic's own folder, then its modules'."""
        return (self.folder, *self.modules)

    def is_own(self, entry: Entry) -> bool:
        """Whether the topic writes the entry itself."""
        return self.folder.holds(entry.place.file)

    def entries(self) -> Iterator[Entry]:
        """Definitions, procedures and rules: all that is dated law in the topic."""
        yield from self.definitions.values()
        yield from self.procedures.values()
        yield from self.rules.values()


def definitions_of(folder: Folder) -> list[DefinitionEntry]:
    """The definitions a topic's or module's folder writes."""
    head = folder.head.definitions if isinstance(folder.head, TopicFile | ModuleFile) else ()
    return [*head, *folder.list("definitions", DefinitionEntry)]


def constraints_of(folder: Folder) -> list[ConstraintEntry]:
    """The constraints a folder writes."""
    head = folder.head.constraints if isinstance(folder.head, TopicFile | ModuleFile) else ()
    return [*head, *folder.list("constraints", ConstraintEntry)]


def scopes(source: Source, registry: Registry) -> dict[str, Scope]:
    """Return each topic that can be read, with its modules merged in."""
    return {
        folder.head.code: _scope(source, registry, folder, folder.head)
        for folder in source.topics.values()
        if isinstance(folder.head, TopicFile)
    }


def _scope(source: Source, registry: Registry, folder: Folder, topic: TopicFile) -> Scope:
    scope = Scope(topic, folder, [source.modules[name] for name in topic.uses if name in source.modules])
    _add_facts(scope, registry)
    for part in scope.folders:
        _add_all(scope.definitions, definitions_of(part), lambda entry: entry.code)
        _add_all(scope.procedures, part.list("procedures", ProcedureEntry), lambda entry: entry.code)
        _add_all(scope.rules, part.list("rules", RuleEntry), lambda entry: entry.code)
        scope.words.extend(part.list("words", WordsEntry))
    scope.procedures = _in_listing_order(scope.procedures)
    scope.words.extend(source.shared.list("words", WordsEntry))
    for part in (source.shared, *reversed(scope.folders)):
        fitting = (entry for entry in constraints_of(part) if part is folder or _fits(entry, scope))
        _add_all(scope.constraints, fitting, lambda entry: entry.code)
    scope.cases = folder.list("cases", CaseEntry)
    scope.benchmarks = folder.list("benchmarks", BenchmarkEntry)
    return scope


def _in_listing_order(procedures: dict[str, ProcedureEntry]) -> dict[str, ProcedureEntry]:
    """What has to be done first stands first; voluntary services stand last; otherwise as written."""
    listed: dict[str, ProcedureEntry] = {}

    def place(code: str, above: frozenset[str]) -> None:
        entry = procedures[code]
        for needed in entry.depends_on:
            if needed in procedures and needed not in listed and needed not in above:
                place(needed, above | {code})
        listed.setdefault(code, entry)

    for code in sorted(procedures, key=lambda code: procedures[code].optional):
        place(code, frozenset({code}))
    return listed


def _add_all(known: dict[str, E], entries: Iterable[E], code: Callable[[E], str]) -> None:
    for entry in entries:
        known.setdefault(code(entry), entry)


def _add_facts(scope: Scope, registry: Registry) -> None:
    for listed in (*scope.topic.facts, *facts_of(scope.folder)):
        if isinstance(listed, FactEntry):
            scope.facts.setdefault(listed.code, listed)
        elif listed.use in registry.facts():
            scope.facts[listed.use] = _narrowed(registry.facts()[listed.use], listed)
            scope.elsewhere[listed.use] = dict(listed.elsewhere)


def _narrowed(fact: FactEntry, use: FactUse) -> FactEntry:
    if not use.options:
        return fact
    return fact.model_copy(update={"options": tuple(o for o in fact.options if o.value in use.options)})


def _fits(entry: ConstraintEntry, scope: Scope) -> bool:
    """Whether all that the constraint speaks of is part of the topic."""
    return names_only(entry, {Kind.FACT: scope.facts, Kind.DEFINITION: scope.definitions})
