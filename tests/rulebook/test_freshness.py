"""What wants attention on a day: overdue sources, unverified figures, facts only an authority can say."""

from datetime import date
from pathlib import Path

from app.rulebook import Rulebook, due
from tests.support.make_rulebook import make_rulebook, rulebook_files

AFTER = date(2027, 5, 23)
ASKED_OF_OFFICE = """  - code: office_agrees
    type: boolean
    asked_of: authority
    name: {zh: 区局同意, en: office agrees}
    question: {zh: 区局同意吗？, en: Does the office agree?}
    statement: {zh: 区局同意, en: the office agrees}
    negation: {zh: 区局不同意, en: the office does not agree}
    ask_whom: {authority: office, ask: {zh: 同意吗？, en: Do you agree?}}
"""
BY_NIGHT = "when: {fact: open_by_night, is: true}"


def make_asking(folder: Path, when: str) -> Rulebook:
    """The small rulebook with a fact asked of the office, and another condition for its first rule."""
    files = rulebook_files()
    files["shared/facts.yaml"] += ASKED_OF_OFFICE
    files["topics/shop/topic.yaml"] = files["topics/shop/topic.yaml"].replace(
        "  - district\n", "  - district\n  - office_agrees\n"
    )
    files["topics/shop/rules.yaml"] = files["topics/shop/rules.yaml"].replace(BY_NIGHT, when)
    return make_rulebook(folder, files=files)


def test_next_years_days_off_are_wanted_from_december_on(tmp_path: Path) -> None:
    """The small rulebook holds those of 2024."""
    rulebook = make_rulebook(tmp_path)

    wanted = [due(rulebook, day).wants_next_year for day in (date(2024, 11, 30), date(2024, 12, 1), AFTER)]

    assert due(rulebook, AFTER).days_off_until == date(2024, 12, 31)
    assert wanted == [False, True, True]


def test_source_is_listed_from_the_day_after_its_review_day(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path)

    assert due(rulebook, date(2027, 5, 22)).overdue == ()
    assert [source.policy.code for source in due(rulebook, AFTER).overdue] == ["law", "plan"]


def test_longest_overdue_source_stands_first_with_those_that_name_it(tmp_path: Path) -> None:
    files = rulebook_files()
    files["policies/plan/policy.yaml"] = files["policies/plan/policy.yaml"].replace("2027-05-22", "2027-01-01")

    overdue = due(make_rulebook(tmp_path, files=files), AFTER).overdue

    assert [(source.policy.code, source.users) for source in overdue] == [
        ("plan", ("waived_by_night",)),
        ("law", ("fire_check", "licence", "commitment_for_small")),
    ]


def test_figure_resting_on_what_nobody_saw_is_listed_with_its_place(tmp_path: Path) -> None:
    files = rulebook_files()
    path = "topics/shop/procedures.yaml"
    files[path] = files[path].replace("promised: null, basis: [law#1]", "promised: null, basis: [law#rumour]")

    (figure,) = due(make_rulebook(tmp_path, files=files), AFTER).figures

    assert (figure.owner, figure.figure, figure.sources) == ("licence", "statutory 20 working_day", ("law#rumour",))
    assert repr(figure.place) == "rules/topics/shop/procedures.yaml:12:9"


def test_figure_of_a_rule_without_a_source_of_its_own_rests_on_the_rules(tmp_path: Path) -> None:
    files = rulebook_files()
    path = "topics/shop/rules.yaml"
    files[path] = files[path].replace("basis: [law#1]", "basis: [law#rumour]")
    rulebook = make_rulebook(tmp_path, files=files)

    assert [figure.figure for figure in due(rulebook, AFTER).figures] == ["limit 0 working_day"]
    assert due(rulebook, date(2021, 5, 31)).figures == ()


def test_fact_asked_of_an_authority_is_listed_while_the_law_hangs_on_it(tmp_path: Path) -> None:
    asking = make_asking(tmp_path, "when: {all: [{fact: open_by_night, is: true}, {fact: office_agrees, is: true}]}")

    found = due(asking, AFTER).facts

    assert [(item.fact.code, item.topics) for item in found] == [("office_agrees", ("shop",))]
    assert due(asking, date(2020, 12, 29)).facts == ()
