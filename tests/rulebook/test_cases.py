"""The runner of worked examples: each key that is written is compared, and a miss says both sides."""

from pathlib import Path
from typing import Final

import pytest

from app.engine import compile_topic
from app.rulebook import CaseResult, run_case, run_cases
from tests.support.make_rulebook import make_rulebook, rulebook_files

HEAD: Final = """\
cases:
  - code: tea
    title: {zh: 卖茶, en: Tea}
    clause: law#1
"""
#: Small, by day, after the commitment way was opened.
BY_DAY: Final = """\
    as_of: 2021-07-01
    facts: {open_by_night: false, goods: [tea], area_m2: 50, fits_out: false, district: east}
"""
#: The same, by night.
BY_NIGHT: Final = BY_DAY.replace("open_by_night: false", "open_by_night: true")
#: Nothing known but the goods.
OPEN: Final = "    as_of: 2021-07-01\n    facts: {goods: [tea]}\n"


def run(folder: Path, given: str, expect: str) -> CaseResult:
    """The result of one case in the small rulebook."""
    book = make_rulebook(folder, files=rulebook_files(cases=f"{HEAD}{given}    expect: {{{expect}}}\n")).topics["shop"]
    return run_case(book, compile_topic(book.topic), book.cases[0])


@pytest.mark.parametrize(
    ("given", "expect"),
    [
        (BY_DAY, "status: complete, barriers: [], barriers_open: [], questions: [], confirmations: []"),
        (BY_DAY, "procedures: {licence: {treatment: commitment, fallback: standard, possible: [commitment]}}"),
        (BY_DAY, "procedures: {licence: {legal_force: binding, verification: full_text, required: true}}"),
        (BY_DAY, "procedures: {licence: {days: {value: 0.0, unit: working_day}, rules: [commitment_for_small]}}"),
        (BY_DAY, "procedures: {licence: {depends_on: [], confirm: false, merged_into: null, filing_timing: null}}"),
        (BY_DAY, "procedures: {licence: {materials_include: [form], conditions_include: [has_goods]}}"),
        (BY_DAY, "procedures: {licence: {materials_dropped: [], conditions_dropped: [], authority: office}}"),
        (BY_DAY, "procedures: {fire_check: not_listed}, notes_include: [keep_word]"),
        (BY_DAY, "definitions: {is_small: true}"),
        (BY_DAY, "definitions_by: {is_small: [law#1]}, given_by: {keep_word: [commitment_for_small]}"),
        (BY_NIGHT, "procedures: {licence: {rules_exclude: [commitment_for_small]}}, given_by: {keep_word: []}"),
        (BY_NIGHT, "procedures: {licence: {treatment: waived, days: null, since: 2020-12-30, date_precision: day}}"),
        (BY_NIGHT, "procedures: {licence: {rules: [waived_by_night], rules_include: [waived_by_night]}}"),
        (OPEN, "status: needs_answers, definitions: {is_small: null}"),
        (OPEN, "notes_open_include: [keep_word]"),
        (BY_NIGHT, "notes_exclude: [keep_word]"),
        (OPEN, "procedures: {licence: {treatment: null, possible: [standard, waived, commitment]}}"),
        (OPEN, "procedures: {licence: {depends_on: [area_m2, open_by_night]}}, questions_include: [area_m2]"),
    ],
)
def test_expectation_that_holds_passes(tmp_path: Path, given: str, expect: str) -> None:
    assert [str(difference) for difference in run(tmp_path, given, expect).differences] == []


@pytest.mark.parametrize(
    ("given", "expect", "said"),
    [
        (BY_DAY, "status: needs_answers", "status: expected needs_answers, got complete"),
        (
            BY_DAY,
            "procedures: {licence: {treatment: waived}}",
            "procedures.licence.treatment: expected waived, got commitment",
        ),
        (
            BY_DAY,
            "procedures: {licence: {fallback: null}}",
            "procedures.licence.fallback: expected null, got standard",
        ),
        (
            BY_DAY,
            "procedures: {licence: {days: {value: 5, unit: working_day}}}",
            "procedures.licence.days: expected 5 working_day, got 0 working_day",
        ),
        (BY_DAY, "procedures: {licence: not_listed}", "procedures.licence: expected not_listed, got [commitment]"),
        (
            BY_DAY,
            "procedures: {fire_check: {treatment: standard}}",
            "procedures.fire_check: expected listed, got not_listed",
        ),
        (BY_DAY, "barriers: [has_goods]", "barriers: expected [has_goods], got []"),
        (BY_DAY, "notes_exclude: [keep_word]", "notes_exclude: expected [keep_word], got [keep_word]"),
        (OPEN, "notes_exclude: [keep_word]", "notes_exclude: expected [keep_word], got [keep_word]"),
        (OPEN, "notes_include: [keep_word]", "notes_include: expected [keep_word], got []"),
        (BY_DAY, "notes_open_include: [keep_word]", "notes_open_include: expected [keep_word], got []"),
        (BY_NIGHT, "notes_open_include: [keep_word]", "notes_open_include: expected [keep_word], got []"),
        (BY_DAY, "definitions: {is_small: false}", "definitions.is_small: expected false, got true"),
        (BY_DAY, "definitions_by: {is_small: []}", "definitions_by.is_small: expected [], got [law#1]"),
        (BY_DAY, "given_by: {keep_word: []}", "given_by.keep_word: expected [], got [commitment_for_small]"),
        (
            BY_DAY,
            "procedures: {licence: {rules_exclude: [commitment_for_small]}}",
            "procedures.licence.rules_exclude: expected [], got [commitment_for_small]",
        ),
        (
            BY_DAY,
            "procedures: {licence: {materials_exclude: [form]}}",
            "procedures.licence.materials_exclude: expected [], got [form]",
        ),
    ],
)
def test_miss_says_the_key_and_both_sides(tmp_path: Path, given: str, expect: str, said: str) -> None:
    found = [str(difference) for difference in run(tmp_path, given, expect).differences]

    assert found == [said]


def test_answers_that_contradict_each_other_fail_the_case(tmp_path: Path) -> None:
    given = "    as_of: 2021-07-01\n    facts: {open_by_night: true, area_m2: 0}\n"

    (difference,) = run(tmp_path, given, "status: complete").differences

    assert str(difference) == (
        "facts: expected an admissible scenario, got open_by_night, area_m2 contradict each other by"
        " no_shop_without_area"
    )


def test_null_is_not_answered(tmp_path: Path) -> None:
    given = "    as_of: 2021-07-01\n    facts: {goods: [tea], open_by_night: null}\n"

    assert run(tmp_path, given, "questions_include: [open_by_night]").passed


def test_only_chosen_cases_run(tmp_path: Path) -> None:
    book = make_rulebook(tmp_path).topics["shop"]
    compiled = compile_topic(book.topic)

    chosen = run_cases(book, lambda _: compiled, lambda code: code == "shop::nothing")

    assert list(chosen) == []
    assert [result.code for result in run_cases(book, lambda _: compiled)] == ["shop::tea_by_night"]
