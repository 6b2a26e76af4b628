"""The one table of what the checks say: code -> what it means; and the list findings are gathered in."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from app.errors import Finding
from app.rulebook.places import Place

#: Code of a finding -> what is wrong, in a few words. `rules check --codes` prints it.
CODES: Final[dict[str, str]] = {
    # form
    "syntax": "the file is not YAML, or more than one document",
    "anchor": "anchors, aliases and tags are not used",
    "duplicate_key": "a key stands twice in one mapping",
    "unknown_key": "a key that this kind of entry does not have",
    "missing_key": "a key that has to be there",
    "wrong_type": "text, number, day, list or mapping in the wrong place",
    "invalid_value": "a value outside what the key takes",
    "missing_translation": "Chinese or English is empty or absent",
    "missing_file": "a file that belongs to a folder is not there",
    "unknown_file": "a file that is read by nobody",
    # names
    "duplicate_code": "two things of one kind with one code",
    "unknown_name": "a code that stands for nothing",
    "wrong_folder": "a folder is named otherwise than what it holds",
    "unlisted_fact": "a condition mentions a fact the topic does not list",
    "useless_fact": "a fact is listed and mentioned nowhere",
    "missing_definition": "a module needs a definition the topic does not write",
    # sources
    "missing_source": "no clause, no load",
    "source_ended": "all sources of an entry have ended before it does",
    "quote_not_found": "a quoted text that the document does not have",
    "unverified_decision": "a rule on unverified sources alone waives or closes",
    "barrier_on_weak_source": "a condition that bars rests on a secondary source or a worse one",
    "intent_decides": "a mere intention of the plan decides something",
    # time
    "period_clash": "periods that overlap, or end before they begin",
    "force_gap": "a rule has no force on a day it is in force",
    "covers_from_late": "`covers_from` lies after `before_day`",
    "day_not_covered": "a worked example lies before the first day the topic covers",
    "definition_not_in_force": "a rule in force uses a definition that has no version then",
    # values and circles
    "value_outside_fact": "a value that the fact cannot have",
    "default_not_allowed": "a default on a fact that chooses no voluntary way",
    "not_comparable": "two facts compared that have no common order",
    "date_chain": "a day compared with two others, or with another and a fixed day",
    "dependency_cycle": "procedures that wait for each other",
    "definition_cycle": "definitions that use each other",
    "required_cycle": "procedures whose existence hangs on each other",
    "override_cycle": "rules that override each other",
    # rules
    "idle_override": "an override that can never bite",
    "unknown_condition": "an acceptance condition dropped that the procedure does not have",
    # words
    "chinese_in_english": "English text holds Chinese outside brackets, quotes and document numbers",
    # changelog
    "wrong_file_name": "a fragment of the changelog is not named after its day and code",
    "nothing_changes": "a fragment names a rule or procedure that does not change on its day",
    "unrecorded_change": "the law of a topic changes on a day that no fragment of the changelog speaks of",
    # proofs
    "no_scenario": "constraints that leave nothing possible",
    "contradiction": "two rules set different treatments, limits … for one scenario",
    "gap": "a required procedure gets no treatment",
    "node_budget": "conditions of one procedure too entangled to be read exactly",
    "dead_rule": "a rule that no scenario reaches",
    "merge_target": "a procedure merged into one that is not there to do",
    "merge_cycle": "procedures merged into each other",
    "order_cycle": "procedures that wait for each other once merges and parallel groups are applied",
    "useless_question": "a fact is asked and moves nothing on any day",
}


class Findings:
    """Findings in the making; the same thing is said once at one place."""

    def __init__(self) -> None:
        self._found: dict[Finding, None] = {}
        #: Files in which something is so wrong that a topic built on them cannot be tried.
        self.blocking: set[str] = set()

    def add(self, place: Place, code: str, message: str, *, warning: bool = False, harmless: bool = False) -> None:
        """Note something at the place of a value; `harmless` errors leave a topic fit to be tried."""
        finding = Finding(place.file, place.mark.line, place.mark.column, code, message, warning=warning)
        self.take(finding, harmless=harmless)

    def add_at_key(self, place: Place, code: str, message: str, *, warning: bool = False) -> None:
        """Note something at the key in front of a value."""
        self.take(Finding(place.file, *place.key(), code, message, warning=warning))

    def take(self, *findings: Finding, harmless: bool = False) -> None:
        """Note findings made elsewhere."""
        for finding in findings:
            assert finding.code in CODES, finding.code
            self._found.setdefault(finding)
            if not (finding.warning or harmless):
                self.blocking.add(finding.file)

    def block(self, place: Place) -> None:
        """Keep topics built on the place's file from being tried, without a finding of its own."""
        self.blocking.add(place.file)

    def has_at(self, finding: Finding) -> bool:
        """Whether something of the same code was said at the same place."""
        at = (finding.file, finding.line, finding.column, finding.code)
        return any((known.file, known.line, known.column, known.code) == at for known in self._found)

    def sorted(self) -> tuple[Finding, ...]:
        """All of them by place."""
        return tuple(sorted(self._found))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question to the nearest names, or nothing where none is near."""
    near = get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f"; did you mean {' or '.join(f'`{word}`' for word in near)}?" if near else ""
