"""An SMT solver, reading the law itself, finds the faults that the diagrams find, and no other one."""

from collections import Counter
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest

from app.engine import (
    AtMost,
    Condition,
    Constraint,
    Defined,
    FactCode,
    Fault,
    FaultKind,
    ProcedureCode,
    Proof,
    Purpose,
    RuleCode,
    Topic,
    compile_topic,
    leaves,
    mentioned_facts,
    prove_topic,
)
from app.rulebook import load
from tests.agreement.faulty_topics import Planter
from tests.agreement.solver import Claim, SecondOpinion
from tests.agreement.solver_law import outcome_set
from tests.support.make_topic import TopicMaker

RULES = Path(__file__).parents[2] / "rules"
TOPICS = sorted(path.parent.name for path in RULES.glob("topics/*/topic.yaml"))
SOUND = range(40)
FAULTY = range(120)
#: Kinds named by whether there is one: which circle is shown first is a matter of taste.
CIRCLES = {FaultKind.MERGE_CYCLE, FaultKind.ORDER_CYCLE, FaultKind.NO_SCENARIO}


@cache
def real_topics() -> dict[str, Topic]:
    return {code: book.topic for code, book in load(RULES).topics.items()}


@cache
def real_proof(topic: str) -> Proof:
    return prove_topic(compile_topic(real_topics()[topic]))


def normalized(topic: Topic, faults: tuple[Fault, ...]) -> set[Claim]:
    """The faults as the solver names them: contradictions of treatment by pairs of rules, circles by their kind."""
    found: set[Claim] = set()
    for fault in faults:
        if fault.kind is FaultKind.CONTRADICTION and fault.about == "treatment":
            *rules, code = fault.codes
            procedure = topic.procedures[ProcedureCode(code)]
            for one, other in combinations(rules, 2):
                effects = [topic.rules[RuleCode(rule)].effect_on(procedure.code) for rule in (one, other)]
                outcomes = {outcome_set(effect, procedure) for effect in effects if effect is not None}
                if len(outcomes) > 1:
                    found.add((fault.kind, "treatment", (one, other, code)))
        elif fault.kind in CIRCLES:
            found.add((fault.kind, "", ()))
        elif fault.kind is not FaultKind.USELESS_QUESTION:
            about = fault.about if fault.kind is FaultKind.CONTRADICTION else ""
            found.add((fault.kind, about, fault.codes))
    return found


def useless(faults: tuple[Fault, ...]) -> set[str]:
    """The facts that the proof says move nothing."""
    return {fault.codes[0] for fault in faults if fault.kind is FaultKind.USELESS_QUESTION}


@pytest.mark.parametrize("topic", TOPICS)
def test_on_the_real_rules_both_say_the_same(topic: str) -> None:
    record = real_topics()[topic]

    assert normalized(record, real_proof(topic).faults) == SecondOpinion(record).claims()


@pytest.mark.parametrize("topic", TOPICS)
def test_on_the_real_rules_facts_that_move_nothing_are_the_same_for_both(topic: str) -> None:
    """Every fact of every topic, none sampled; what an acceptance condition or another question reads is of use too."""
    record = real_topics()[topic]
    opinion = SecondOpinion(record)
    tied = {code for item in record.constraints for code in _facts_of(item)}
    where = {code for code, fact in record.facts.items() if fact.purpose is Purpose.WHERE}

    moving = {code for code in record.facts if opinion.moves(code)}
    found = useless(real_proof(topic).faults)

    assert not found & moving
    assert set(record.facts) - moving - tied - where - _read_beside(record) <= found


@pytest.mark.parametrize("seed", SOUND)
def test_on_random_rules_both_say_the_same(seed: int) -> None:
    topic = TopicMaker(seed).topic()

    assert normalized(topic, prove_topic(compile_topic(topic)).faults) == SecondOpinion(topic).claims()


@pytest.mark.parametrize("seed", FAULTY)
def test_on_faulty_rules_both_find_the_same_faults(seed: int) -> None:
    topic = Planter(seed).faulty()

    assert normalized(topic, prove_topic(compile_topic(topic)).faults) == SecondOpinion(topic).claims()


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_facts_that_move_nothing_are_the_same_for_both(seed: int) -> None:
    """A fact that constraints tie to another one may spare a question though it moves nothing by itself."""
    topic = Planter(seed).faulty()
    opinion = SecondOpinion(topic)
    tied = {code for item in topic.constraints for code in _facts_of(item)}

    found = useless(prove_topic(compile_topic(topic)).faults)

    moving = {code for code in topic.facts if opinion.possible() and opinion.moves(code)}
    assert not found & moving
    assert not opinion.possible() or set(topic.facts) - moving - tied <= found


def _read_beside(topic: Topic) -> set[FactCode]:
    """The facts that tell whether a condition is met which bars nothing, or whether another question is asked."""
    conditions = [item for procedure in topic.procedures.values() for item in procedure.conditions]
    conditions += [item for rule in topic.rules.values() for effect in rule.effects for item in effect.conditions_added]
    tests = [item.test for item in conditions if item.test is not None]
    tests += [fact.only_if for fact in topic.facts.values() if fact.only_if is not None]
    return {code for test in tests for code in _named_in(topic, test)}


def _named_in(topic: Topic, condition: Condition) -> set[FactCode]:
    """The facts a condition names, those of its definitions included."""
    found = set(mentioned_facts(condition))
    for leaf in leaves(condition):
        if isinstance(leaf, Defined):
            found.update(*(_named_in(topic, version.when) for version in topic.definitions[leaf.definition].versions))
    return found


def _facts_of(item: Constraint) -> set[FactCode]:
    if isinstance(item.holds, AtMost):
        return {item.holds.lesser, item.holds.greater}
    return set(mentioned_facts(item.holds))


def test_every_kind_of_fault_was_among_those_planted() -> None:
    kinds = Counter(
        fault.kind for seed in FAULTY for fault in prove_topic(compile_topic(Planter(seed).faulty())).faults
    )

    assert set(FaultKind) - set(kinds) == {FaultKind.NODE_BUDGET}
    assert min(kinds.values()) >= 5
