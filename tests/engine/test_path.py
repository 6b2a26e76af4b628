"""Steps in order, what is merged or parallel, and what the path comes to."""

from datetime import date
from decimal import Decimal

from app.engine import (
    Duration,
    FactCode,
    Path,
    Period,
    ProcedureCode,
    ProcedureLimit,
    Treatment,
    Unit,
    Value,
    build_path,
    compile_topic,
    decide,
)
from tests.support.make_topic import (
    ALWAYS,
    DAY,
    SOURCE,
    make_effect,
    make_fact,
    make_procedure,
    make_rule,
    make_topic,
)


def limit(days: int, unit: Unit = Unit.WORKING_DAY) -> tuple[ProcedureLimit, ...]:
    return (ProcedureLimit(ALWAYS, Duration(Decimal(days), unit), None, (SOURCE,)),)


def chain(**days: int) -> list[object]:
    """Procedures one after another, by code and days."""
    found: list[object] = []
    before: tuple[ProcedureCode, ...] = ()
    for code, number in days.items():
        found.append(make_procedure(code=code, limits=limit(number), depends_on=before))
        before = (ProcedureCode(code),)
    return found


def path_of(procedures: list[object], rules: list[object], day: date = DAY, **answers: Value) -> Path:
    topic = make_topic(facts=[make_fact()], procedures=procedures, rules=rules)  # type: ignore[arg-type]
    compiled = compile_topic(topic)
    return build_path(compiled, decide(compiled, {FactCode(code): value for code, value in answers.items()}, day))


def test_days_add_up_along_the_chain_of_dependencies() -> None:
    path = path_of(chain(licence=3, plan=5, check=7), [])

    assert [step.starts_after for step in path.steps] == [(), (1,), (2,)]
    assert path.after is not None
    assert path.after.days.value == 15


def test_dependencies_pass_through_what_is_waived() -> None:
    waived = make_rule(effects=[make_effect(procedure="plan")])

    path = path_of(chain(licence=3, plan=5, check=7), [waived], open=True)

    assert [(step.procedures, step.starts_after) for step in path.steps] == [(("licence",), ()), (("check",), (1,))]


def test_a_merged_procedure_sits_under_its_target_and_passes_on_who_waits() -> None:
    merged = make_effect(procedure="plan", treatment=Treatment.MERGED, merged_into=ProcedureCode("licence"))

    path = path_of(chain(licence=3, plan=5, check=7), [make_rule(effects=[merged])], open=True)

    assert [(step.procedures, step.starts_after) for step in path.steps] == [
        (("licence", "plan"), ()),
        (("check",), (1,)),
    ]
    assert path.after is not None
    assert path.after.days.value == 10
    assert path.after.procedures == 2


def test_parallel_procedures_do_not_wait_for_each_other() -> None:
    beside = make_effect(
        procedure="plan", treatment=Treatment.SIMPLIFIED, parallel_with=frozenset({ProcedureCode("licence")})
    )

    path = path_of(chain(licence=3, plan=5), [make_rule(effects=[beside])], open=True)

    assert [step.starts_after for step in path.steps] == [(), ()]
    assert path.after is not None
    assert path.after.days.value == 5


def test_other_units_are_named_and_never_added() -> None:
    procedures = [make_procedure(limits=limit(2, Unit.MONTH)), make_procedure(code="check", limits=limit(4))]

    path = path_of(list(procedures), [])

    assert path.after is not None
    assert path.after.days.value == 4
    assert path.after.days_complete is False
    assert [code for code, _ in path.after.other_units] == ["licence"]


def test_a_procedure_without_figure_makes_the_total_at_least() -> None:
    path = path_of([make_procedure(), make_procedure(code="check", limits=limit(4))], [])

    assert path.after is not None
    assert path.after.unknown_days == ("licence",)
    assert path.after.days_complete is False


def test_before_is_the_same_scenario_under_the_law_of_the_day_before_the_reform() -> None:
    reform = make_rule(period=Period(date(2021, 1, 1)))

    path = path_of(chain(licence=3, check=7), [reform], open=True)

    assert path.before is not None
    assert path.after is not None
    assert (path.before.procedures, path.before.days.value) == (2, 10)
    assert (path.after.procedures, path.after.days.value) == (1, 7)


def test_while_a_barrier_holds_there_is_no_path() -> None:
    shut = make_rule(effects=[make_effect(treatment=Treatment.CLOSED)])

    assert path_of(chain(licence=3), [shut], open=True) == Path((), None, None)


def test_what_is_open_between_an_approval_and_being_closed_is_a_step_of_any_path_there_is() -> None:
    rules = [make_rule(effects=[make_effect(procedure="licence", treatment=Treatment.CLOSED)])]
    path = path_of(chain(licence=3, plan=5), rules)

    assert [step.procedures for step in path.steps] == [("licence",), ("plan",)]
    assert path.steps[1].starts_after == (1,)


def test_what_is_undecided_is_not_counted_and_leaves_the_total_incomplete() -> None:
    path = path_of(chain(licence=3, check=7), [make_rule()])

    assert path.after is not None
    assert path.after.procedures == 1
    assert path.after.complete is False
