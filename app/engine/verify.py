"""The whole proof of a topic, with what was gone through for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.counting import admissible_over, admissible_scenarios, ways
from app.engine.diagram import BOTTOM
from app.engine.facts import FactCode, Value
from app.engine.faults import Fault
from app.engine.orders import order_faults
from app.engine.prove import conditions_of, idle_faults, meetings, no_scenario, scenario_faults
from app.engine.sweep import Sweep, answered_from, periods_answered, sweep
from app.engine.useless import extras_of, useless_questions


@dataclass(frozen=True, slots=True)
class Proof:
    """What the proof of a topic found, and how much it went through.

    Shape: `days` the first day of each period swept; `cells` the parts that the conditions cut all facts' values into,
        `scenarios` the admissible combinations of these; `decisions` the different diagrams of procedures read, and
        `situations` the combinations of cells of each one's own facts, summed over them; `nodes` of all diagrams.
        `defaults` the facts taken as answered where they are not: proved for these answers and for any other.
    """

    faults: tuple[Fault, ...]
    days: tuple[date, ...]
    procedures: int
    rules: int
    definitions: int
    facts: int
    cells: int
    scenarios: int
    decisions: int
    situations: int
    nodes: int
    defaults: Mapping[FactCode, Value]
    constraints: tuple[str, ...]


def prove_topic(compiled: CompiledTopic) -> Proof:
    """Everything that can be wrong with the topic's rules, over all admissible scenarios of all periods.

    Cost: `find_faults`, and the fates of all procedures that merges and parallel groups tie together.
    """
    impossible = no_scenario(compiled)
    if impossible is not None:
        return _proof(compiled, (impossible,), (), 0)
    periods = periods_answered(compiled)
    pairs, holding, extras = (
        meetings(compiled, periods),
        conditions_of(compiled, periods),
        extras_of(compiled, periods),
    )
    with sweep(compiled) as swept:
        faults = (
            *scenario_faults(swept),
            *order_faults(swept),
            *idle_faults(swept, pairs, holding),
            *useless_questions(swept, extras),
        )
        decisions = tuple(dict.fromkeys(root for _, _, root in swept.distinct()))
        situations = sum(_situations(swept, root) for root in decisions)
    return _proof(compiled, faults, decisions, situations)


def _situations(swept: Sweep, root: int) -> int:
    """The admissible combinations of the cells of the diagram's own facts; each of them leads to one leaf.

    Raises: AssertionError where the leaves do not cover all of them, which would mean that the proof read too little.
    """
    store, compiled = swept.store, swept.compiled
    places = store.levels_in(root)
    sizes = {place: compiled.levels[place].size for place in places}
    whole = admissible_over(compiled, places)
    guarded = root
    for component in compiled.components:
        guarded = store.guarded(guarded, store.without(component.whole, places.__contains__))
    covered = ways(store, guarded, places, sizes, lambda value: value is not BOTTOM)
    assert covered == whole, f"{covered} of {whole} situations are covered"
    return whole


def _proof(compiled: CompiledTopic, faults: tuple[Fault, ...], decisions: tuple[int, ...], situations: int) -> Proof:
    topic = compiled.topic
    return Proof(
        faults=faults,
        days=tuple(answered_from(compiled, period) for period in periods_answered(compiled)),
        procedures=len(topic.procedures),
        rules=len(topic.rules),
        definitions=len(topic.definitions),
        facts=len(topic.facts),
        cells=sum(level.size for level in compiled.levels),
        scenarios=admissible_scenarios(compiled),
        decisions=len(decisions),
        situations=situations,
        nodes=len(compiled.store),
        defaults={code: fact.default for code, fact in topic.facts.items() if fact.default is not None},
        constraints=tuple(item.code for item in topic.constraints),
    )
