"""The resolved rulebook: topics with their modules merged in, the engine's records filled, look-ups both ways."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from app.engine import (
    All,
    Always,
    Any,
    AtMost,
    Duration,
    ExtraKind,
    FactCode,
    FilingTiming,
    Force,
    IsOneOf,
    Not,
    Period,
    ProcedureCode,
    RuleCode,
    Treatment,
    Unit,
    Verification,
    compile_topic,
    conflicting_facts,
)
from app.errors import RulebookError
from app.rulebook import Rulebook, load
from tests.support.make_rulebook import make_rulebook, with_change, with_more, write_rulebook

TOPIC: Final = "topics/shop/topic.yaml"
AREA: Final = FactCode("area_m2")
BY_NIGHT: Final = IsOneOf(FactCode("open_by_night"), frozenset({True}))
SAID: Final = "says: {zh: 话, en: words}, common_sense: true"
YARD: Final = "  - {code: yard_m2, type: decimal, name: {zh: 院, en: yard}, question: {zh: 多大？, en: How large?}}\n"
LICENCE, FIRE = ProcedureCode("licence"), ProcedureCode("fire_check")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook."""
    return make_rulebook(tmp_path_factory.mktemp("small"))


def test_procedures_stand_after_what_they_depend_on(small: Rulebook) -> None:
    assert list(small.topics["shop"].topic.procedures) == [FIRE, LICENCE]


def test_topic_knows_its_own_procedures_from_its_modules(small: Rulebook) -> None:
    assert small.topics["shop"].own == {LICENCE}


def test_facts_stand_in_the_order_the_topic_lists_them(small: Rulebook) -> None:
    asked = ["open_by_night", "goods", "area_m2", "fits_out", "choose_commitment", "district"]

    assert list(small.topics["shop"].topic.facts) == asked


def test_shared_facts_are_those_of_the_shared_file_alone(small: Rulebook) -> None:
    assert list(small.shared_facts) == ["district", "choose_commitment", "area_m2"]


def test_shared_facts_contradict_each_other_without_a_topic(tmp_path: Path) -> None:
    never = "  - {code: east_is_small, %s, never: {all: [{fact: district, is: east}, {fact: area_m2, above: 9}]}}\n"
    files = with_more("shared/constraints.yaml", never.replace("%s", SAID))

    shared = make_rulebook(tmp_path, files=files).shared_topic

    assert [constraint.code for constraint in shared.constraints] == ["east_is_small"]
    conflict = conflicting_facts(compile_topic(shared), {FactCode("district"): "east", AREA: Decimal(10)})
    assert conflict is not None
    assert set(conflict.facts) == {"district", "area_m2"}


def test_rule_carries_its_sources_force_and_period(small: Rulebook) -> None:
    rule = small.topics["shop"].topic.rules[RuleCode("waived_by_night")]

    assert rule.period == Period(date(2020, 12, 30))
    assert rule.force_on(date(2021, 1, 1)) is Force.PLAN_COMMITMENT
    assert [(source.reference, source.verification) for source in rule.sources] == [
        ("plan#1.a", Verification.FULL_TEXT)
    ]
    assert rule.overrides == {"commitment_for_small"}


def test_voluntary_rule_names_the_fact_that_chooses_it(small: Rulebook) -> None:
    rule = small.topics["shop"].topic.rules[RuleCode("commitment_for_small")]
    effect = rule.effect_on(LICENCE)

    assert rule.voluntary == "choose_commitment"
    assert effect is not None
    assert effect.treatment is Treatment.COMMITMENT
    assert effect.limits[0].duration == Duration(Decimal(0), Unit.WORKING_DAY)


def test_condition_that_bars_is_a_barrier(small: Rulebook) -> None:
    (condition,) = small.topics["shop"].topic.procedures[LICENCE].conditions

    assert condition.is_barrier
    assert small.topics["shop"].acceptance[LICENCE, "has_goods"].text.en == "there is something to sell"


def test_extras_are_found_with_their_words(small: Rulebook) -> None:
    assert small.topics["shop"].extras[ExtraKind.NOTE, "keep_word"].text.zh == "说到做到"


def test_clause_is_quoted_and_article_summed_up(small: Rulebook) -> None:
    part, article = small.article("plan#1.a"), small.article("law#press")

    assert (part.quote, part.summary, part.cite.zh) == ("一、夜里开的小店免办许可；", None, "一")
    assert article.quote is None
    assert article.summary is not None
    assert article.verification is Verification.SECONDARY


def test_clause_knows_the_rules_that_cite_it(small: Rulebook) -> None:
    assert small.rules_citing["plan#1.a"] == ("waived_by_night",)
    assert small.topics_of_fact[FactCode("fits_out")] == ("shop",)
    assert small.topics_of_procedure[FIRE] == ("shop",)
    assert small.topics_of_rule[RuleCode("waived_by_night")] == ("shop",)


def test_words_are_gathered_by_topic_procedure_and_answer(small: Rulebook) -> None:
    words = small.topics["shop"].words

    assert words.topic == ("开店", "open a shop")
    assert words.procedures == {"licence": ("许可证",)}
    assert words.facts == {"goods": {"tea": ("茶叶",)}}


def test_narrowed_fact_takes_fewer_options_and_names_the_other_topic(tmp_path: Path) -> None:
    use = "  - {use: district, options: [east], elsewhere: {west: shop}}\n"

    book = make_rulebook(tmp_path, files=with_change(TOPIC, "  - district\n", use)).topics["shop"]

    assert book.topic.facts[FactCode("district")].options == ("east",)
    assert book.elsewhere == {"district": {"west": "shop"}}


def test_constraint_about_a_fact_the_topic_lacks_is_left_out(tmp_path: Path) -> None:
    yards = f"  - {{code: yards, {SAID}, never: {{fact: yard_m2, below: 1}}}}\n"
    files = with_more("shared/constraints.yaml", yards)

    topic = make_rulebook(tmp_path, files=with_more("shared/facts.yaml", YARD, files=files)).topics["shop"].topic

    assert [constraint.code for constraint in topic.constraints] == ["no_shop_without_area"]


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        ("never: {fact: open_by_night, is: true}", Not(BY_NIGHT)),
        ("if: {fact: open_by_night, is: true}, then: {always: false}", Any((Not(BY_NIGHT), Always(False)))),
        (
            "iff: [{fact: open_by_night, is: true}, {always: true}]",
            Any((All((BY_NIGHT, Always(True))), All((Not(BY_NIGHT), Not(Always(True)))))),
        ),
        ("at_most: {fact: area_m2, than: yard_m2, plus: 5}", AtMost(AREA, FactCode("yard_m2"), Decimal(5))),
    ],
)
def test_constraint_forms_reach_the_engine(tmp_path: Path, form: str, meant: object) -> None:
    files = with_more("shared/facts.yaml", YARD)
    files = with_change(TOPIC, "  - area_m2\n", "  - area_m2\n  - yard_m2\n", files=files)
    files["shared/constraints.yaml"] = f"constraints: [{{code: c, {SAID}, {form}}}]\n"

    (constraint,) = make_rulebook(tmp_path, files=files).topics["shop"].topic.constraints

    assert constraint.holds == meant


def test_filing_by_nature_keeps_its_timing(tmp_path: Path) -> None:
    files = with_change(
        "topics/shop/procedures.yaml", "    level: city\n", "    level: city\n    filing_timing: post\n"
    )

    topic = make_rulebook(tmp_path, files=files).topics["shop"].topic

    assert topic.procedures[LICENCE].filing_timing is FilingTiming.POST


def test_load_raises_once_with_every_error(tmp_path: Path) -> None:
    files = with_change("topics/shop/rules.yaml", "force: binding", "force: law")
    files = with_change("topics/shop/procedures.yaml", "office", "bureau", files=files)

    with pytest.raises(RulebookError) as raised:
        load(write_rulebook(tmp_path, files=files))

    assert {finding.code for finding in raised.value.findings} >= {"invalid_value", "unknown_name"}
