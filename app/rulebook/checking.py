"""All that `rules check` does: read, look up, check, prove; findings gathered, never the first one alone."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.collector import collector_at_rest
from app.errors import Finding, RulebookError
from app.rulebook.books import Rulebook
from app.rulebook.checks import Context, check_entries, prove_topics
from app.rulebook.findings import Findings
from app.rulebook.folder import Source, read_folder
from app.rulebook.registry import register
from app.rulebook.resolve import resolve
from app.rulebook.scope import Scope, scopes

#: What is found where something is missed that may stand in a file which cannot be read.
_FOLLOWING: Final = frozenset(
    {
        "definition_not_in_force",
        "idle_override",
        "missing_definition",
        "nothing_changes",
        "unknown_condition",
        "unknown_name",
        "unlisted_fact",
        "unrecorded_change",
        "useless_fact",
    }
)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the checks came to.

    Shape: `findings` by place · `draft` what could be resolved, topics with errors left out; None without a folder.
    """

    findings: tuple[Finding, ...]
    draft: Rulebook | None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the rulebook from being served."""
        return tuple(finding for finding in self.findings if not finding.warning)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that ask for a look."""
        return tuple(finding for finding in self.findings if finding.warning)

    @property
    def rulebook(self) -> Rulebook | None:
        """The whole rulebook, None while there is an error."""
        return None if self.errors else self.draft


def check(path: Path, *, prove: bool = True) -> CheckReport:
    """Return all findings about the rulebook in the folder, and what could be resolved.

    Cost: with `prove` every topic is compiled for every period of the law.
    """
    path = path.resolve()
    if not path.is_dir():
        message = "there is no such folder; give the folder of the rulebook"
        return CheckReport((Finding(str(path), 0, 0, "missing_file", message),), None)
    with collector_at_rest():
        source = read_folder(path)
        findings = source.findings
        registry = register(source, findings)
        merged = scopes(source, registry)
        check_entries(Context(source, registry, merged, findings))
        sound = {code: scope for code, scope in merged.items() if not _is_blocked(scope, source, findings)}
        draft = resolve(source, registry, sound)
    if prove:
        prove_topics(draft, findings)
    return CheckReport(_themselves(findings.sorted(), source), draft)


def load(path: Path) -> Rulebook:
    """Return the rulebook in the folder; what `rules check` proves beyond its entries is taken as proved.

    Raises: RulebookError with every finding, if any of them is an error.
    """
    report = check(path, prove=False)
    if report.rulebook is None:
        raise RulebookError(report.errors, hint="`approval-guide rules check` lists these too")
    return report.rulebook


def _themselves(found: tuple[Finding, ...], source: Source) -> tuple[Finding, ...]:
    """The findings without those that say in a hundred places that a file which cannot be read is missed."""
    topics = source.topics.values()
    homes = [next((topic for topic in topics if topic.holds(file)), None) for file in source.unreadable]

    def follows(finding: Finding) -> bool:
        # What all topics share may be missed anywhere; what one topic has, in its own files and the changelog.
        near = (home is None or home.holds(finding.file) or source.changelog.holds(finding.file) for home in homes)
        return finding.code in _FOLLOWING and any(near)

    return tuple(finding for finding in found if not follows(finding))


def _is_blocked(scope: Scope, source: Source, findings: Findings) -> bool:
    """Whether the topic or something it is built on is too wrong to be tried."""
    return any(
        any(folder.holds(file) for folder in scope.folders) or file.rpartition("/")[0] == source.shared.path
        for file in findings.blocking
    )
