"""What a change of rules moves: classes in few words, stretches of days, examples that can be asked."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.engine import (
    All,
    Compare,
    Constraint,
    Defined,
    Definition,
    DefinitionCode,
    DefinitionVersion,
    Duration,
    Extra,
    ExtraKind,
    Facet,
    FactCode,
    FactType,
    IsOneOf,
    Limit,
    LimitFigure,
    MaterialChange,
    MaterialItem,
    Moved,
    Not,
    OfBarrier,
    OfDefinition,
    OfProcedure,
    Outcome,
    Papers,
    Period,
    ProcedureCode,
    Requires,
    SetIs,
    Topic,
    Treatment,
    Turn,
    Turned,
    Unit,
    compile_topic,
    find_impact,
    may_move,
    outcomes_under,
)
from app.engine.model import ALWAYS
from tests.support.make_topic import SOURCE, is_true, make_effect, make_fact, make_procedure, make_rule, make_topic

AREA = FactCode("area_m2")
SMALL = DefinitionCode("small")
LICENCE = OfProcedure(ProcedureCode("licence"))
STANDARD, WAIVED = Outcome(Treatment.STANDARD), Outcome(Treatment.WAIVED)


def shop(limit: int, *, since: date | None = None) -> Topic:
    """A topic whose licence is waived for small shops; small is what has at most so many square metres."""
    small = Compare(AREA, "at_most", Decimal(limit))
    version = DefinitionVersion(small, ALWAYS if since is None else Period(since), (SOURCE,))
    return make_topic(
        facts=[make_fact(), make_fact(code=AREA, kind=FactType.DECIMAL, minimum=Decimal(0))],
        definitions=[Definition(SMALL, (version,))],
        rules=[make_rule(when=All((Defined(SMALL), is_true("open"))))],
    )


def only(topic: Topic, other: Topic, facet: Facet = Facet.OUTCOME) -> Moved:
    (found,) = [item for item in find_impact(topic, other).of(OfProcedure) if item.facet is facet]
    return found


def test_a_topic_that_did_not_change_moves_nothing() -> None:
    assert find_impact(shop(100), shop(100)).moved == ()


def test_a_raised_threshold_takes_in_exactly_what_lies_between() -> None:
    (definition,) = find_impact(shop(100), shop(150)).of(OfDefinition)
    (stretch,) = definition.stretches
    (taken_in,) = stretch.classes

    assert (taken_in.before, taken_in.after) == (False, True)
    assert taken_in.conditions == (All((Compare(AREA, "above", Decimal(100)), Compare(AREA, "at_most", Decimal(150)))),)
    assert (stretch.start, stretch.end) == (date(2020, 1, 1), None)
    assert (stretch.moved, stretch.situations) == (1, 3)


def test_a_procedure_moves_by_what_becomes_of_the_definition() -> None:
    (moved,) = only(shop(100), shop(150)).stretches[0].classes

    assert (moved.before, moved.after) == (STANDARD, WAIVED)
    assert moved.conditions == (Turned(SMALL, frozenset({Turn.GAINED})), IsOneOf(FactCode("open"), frozenset({True})))
    assert moved.example == {"open": True, "area_m2": Decimal(110)}


def test_a_lowered_threshold_lets_go_what_it_took_in() -> None:
    (moved,) = only(shop(150), shop(100)).stretches[0].classes

    assert (moved.before, moved.after) == (WAIVED, STANDARD)
    assert moved.conditions[0] == Turned(SMALL, frozenset({Turn.LOST}))


def test_days_on_which_nothing_moves_are_no_stretch() -> None:
    (stretch,) = only(shop(100, since=date(2021, 3, 1)), shop(150, since=date(2021, 3, 1))).stretches

    assert stretch.start == date(2021, 3, 1)


def test_a_rule_that_ends_moves_from_that_day_on() -> None:
    before = make_topic()
    ended = replace(before.rules[make_rule().code], period=Period(None, date(2022, 5, 1)))
    (stretch,) = only(before, make_topic(rules=[ended])).stretches

    assert (stretch.start, stretch.classes[0].after) == (date(2022, 5, 1), STANDARD)


def test_a_new_procedure_moves_from_not_required() -> None:
    new = make_procedure(code="permit", required_when=is_true("open"))
    impact = find_impact(make_topic(), make_topic(procedures=[make_procedure(), new]))
    (moved,) = impact.of(OfProcedure)

    assert moved.subject == OfProcedure(ProcedureCode("permit"))
    assert [(each.before, each.after) for each in moved.stretches[0].classes] == [(Outcome(None), STANDARD)]


def test_scenarios_that_only_one_version_takes_are_not_compared() -> None:
    never_open = Constraint("never_open", Not(is_true("open")))
    after = make_topic(rules=[make_rule(effects=[make_effect(treatment=Treatment.FILING)])], constraints=[never_open])

    assert find_impact(make_topic(), after).of(OfProcedure) == ()


def test_a_fact_of_another_type_is_two_facts() -> None:
    kinds = make_fact(kind=FactType.CHOICE, options=("no", "yes"))
    after = make_topic(facts=[kinds], rules=[make_rule(when=IsOneOf(FactCode("open"), frozenset({"yes"})))])
    classes = only(make_topic(), after).stretches[0].classes

    assert {(each.before, each.after) for each in classes} == {(WAIVED, STANDARD), (STANDARD, WAIVED)}


def test_a_shorter_limit_moves_days_where_the_treatment_stays() -> None:
    def version(days: int) -> Topic:
        figure = LimitFigure(ALWAYS, Duration(Decimal(days), Unit.WORKING_DAY))
        return make_topic(rules=[make_rule(effects=[make_effect(treatment=Treatment.SIMPLIFIED, limits=(figure,))])])

    impact = find_impact(version(10), version(5))
    (moved,) = impact.of(OfProcedure)
    (each,) = moved.stretches[0].classes

    assert moved.facet is Facet.LIMIT
    assert (each.before, each.after) == tuple(Limit(Duration(Decimal(days), Unit.WORKING_DAY)) for days in (10, 5))
    assert each.conditions == (IsOneOf(FactCode("open"), frozenset({True})),)


def test_a_closing_rule_and_an_obligation_move_as_what_they_are() -> None:
    duty = Extra(ExtraKind.OBLIGATION, "keep_records")
    closing = make_rule(effects=[make_effect(treatment=Treatment.CLOSED)])
    impact = find_impact(make_topic(), make_topic(rules=[replace(closing, extras=(duty,))]))

    assert {str(item.subject.code) for item in impact.of(OfBarrier)} == {"waived_where_open"}
    assert [each.after for each in impact.of(Extra)[0].stretches[0].classes] == [True]


def test_a_procedure_that_exists_where_another_one_does_moves_with_it() -> None:
    def version(fact: str) -> Topic:
        facts = [make_fact(), make_fact(code="large")]
        first = make_procedure(code="first", required_when=is_true(fact))
        second = make_procedure(code="second", required_when=Requires(ProcedureCode("first")))
        return make_topic(facts=facts, procedures=[first, second], rules=[])

    impact = find_impact(version("open"), version("large"))

    assert {item.subject.code for item in impact.of(OfProcedure) if isinstance(item.subject, OfProcedure)} == {
        "first",
        "second",
    }


def test_a_scenario_outside_every_class_certainly_stays() -> None:
    before, after = shop(100), shop(150)
    moved, old, new = only(before, after), compile_topic(before), compile_topic(after)
    day = date(2024, 1, 1)

    def may(**answers: object) -> bool:
        return may_move(moved, old, new, {FactCode(code): value for code, value in answers.items()}, day)  # type: ignore[misc]

    assert [may(area_m2=Decimal(90)), may(area_m2=Decimal(120), open=False)] == [False, False]
    assert [may(), may(open=True), may(area_m2=Decimal(120))] == [True, True, True]


def test_outcomes_of_single_procedures_are_exact_without_the_rest() -> None:
    found = outcomes_under(compile_topic(shop(100)), [LICENCE.code, ProcedureCode("none_such")], {}, date(2024, 1, 1))

    assert found == {"licence": (WAIVED, STANDARD), "none_such": (Outcome(None),)}


def test_a_test_of_a_whole_set_is_one_class_and_not_one_an_option() -> None:
    goods = make_fact(code="goods", kind=FactType.CHOICES, options=("tea", "milk", "salt", "wine"))
    sold = SetIs(FactCode("goods"), "contains_any", frozenset({"milk", "salt", "tea"}))
    before = make_topic(facts=[goods], rules=[])
    (moved,) = only(before, make_topic(facts=[goods], rules=[make_rule(when=sold)])).stretches[0].classes

    assert moved.conditions == (sold,)
    assert moved.situations == 1


def test_a_definition_may_ask_whether_a_procedure_that_did_not_change_exists() -> None:
    other = make_procedure(code="permit", required_when=is_true("open"))
    asks = Definition(SMALL, (DefinitionVersion(Requires(ProcedureCode("permit")), ALWAYS, (SOURCE,)),))
    before = make_topic(procedures=[make_procedure(), other], definitions=[asks], rules=[])
    after = replace(before, rules={make_rule().code: make_rule(when=Defined(SMALL))})
    (moved,) = only(before, after).stretches[0].classes

    assert moved.conditions == (Turned(SMALL, frozenset({Turn.YES})),)
    assert moved.example == {"open": True}


def test_papers_that_stay_do_not_part_the_classes_of_one_that_goes() -> None:
    def version(*codes: str) -> Topic:
        items = tuple(MaterialItem(code) for code in codes)
        more = MaterialChange(added=(MaterialItem("letter"),))
        rule = make_rule(effects=[make_effect(treatment=None, materials=more)])
        return make_topic(procedures=[make_procedure(materials=items)], rules=[rule])

    (each,) = only(version("form", "licence"), version("form"), Facet.MATERIALS).stretches[0].classes

    assert each.conditions == ()
    assert (each.before, each.after) == (Papers(True, frozenset({("licence", "required")})), Papers(True))
