"""Which file of a rulebook holds what: one table from a file's place and name to the entries in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.rulebook.files.base import Entry
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.policies import Clause, PolicyFile
from app.rulebook.files.procedures import ProcedureEntry
from app.rulebook.files.rules import RuleEntry
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
from app.rulebook.files.words import BenchmarkEntry, WordsEntry


@dataclass(frozen=True, slots=True)
class FileKind:
    """One kind of file.

    Shape: `lists` key -> what each entry of the list under it is · `single` key -> the one mapping under it ·
        `whole` the file is one entry · `bare` the file is a list without a key.
    """

    name: str
    lists: Mapping[str, type[Entry]] | None = None
    single: Mapping[str, type[Entry]] | None = None
    whole: type[Entry] | None = None
    bare: type[Entry] | None = None

    @property
    def models(self) -> tuple[type[Entry], ...]:
        """The models of the entries in it."""
        one = (self.whole, self.bare)
        many = (*(self.lists or {}).values(), *(self.single or {}).values())
        return (*(model for model in one if model is not None), *many)


def _list(name: str, entry: type[Entry]) -> FileKind:
    return FileKind(name, lists={name: entry})


_PROCEDURES = _list("procedures", ProcedureEntry)
_RULES = _list("rules", RuleEntry)
_FACTS = _list("facts", FactEntry)
_DEFINITIONS = _list("definitions", DefinitionEntry)
_CONSTRAINTS = _list("constraints", ConstraintEntry)
_WORDS = FileKind("words", single={"words": WordsEntry})
_MATERIALS = _list("materials", MaterialEntry)
_BOTH = (_PROCEDURES, _RULES, _FACTS, _DEFINITIONS, _CONSTRAINTS, _MATERIALS, _WORDS)

POLICY_FILES: Final = {
    kind.name: kind for kind in (FileKind("policy", whole=PolicyFile), FileKind("clauses", bare=Clause))
}
SHARED_FILES: Final = {
    kind.name: kind
    for kind in (
        _FACTS,
        _MATERIALS,
        _list("authorities", AuthorityEntry),
        _list("item_types", ItemTypeEntry),
        _list("levels", LevelEntry),
        FileKind("places", lists={"districts": DistrictEntry, "zones": ZoneEntry}),
        _CONSTRAINTS,
        FileKind("calendar", lists={"years": CalendarYear}),
        _WORDS,
    )
}
MODULE_FILES: Final = {kind.name: kind for kind in (FileKind("module", whole=ModuleFile), *_BOTH)}
TOPIC_FILES: Final = {
    kind.name: kind
    for kind in (
        FileKind("topic", whole=TopicFile),
        *_BOTH,
        _list("cases", CaseEntry),
        _list("benchmarks", BenchmarkEntry),
    )
}
#: Every file of the changelog is one fragment.
CHANGELOG_FILE: Final = FileKind("changelog", whole=ChangelogEntry)
#: Name of a JSON Schema -> the kind of file it describes.
ALL_KINDS: Final = POLICY_FILES | SHARED_FILES | MODULE_FILES | TOPIC_FILES | {CHANGELOG_FILE.name: CHANGELOG_FILE}
