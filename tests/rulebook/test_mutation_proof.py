"""What `rules mutate` calls equivalent: nothing that a reader would see otherwise, down to the last source."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from app.engine import FactCode, Value, compile_topic, conflicting_facts, decide
from app.rulebook import load
from app.rulebook.mutation import Fate, parts_of
from app.rulebook.mutation.lab import Lab
from tests.support.make_rulebook import rulebook_files, with_change, with_more, write_rulebook
from tests.support.told_alike import told

TOPIC, RULES = "topics/shop/topic.yaml", "topics/shop/rules.yaml"
PROCEDURES = "topics/shop/procedures.yaml"
DAYS = (date(2019, 1, 1), date(2020, 12, 29), date(2020, 12, 30), date(2021, 5, 31), date(2021, 6, 1), date(2024, 3, 1))
BY_NIGHT = "when: {fact: open_by_night, is: true}\n    then:"


def scenarios() -> Iterator[dict[FactCode, Value]]:
    """Full and partial answers to all that the small topic asks."""
    truths: tuple[Value | None, ...] = (True, False, None)
    areas: tuple[Value | None, ...] = (0, 99, 100, None)
    for night, fits, chosen, area, goods in product(
        truths, truths, (True, False), areas, (frozenset({"tea"}), frozenset(), None)
    ):
        given = {"open_by_night": night, "fits_out": fits, "choose_commitment": chosen, "area_m2": area, "goods": goods}
        yield {FactCode(code): value for code, value in given.items() if value is not None}


def fates(folder: Path) -> dict[str, Fate]:
    """What becomes of every mutant in the topic, by rule and words."""
    rulebook = load(folder)
    mutants = [mutant for part in parts_of(rulebook).values() for mutant in part]
    lab = Lab(rulebook, rulebook.topics["shop"], mutants)
    return {f"{mutant.code}: {mutant.said}": lab.verdict(mutant).fate for mutant in mutants}


# ---- differences that no diagram shows ---------------------------------------------------------------


def some_time(source: str) -> dict[str, str]:
    """Night shops are waived if they are open some time, which all are: so says the source."""
    files = with_change(
        RULES, BY_NIGHT, "when: {all: [{fact: open_by_night, is: true}, {definition: some_time}]}\n    then:"
    )
    definition = (
        "definitions:\n  - code: some_time\n    title: {zh: 总有开门的时候, en: open some time}\n    versions:\n"
        "      - {when: {any: [{fact: open_by_night, is: true}, {fact: open_by_night, is: false}]},"
        f" basis: [{source}]}}\n"
    )
    return with_change(TOPIC, "definitions:\n", definition, files=files)


def exempt_for_want_of_goods() -> dict[str, str]:
    """A shop without goods, which is barred anyway, is said to be exempt."""
    rule = """
  - code: empty_shop
    title: {zh: 空店, en: Empty shop}
    basis: [law#1]
    force: binding
    effective: {from: 2021-06-01}
    when: {fact: goods, is_empty: true}
    overrides: [waived_by_night, commitment_for_small]
    then: [{procedure: licence, treatment: waived}]
"""
    return with_more(RULES, rule.lstrip("\n"))


def note_given_twice() -> dict[str, str]:
    """A second rule gives the note where the first one does."""
    rule = """
  - code: also_told
    title: {zh: 也这么说, en: So it is said}
    basis: [law#press]
    force: plan_intent
    effective: {from: 2021-06-01}
    when: {all: [{definition: is_small}, {fact: open_by_night, is: false}, {fact: choose_commitment, is: true}]}
    then:
      - note: {code: keep_word, text: {zh: 说到做到, en: Keep your word}}
"""
    return with_more(RULES, rule.lstrip("\n"))


def choice_said_twice() -> dict[str, str]:
    """The choice of the voluntary way stands in the condition as well."""
    both = "when: {all: [{definition: is_small}, {fact: choose_commitment, is: true}]}"
    return with_change(RULES, "when: {definition: is_small}", both)


def goods_never_asked_for() -> dict[str, str]:
    """Goods are no longer asked for, but still looked at."""
    rule = """
  - code: goods_dropped
    title: {zh: 有没有东西卖都行, en: Goods or none}
    basis: [law#1]
    force: binding
    then: [{procedure: licence, conditions: {drop: [has_goods]}}]
"""
    return with_more(RULES, rule.lstrip("\n"))


def never_before_june() -> dict[str, str]:
    """A definition whose first version says, with its source, that nothing fell under it yet."""
    definition = """definitions:
  - code: lively
    title: {zh: 热闹, en: lively}
    versions:
      - {effective: {to: 2021-06-01}, when: {always: false}, basis: [law#press]}
      - {effective: {from: 2021-06-01}, when: {fact: open_by_night, is: true}, basis: [law#1]}
"""
    return with_change(TOPIC, "definitions:\n", definition)


def only_since_the_plan(precision: str) -> dict[str, str]:
    """Night shops are waived from the day on which there are such at all, known to the day or to the month."""
    definition = """definitions:
  - code: night_shop
    title: {zh: 夜店, en: night shop}
    versions:
      - {effective: {from: 2020-12-30}, when: {fact: open_by_night, is: true}, basis: [law#1]}
"""
    files = with_change(TOPIC, "definitions:\n", definition)
    files = with_change(RULES, BY_NIGHT, "when: {definition: night_shop}\n    then:", files=files)
    return with_change(RULES, "{from: 2020-12-30}", f"{{from: 2020-12-30, precision: {precision}}}", files=files)


@pytest.mark.parametrize(
    ("files", "mutant"),
    [
        (only_since_the_plan("month"), "waived_by_night: `from: 2020-12-30` becomes 2020-12-29"),
        (some_time("law#press"), "waived_by_night: part 2 of `all` is left out"),
        (exempt_for_want_of_goods(), "empty_shop: licence: `waived` becomes `standard`"),
        (note_given_twice(), "also_told: the rule is left out"),
        (note_given_twice(), "also_told: part 1 of `all` is left out"),
        (choice_said_twice(), "commitment_for_small: `voluntary: choose_commitment` is left out"),
        (goods_never_asked_for(), "licence: goods: `is_empty: false` becomes `is_empty: true`"),
        (never_before_june(), "lively: the version is left out"),
        (never_before_june(), "lively: `to: 2021-06-01` becomes 2021-05-31"),
    ],
    ids=[
        "how exactly a day is known", "how well a source was seen",
        "treatment under a bar", "who gives a note", "when a rule gives a note",
        "what applies if declined", "whether a condition is met", "what a definition rests on", "and on which day",
    ],
)  # fmt: skip
def test_what_a_reader_would_see_otherwise_is_not_equivalent(
    tmp_path: Path, files: dict[str, str], mutant: str
) -> None:
    assert fates(write_rulebook(tmp_path, files=files))[mutant] is not Fate.EQUIVALENT


def test_redundant_part_of_the_same_standing_is_equivalent(tmp_path: Path) -> None:
    found = fates(write_rulebook(tmp_path, files=some_time("law#1")))

    assert found["waived_by_night: part 2 of `all` is left out"] is Fate.EQUIVALENT


def test_day_before_anything_falls_under_it_is_equivalent_where_the_day_is_known(tmp_path: Path) -> None:
    found = fates(write_rulebook(tmp_path, files=only_since_the_plan("day")))

    assert found["waived_by_night: `from: 2020-12-30` becomes 2020-12-29"] is Fate.EQUIVALENT


@pytest.mark.parametrize(
    "files",
    [
        rulebook_files(),
        some_time("law#1"),
        some_time("law#press"),
        exempt_for_want_of_goods(),
        note_given_twice(),
        choice_said_twice(),
        goods_never_asked_for(),
        never_before_june(),
    ],
    ids=["as it is", "same", "worse seen", "barred", "told twice", "chosen twice", "not asked for", "not yet"],
)
def test_equivalent_mutants_tell_the_same_in_every_scenario(tmp_path: Path, files: dict[str, str]) -> None:
    """The whole decision, compiled anew, day by day: a proof that is too generous fails here."""
    rulebook = load(write_rulebook(tmp_path, files=files))
    mutants = [mutant for part in parts_of(rulebook).values() for mutant in part]
    lab = Lab(rulebook, rulebook.topics["shop"], mutants)
    was = compile_topic(rulebook.topics["shop"].topic)
    equivalent = [mutant for mutant in mutants if lab.verdict(mutant).fate is Fate.EQUIVALENT]

    otherwise = [
        f"{mutant.said} on {day} with {answers}"
        for mutant in equivalent
        for now in [compile_topic(lab.alterations[id(mutant)].topic)]
        for day in DAYS
        for answers in list(scenarios())[::7]
        if conflicting_facts(was, answers) is None
        if told(decide(was, answers, day)) != told(decide(now, answers, day))
    ]

    assert otherwise == []


# ---- circles of steps ---------------------------------------------------------------------------------


def test_proof_notices_steps_that_would_wait_for_each_other(tmp_path: Path) -> None:
    """A survey merged into the licence comes after the plan, which comes after the survey: fine only without a plan."""
    procedures = """
  - code: plan
    name: {zh: 图纸审批, en: Plan}
    everyday_name: {zh: 图纸, en: plan}
    kind: approval
    item_type: licensing
    authority: office
    level: city
    required_when: {fact: fits_out, is: true}
    depends_on: [survey]
    basis: [law#1]
  - code: survey
    name: {zh: 测量, en: Survey}
    everyday_name: {zh: 测量, en: survey}
    kind: approval
    item_type: licensing
    authority: office
    level: city
    basis: [law#1]
"""
    rule = """
  - code: survey_with_licence
    title: {zh: 测量并入许可, en: Survey with the licence}
    basis: [law#1]
    force: binding
    effective: {from: 2021-06-01}
    when: {all: [{fact: fits_out, is: false}, {fact: open_by_night, is: false}]}
    then: [{procedure: survey, treatment: merged, merged_into: licence}]
"""
    files = with_change(PROCEDURES, "depends_on: [fire_check]", "depends_on: [fire_check, plan]")
    files = with_more(PROCEDURES, procedures.lstrip("\n"), files=files)
    files = with_more(RULES, rule.lstrip("\n"), files=files)

    found = fates(write_rulebook(tmp_path, files=files))

    assert found["survey_with_licence: part 1 of `all` is left out"] is Fate.PROOF
    assert found["survey_with_licence: part 2 of `all` is left out"] is not Fate.EQUIVALENT
