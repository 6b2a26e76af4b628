"""Whether `rules check` notices a mutant by its entry alone: names, sources, periods, circles, the changelog."""

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from pathlib import Path

from app.rulebook.checks import Context, check_changelog, check_sources, check_time, check_usage, check_values
from app.rulebook.files.base import Entry
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.findings import Findings
from app.rulebook.folder import Folder, Source, read_folder
from app.rulebook.mutation.mutants import Mutant, Owner
from app.rulebook.places import NOWHERE
from app.rulebook.registry import Registry, register
from app.rulebook.scope import Scope, scopes


class EntryChecks:
    """The rulebook's files, read once to check one changed entry at a time."""

    def __init__(self, path: Path) -> None:
        source = read_folder(path.resolve())
        self.source = source
        self.registry: Registry = register(source, source.findings)
        self.scopes: dict[str, Scope] = scopes(source, self.registry)
        self.fragments = source.changelog.list("changelog", ChangelogEntry)

    def finding(self, mutant: Mutant) -> str:
        """The code of the first finding that the mutant brings, "" for none; warnings do not count."""
        merged = {code: _altered(scope, mutant) for code, scope in self.scopes.items() if _has(scope, mutant)}
        findings = Findings()
        context = Context(self._small_source(mutant, merged, findings), self.registry, merged, findings)
        for check in (check_time, check_sources, check_values, check_changelog, check_usage):
            check(context)
            found = next((finding.code for finding in findings.sorted() if not finding.warning), "")
            if found:
                return found
        return ""

    def _small_source(self, mutant: Mutant, merged: dict[str, Scope], findings: Findings) -> Source:
        """A source that holds the changed entry, and the fragments that speak of its topics."""
        entries: list[Entry] = [mutant.entry] if mutant.entry is not None else []
        home = Folder("changed", "", NOWHERE, entries={"changed": entries})
        told: list[Entry] = [entry for entry in self.fragments if set(entry.topics) <= merged.keys()]
        changelog = replace(self.source.changelog, entries={"changelog": told})
        return Source(self.source.root, home, changelog, findings=findings)


def _has(scope: Scope, mutant: Mutant) -> bool:
    return mutant.code in _known(scope, mutant.owner)


def _known(scope: Scope, owner: Owner) -> Mapping[str, Entry]:
    known: dict[Owner, Mapping[str, Entry]] = {
        Owner.RULE: scope.rules,
        Owner.DEFINITION: scope.definitions,
        Owner.PROCEDURE: scope.procedures,
    }
    return known[owner]


def _altered(scope: Scope, mutant: Mutant) -> Scope:
    """The topic with the mutant's entry in place of the original one."""
    other = copy(scope)
    made = dict(_known(scope, mutant.owner))
    if mutant.entry is None:
        del made[mutant.code]
    else:
        made[mutant.code] = mutant.entry
    setattr(other, f"{mutant.owner}s", made)
    return other
