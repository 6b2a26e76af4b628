"""A finding saved as a worked example: it fails until the rules are mended, and nothing else in the file moves."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from app.engine import compile_topic
from app.errors import RulebookError
from app.rulebook import CaseResult, SavedCase, check, load, run_cases, save_cases, verify
from tests.support.make_rulebook import rulebook_files, with_change, with_more, write_rulebook

RULES: Final = "topics/shop/rules.yaml"
CASES: Final = "topics/shop/cases.yaml"
BAD: Final = Path(__file__).parent / "bad"
#: Broken files whose proof is a finding, and what of them is the rule file.
FAULTY: Final = [
    "contradiction",
    "contradiction_limit",
    "dead_rule",
    "merge_target",
    "merge_cycle",
    "gap",
    "useless_question",
    "no_scenario",
]


def saved(root: Path) -> tuple[SavedCase, ...]:
    """What the proof of the folder's rulebook comes to, saved into it."""
    rulebook = load(root)
    return save_cases(root, rulebook, verify(rulebook, made_at=datetime(2026, 11, 22, tzinfo=UTC), workers=1))


def tried(root: Path) -> list[CaseResult]:
    """The results of the topic's examples."""
    book = load(root).topics["shop"]
    compiled = compile_topic(book.topic)
    return list(run_cases(book, lambda _: compiled))


def broken(name: str) -> dict[str, str]:
    """The small rulebook without its example, with one of the broken files."""
    text = (BAD / f"{name}.yaml").read_text("utf-8")
    (where,) = [line.removeprefix("# file: ") for line in text.splitlines() if line.startswith("# file: ")]
    return {**rulebook_files(without={CASES}), where: text}


def contradictory(cases: str | None = None) -> dict[str, str]:
    """The small rulebook without the override that keeps two rules apart."""
    return with_change(RULES, "    overrides: [commitment_for_small]\n", "", files=rulebook_files(cases=cases))


@pytest.mark.parametrize("name", FAULTY)
def test_saved_example_fails_while_the_fault_is_there(name: str, tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=broken(name))

    cases = saved(root)

    assert all(case.is_new for case in cases)
    assert check(root, prove=False).errors == ()
    assert [(result.case.code, result.passed) for result in tried(root)] == [(case.code, False) for case in cases]


@pytest.mark.parametrize("name", ["contradiction", "contradiction_limit", "dead_rule", "merge_target", "gap"])
def test_saved_example_passes_once_the_rules_are_mended(name: str, tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=broken(name))
    cases = saved(root)

    for path, text in rulebook_files(without={CASES}).items():
        (root / path).write_text(text, "utf-8")

    assert [result.passed for result in tried(root)] == [True] * len(cases)


def test_saved_example_tells_the_scenario_the_clause_and_what_has_to_hold(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=contradictory())

    (case,) = saved(root)

    written = (root / CASES).read_text("utf-8").splitlines()[case.line - 1 :]
    kept = [line for line in written if not line.lstrip().startswith(("title:", "note:"))]
    assert kept == [
        "  - code: contradiction_licence",
        "    as_of: 2021-06-01",
        "    facts:",
        "      open_by_night: true",
        "      goods: [tea]",
        "      area_m2: 0.0001",
        "      choose_commitment: true",
        "    clause: law#1",
        "    expect:",
        "      sound: [licence]",
    ]


def test_saved_example_says_in_both_languages_what_it_is_and_what_to_do(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=contradictory())
    saved(root)

    case = load(root).topics["shop"].cases[-1]

    assert case.title.zh.startswith("待修：两条规则对同一情形说法不一")
    assert case.title.en.startswith("To mend: two rules set different treatments")
    assert case.note is not None
    assert "修好" in case.note.zh
    assert "until the rules are mended" in case.note.en


def test_all_else_in_the_file_stays_as_it_is(tmp_path: Path) -> None:
    before = rulebook_files()[CASES] + "# a remark at the end, without a line feed"
    root = write_rulebook(tmp_path, files=contradictory(cases=before))

    saved(root)

    assert (root / CASES).read_text("utf-8").startswith(f"{before}\n  - code: contradiction_licence\n")


def test_layout_of_the_list_and_its_line_ends_are_taken_over(tmp_path: Path) -> None:
    text = rulebook_files()[CASES].replace("\n    ", "\n  ").replace("\n  - ", "\n- ")
    root = write_rulebook(tmp_path, files=contradictory())
    (root / CASES).write_bytes(text.replace("\n", "\r\n").encode())

    saved(root)

    assert b"\r\n- code: contradiction_licence\r\n  title: " in (root / CASES).read_bytes()
    assert len(load(root).topics["shop"].cases) == 2


def test_topic_without_examples_gets_its_file(tmp_path: Path) -> None:
    files = {path: text for path, text in contradictory().items() if path != CASES}
    root = write_rulebook(tmp_path, files=files)

    saved(root)

    assert (root / CASES).read_text("utf-8").startswith("cases:\n  - code: contradiction_licence\n")


def test_empty_list_of_examples_is_filled(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=contradictory(cases="cases: []  # none yet\n"))

    saved(root)

    assert (root / CASES).read_text("utf-8").startswith("cases:  # none yet\n  - code: contradiction_licence\n")


def test_same_finding_is_saved_once(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path, files=contradictory())
    (first,) = saved(root)
    written = (root / CASES).read_bytes()

    (again,) = saved(root)

    assert (again.code, again.line, again.is_new) == (first.code, first.line, False)
    assert (root / CASES).read_bytes() == written


def test_taken_name_is_not_taken_again(tmp_path: Path) -> None:
    cases = rulebook_files()[CASES].replace("tea_by_night", "contradiction_licence")
    root = write_rulebook(tmp_path, files=contradictory(cases=cases))

    (case,) = saved(root)

    assert case.code == "contradiction_licence_2"


def test_file_in_another_layout_is_left_alone_and_the_example_shown(tmp_path: Path) -> None:
    case = "{code: tea, title: {zh: 茶, en: Tea}, as_of: 2021-03-01, clause: law#1, expect: {}}"
    root = write_rulebook(tmp_path, files=contradictory(cases=f"cases: [{case}]\n"))

    with pytest.raises(RulebookError, match="add this by hand:\n- code: contradiction_licence"):
        saved(root)

    assert (root / CASES).read_text("utf-8") == f"cases: [{case}]\n"


def test_idle_override_is_saved_as_one_that_has_to_bite(tmp_path: Path) -> None:
    apart = "when: {all: [{definition: is_small}, {fact: open_by_night, is: false}]}"
    root = write_rulebook(tmp_path, files=with_change(RULES, "when: {definition: is_small}", apart))

    saved(root)

    result = tried(root)[-1]
    assert result.case.expect.overriding == {"waived_by_night": ("commitment_for_small",)}
    assert not result.passed


def test_example_that_asks_for_what_holds_passes(tmp_path: Path) -> None:
    case = """\
  - code: all_is_well
    title: {zh: 一切都好, en: All is well}
    as_of: 2021-06-01
    facts: {}
    clause: law#1
    expect:
      sound: [licence, fire_check]
      reached: [waived_by_night, commitment_for_small]
      overriding: {waived_by_night: [commitment_for_small]}
      moving: [open_by_night, goods, area_m2, fits_out, choose_commitment]
"""
    root = write_rulebook(tmp_path, files=with_more(CASES, case))

    assert [result.passed for result in tried(root)] == [True, True]


def test_example_is_about_its_own_day_and_facts(tmp_path: Path) -> None:
    """By day the commitment does not meet the waiver, before 2021-06-01 it is not there, and a small shop is small."""
    case = """\
  - code: nothing_of_it
    title: {zh: 都不成立, en: None of it}
    as_of: 2021-05-31
    facts: {open_by_night: false, fits_out: false}
    clause: law#1
    expect:
      reached: [waived_by_night, commitment_for_small]
      overriding: {waived_by_night: [commitment_for_small]}
      moving: [goods, area_m2]
"""
    root = write_rulebook(tmp_path, files=with_more(CASES, case))

    differences = tried(root)[-1].differences
    assert [difference.key for difference in differences] == [
        "reached.waived_by_night",
        "reached.commitment_for_small",
        "overriding.waived_by_night",
        "moving.area_m2",
    ]
