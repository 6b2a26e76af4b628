"""Every code of a rulebook with what it stands for; two things with one code are findings here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, cast

from app.rulebook.files.base import Entry
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.policies import Clause, PolicyFile
from app.rulebook.files.shared import DistrictEntry
from app.rulebook.files.topics import ModuleFile, TopicFile
from app.rulebook.findings import Findings
from app.rulebook.folder import Folder, Source
from app.rulebook.names import Kind
from app.rulebook.places import Place


class Coded(Protocol):
    """An entry with a code."""

    @property
    def code(self) -> str:
        """Its code."""


#: Key of a list -> kind of thing its entries are. Definitions and constraints belong to one topic or module.
_KINDS: Final = {
    "facts": Kind.FACT,
    "procedures": Kind.PROCEDURE,
    "rules": Kind.RULE,
    "materials": Kind.MATERIAL,
    "authorities": Kind.AUTHORITY,
    "item_types": Kind.ITEM_TYPE,
    "levels": Kind.LEVEL,
}
_OWN: Final = ("definitions", "constraints", "cases", "benchmarks")


@dataclass(slots=True)
class Registry:
    """All codes.

    Shape: `known` kind -> code -> entry; for clauses the entry is the article or clause, under `policy#article`.
        `homes` (kind, code) -> name of the folder it is written in.
    """

    known: dict[Kind, dict[str, Entry]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    homes: dict[tuple[Kind, str], str] = field(default_factory=dict)
    broken: set[tuple[Kind, str]] = field(default_factory=set)

    def has(self, kind: Kind, code: str) -> bool:
        """Whether the code stands for something, entries that could not be read included."""
        return code in self.known[kind] or (kind, code) in self.broken

    def facts(self) -> Mapping[str, FactEntry]:
        """All facts by code."""
        return cast(Mapping[str, FactEntry], self.known[Kind.FACT])


def facts_of(folder: Folder) -> Iterator[FactEntry]:
    """The facts the folder writes itself: in its lists, and in its topic's or module's file."""
    yield from folder.list("facts", FactEntry)
    if isinstance(folder.head, TopicFile | ModuleFile):
        yield from (fact for fact in folder.head.facts if isinstance(fact, FactEntry))


def register(source: Source, findings: Findings) -> Registry:
    """Return all codes of the rulebook, and note those that are used twice."""
    registry = Registry(broken=_broken(source))
    for folder in (source.shared, *source.modules.values(), *source.topics.values()):
        for fact in facts_of(folder):
            _add(registry, Kind.FACT, fact.code, fact, folder, findings)
        for key, kind in _KINDS.items():
            if kind is not Kind.FACT:
                for entry in folder.entries.get(key, ()):
                    _add(registry, kind, cast(Coded, entry).code, entry, folder, findings)
        _check_own(folder, findings)
    for kind, folders in ((Kind.MODULE, source.modules), (Kind.TOPIC, source.topics)):
        for folder in folders.values():
            _add_head(registry, kind, folder, findings)
    for folder in source.policies.values():
        _add_policy(registry, folder, findings)
    for district in source.shared.list("districts", DistrictEntry):
        _add(registry, Kind.DISTRICT, district.code, district, source.shared, findings)
    return registry


def _broken(source: Source) -> set[tuple[Kind, str]]:
    kinds = _KINDS | {"definitions": Kind.DEFINITION}
    return {(kinds[key], code) for key, code in source.broken if key in kinds}


def _add(registry: Registry, kind: Kind, code: str, entry: Entry, folder: Folder, findings: Findings) -> None:
    first = registry.known[kind].get(code)
    if first is not None:
        where = f"{first.place.file}:{first.place.mark.line}"
        findings.add(
            entry.place.at("code"),
            "duplicate_code",
            f"the {kind} `{code}` stands in {where} already; give one of them another code, or keep one entry"
            " in a module that both topics use",
        )
        return
    registry.known[kind][code] = entry
    registry.homes[kind, code] = folder.name


def _add_head(registry: Registry, kind: Kind, folder: Folder, findings: Findings) -> None:
    head = folder.head
    if head is None:
        registry.broken.add((kind, folder.name))
        return
    code = cast(Coded, head).code
    _check_folder(folder, code, findings)
    _add(registry, kind, code, head, folder, findings)


def _check_folder(folder: Folder, code: str, findings: Findings) -> None:
    if code != folder.name:
        findings.add(
            folder.place.at("code"),
            "wrong_folder",
            f"the folder is named `{folder.name}` and holds `{code}`; give both one name",
        )


def _add_policy(registry: Registry, folder: Folder, findings: Findings) -> None:
    _add_head(registry, Kind.POLICY, folder, findings)
    if not isinstance(folder.head, PolicyFile):
        return
    policy = folder.head.code
    for article in folder.head.articles:
        _add(registry, Kind.ARTICLE, f"{policy}#{article.code}", article, folder, findings)
    for clause in folder.list("clauses", Clause):
        _add_clause(registry, f"{policy}#{clause.id}", clause, clause.place, folder, findings)
        for part in clause.parts:
            _add_clause(registry, f"{policy}#{part.id}", part, part.place, folder, findings)


def _add_clause(
    registry: Registry, reference: str, entry: Entry, place: Place, folder: Folder, findings: Findings
) -> None:
    if reference in registry.known[Kind.ARTICLE]:
        findings.add(place.at("id"), "duplicate_code", f"the clause {reference} stands here twice; keep one")
        return
    registry.known[Kind.ARTICLE][reference] = entry
    registry.homes[Kind.ARTICLE, reference] = folder.name


def _check_own(folder: Folder, findings: Findings) -> None:
    """Codes that have to be single within one topic or module only."""
    for key in _OWN:
        entries = list(folder.entries.get(key, ()))
        if isinstance(folder.head, TopicFile | ModuleFile) and key in {"definitions", "constraints"}:
            entries.extend(getattr(folder.head, key))
        seen: dict[str, Entry] = {}
        for entry in entries:
            code = cast(Coded, entry).code
            first = seen.setdefault(code, entry)
            if first is not entry:
                findings.add(
                    entry.place.at("code"),
                    "duplicate_code",
                    f"`{code}` stands in {first.place.file}:{first.place.mark.line} already; keep one, or rename",
                )
