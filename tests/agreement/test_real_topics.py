"""On the real topics: diagrams, plain reading and sampled scenarios agree, on days before and after every change."""

import random
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from app.engine import (
    AskedOf,
    CompiledTopic,
    Decision,
    Fact,
    FactCode,
    FactType,
    LevelKind,
    Outcome,
    ProcedureCode,
    Reader,
    Value,
    compile_topic,
    conflicting_facts,
    decide,
    settled_outcomes,
)
from app.engine.cells import sample_of
from app.rulebook import load

RULES = Path(__file__).parents[2] / "rules"
TOPICS = sorted(path.parent.name for path in RULES.glob("topics/*/topic.yaml"))
ROUNDS = 25
NOT_REQUIRED = Outcome(None)


@cache
def compiled_topics() -> dict[str, CompiledTopic]:
    return {code: compile_topic(book.topic) for code, book in load(RULES).topics.items()}


def values_of(compiled: CompiledTopic, fact: Fact) -> list[Value]:
    """Every option, and both ends of every cell of a number or day."""
    match fact.type:
        case FactType.BOOLEAN:
            return [True, False]
        case FactType.CHOICE:
            return list(fact.options)
        case FactType.CHOICES:
            return [frozenset({option}) for option in fact.options]
        case _:
            spans = [
                span
                for place in compiled.fact_levels[fact.code]
                for span in compiled.levels[place].spans
                if compiled.levels[place].kind is LevelKind.RANGE
            ]
            ends = [sample_of(span, fact.type, from_above) for span in spans for from_above in (False, True)]
            return ends or [_any_number(fact)]


def _any_number(fact: Fact) -> Value:
    if fact.type is FactType.DATE:
        return date(2022, 1, 1)
    return Decimal(1) if fact.type is FactType.DECIMAL else 1


def random_scenario(
    compiled: CompiledTopic, pick: random.Random, answers: dict[FactCode, Value]
) -> dict[FactCode, Value]:
    """A full admissible scenario that agrees with the answers."""
    full = dict(answers)
    for fact in compiled.topic.facts.values():
        if fact.code in full:
            continue
        values = values_of(compiled, fact)
        if fact.type is FactType.CHOICES and pick.random() < 0.4:
            chosen = frozenset(pick.sample(fact.options, pick.randint(0 if fact.empty_allowed else 1, 3)))
            values = [chosen, *values]
        else:
            pick.shuffle(values)
        full[fact.code] = next(
            value for value in values if conflicting_facts(compiled, {**full, fact.code: value}) is None
        )
    return full


def random_day(compiled: CompiledTopic, pick: random.Random) -> date:
    """A day on which the law of the topic changes, or the day before one."""
    from datetime import timedelta

    later = [day for day in compiled.law_days if day > compiled.topic.covers_from]
    return pick.choice(later) - timedelta(days=pick.randint(0, 1))


def part_of(
    compiled: CompiledTopic, full: dict[FactCode, Value], pick: random.Random, share: float
) -> dict[FactCode, Value]:
    """A random part of the scenario; facts with a default are kept, as they never count as open."""
    has_default = {code for code, fact in compiled.topic.facts.items() if fact.default is not None}
    return {code: value for code, value in full.items() if code in has_default or pick.random() < share}


def outcome_in(decision: Decision, code: ProcedureCode) -> tuple[Outcome, ...]:
    item = decision.procedure(code)
    return (NOT_REQUIRED,) if item is None else item.possible


@pytest.fixture(params=TOPICS)
def compiled(request: pytest.FixtureRequest) -> CompiledTopic:
    return compiled_topics()[request.param]


def test_plain_reading_decides_every_full_scenario_alike(compiled: CompiledTopic) -> None:
    pick = random.Random(1)
    for _ in range(ROUNDS):
        full, day = random_scenario(compiled, pick, {}), random_day(compiled, pick)
        decision, reader = decide(compiled, full, day), Reader(compiled, day)

        for code, procedure in compiled.topic.procedures.items():
            assert outcome_in(decision, code) == (reader.outcome(procedure, decision.answers),), (code, day, full)


def test_a_diagram_taken_over_from_another_period_is_the_one_compiled_anew(compiled: CompiledTopic) -> None:
    periods = range(len(compiled.law_days) + 1)
    every = [(code, period) for code in compiled.topic.procedures for period in periods]
    anew = {key: compiled._compile_procedure(compiled.topic.procedures[key[0]], key[1]) for key in every}

    assert [key for key in every if compiled.procedure(*key) != anew[key]] == []
    # Most are taken over: the test would else hold of nothing.
    assert sum(compiled.first_alike(*key) == key[1] for key in every) < len(every) / 2


def test_outcomes_alone_are_those_of_the_decision(compiled: CompiledTopic) -> None:
    pick = random.Random(6)
    codes = tuple(compiled.topic.procedures)
    for share in (0, 0.5, 0.9, 1, 1, 1, 1, 1):
        full, day = random_scenario(compiled, pick, {}), random_day(compiled, pick)
        answers = part_of(compiled, full, pick, share)
        decision = decide(compiled, answers, day)

        assert settled_outcomes(compiled, codes, answers, day) == {
            code: outcome_in(decision, code) for code in codes
        }, (day, answers)


def test_what_is_decided_stays_so_and_what_is_open_names_facts_that_settle_it(compiled: CompiledTopic) -> None:
    pick = random.Random(2)
    for _ in range(ROUNDS):
        full, day = random_scenario(compiled, pick, {}), random_day(compiled, pick)
        partial = part_of(compiled, full, pick, 0.5)
        opened, settled = decide(compiled, partial, day), decide(compiled, full, day)

        for code in compiled.topic.procedures:
            possible = outcome_in(opened, code)
            assert outcome_in(settled, code)[0] in possible, (code, day, partial)
            item = opened.procedure(code)
            if item is not None and item.depends_on:
                told = {**partial, **{fact: full[fact] for fact in item.depends_on}}
                assert outcome_in(decide(compiled, told, day), code) == outcome_in(settled, code), (code, day, partial)


def test_other_answers_to_what_it_does_not_depend_on_change_nothing(compiled: CompiledTopic) -> None:
    pick = random.Random(3)
    for _ in range(ROUNDS):
        full, day = random_scenario(compiled, pick, {}), random_day(compiled, pick)
        partial = part_of(compiled, full, pick, 0.4)
        opened = decide(compiled, partial, day)
        for item in opened.procedures:
            told = {**partial, **{fact: full[fact] for fact in item.depends_on}}
            other = random_scenario(compiled, pick, told)
            assert outcome_in(decide(compiled, full, day), item.code) == outcome_in(
                decide(compiled, other, day), item.code
            ), (item.code, day, told, other)


def test_answering_only_the_questions_asked_leads_to_the_same_procedures(compiled: CompiledTopic) -> None:
    pick = random.Random(4)
    for _ in range(8):
        full, day = random_scenario(compiled, pick, {}), random_day(compiled, pick)
        told = part_of(compiled, full, pick, 0)
        current = decide(compiled, told, day)
        while waiting := [item.fact for item in (*current.questions, *current.confirmations) if not item.optional]:
            told[waiting[0]] = full[waiting[0]]
            current = decide(compiled, told, day)
        settled = decide(compiled, full, day)

        assert current.status == "complete"
        for code in compiled.topic.procedures:
            asked, known = outcome_in(current, code), outcome_in(settled, code)
            assert known[0] in asked
            assert asked == known or all(option.nothing_to_do for option in asked), (code, day, told)


def test_open_procedures_that_matter_have_a_question(compiled: CompiledTopic) -> None:
    pick = random.Random(5)
    for _ in range(ROUNDS):
        day = random_day(compiled, pick)
        full = random_scenario(compiled, pick, {})
        decision = decide(compiled, part_of(compiled, full, pick, 0.6), day)
        asked = {item.fact for item in decision.questions if not item.optional}
        company = {
            fact
            for item in decision.procedures
            for fact in item.depends_on
            if compiled.topic.facts[fact].asked_of is AskedOf.COMPANY
        }

        assert asked <= company | {fact for barrier in decision.barriers for fact in barrier.depends_on}
        assert (decision.status == "needs_answers") == bool(asked)
