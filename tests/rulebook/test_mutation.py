"""Mutants: what is changed, that a changed topic decides as if it were compiled anew, and who notices."""

from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from app.engine import Alteration, FactCode, Value, Variant, compile_topic, conflicting_facts, decide
from app.rulebook import load
from app.rulebook.mutation import Fate, Part, parts_of, try_mutants
from app.rulebook.mutation.lab import Lab
from tests.support.make_rulebook import rulebook_files, with_change, with_more, write_rulebook
from tests.support.small_changelog import CHANGELOG

CASES = "topics/shop/cases.yaml"
DAYS = (date(2020, 12, 29), date(2020, 12, 30), date(2020, 12, 31), date(2021, 6, 1), date(2024, 3, 1))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rulebook, with a changelog."""
    return write_rulebook(tmp_path_factory.mktemp("mutation"), files={**rulebook_files(), **CHANGELOG})


@pytest.fixture(scope="module")
def shop(folder: Path) -> Part:
    """What became of every mutant of the small topic."""
    (part,) = try_mutants(folder, parts=["shop"], workers=1)
    return part


def said(part: Part, *fates: Fate) -> set[str]:
    return {f"{item.mutant.code}: {item.mutant.said}" for item in part.tried if item.verdict.fate in fates}


# ---- what is changed -----------------------------------------------------------------------------------


def test_every_sort_of_slip_is_made(folder: Path) -> None:
    mutants = [mutant for part in parts_of(load(folder)).values() for mutant in part]

    assert {str(mutant.slip) for mutant in mutants} == {
        "threshold", "operator", "date", "condition", "rule", "override", "effect"
    }  # fmt: skip


def test_mutants_say_where_and_what(folder: Path) -> None:
    mutants = parts_of(load(folder))["shop"]

    assert {f"{mutant.where} {mutant.said}" for mutant in mutants if mutant.code == "waived_by_night"} == {
        "rules/topics/shop/rules.yaml:2 the rule is left out",
        "rules/topics/shop/rules.yaml:6 `from: 2020-12-30` becomes 2020-12-29",
        "rules/topics/shop/rules.yaml:6 `from: 2020-12-30` becomes 2020-12-31",
        "rules/topics/shop/rules.yaml:7 open_by_night: `is: true` becomes `is: false`",
        "rules/topics/shop/rules.yaml:9 licence: `waived` becomes `standard`",
        "rules/topics/shop/rules.yaml:10 the override of commitment_for_small is left out",
    }


def test_a_bound_moves_a_step_up_and_down_and_past_itself(folder: Path) -> None:
    mutants = parts_of(load(folder))["shop"]

    assert [mutant.said for mutant in mutants if mutant.slip == "threshold"] == [
        "area_m2: `below: 100` becomes `below: 101`",
        "area_m2: `below: 100` becomes `below: 99`",
        "area_m2: `below: 100` becomes `at_most: 100`",
    ]


# ---- a changed topic -----------------------------------------------------------------------------------


def scenarios() -> Iterator[dict[FactCode, Value]]:
    """Full and partial answers to all that the small topic asks."""
    truths: tuple[Value | None, ...] = (True, False, None)
    areas: tuple[Value | None, ...] = (0, 99, 100, 101, None)
    for night, fits, chosen, area, goods in product(
        truths, truths, truths, areas, (frozenset({"tea"}), frozenset(), None)
    ):
        given = {"open_by_night": night, "fits_out": fits, "choose_commitment": chosen, "area_m2": area, "goods": goods}
        yield {FactCode(code): value for code, value in given.items() if value is not None}


def outcomes(compiled: object, answers: dict[FactCode, Value], day: date) -> list[object]:
    decision = decide(compiled, answers, day)  # type: ignore[arg-type]
    listed = [(item.code, item.possible, item.depends_on, item.rules) for item in decision.procedures]
    extras = [(item.extra, item.applies) for item in decision.extras]
    return [listed, decision.definitions, [(item.code, item.applies) for item in decision.barriers], extras]


def test_variant_decides_as_the_changed_topic_compiled_anew(folder: Path) -> None:
    rulebook = load(folder)
    book = rulebook.topics["shop"]
    mutants = [mutant for part in parts_of(rulebook).values() for mutant in part]
    lab = Lab(rulebook, book, mutants)
    differing = [
        f"{mutant.where} {mutant.said} on {day} with {answers}"
        for mutant in mutants
        for anew in [compile_topic(lab.alterations[id(mutant)].topic)]
        for day in DAYS
        if mutant.day in {None, day}
        for answers in list(scenarios())[::29]
        if conflicting_facts(anew, answers) is None
        if outcomes(anew, answers, day) != of_variant(lab, lab.alterations[id(mutant)], answers, day)
    ]

    assert differing == []


def of_variant(lab: Lab, alteration: Alteration, answers: dict[FactCode, Value], day: date) -> list[object]:
    with lab.original.store.scratch():
        return outcomes(Variant(lab.original, alteration), answers, day)


def test_variant_has_all_that_a_compiled_topic_has(folder: Path) -> None:
    """It is not compiled: what the compiled form has, it is given too. Histories it asks the original for."""
    rulebook = load(folder)
    mutants = parts_of(rulebook)["shop"]
    lab = Lab(rulebook, rulebook.topics["shop"], mutants)

    variant = Variant(lab.original, lab.alterations[id(mutants[0])])

    assert vars(compile_topic(rulebook.topics["shop"].topic)).keys() - vars(variant).keys() == {"_histories"}


def test_equivalent_mutants_change_no_outcome(folder: Path) -> None:
    rulebook = load(folder)
    book = rulebook.topics["shop"]
    mutants = parts_of(rulebook)["shop"]
    lab = Lab(rulebook, book, mutants)
    equivalent = [mutant for mutant in mutants if lab.verdict(mutant).fate is Fate.EQUIVALENT]

    moved = [
        mutant.said
        for mutant in equivalent
        for day in DAYS
        for answers in scenarios()
        if conflicting_facts(lab.original, answers) is None
        if outcomes(lab.original, answers, day) != of_variant(lab, lab.alterations[id(mutant)], answers, day)
    ]

    assert moved == []


# ---- who notices ---------------------------------------------------------------------------------------


def test_worked_example_notices_what_it_expects(shop: Part) -> None:
    assert "waived_by_night: the rule is left out" in said(shop, Fate.CASE)
    assert "waived_by_night: licence: `waived` becomes `standard`" in said(shop, Fate.CASE)


def test_proof_notices_a_contradiction(shop: Part) -> None:
    assert "waived_by_night: the override of commitment_for_small is left out" in said(shop, Fate.PROOF)


def test_proof_notices_two_rules_that_name_different_channels(tmp_path: Path) -> None:
    files = with_more(
        "topics/shop/rules.yaml",
        """
  - code: online_everywhere
    title: {zh: 网上办, en: Online}
    basis: [law#1]
    force: binding
    effective: {from: 2021-06-01}
    then: [{procedure: licence, channel: online}]
  - code: window_by_day
    title: {zh: 白天到窗口, en: At the window by day}
    basis: [law#1]
    force: binding
    effective: {from: 2021-06-01}
    when: {fact: open_by_night, is: false}
    then: [{procedure: licence, channel: window}]
    overrides: [online_everywhere]
""".lstrip("\n"),
    )
    (part,) = try_mutants(write_rulebook(tmp_path, files=files), parts=["shop"], workers=1)

    assert "window_by_day: the override of online_everywhere is left out" in said(part, Fate.PROOF)


def test_changelog_notices_a_moved_day(shop: Part) -> None:
    assert "commitment_for_small: `from: 2021-06-01` becomes 2021-06-02" in said(shop, Fate.CHECK)


def test_what_nobody_wrote_an_example_of_survives(shop: Part) -> None:
    assert "is_small: area_m2: `below: 100` becomes `below: 99`" in said(shop, Fate.SURVIVED)
    assert shop.score < 1


def test_an_example_on_the_bound_kills_what_moved_it(tmp_path: Path) -> None:
    example = """
  - code: just_small
    title: {zh: 刚好小店, en: Just a small shop}
    as_of: 2022-01-01
    facts: {open_by_night: false, goods: [tea], area_m2: 99.5, fits_out: false}
    clause: law#1
    expect: {procedures: {licence: {treatment: commitment}}}
  - code: just_too_large
    title: {zh: 刚好不小, en: Just too large}
    as_of: 2022-01-01
    facts: {open_by_night: false, goods: [tea], area_m2: 100, fits_out: false}
    clause: law#1
    expect: {procedures: {licence: {treatment: standard}}}
"""
    files = rulebook_files()
    files[CASES] += example.lstrip("\n")
    (part,) = try_mutants(write_rulebook(tmp_path, files=files), parts=["shop"], workers=1)

    assert {said for said in said(part, Fate.SURVIVED) if "area_m2" in said} == set()


def test_what_changes_no_decision_is_proved_equivalent(tmp_path: Path) -> None:
    """A shop without area is never open by night, so that this part of the condition says nothing."""
    files = with_change(
        "topics/shop/rules.yaml",
        "when: {fact: open_by_night, is: true}",
        "when: {all: [{fact: open_by_night, is: true}, {fact: area_m2, above: 0}]}",
    )
    (part,) = try_mutants(write_rulebook(tmp_path, files=files), parts=["shop"], workers=1)

    assert "waived_by_night: part 2 of `all` is left out" in said(part, Fate.EQUIVALENT)
    assert "waived_by_night: part 1 of `all` is left out" not in said(part, Fate.EQUIVALENT)


def test_day_before_the_first_one_covered_is_nobody_s_business(tmp_path: Path) -> None:
    """The topic answers from 2019-01-01 on, so that a start that moves the day before decides nothing."""
    early = with_change("topics/shop/rules.yaml", "effective: {from: 2020-12-30}", "effective: {from: 2018-12-31}")
    on_the_day = with_change("topics/shop/rules.yaml", "effective: {from: 2020-12-30}", "effective: {from: 2019-01-01}")

    before, first = (
        try_mutants(write_rulebook(tmp_path / name, files=files), parts=["shop"], workers=1)[0]
        for name, files in (("before", early), ("first", on_the_day))
    )

    assert "waived_by_night: `from: 2018-12-31` becomes 2019-01-01" in said(before, Fate.EQUIVALENT)
    assert "waived_by_night: `from: 2019-01-01` becomes 2018-12-31" in said(first, Fate.EQUIVALENT)
    assert "waived_by_night: `from: 2019-01-01` becomes 2019-01-02" not in said(first, Fate.EQUIVALENT)


def test_module_s_mutants_are_tried_in_the_topics_that_use_it(tmp_path: Path) -> None:
    example = """
  - code: large_and_fitted_out
    title: {zh: 大店装修, en: A large shop fitted out}
    as_of: 2022-01-01
    facts: {open_by_night: true, goods: [tea], area_m2: 200, fits_out: true}
    clause: law#1
    expect: {procedures: {fire_check: {treatment: standard}}}
"""
    files = rulebook_files()
    files[CASES] += example.lstrip("\n")
    (part,) = try_mutants(write_rulebook(tmp_path, files=files), parts=["premises"], workers=1)

    assert {item.mutant.place.file for item in part.tried} == {"rules/shared/premises/procedures.yaml"}
    assert "fire_check: fits_out: `is: true` becomes `is: false`" in said(part, Fate.CASE)


def test_sample_is_the_same_for_the_same_seed(folder: Path) -> None:
    first, again = (try_mutants(folder, parts=["shop"], sample=5, seed=3, workers=1) for _ in range(2))

    assert said(first[0], *Fate) == said(again[0], *Fate)
    assert len(first[0].tried) == 5


def test_two_processes_come_to_the_same(folder: Path, shop: Part) -> None:
    (part,) = try_mutants(folder, parts=["shop"], workers=2)

    assert [item.verdict for item in part.tried] == [item.verdict for item in shop.tried]
