"""The whole proof of small topics: circles, changes that clash, idle things with their reason, exact examples."""

from datetime import date
from decimal import Decimal

import pytest

from app.engine import (
    ALWAYS,
    AcceptanceCondition,
    All,
    Always,
    Any,
    AtMost,
    Compare,
    Constraint,
    Duration,
    Fact,
    FactCode,
    FactType,
    Fault,
    FaultKind,
    LimitFigure,
    Not,
    Period,
    ProcedureCode,
    ProcedureEffect,
    Treatment,
    Unit,
    compile_topic,
    prove_topic,
)
from tests.support.make_topic import (
    CHANGE,
    SOURCE,
    is_true,
    make_effect,
    make_fact,
    make_procedure,
    make_rule,
    make_topic,
)


def proved(**parts: object) -> tuple[Fault, ...]:
    """The faults of a small topic."""
    return prove_topic(compile_topic(make_topic(**parts))).faults  # type: ignore[arg-type]


def kinds(**parts: object) -> list[tuple[FaultKind, tuple[str, ...]]]:
    """What they are and about what."""
    return [(fault.kind, fault.codes) for fault in proved(**parts)]


def merged(procedure: str, into: str) -> ProcedureEffect:
    """The effect that merges one procedure into another."""
    return make_effect(procedure=procedure, treatment=Treatment.MERGED, merged_into=ProcedureCode(into))


def chain() -> list[object]:
    """Three procedures: the licence waits for the visit, the visit for the plan."""
    return [
        make_procedure(code="plan"),
        make_procedure(code="visit", depends_on=(ProcedureCode("plan"),)),
        make_procedure(depends_on=(ProcedureCode("visit"),)),
    ]


def limited(code: str, days: int, period: Period = ALWAYS) -> object:
    """A rule that gives the licence a time limit."""
    figure = LimitFigure(period, Duration(Decimal(days), Unit.WORKING_DAY))
    return make_rule(code=code, effects=[make_effect(treatment=None, limits=(figure,))])


def test_procedures_merged_into_each_other_are_found_with_the_rules() -> None:
    rules = [
        make_rule(code="one", effects=[merged("licence", "plan")]),
        make_rule(code="other", effects=[merged("plan", "licence")]),
    ]

    (fault,) = proved(procedures=[make_procedure(), make_procedure(code="plan")], rules=rules)

    assert (fault.kind, fault.codes, fault.rules) == (FaultKind.MERGE_CYCLE, ("licence", "plan"), ("one", "other"))
    assert fault.answers == {"open": True}


def test_first_and_last_of_a_chain_made_one_step_wait_for_what_lies_between() -> None:
    rules = [make_rule(code="joined", effects=[merged("plan", "licence")])]

    assert kinds(procedures=chain(), rules=rules) == [(FaultKind.ORDER_CYCLE, ("licence", "visit"))]


def test_first_and_last_of_a_chain_that_start_together_wait_for_what_lies_between() -> None:
    beside = make_effect(procedure="plan", treatment=None, parallel_with=frozenset({ProcedureCode("licence")}))

    (fault,) = proved(procedures=chain(), rules=[make_rule(code="together", effects=[beside])])

    assert (fault.kind, fault.rules) == (FaultKind.ORDER_CYCLE, ("together",))


def test_two_neighbours_in_a_chain_may_be_one_step_or_start_together() -> None:
    beside = make_effect(procedure="visit", treatment=None, parallel_with=frozenset({ProcedureCode("plan")}))
    rules = [
        make_rule(code="joined", effects=[merged("plan", "visit")]),
        make_rule(code="together", when=Not(is_true("open")), effects=[beside]),
    ]

    assert kinds(procedures=chain(), rules=rules) == []


def test_circle_through_what_is_waived_is_found_and_one_behind_a_barrier_is_none() -> None:
    waived = make_rule(code="no_visit", when=Always(), effects=[make_effect(procedure="visit")])
    joined = make_rule(code="joined", effects=[merged("plan", "licence")])
    barred = AcceptanceCondition("shut", (SOURCE,), ALWAYS, Not(is_true("open")), is_barrier=True)
    other = make_procedure(code="other", conditions=(barred,))

    assert kinds(procedures=chain(), rules=[waived, joined]) == []
    assert kinds(procedures=[*chain(), other], rules=[joined]) == []


def test_limits_that_differ_clash_on_the_first_day_both_stand() -> None:
    rules = [limited("quick", 5), limited("slow", 10, Period(date(2022, 3, 1), None))]

    (fault,) = proved(rules=rules)

    assert (fault.kind, fault.codes, fault.about) == (FaultKind.CONTRADICTION, ("quick", "slow", "licence"), "limit")
    assert fault.day == date(2022, 3, 1)


def test_limits_of_a_procedure_that_is_waived_do_not_matter() -> None:
    assert kinds(rules=[make_rule(), limited("quick", 5), limited("slow", 10)]) == []


def test_one_limit_after_the_other_is_no_clash() -> None:
    rules = [limited("quick", 5, Period(None, CHANGE)), limited("slow", 10, Period(CHANGE, None))]

    assert kinds(rules=rules) == []


@pytest.mark.parametrize(
    ("about", "one", "other"),
    [
        ("authority", {"authority": "city"}, {"authority": "district"}),
        ("channel", {"channel": "online"}, {"channel": "window"}),
        ("visits", {"visits": 0}, {"visits": 1}),
        ("fee", {"has_fee": True}, {"has_fee": True}),
    ],
)
def test_fields_that_two_rules_set_differently_clash(
    about: str, one: dict[str, object], other: dict[str, object]
) -> None:
    rules = [
        make_rule(code="first", effects=[make_effect(treatment=None, **one)]),
        make_rule(code="second", effects=[make_effect(treatment=None, **other)]),
    ]

    assert [fault.about for fault in proved(rules=rules)] == [about]


def test_override_settles_a_clash_of_changes() -> None:
    rules = [
        make_rule(code="first", effects=[make_effect(treatment=None, visits=0)]),
        make_rule(
            code="second",
            when=All((is_true("open"), is_true("late"))),
            effects=[make_effect(treatment=None, visits=1)],
            overrides=["first"],
        ),
    ]

    assert kinds(facts=[make_fact(), make_fact(code="late")], rules=rules) == []


@pytest.mark.parametrize(
    ("about", "rule", "others"),
    [
        ("dates", make_rule(code="dead", period=Period(None, date(2019, 1, 1))), []),
        ("condition", make_rule(code="dead", when=Always(holds=False)), []),
        ("overridden", make_rule(code="dead"), [make_rule(code="above", when=Always(), overrides=["dead"])]),
        ("required", make_rule(code="dead", when=Always(), effects=[make_effect(procedure="never")]), []),
    ],
)
def test_dead_rule_says_why(about: str, rule: object, others: list[object]) -> None:
    procedures = [make_procedure(), make_procedure(code="never", required_when=Always(holds=False))]
    alive = make_rule(code="alive", effects=[make_effect(treatment=None, visits=1)])

    (fault,) = proved(procedures=procedures, rules=[rule, *others, alive])

    assert (fault.kind, fault.codes, fault.about) == (FaultKind.DEAD_RULE, ("dead",), about)


def test_fact_that_its_condition_can_do_without_is_useless() -> None:
    idle = make_fact(code="idle")
    rule = make_rule(when=Any((is_true("open"), All((is_true("open"), is_true("idle"))))))

    assert kinds(facts=[make_fact(), idle], rules=[rule]) == [(FaultKind.USELESS_QUESTION, ("idle",))]


def test_fact_that_rules_out_an_answer_to_one_that_matters_is_not_useless() -> None:
    either_or = Constraint("not_both", Not(All((is_true("open"), is_true("elsewhere")))))

    assert kinds(facts=[make_fact(), make_fact(code="elsewhere")], constraints=[either_or]) == []


def test_constraints_that_leave_nothing_are_named_without_those_that_are_innocent() -> None:
    constraints = [
        Constraint("always", is_true("open")),
        Constraint("innocent", Any((is_true("open"), is_true("other")))),
        Constraint("never", Not(is_true("open"))),
    ]
    facts = [make_fact(), make_fact(code="other")]

    assert kinds(facts=facts, constraints=constraints) == [(FaultKind.NO_SCENARIO, ("always", "never"))]


def test_example_keeps_orders_between_numbers_at_its_exact_values() -> None:
    """The part in the second cell, the whole in the first one that can hold it: their least values would not fit."""
    facts = [_area("part"), _area("whole")]
    never = Constraint("part_of_the_whole", AtMost(FactCode("part"), FactCode("whole")))
    over = Compare(FactCode("part"), "above", Decimal(100))
    under = Compare(FactCode("whole"), "at_most", Decimal(5000))
    rules = [
        make_rule(code="filed", when=All((over, under)), effects=[make_effect(treatment=Treatment.FILING)]),
        make_rule(code="waived", when=over),
    ]

    (fault,) = proved(facts=facts, rules=rules, constraints=[never])

    assert fault.answers == {"part": Decimal("100.0001"), "whole": Decimal("100.0001")}


def _area(code: str) -> Fact:
    return make_fact(code=code, kind=FactType.DECIMAL, minimum=Decimal(0))


def test_proof_counts_what_it_went_through() -> None:
    proof = prove_topic(compile_topic(make_topic(facts=[make_fact(), make_fact(code="other", default=True)])))

    assert (proof.procedures, proof.rules, proof.facts, proof.cells, proof.scenarios) == (1, 1, 2, 2, 2)
    assert proof.defaults == {"other": True}
    assert proof.days == (date(2020, 1, 1),)
