"""What single different answers would lead to."""

from decimal import Decimal

from app.engine import (
    Compare,
    FactCode,
    FactType,
    SetIs,
    Treatment,
    Value,
    WhatIf,
    compile_topic,
    decide,
    what_if,
)
from tests.support.make_topic import DAY, make_fact, make_rule, make_topic

AREA = make_fact(code="area", kind=FactType.DECIMAL, minimum=Decimal(0))
GOODS = make_fact(code="goods", kind=FactType.CHOICES, options=("tea", "milk", "salt"), empty_allowed=False)


def changes(fact: object, when: object, **answers: Value) -> tuple[WhatIf, ...]:
    compiled = compile_topic(make_topic(facts=[fact], rules=[make_rule(when=when)]))  # type: ignore[list-item, arg-type]
    return what_if(compiled, decide(compiled, {FactCode(code): value for code, value in answers.items()}, DAY))


def test_a_number_is_said_by_the_boundary_of_the_other_cell() -> None:
    at_most = Compare(FactCode("area"), "at_most", Decimal(60))

    (smaller,) = changes(AREA, at_most, area=Decimal(80))
    (larger,) = changes(AREA, at_most, area=Decimal(40))

    assert (smaller.answer, smaller.side, smaller.treatment) == (Decimal(60), "is", Treatment.WAIVED)
    assert (larger.answer, larger.side, larger.treatment) == (Decimal(60), "above", Treatment.STANDARD)


def test_a_set_changes_as_little_as_needed_and_never_to_an_empty_one() -> None:
    only_tea = SetIs(FactCode("goods"), "only", frozenset({"tea"}))

    (lighter,) = changes(GOODS, only_tea, goods=frozenset({"tea", "milk"}))
    (heavier,) = changes(GOODS, only_tea, goods=frozenset({"tea"}))

    assert lighter.answer == frozenset({"tea"})
    assert heavier.answer in (frozenset({"tea", "milk"}), frozenset({"tea", "salt"}))


def test_an_open_scenario_has_no_what_if() -> None:
    assert changes(AREA, Compare(FactCode("area"), "at_most", Decimal(60))) == ()
