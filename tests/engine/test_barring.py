"""What can bar: closing rules and conditions of acceptance, of which procedures, on which days."""

from datetime import date, timedelta

from app.engine import ALWAYS, AcceptanceCondition, Not, Period, ProcedureCode, Topic, Treatment
from app.engine.barring import Barring
from app.engine.reach import rules_by_procedure
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

LICENCE, PERMIT = ProcedureCode("licence"), ProcedureCode("permit")
#: Asked for of the permit, and bars unmet; asked for of the licence by a rule alone.
NEAR = AcceptanceCondition("near", (SOURCE,), ALWAYS, is_true("near"), is_barrier=True)
#: Bars until the change of the law.
LEVEL = AcceptanceCondition("level", (SOURCE,), Period(None, CHANGE), Not(is_true("near")), is_barrier=True)
#: Is only told.
CLEAN = AcceptanceCondition("clean", (SOURCE,), ALWAYS, is_true("open"))


def topic() -> Topic:
    """Two procedures: a rule closes both from the change of the law on, another adds a condition to the licence."""
    closing = [make_effect(treatment=Treatment.CLOSED), make_effect(procedure="permit", treatment=Treatment.CLOSED)]
    return make_topic(
        facts=[make_fact(), make_fact(code="near")],
        procedures=[make_procedure(conditions=(LEVEL,)), make_procedure(code="permit", conditions=(CLEAN, NEAR))],
        rules=[
            make_rule(code="shut", period=Period(CHANGE, None), effects=closing),
            make_rule(code="adds", effects=[make_effect(treatment=None, conditions_added=(NEAR, CLEAN))]),
        ],
    )


def barring() -> Barring:
    return Barring(topic(), rules_by_procedure(topic()))


def test_what_closes_a_procedure_is_a_closing_rule_or_a_condition_that_bars() -> None:
    closed = {code: barring().closed_by(code) for code in ("shut", "near", "level", "clean", "adds", "unheard_of")}

    assert closed == {
        "shut": (LICENCE, PERMIT),
        "near": (LICENCE, PERMIT),
        "level": (LICENCE,),
        "clean": (),
        "adds": (),
        "unheard_of": (),
    }


def test_only_a_rule_that_closes_counts_as_closing() -> None:
    assert [barring().is_closing(code) for code in ("shut", "adds", "near")] == [True, False, False]


def test_what_can_bar_on_a_day_is_what_is_in_force_rules_first() -> None:
    before = CHANGE - timedelta(days=1)

    assert barring().codes_on(before) == ("level", "near")
    assert barring().codes_on(CHANGE) == ("shut", "near")
    assert barring().codes_on(date.max) == ("shut", "near")


def test_conditions_know_the_rule_that_adds_them_and_all_tests_are_kept() -> None:
    found = barring()

    assert [(item.code, rule and rule.code) for item, rule in found.conditions[LICENCE]] == [
        ("level", None),
        ("near", "adds"),
    ]
    assert found.tests[LICENCE] == (LEVEL.test, NEAR.test, CLEAN.test)
    assert found.tests[PERMIT] == (CLEAN.test, NEAR.test)
