"""The ledger: every sentence of the plan with what became of it."""

from pathlib import Path
from typing import Final

from app.rulebook import LedgerEntry, LedgerStatus, counts, ledger
from tests.support.make_rulebook import make_rulebook, rulebook_files, with_change, with_more

CLAUSES: Final = "policies/plan/clauses.yaml"
RULES: Final = "topics/shop/rules.yaml"
EXPLORES: Final = "certainty: pilot, determinate: false"
INTENTION: Final = """\
  - code: more_to_come
    title: {zh: 还有, en: More to come}
    basis: [plan#1.b]
    force: plan_intent
    then: [{note: {code: more, text: {zh: 还会更多, en: More is to come}}}]
"""


def entries(folder: Path, files: dict[str, str]) -> dict[str, LedgerEntry]:
    """Clause or part -> its entry."""
    return {entry.measure.id: entry for entry in ledger(make_rulebook(folder, files=files))}


def test_parts_stand_for_their_clause_and_headings_are_front_matter(tmp_path: Path) -> None:
    found = entries(tmp_path, rulebook_files())

    assert {code: entry.status for code, entry in found.items()} == {
        "0": LedgerStatus.FRONT_MATTER,
        "1.a": LedgerStatus.ENCODED,
        "1.b": LedgerStatus.PILOT,
    }


def test_entry_names_the_rules_and_topics_that_carry_it(tmp_path: Path) -> None:
    entry = entries(tmp_path, rulebook_files())["1.a"]

    assert entry.rules == ("waived_by_night",)
    assert entry.topics == ("shop",)
    assert entry.reference == "plan#1.a"


def test_who_cites_the_whole_clause_carries_each_part(tmp_path: Path) -> None:
    files = with_change(RULES, "basis: [plan#1.a]", "basis: [plan#1]")

    assert entries(tmp_path, files)["1.b"].status is LedgerStatus.ENCODED


def test_measure_nobody_carries_is_open(tmp_path: Path) -> None:
    files = with_change(CLAUSES, EXPLORES, "certainty: in_force, determinate: true")

    assert entries(tmp_path, files)["1.b"].status is LedgerStatus.OPEN


def test_measure_that_names_no_procedure_is_direction_only(tmp_path: Path) -> None:
    files = with_change(CLAUSES, EXPLORES, "certainty: in_force, determinate: false")

    assert entries(tmp_path, files)["1.b"].status is LedgerStatus.DIRECTION_ONLY


def test_reason_why_it_cannot_be_encoded_is_kept(tmp_path: Path) -> None:
    reason = "not_encodable: {zh: 没说哪一项, en: names nothing}"

    entry = entries(tmp_path, with_change(CLAUSES, EXPLORES, f"{EXPLORES}, {reason}"))["1.b"]

    assert entry.status is LedgerStatus.NOT_ENCODABLE
    assert entry.reason is not None
    assert entry.reason.en == "names nothing"


def test_intention_shown_as_a_note_is_no_encoding(tmp_path: Path) -> None:
    assert entries(tmp_path, with_more(RULES, INTENTION))["1.b"].status is LedgerStatus.NOTED


def test_counts_name_every_status(tmp_path: Path) -> None:
    totals = counts(ledger(make_rulebook(tmp_path)))

    assert set(totals) == set(LedgerStatus)
    assert sum(totals.values()) == 3
