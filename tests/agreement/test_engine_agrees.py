"""The diagrams, the plain reading and brute force agree on generated topics with constraints."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from app.engine import (
    CompiledTopic,
    Decision,
    Defined,
    Fact,
    FactCode,
    LevelKind,
    Outcome,
    ProcedureCode,
    Reader,
    Treatment,
    Value,
    build_path,
    compile_topic,
    conflicting_facts,
    decide,
    find_faults,
    settled_outcomes,
    what_if,
)
from app.engine.cells import cell_of
from tests.agreement.oracle import MIDDLE, Oracle, Scenario, values_of
from tests.support.make_topic import CHANGE, DAY, TopicMaker

# In the last one a fact answered otherwise settles, by a constraint, what is open behind it.
SEEDS = (*range(70), 1023)
NOT_REQUIRED = Outcome(None)


@dataclass(frozen=True)
class Case:
    """A scenario of a generated topic, all admissible ways to complete it, and what the engine decided."""

    compiled: CompiledTopic
    answers: dict[FactCode, Value]
    oracle: Oracle
    decision: Decision


@pytest.fixture(scope="module", params=SEEDS)
def cases(request: pytest.FixtureRequest) -> list[Case]:
    """The empty scenario and random parts of admissible ones, before and after the change of law."""
    seed = request.param
    compiled = compile_topic(TopicMaker(seed).topic())
    found = []
    for day in (DAY, CHANGE.replace(year=2020)):
        everything = Oracle(compiled.topic, day, {})
        for answers in partial_scenarios(everything, random.Random(seed)):
            oracle = Oracle(compiled.topic, day, answers) if answers else everything
            if oracle.scenarios:
                found.append(Case(compiled, answers, oracle, decide(compiled, answers, day)))
    return found


def partial_scenarios(everything: Oracle, pick: random.Random) -> Iterator[dict[FactCode, Value]]:
    """The empty scenario and random parts of admissible ones; a day alone is the middle one, which sees all cells."""
    yield {}
    for share in (0.25, 0.6, 1.0):
        if everything.scenarios:
            full = pick.choice(everything.scenarios)
            kept = {code: value for code, value in full.items() if pick.random() < share}
            days = [code for code in kept if everything.topic.facts[code].type == "date"]
            yield {code: MIDDLE if days == [code] else value for code, value in kept.items()}


def test_possible_outcomes_are_exactly_those_of_some_admissible_scenario(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, oracle, decision = case.compiled, case.answers, case.oracle, case.decision
        for code in compiled.topic.procedures:
            item = decision.procedure(code)
            possible = {NOT_REQUIRED} if item is None else set(item.possible)

            assert possible == set(oracle.outcomes(code)), (code, answers)


def test_outcomes_alone_are_those_of_the_decision(cases: list[Case]) -> None:
    for case in cases:
        codes, decision = tuple(case.compiled.topic.procedures), case.decision
        alone = settled_outcomes(case.compiled, codes, case.answers, decision.day)
        shown = {item.code: item.possible for item in decision.procedures}

        assert tuple(alone) == codes
        assert alone == {code: shown.get(code, (NOT_REQUIRED,)) for code in codes}, case.answers


def test_the_cells_of_a_whole_scenario_are_those_of_each_level(cases: list[Case]) -> None:
    for case in cases:
        for answers in (case.answers, *case.oracle.scenarios[:20]):
            each = {place: cell_of(level, answers) for place, level in enumerate(case.compiled.levels)}

            assert case.compiled.finder.cells(answers) == {
                place: cell for place, cell in each.items() if cell is not None
            }


def cell_vector(compiled: CompiledTopic, scenario: Scenario, facts: tuple[FactCode, ...]) -> tuple[object, ...]:
    """What the topic's conditions can tell of the answers to some facts."""
    return tuple(cell_of(level, scenario) for level in compiled.levels if any(fact in facts for fact in level.facts))


def settles(compiled: CompiledTopic, oracle: Oracle, code: ProcedureCode, facts: tuple[FactCode, ...]) -> bool:
    seen: dict[tuple[object, ...], Outcome] = {}
    for scenario, found in zip(oracle.scenarios, oracle.outcomes(code), strict=True):
        if seen.setdefault(cell_vector(compiled, scenario, facts), found) != found:
            return False
    return True


def test_facts_it_depends_on_settle_the_outcome_and_none_is_spare(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, oracle, decision = case.compiled, case.answers, case.oracle, case.decision
        for item in decision.procedures:
            facts = item.depends_on
            assert settles(compiled, oracle, item.code, facts), (item.code, facts, answers)
            paired = [level.facts for level in compiled.levels if level.kind is LevelKind.PAIR]
            for fact in facts:
                others = tuple(other for other in facts if other != fact and not _paired(fact, other, paired))
                assert not settles(compiled, oracle, item.code, others), (item.code, fact, facts, answers)


def _paired(one: FactCode, other: FactCode, pairs: list[tuple[FactCode, ...]]) -> bool:
    return any(one in pair and other in pair for pair in pairs)


def test_a_fact_that_alone_can_change_the_outcome_is_named(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, oracle, decision = case.compiled, case.answers, case.oracle, case.decision
        by_rest: dict[tuple[str, tuple[object, ...]], Outcome] = {}
        for item in decision.procedures:
            for fact in compiled.topic.facts:
                if fact in decision.answers or fact in item.depends_on:
                    continue
                rest = tuple(other for other in compiled.topic.facts if other != fact)
                by_rest.clear()
                for scenario, found in zip(oracle.scenarios, oracle.outcomes(item.code), strict=True):
                    key = (fact, tuple(scenario[other] for other in rest))
                    assert by_rest.setdefault(key, found) == found, (item.code, fact, answers)


def test_plain_reading_decides_alike(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, decision = case.compiled, case.answers, case.decision
        reader = Reader(compiled, decision.day)
        full = len(decision.answers) == len(compiled.topic.facts)
        for code, procedure in compiled.topic.procedures.items():
            read = reader.outcome(procedure, decision.answers)
            item = decision.procedure(code)
            decided = NOT_REQUIRED if item is None else item.outcome
            assert read is not None or not full, (code, answers)
            assert read is None or read == decided, (code, answers)


def test_extras_barriers_and_definitions_are_as_exact_as_outcomes(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, oracle, decision = case.compiled, case.answers, case.oracle, case.decision
        for code, truth in decision.definitions.items():
            assert truth == _truth({oracle.holds(Defined(code), each) for each in oracle.scenarios}), (code, answers)
        shown = {item.extra.code: item.applies for item in decision.extras}
        for rule in compiled.topic.rules.values():
            for extra in rule.extras:
                expected = _truth({oracle.applies(rule, each) for each in oracle.scenarios})
                assert shown.get(extra.code, False) == expected, (extra, answers)
        closed = {
            code for code in compiled.topic.procedures if set(oracle.outcomes(code)) == {Outcome(Treatment.CLOSED)}
        }
        assert not closed or any(barrier.applies is not False for barrier in decision.barriers)


def _truth(values: set[bool]) -> bool | None:
    return values.pop() if len(values) == 1 else None


def test_contradictions_are_found_and_named_by_a_smallest_set(cases: list[Case]) -> None:
    compiled = cases[0].compiled
    pick = random.Random(len(cases))
    for _ in range(8):
        answers = {
            code: pick.choice(values_of(fact)) for code, fact in compiled.topic.facts.items() if pick.random() < 0.7
        }
        conflict = conflicting_facts(compiled, answers)
        possible = bool(_anything(compiled, answers))

        assert (conflict is None) == possible, answers
        if conflict is not None:
            named = {code: answers[code] for code in conflict.facts}
            assert not _anything(compiled, named), answers
            for code in named:
                assert _anything(compiled, {other: value for other, value in named.items() if other != code})


def _anything(compiled: CompiledTopic, answers: Scenario) -> bool:
    topic = compiled.topic
    bare = type(topic)(
        code=topic.code,
        facts={code: _without_default(fact) for code, fact in topic.facts.items()},
        procedures={},
        rules={},
        before_day=topic.before_day,
        covers_from=topic.covers_from,
        reviewed_until=topic.reviewed_until,
        definitions=topic.definitions,
        constraints=topic.constraints,
    )
    return bool(Oracle(bare, DAY, answers).scenarios)


def _without_default(fact: Fact) -> Fact:
    return replace(fact, default=None)


def test_an_answer_never_opens_or_changes_what_was_decided(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, oracle, decision = case.compiled, case.answers, case.oracle, case.decision
        pick = random.Random(1)
        full = pick.choice(oracle.scenarios)
        for fact in compiled.topic.facts:
            if fact in decision.answers:
                continue
            more = decide(compiled, {**answers, fact: full[fact]}, decision.day)
            for code in compiled.topic.procedures:
                before, after = decision.procedure(code), more.procedure(code)
                if before is None:
                    assert after is None
                elif before.outcome is not None:
                    assert after is not None
                    assert after.outcome == before.outcome


def test_answering_only_what_is_asked_leads_to_the_same_procedures(cases: list[Case]) -> None:
    for case in cases:
        compiled, answers, oracle, decision = case.compiled, case.answers, case.oracle, case.decision
        full = random.Random(2).choice(oracle.scenarios)
        asked, current = dict(answers), decision
        while waiting := [item.fact for item in (*current.questions, *current.confirmations) if not item.optional]:
            asked[waiting[0]] = full[waiting[0]]
            current = decide(compiled, asked, decision.day)
        complete = decide(compiled, full, decision.day)

        assert _to_do(current) == _to_do(complete), answers
        assert current.status == "complete"


def _to_do(decision: Decision) -> dict[str, object]:
    """Procedures that leave something to do, with their outcomes."""
    return {
        item.code: item.outcome
        for item in decision.procedures
        if item.outcome is not None and not item.outcome.nothing_to_do
    }


def test_what_if_names_answers_that_really_lead_elsewhere(cases: list[Case]) -> None:
    for case in cases:
        compiled, decision = case.compiled, case.decision
        for change in what_if(compiled, decision):
            answers = {**decision.answers, change.fact: change.answer}
            fact = compiled.topic.facts[change.fact]
            if fact.type in ("integer", "boolean", "choice", "choices"):
                other = decide(compiled, answers, decision.day).procedure(change.procedure)
                treatment = None if other is None or other.outcome is None else other.outcome.treatment
                assert conflicting_facts(compiled, answers) is None
                assert treatment == change.treatment


def test_what_if_misses_no_single_answer_that_leads_elsewhere(cases: list[Case]) -> None:
    for case in cases[::2]:
        compiled, decision, topic = case.compiled, case.decision, case.compiled.topic
        told = [(change.procedure, change.fact, change.treatment) for change in what_if(compiled, decision)]
        for code, value in decision.answers.items():
            others = values_of(topic.facts[code]) if topic.facts[code].asked_of == "company" else []
            changed = [{**decision.answers, code: other} for other in others if other != value]
            for answers in (each for each in changed if conflicting_facts(compiled, each) is None):
                found = settled_outcomes(compiled, topic.procedures, answers, decision.day)
                for item in decision.procedures:
                    treatments = {outcome.treatment for outcome in found[item.code]}
                    if item.outcome is None or len(treatments) > 1 or item.outcome.treatment in treatments:
                        continue
                    shown = sum(procedure == item.code for procedure, _, _ in told)
                    assert shown == 3 or (item.code, code, *treatments) in told, (item.code, answers)


def test_generated_topics_are_without_contradiction_and_paths_can_be_built(cases: list[Case]) -> None:
    compiled = cases[0].compiled

    kinds = {fault.kind for fault in find_faults(compiled)}
    path = build_path(compiled, decide(compiled, {}, DAY))

    assert not kinds & {"contradiction", "gap", "merge_target"}
    assert path.after is None or path.after.days.value >= 0


def test_answering_leaves_the_store_as_it_was() -> None:
    compiled = compile_topic(TopicMaker(3).topic())
    scenarios = list(partial_scenarios(Oracle(compiled.topic, DAY, {}), random.Random(3)))
    for answers in scenarios:
        decide(compiled, answers, DAY)
    size = len(compiled.store)

    for answers in scenarios:
        decide(compiled, answers, DAY)

    assert len(compiled.store) == size
