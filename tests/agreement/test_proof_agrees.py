"""What the proof counts and shows, held against brute force on random topics: numbers exact, examples real."""

from dataclasses import replace

import pytest

from app.engine import (
    CompiledTopic,
    Fault,
    FaultKind,
    LevelKind,
    ProcedureCode,
    Topic,
    compile_topic,
    conflicting_facts,
    faults_at,
    prove_topic,
)
from app.engine.cells import cell_of
from app.engine.counting import admissible_scenarios
from app.engine.view import View
from tests.agreement.faulty_topics import Planter
from tests.agreement.oracle import Oracle
from tests.support.make_topic import DAY, TopicMaker

SEEDS = range(60)
#: Faults that a scenario shows.
SHOWN = {
    FaultKind.CONTRADICTION,
    FaultKind.GAP,
    FaultKind.MERGE_TARGET,
    FaultKind.MERGE_CYCLE,
    FaultKind.ORDER_CYCLE,
}


def without_days(seeds: range) -> list[int]:
    """Seeds of topics whose scenarios can all be written down; days have no end."""
    compiled = {seed: compile_topic(TopicMaker(seed).topic()) for seed in seeds}
    return [seed for seed, topic in compiled.items() if not any(level.kind is LevelKind.PAIR for level in topic.levels)]


def vectors(compiled: CompiledTopic) -> set[tuple[object, ...]]:
    """The different scenarios as far as the conditions can tell, by brute force."""
    oracle = Oracle(_open(compiled), DAY, {})
    return {tuple(cell_of(level, scenario) for level in compiled.levels) for scenario in oracle.scenarios}


def _open(compiled: CompiledTopic) -> Topic:
    """The topic with nothing taken by default."""
    facts = {code: replace(fact, default=None) for code, fact in compiled.topic.facts.items()}
    return replace(compiled.topic, facts=facts)


@pytest.mark.parametrize("seed", without_days(SEEDS))
def test_scenarios_are_counted_exactly(seed: int) -> None:
    compiled = compile_topic(TopicMaker(seed).topic())

    assert admissible_scenarios(compiled) == len(vectors(compiled))


@pytest.mark.parametrize("seed", range(120))
def test_every_example_of_a_fault_is_admissible_and_shows_it(seed: int) -> None:
    compiled = compile_topic(Planter(seed).faulty())
    shown = [fault for fault in prove_topic(compiled).faults if fault.kind in SHOWN]

    for fault in shown:
        assert fault.day is not None
        assert conflicting_facts(compiled, fault.answers) is None
        assert named(fault) in {named(other) for other in faults_at(compiled, fault.answers, fault.day)}


def named(fault: Fault) -> tuple[object, ...]:
    """What the fault is, whatever it was shown by; circles by their kind, as the first one met is named."""
    circle = fault.kind in {FaultKind.MERGE_CYCLE, FaultKind.ORDER_CYCLE}
    return (fault.kind, fault.about, () if circle else fault.codes)


@pytest.mark.parametrize("seed", range(120))
def test_example_settles_the_procedure_it_is_about(seed: int) -> None:
    """Whatever the other facts are answered, the fault is there."""
    compiled = compile_topic(Planter(seed).faulty())

    for fault in prove_topic(compiled).faults:
        if fault.kind in {FaultKind.CONTRADICTION, FaultKind.GAP}:
            assert fault.day is not None
            root = compiled.procedure(ProcedureCode(fault.codes[-1]), compiled.period_of(fault.day))
            with compiled.store.scratch():
                view = View(compiled, fault.answers)
                assert len(view.store.leaves_in(view.reduced(root))) == 1
