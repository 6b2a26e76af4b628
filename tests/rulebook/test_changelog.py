"""The changelog: fragments read, newest first, part of what a release is."""

from pathlib import Path

from app.rulebook import DatePrecision, check, load
from tests.support.make_rulebook import make_rulebook, rulebook_files, with_change, with_more, write_rulebook
from tests.support.small_changelog import CHANGELOG


def with_limits(later: str) -> dict[str, str]:
    """The small rulebook with its changelog, the licence's limit ending in 2023 and followed by another."""
    first = "{statutory: {value: 20, unit: working_day}, promised: null, basis: [law#1]}"
    both = f"{first.replace('{statutory', '{effective: {to: 2023-01-01}, statutory')}\n      - {later}"
    files = {**rulebook_files(), **CHANGELOG}
    return with_change(
        "topics/shop/procedures.yaml",
        f"      - {first}\n    materials: {{complete: true, items: [form]}}",
        f"      - {both}\n    materials: {{complete: true, items: [form]}}",
        files=files,
    )


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


def test_other_figure_from_a_day_on_wants_a_fragment_and_another_source_of_the_same_does_not(tmp_path: Path) -> None:
    same = "{effective: {from: 2023-01-01}, statutory: {value: 20, unit: working_day}, promised: null, basis: [law#1]}"
    other = same.replace("value: 20", "value: 10")

    quiet = check(write_rulebook(tmp_path / "quiet", files=with_limits(same))).findings
    asked = check(write_rulebook(tmp_path / "asked", files=with_limits(other))).findings

    assert quiet == ()
    assert [(finding.code, "2023-01-01 (licence)" in finding.message) for finding in asked] == [
        ("unrecorded_change", True)
    ]


def test_rule_that_sets_no_treatment_wants_a_fragment_too(tmp_path: Path) -> None:
    rule = """\
  - code: online_from_2023
    title: {zh: 网上办, en: Online}
    basis: [law#1]
    force: binding
    effective: {from: 2023-01-01}
    then:
      - {procedure: licence, channel: online}
"""
    files = with_more("topics/shop/rules.yaml", rule, files={**rulebook_files(), **CHANGELOG})

    findings = check(write_rulebook(tmp_path, files=files)).findings

    assert [(finding.code, finding.warning) for finding in findings] == [("unrecorded_change", True)]
