"""The report of the checks: what blocks, what only warns, and what can be tried meanwhile."""

from pathlib import Path
from typing import Final

from app.rulebook import check
from tests.support.make_rulebook import rulebook_files, with_change, with_more, write_rulebook
from tests.support.small_changelog import CHANGELOG

RULES: Final = "topics/shop/rules.yaml"
PROCEDURES: Final = "topics/shop/procedures.yaml"
MODULE: Final = "shared/premises/module.yaml"
#: A second topic that uses the small rulebook's module and has nothing of its own.
OTHER: Final = """\
code: other
name: {zh: 别的, en: Something else}
group: shops
summary: {zh: 别的事, en: Another thing}
before_day: 2020-12-29
covers_from: 2019-01-01
reviewed_until: 2026-11-22
uses: [premises]
facts: [fits_out, district]
definitions:
  - {code: is_small, title: {zh: 小, en: small}, versions: [{when: {always: false}, basis: [law#1]}]}
  - {code: is_checked, title: {zh: 查, en: checked}, versions: [{when: {always: true}, basis: [law#1]}]}
"""
SMALL_UNCHECKED: Final = """\
rules:
  - code: small_unchecked
    title: {zh: 小店免查, en: Small ones unchecked}
    basis: [law#1]
    force: binding
    when: {definition: is_checked}
    then: [{procedure: fire_check, treatment: waived}]
"""
NEVER_CHECKED: Final = """\
  - {code: is_checked, title: {zh: 查, en: checked}, versions: [{when: {always: false}, basis: [law#1]}]}
constraints: []
"""


def two_topics() -> dict[str, str]:
    """The small rulebook and the second topic."""
    return {**rulebook_files(), "topics/other/topic.yaml": OTHER, "topics/other/procedures.yaml": "procedures: []\n"}


def with_rule_dead_in_the_shop() -> dict[str, str]:
    """The small rulebook with a rule in the module that the shop can never reach."""
    files = with_change(MODULE, "needs: [is_small]", "needs: [is_small, is_checked]")
    files = with_more("shared/premises/rules.yaml", SMALL_UNCHECKED, files=files)
    return with_change("topics/shop/topic.yaml", "constraints: []\n", NEVER_CHECKED, files=files)


def test_folder_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    report = check(tmp_path / "nowhere")

    assert [finding.code for finding in report.findings] == ["missing_file"]
    assert report.draft is None


def test_warning_does_not_keep_the_rulebook_from_being_served(tmp_path: Path) -> None:
    report = check(write_rulebook(tmp_path, files=with_change(RULES, "Keep your word", "Keep your 诺言")))

    assert [finding.code for finding in report.warnings] == ["chinese_in_english"]
    assert report.rulebook is not None


def test_broken_topic_leaves_the_others_fit_to_be_tried(tmp_path: Path) -> None:
    files = with_change(RULES, "force: binding", "force: law", files=two_topics())

    report = check(write_rulebook(tmp_path, files=files))

    assert report.rulebook is None
    assert report.draft is not None
    assert list(report.draft.topics) == ["other"]


def test_broken_shared_list_keeps_every_topic_back(tmp_path: Path) -> None:
    files = with_change("shared/levels.yaml", ", en: city", "", files=two_topics())

    report = check(write_rulebook(tmp_path, files=files))

    assert report.draft is not None
    assert dict(report.draft.topics) == {}


def test_broken_entry_is_not_said_to_be_missing_too(tmp_path: Path) -> None:
    files = with_change(PROCEDURES, "kind: approval", "kind: aproval")

    report = check(write_rulebook(tmp_path, files=files))

    assert [finding.code for finding in report.findings] == ["invalid_value"]


def test_broken_policy_is_said_once_and_not_at_each_mention(tmp_path: Path) -> None:
    files = with_change("policies/law/policy.yaml", "rank: law", "rank: lore")

    report = check(write_rulebook(tmp_path, files=files))

    assert [finding.code for finding in report.findings] == ["invalid_value"]


def test_file_that_is_not_utf_8_is_a_finding(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path)
    (root / "shared/levels.yaml").write_bytes("levels: []  # 级".encode("gb18030"))

    report = check(root)

    assert "syntax" in [finding.code for finding in report.findings]


def test_proofs_can_be_left_out(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=with_change(RULES, "    overrides: [commitment_for_small]\n", ""))

    assert check(root, prove=False).findings == ()
    assert [finding.code for finding in check(root).findings] == ["contradiction"]


def test_rule_of_a_module_that_no_topic_reaches_is_a_warning(tmp_path: Path) -> None:
    report = check(write_rulebook(tmp_path, files=with_rule_dead_in_the_shop()))

    assert [(finding.code, finding.warning) for finding in report.findings] == [("dead_rule", True)]


def test_rule_of_a_module_that_one_topic_reaches_is_no_finding(tmp_path: Path) -> None:
    files = {**with_rule_dead_in_the_shop(), "topics/other/topic.yaml": OTHER}
    files["topics/other/procedures.yaml"] = "procedures: []\n"

    assert check(write_rulebook(tmp_path, files=files)).findings == ()


def test_file_that_cannot_be_read_is_one_finding_and_not_one_for_all_that_names_what_it_holds(tmp_path: Path) -> None:
    files = with_change(RULES, "force: binding", "force：binding", files={**rulebook_files(), **CHANGELOG})

    report = check(write_rulebook(tmp_path, files=files))

    assert [finding.code for finding in report.findings] == ["syntax"]


def test_other_faults_are_said_beside_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    files = with_change("topics/other/topic.yaml", "uses: [premises]", "uses: [premise]", files=two_topics())
    files = with_change(RULES, "force: binding", "force：binding", files=files)

    report = check(write_rulebook(tmp_path, files=files))

    assert [(finding.code, finding.file) for finding in report.findings] == [
        ("unknown_name", "rules/topics/other/topic.yaml"),
        ("syntax", "rules/topics/shop/rules.yaml"),
    ]


def test_fragment_that_names_a_rule_which_cannot_be_read_is_no_finding_of_its_own(tmp_path: Path) -> None:
    files = with_change(
        RULES,
        "title: {zh: 小店告知承诺, en: Small shops by commitment}",
        "title: 小店",
        files={**rulebook_files(), **CHANGELOG},
    )

    report = check(write_rulebook(tmp_path, files=files))

    assert {finding.code for finding in report.errors} == {"wrong_type"}


def test_condition_dropped_from_a_procedure_that_cannot_be_read_is_no_finding_of_its_own(tmp_path: Path) -> None:
    rule = """\
  - code: nothing_to_sell_needed
    title: {zh: 没东西也行, en: Nothing to sell needed}
    basis: [law#1]
    force: binding
    then:
      - {procedure: licence, conditions: {drop: [has_goods]}}
"""
    files = with_change(
        PROCEDURES, "    level: city\n    depends_on: [fire_check]", "    level: 7\n    depends_on: [fire_check]"
    )
    files = with_more(RULES, rule, files=files)

    report = check(write_rulebook(tmp_path, files=files))

    assert [finding.code for finding in report.errors] == ["wrong_type"]
