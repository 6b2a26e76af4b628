"""What one scenario comes to: treatments, choices, barriers, extras, dates, force and verification."""

from datetime import date
from decimal import Decimal

import pytest

from app.engine import (
    AcceptanceCondition,
    AtMost,
    Compare,
    Constraint,
    Decision,
    Duration,
    Extra,
    ExtraKind,
    FactCode,
    FactType,
    Force,
    IsOneOf,
    LimitFigure,
    MaterialChange,
    MaterialItem,
    MaterialStatus,
    Not,
    Outcome,
    Period,
    ProcedureCode,
    ProcedureDecision,
    ProcedureLimit,
    Status,
    Topic,
    Treatment,
    Unit,
    Value,
    Verification,
    compile_topic,
    conflicting_facts,
    decide,
)
from tests.support.make_topic import (
    ALWAYS,
    DAY,
    SOURCE,
    is_true,
    make_effect,
    make_fact,
    make_procedure,
    make_rule,
    make_topic,
)


def run(topic: Topic, day: date = DAY, **answers: Value) -> Decision:
    return decide(compile_topic(topic), {FactCode(code): value for code, value in answers.items()}, day)


def licence(decision: Decision) -> ProcedureDecision:
    found = decision.procedure(ProcedureCode("licence"))
    assert found is not None
    return found


def test_an_open_fact_leaves_the_exact_alternatives_and_names_itself() -> None:
    decision = run(make_topic())

    assert licence(decision).possible == (Outcome(Treatment.WAIVED), Outcome(Treatment.STANDARD))
    assert licence(decision).depends_on == ("open",)
    assert [item.fact for item in decision.questions] == ["open"]
    assert decision.status is Status.NEEDS_ANSWERS


def test_a_procedure_not_required_is_not_listed() -> None:
    topic = make_topic(procedures=[make_procedure(required_when=is_true("open"))], rules=[])

    assert run(topic, open=False).procedures == ()


def test_a_fact_that_moves_only_between_nothing_to_do_is_told_but_not_asked() -> None:
    topic = make_topic(
        procedures=[make_procedure(required_when=is_true("open"))],
        rules=[make_rule(when=is_true("open"))],
    )

    decision = run(topic)

    assert licence(decision).depends_on == ("open",)
    assert decision.questions == ()
    assert decision.status is Status.COMPLETE


def test_a_fact_only_an_authority_can_settle_is_a_confirmation() -> None:
    from app.engine import AskedOf

    topic = make_topic(facts=[make_fact(asked_of=AskedOf.AUTHORITY)])

    decision = run(topic)

    assert decision.questions == ()
    assert [item.fact for item in decision.confirmations] == ["open"]
    assert decision.status is Status.NEEDS_CONFIRMATION


def test_an_overridden_rule_loses_all_it_says_even_if_its_overrider_is_overridden() -> None:
    rules = [
        make_rule(code="first", effects=[make_effect(treatment=Treatment.FILING)]),
        make_rule(code="second", effects=[make_effect(treatment=Treatment.COMMITMENT)], overrides=["first"]),
        make_rule(code="third", effects=[make_effect(treatment=None)], overrides=["second"]),
    ]

    assert licence(run(make_topic(rules=rules), open=True)).outcome == Outcome(Treatment.STANDARD)


def test_a_voluntary_way_has_the_outcome_without_it_as_fallback() -> None:
    rules = [
        make_rule(code="lighter", effects=[make_effect(treatment=Treatment.SIMPLIFIED)]),
        make_rule(
            code="by_commitment",
            effects=[make_effect(treatment=Treatment.COMMITMENT)],
            overrides=["lighter"],
            voluntary="choose",
        ),
    ]
    topic = make_topic(facts=[make_fact(), make_fact(code="choose", default=True)], rules=rules)

    decision = run(topic, open=True)

    assert licence(decision).outcome == Outcome(Treatment.COMMITMENT)
    assert licence(decision).fallback == Outcome(Treatment.SIMPLIFIED)
    assert decision.assumed == ("choose",)


def test_closed_beats_every_other_treatment_and_shows_as_barrier() -> None:
    rules = [make_rule(), make_rule(code="shut", effects=[make_effect(treatment=Treatment.CLOSED)])]

    decision = run(make_topic(rules=rules), open=True)

    assert licence(decision).outcome == Outcome(Treatment.CLOSED)
    assert [(item.code, item.applies) for item in decision.barriers] == [("shut", True)]


def test_an_unmet_condition_closes_until_a_rule_drops_it() -> None:
    distance = AcceptanceCondition("distance", (SOURCE,), test=is_true("far"), is_barrier=True)
    topic = make_topic(
        facts=[make_fact(), make_fact(code="far")],
        procedures=[make_procedure(conditions=(distance,))],
        rules=[make_rule(effects=[make_effect(treatment=None, conditions_dropped=frozenset({"distance"}))])],
    )

    assert licence(run(topic, open=False, far=False)).outcome == Outcome(Treatment.CLOSED)
    assert licence(run(topic, open=True, far=False)).outcome == Outcome(Treatment.STANDARD)
    assert licence(run(topic, open=True, far=False)).conditions[0].required is False


def test_of_a_waived_procedure_no_condition_is_asked_for_but_one_that_a_rule_drops_is_told() -> None:
    conditions = tuple(AcceptanceCondition(code, (SOURCE,)) for code in ("distance", "area"))
    effect = make_effect(conditions_dropped=frozenset({"distance"}))
    topic = make_topic(
        procedures=[make_procedure(conditions=conditions)],
        rules=[make_rule(effects=[effect])],
    )

    assert [(item.condition.code, item.required) for item in licence(run(topic, open=True)).conditions] == [
        ("distance", False)
    ]
    assert [item.required for item in licence(run(topic, open=False)).conditions] == [True, True]


def test_a_condition_to_confirm_never_closes_but_its_fact_is_asked_last() -> None:
    distance = AcceptanceCondition("distance", (SOURCE,), test=is_true("far"))
    topic = make_topic(facts=[make_fact(code="far")], procedures=[make_procedure(conditions=(distance,))], rules=[])

    decision = run(topic)

    assert licence(decision).outcome == Outcome(Treatment.STANDARD)
    assert licence(run(topic, far=False)).conditions[0].met is False
    assert [(item.fact, item.optional) for item in decision.questions] == [("far", True)]


def test_rules_end_on_the_first_day_they_no_longer_hold() -> None:
    period = Period(date(2021, 1, 1), date(2022, 1, 1))
    topic = make_topic(rules=[make_rule(period=period)])

    treatments = [
        licence(run(topic, day, open=True)).outcome
        for day in (date(2020, 12, 31), date(2021, 1, 1), date(2021, 12, 31), date(2022, 1, 1))
    ]

    waived, standard = Outcome(Treatment.WAIVED), Outcome(Treatment.STANDARD)
    assert treatments == [standard, waived, waived, standard]
    assert licence(run(topic, date(2021, 6, 1), open=True)).since == date(2021, 1, 1)


def test_brought_procedures_exist_only_where_their_rule_holds() -> None:
    from app.engine import Always

    filing = make_procedure(code="filing", required_when=Always(holds=False), has_default=False)
    brings = make_effect(procedure="filing", treatment=Treatment.FILING, brings=True)
    topic = make_topic(procedures=[make_procedure(), filing], rules=[make_rule(effects=[make_effect(), brings])])

    assert [item.code for item in run(topic, open=True).procedures] == ["licence", "filing"]
    assert [item.code for item in run(topic, open=False).procedures] == ["licence"]


def test_force_and_verification_come_from_the_strongest_carrying_rule() -> None:
    rules = [
        make_rule(code="plan", force=Force.PLAN_COMMITMENT, verification=Verification.FULL_TEXT),
        make_rule(code="act", force=Force.BINDING, verification=Verification.EXCERPT),
    ]

    found = licence(run(make_topic(rules=rules), open=True))

    assert (found.force, found.verification) == (Force.BINDING, Verification.EXCERPT)


def test_a_rules_figure_beats_the_procedures_own_limit_which_beats_nothing() -> None:
    twenty = Duration(Decimal(20), Unit.WORKING_DAY)
    same_day = LimitFigure(ALWAYS, Duration(Decimal(0), Unit.WORKING_DAY))
    topic = make_topic(
        procedures=[make_procedure(limits=(ProcedureLimit(ALWAYS, twenty, None, (SOURCE,)),))],
        rules=[make_rule(effects=[make_effect(treatment=Treatment.COMMITMENT, limits=(same_day,))])],
    )

    assert licence(run(topic, open=True)).limit.applicable == same_day.duration
    assert licence(run(topic, open=False)).limit.applicable == twenty


def test_papers_are_dropped_shared_or_deferred_by_rules_and_all_dropped_when_waived() -> None:
    papers = tuple(MaterialItem(code) for code in ("form", "copy", "plan"))
    change = MaterialChange(dropped=frozenset({"copy"}), deferred=frozenset({"plan"}))
    topic = make_topic(
        procedures=[make_procedure(materials=papers)],
        rules=[make_rule(effects=[make_effect(treatment=Treatment.SIMPLIFIED, materials=change)])],
    )

    found = licence(run(topic, open=True)).materials

    assert found is not None
    statuses = {item.code: item.status for item in found}
    assert statuses == {
        "form": MaterialStatus.REQUIRED,
        "copy": MaterialStatus.DROPPED,
        "plan": MaterialStatus.DEFERRED,
    }


def test_papers_that_are_none_of_the_days_are_a_list_not_known_unless_it_is_whole() -> None:
    later = (MaterialItem("form", Period(date(2030, 1, 1), None)),)
    open_list = make_topic(procedures=[make_procedure(materials=later)], rules=[])
    whole_list = make_topic(procedures=[make_procedure(materials=later, materials_complete=True)], rules=[])

    assert licence(run(open_list)).materials is None
    assert licence(run(whole_list)).materials == ()


def test_what_two_rules_give_rests_on_the_one_that_is_known_to_hold() -> None:
    note = Extra(ExtraKind.NOTE, "mind")
    topic = make_topic(
        facts=[make_fact(), make_fact(code="far")],
        rules=[
            make_rule(code="near", when=is_true("open"), effects=[], extras=[note]),
            make_rule(code="away", when=is_true("far"), effects=[], extras=[note]),
        ],
    )

    assert [item.rules for item in run(topic, open=True).extras] == [("near",)]
    assert [item.rules for item in run(topic).extras] == [("near", "away")]


def test_a_note_of_a_rule_applies_only_where_the_rule_is_carried() -> None:
    note = Extra(ExtraKind.NOTE, "mind")
    topic = make_topic(rules=[make_rule(extras=[note])])

    assert [item.applies for item in run(topic, open=True).extras] == [True]
    assert run(topic, open=False).extras == ()
    assert [item.applies for item in run(topic).extras] == [None]


def test_facts_tied_together_are_settled_by_the_earlier_one() -> None:
    facts = [
        make_fact(code="district", kind=FactType.CHOICE, options=("haidian", "yanqing")),
        make_fact(code="science_city"),
    ]
    in_haidian, in_city = IsOneOf(FactCode("district"), frozenset({"haidian"})), is_true("science_city")
    tied = [
        Constraint("city_is_haidian", Not(_both(in_city, Not(in_haidian)))),
        Constraint("haidian_is_city", Not(_both(in_haidian, Not(in_city)))),
    ]
    rules = [make_rule(when=_both(in_haidian, in_city))]

    decision = run(make_topic(facts=facts, rules=rules, constraints=tied))

    assert licence(decision).depends_on == ("district",)


def _both(one: object, other: object) -> object:
    from app.engine import All

    return All((one, other))  # type: ignore[arg-type]


def test_numbers_in_order_are_taken_at_their_exact_values() -> None:
    facts = [
        make_fact(code="above_ground", kind=FactType.DECIMAL, minimum=Decimal(0)),
        make_fact(code="total", kind=FactType.DECIMAL, minimum=Decimal(0)),
    ]
    limit = make_rule(when=Compare(FactCode("total"), "at_most", Decimal(5000)))
    order = Constraint("part_of_whole", AtMost(FactCode("above_ground"), FactCode("total")))
    topic = make_topic(facts=facts, rules=[limit], constraints=[order])

    assert licence(run(topic, above_ground=Decimal("5000.0001"))).outcome == Outcome(Treatment.STANDARD)
    assert licence(run(topic, above_ground=Decimal(5000))).depends_on == ("total",)


def test_a_contradiction_names_one_smallest_set_of_facts() -> None:
    facts = [make_fact(code=code) for code in ("one", "two", "three")]
    never = Constraint("not_both", Not(_both(is_true("one"), is_true("three"))))  # type: ignore[arg-type]
    compiled = compile_topic(make_topic(facts=facts, rules=[make_rule(when=is_true("two"))], constraints=[never]))

    conflict = conflicting_facts(compiled, {FactCode(code): True for code in ("one", "two", "three")})

    assert conflict is not None
    assert conflict.facts == ("one", "three")
    assert conflict.constraints == ("not_both",)


@pytest.mark.parametrize(
    ("answers", "broken"),
    [
        ({"whole": 5, "part": 6, "piece": 1}, ("part_within_whole",)),
        ({"part": 5, "piece": 6}, ("piece_within_part",)),
        ({"whole": 5, "piece": 6}, ("part_within_whole", "piece_within_part")),
    ],
)
def test_a_contradiction_names_the_fewest_orders_that_are_broken(
    answers: dict[str, int], broken: tuple[str, ...]
) -> None:
    facts = [
        make_fact(code=code, kind=FactType.DECIMAL, minimum=Decimal(0)) for code in ("whole", "part", "piece", "other")
    ]
    orders = [("part", "whole"), ("piece", "part"), ("other", "whole")]
    constraints = [Constraint(f"{one}_within_{two}", AtMost(FactCode(one), FactCode(two))) for one, two in orders]
    rule = make_rule(when=Compare(FactCode("whole"), "at_most", Decimal(5000)))
    compiled = compile_topic(make_topic(facts=facts, rules=[rule], constraints=constraints))

    conflict = conflicting_facts(compiled, {FactCode(code): Decimal(value) for code, value in answers.items()})

    assert conflict is not None
    assert conflict.constraints == broken
