"""The claims of the proof for one scenario on one day, whatever it leaves open: what a worked example can ask for."""

from collections.abc import Mapping
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.facts import FactCode, RuleCode, Value
from app.engine.faults import Fault
from app.engine.orders import order_faults
from app.engine.prove import carried_rules, conditions_of, meetings, no_scenario, scenario_faults
from app.engine.sweep import sweep_of_a_day
from app.engine.useless import extras_of, moving_facts


def faults_at(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> tuple[Fault, ...]:
    """The faults that some way of completing the answers meets on the day.

    Raises: ValueError for answers that no admissible scenario has.
    """
    with sweep_of_a_day(compiled, answers, day) as swept:
        return (*scenario_faults(swept), *order_faults(swept))


def rules_reached(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> frozenset[RuleCode]:
    """The rules that have an effect on the day in some way of completing the answers.

    Raises: ValueError for answers that no admissible scenario has.
    """
    holding = conditions_of(compiled, (compiled.period_of(day),))
    with sweep_of_a_day(compiled, answers, day) as swept:
        return frozenset(carried_rules(swept, holding))


def overrides_reached(
    compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date
) -> frozenset[tuple[RuleCode, RuleCode]]:
    """The overrides, (overriding, overridden), that bite on the day in some way of completing the answers.

    Raises: ValueError for answers that no admissible scenario has.
    """
    pairs = meetings(compiled, (compiled.period_of(day),))
    with sweep_of_a_day(compiled, answers, day) as swept:
        return frozenset(pair for pair, roots in pairs.items() if any(swept.can_hold(root) for root in roots))


def facts_that_move(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> frozenset[FactCode]:
    """The open facts whose answer can still change something on the day.

    Raises: ValueError for answers that no admissible scenario has.
    """
    extras = extras_of(compiled, (compiled.period_of(day),))
    with sweep_of_a_day(compiled, answers, day) as swept:
        return frozenset(moving_facts(swept, extras) - set(answers))


def has_scenarios(compiled: CompiledTopic) -> bool:
    """Whether the constraints leave any scenario at all."""
    return no_scenario(compiled) is None
