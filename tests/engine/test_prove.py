"""Faults planted in a topic are found, each with a scenario that shows it."""

from datetime import date

import pytest

from app.engine import (
    Always,
    Constraint,
    FaultKind,
    Not,
    Period,
    ProcedureCode,
    Treatment,
    compile_topic,
    decide,
    find_faults,
    prove,
)
from tests.support.make_topic import DAY, is_true, make_effect, make_fact, make_procedure, make_rule, make_topic


def kinds(**parts: object) -> list[tuple[FaultKind, tuple[str, ...]]]:
    compiled = compile_topic(make_topic(**parts))  # type: ignore[arg-type]
    return [(fault.kind, fault.codes) for fault in find_faults(compiled)]


def test_a_topic_without_fault_has_none() -> None:
    assert kinds() == []


def test_two_treatments_at_once_are_a_contradiction_with_its_scenario() -> None:
    rules = [make_rule(), make_rule(code="filed", effects=[make_effect(treatment=Treatment.FILING)])]
    compiled = compile_topic(make_topic(rules=rules))

    (fault,) = find_faults(compiled)

    assert fault.kind is FaultKind.CONTRADICTION
    assert fault.codes == ("filed", "waived_where_open", "licence")
    assert fault.answers == {"open": True}


def test_a_contradiction_in_one_period_only_is_found_on_a_day_of_it() -> None:
    short = Period(date(2022, 1, 1), date(2022, 2, 1))
    rules = [make_rule(), make_rule(code="filed", effects=[make_effect(treatment=Treatment.FILING)], period=short)]

    (fault,) = find_faults(compile_topic(make_topic(rules=rules)))

    assert fault.day is not None
    assert short.covers(fault.day)


def test_a_contradiction_no_admissible_scenario_can_meet_is_none() -> None:
    facts = [make_fact(), make_fact(code="other")]
    rules = [
        make_rule(),
        make_rule(code="filed", when=is_true("other"), effects=[make_effect(treatment=Treatment.FILING)]),
    ]
    from app.engine import All

    never = Constraint("not_both", Not(All((is_true("open"), is_true("other")))))

    assert kinds(facts=facts, rules=rules, constraints=[never]) == []


def test_required_without_default_or_treatment_is_a_gap() -> None:
    procedures = [make_procedure(has_default=False)]

    assert kinds(procedures=procedures) == [(FaultKind.GAP, ("licence",))]


def test_a_rule_that_never_holds_is_dead_and_an_override_that_never_bites_idle() -> None:
    dead = make_rule(code="never", when=Always(holds=False), overrides=["waived_where_open"])

    assert kinds(rules=[make_rule(), dead]) == [
        (FaultKind.DEAD_RULE, ("never",)),
        (FaultKind.IDLE_OVERRIDE, ("never", "waived_where_open")),
    ]


def test_a_merge_into_what_is_waived_is_found() -> None:
    procedures = [make_procedure(), make_procedure(code="plan")]
    merged = make_effect(procedure="plan", treatment=Treatment.MERGED, merged_into=ProcedureCode("licence"))
    rules = [make_rule(), make_rule(code="joined", effects=[merged])]

    assert kinds(procedures=procedures, rules=rules) == [(FaultKind.MERGE_TARGET, ("plan", "licence"))]


def test_at_run_time_a_contradiction_takes_the_strictest() -> None:
    rules = [make_rule(), make_rule(code="filed", effects=[make_effect(treatment=Treatment.FILING)])]
    compiled = compile_topic(make_topic(rules=rules))

    found = decide(compiled, {make_fact().code: True}, DAY).procedures[0].outcome

    assert found is not None
    assert found.treatment is Treatment.FILING


def test_conditions_too_entangled_to_be_read_exactly_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove, "NODE_BUDGET", 2)

    assert kinds() == [(FaultKind.NODE_BUDGET, ("licence",))]
