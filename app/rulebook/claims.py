"""What a worked example can ask of the proof: that nothing clashes, a rule is reached, a fact still matters."""

from collections.abc import Iterator, Mapping
from datetime import date

from app.engine import (
    CompiledTopic,
    FactCode,
    RuleCode,
    Value,
    facts_that_move,
    faults_at,
    overrides_reached,
    rules_reached,
)
from app.rulebook.books import TopicBook
from app.rulebook.checks.fault_words import said_of
from app.rulebook.checks.proofs import telling
from app.rulebook.files.cases import Expect


def claims_broken(
    book: TopicBook, compiled: CompiledTopic, expect: Expect, answers: Mapping[FactCode, Value], day: date
) -> Iterator[tuple[str, object, object]]:
    """The keys of a case that the proof for its facts on its day does not bear out: key, expected, what came.

    Shape: `answers` are admissible, and what they leave open is gone through in every way.
    """
    if expect.sound:
        for fault in telling(book, faults_at(compiled, answers, day)):
            for code in expect.sound:
                if code in fault.codes:
                    yield f"sound.{code}", "one outcome, and nothing that clashes", said_of(fault)
    if expect.reached:
        reached = rules_reached(compiled, answers, day)
        for rule in expect.reached:
            if RuleCode(rule) not in reached:
                yield f"reached.{rule}", "an effect in some way of answering what is open", "none in any"
    if expect.overriding:
        pairs = overrides_reached(compiled, answers, day)
        for rule, others in expect.overriding.items():
            for other in others:
                if (RuleCode(rule), RuleCode(other)) not in pairs:
                    yield f"overriding.{rule}", f"it overrides {other} in some way", "in none"
    if expect.moving:
        moving = facts_that_move(compiled, answers, day)
        for fact in expect.moving:
            if FactCode(fact) not in moving:
                yield f"moving.{fact}", "its answer changes something", "it changes nothing"
