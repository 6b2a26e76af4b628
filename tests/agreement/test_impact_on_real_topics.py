"""On the real rulebook: with one threshold changed, sampled scenarios move exactly where a class says so."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from app.engine import (
    All,
    Any,
    Compare,
    CompiledTopic,
    Condition,
    Defined,
    Definition,
    DefinitionCode,
    Facet,
    FactCode,
    MovedClass,
    Not,
    OfProcedure,
    Reader,
    Topic,
    TopicImpact,
    Turn,
    Turned,
    Value,
    compile_topic,
    conflicting_facts,
    find_impact,
    leaves,
    outcomes_under,
)
from app.rulebook import load
from tests.agreement.test_real_topics import RULES, random_scenario

Scenario = dict[FactCode, Value]
ROUNDS = 40


def raised(condition: Condition, bound: object) -> Condition:
    """The condition with this bound of a number half as high again."""
    match condition:
        case All(parts=parts):
            return All(tuple(raised(part, bound) for part in parts))
        case Any(parts=parts):
            return Any(tuple(raised(part, bound) for part in parts))
        case Not(part=part):
            return Not(raised(part, bound))
        case Compare(bound=own) if own == bound and not isinstance(own, date):
            return replace(condition, bound=type(own)(own * 3 / 2))
    return condition


def with_one_threshold_raised(topic: Topic) -> Topic:
    """The topic with the largest number raised in the definition that most others rest on."""
    item = max(topic.definitions.values(), key=lambda each: len(numbers_in(each)) and users_of(topic, each.code))
    largest = max(numbers_in(item))
    versions = tuple(replace(version, when=raised(version.when, largest)) for version in item.versions)
    return replace(topic, definitions={**topic.definitions, item.code: replace(item, versions=versions)})


def numbers_in(item: Definition) -> list[int | Decimal]:
    """The bounds of numbers that the definition names, above one."""
    named = [leaf for version in item.versions for leaf in leaves(version.when) if isinstance(leaf, Compare)]
    return [leaf.bound for leaf in named if not isinstance(leaf.bound, date) and leaf.bound > 1]


def users_of(topic: Topic, code: DefinitionCode) -> int:
    """How many definitions name it in any of their versions."""
    conditions = [[version.when for version in each.versions] for each in topic.definitions.values()]
    return sum(any(Defined(code) in leaves(when) for when in whens) for whens in conditions)


@cache
def changed() -> tuple[CompiledTopic, CompiledTopic, TopicImpact]:
    """The topic with most procedures, before and after, and what the engine says moves."""
    topic = max((book.topic for book in load(RULES).topics.values()), key=lambda each: len(each.procedures))
    after = with_one_threshold_raised(topic)
    return compile_topic(topic), compile_topic(after), find_impact(topic, after)


def test_it_moves_something_in_few_classes_a_procedure() -> None:
    _, _, impact = changed()
    sizes = [
        len(stretch.classes)
        for item in impact.of(OfProcedure)
        if item.facet is Facet.OUTCOME
        for stretch in item.stretches
    ]

    assert len(sizes) > 5
    assert max(sizes) <= 20


def scenarios(pick: random.Random) -> Iterator[tuple[Scenario, date]]:
    """Full admissible scenarios around the examples of all classes, some with one answer taken back and drawn anew."""
    old, new, impact = changed()
    items = [each for item in impact.of(OfProcedure) for stretch in item.stretches for each in stretch.classes]
    for _ in range(ROUNDS):
        each = pick.choice(items)
        kept = dict(each.example)
        for code in pick.sample(sorted(kept), pick.randint(0, 2)):
            del kept[code]
        full = random_scenario(old, pick, kept)
        if conflicting_facts(new, full) is None:
            yield full, each.day


def in_class(each: MovedClass, readers: tuple[Reader, Reader], scenario: Scenario) -> bool:
    for part in each.conditions:
        if isinstance(part, Turned):
            was, now = (reader.holds(Defined(part.definition), scenario) for reader in readers)
            if Turn.of(was is True, now is True) not in part.turns:
                return False
        elif readers[1].holds(part, scenario) is not True:
            return False
    return True


def test_a_scenario_moves_exactly_where_one_class_says_so() -> None:
    old, new, impact = changed()
    items = [item for item in impact.of(OfProcedure) if item.facet is Facet.OUTCOME]
    codes = [item.subject.code for item in items if isinstance(item.subject, OfProcedure)]
    has_moved = 0
    for scenario, day in scenarios(random.Random(4)):
        readers = Reader(old, day), Reader(new, day)
        was, now = (outcomes_under(side, codes, scenario, day) for side in (old, new))
        for code, item in zip(codes, items, strict=True):
            told = [
                (each.before, each.after)
                for stretch in item.stretches
                if stretch.start <= day and (stretch.end is None or day < stretch.end)
                for each in stretch.classes
                if in_class(each, readers, scenario)
            ]
            expected = [] if was[code] == now[code] else [(*was[code], *now[code])]
            has_moved += len(expected)

            assert told == expected, (code, day, scenario)
    assert has_moved > ROUNDS


@pytest.mark.parametrize("place", range(0, 200, 5))
def test_an_example_leads_from_and_to_where_its_class_says(place: int) -> None:
    old, new, impact = changed()
    told = [
        (item.subject.code, each)
        for item in impact.of(OfProcedure)
        if item.facet is Facet.OUTCOME and isinstance(item.subject, OfProcedure)
        for stretch in item.stretches
        for each in stretch.classes
    ]
    code, each = told[place % len(told)]

    assert conflicting_facts(old, each.example) is None
    assert outcomes_under(old, [code], each.example, each.day) == {code: (each.before,)}
    assert outcomes_under(new, [code], each.example, each.day) == {code: (each.after,)}
