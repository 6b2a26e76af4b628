"""The changelog: fragments read, newest first, part of what a release is."""

from pathlib import Path

from app.rulebook import DatePrecision, check, load
from tests.support.make_rulebook import make_rulebook, rulebook_files, write_rulebook
from tests.support.small_changelog import CHANGELOG


def test_changes_stand_newest_first(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path, files={**rulebook_files(), **CHANGELOG})

    assert [entry.code for entry in rulebook.changelog] == ["small_by_commitment", "waived_by_night"]
    assert [entry.precision for entry in rulebook.changelog] == [DatePrecision.DAY, DatePrecision.MONTH]


def test_changelog_that_tells_every_change_is_clean(tmp_path: Path) -> None:
    report = check(write_rulebook(tmp_path, files={**rulebook_files(), **CHANGELOG}))

    assert report.findings == ()


def test_rulebook_without_a_changelog_is_not_asked_for_one(tmp_path: Path) -> None:
    assert check(write_rulebook(tmp_path)).findings == ()


def test_changelog_is_part_of_the_content(tmp_path: Path) -> None:
    without = make_rulebook(tmp_path / "without")
    having = make_rulebook(tmp_path / "having", files={**rulebook_files(), **CHANGELOG})

    assert having.content_hash != without.content_hash


def test_definition_change_counts_as_a_change_of_the_rules_that_use_it(tmp_path: Path) -> None:
    """A fragment may name the rule whose definition gets another wording on the day."""
    versions = (
        "- {effective: {to: 2022-01-01}, when: {fact: area_m2, below: 100}, basis: [law#1]}\n"
        "      - {effective: {from: 2022-01-01}, when: {fact: area_m2, below: 200}, basis: [law#1]}"
    )
    path, first = "topics/shop/topic.yaml", "- {when: {fact: area_m2, below: 100}, basis: [law#1]}"
    files = rulebook_files()
    files[path] = files[path].replace(first, versions)
    fragment = CHANGELOG["changelog/2021-06-01-small-by-commitment.yaml"]
    moved = fragment.replace("small_by_commitment", "larger_shops").replace("2021-06-01", "2022-01-01")
    told = {**CHANGELOG, "changelog/2022-01-01-larger-shops.yaml": moved}

    untold = check(write_rulebook(tmp_path / "untold", files={**files, **CHANGELOG})).findings

    assert [finding.code for finding in untold] == ["unrecorded_change"]
    assert load(write_rulebook(tmp_path / "told", files={**files, **told})).changelog[0].code == "larger_shops"
    assert check(write_rulebook(tmp_path / "again", files={**files, **told})).findings == ()
