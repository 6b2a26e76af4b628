"""The classes of an impact are exactly the scenarios that brute force finds to move, on generated pairs of topics."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pytest

from app.engine import (
    Condition,
    Defined,
    Facet,
    Fact,
    FactType,
    MovedClass,
    OfDefinition,
    OfProcedure,
    Outcome,
    Stretch,
    Topic,
    TopicImpact,
    Turn,
    Turned,
    compile_topic,
    decide,
    find_impact,
)
from app.engine import Extra as ExtraOf
from tests.agreement.oracle import Oracle, Scenario
from tests.support.make_topic import CHANGE, DAY, TopicMaker

SEEDS = range(18)
#: More scenarios than this a day are sampled; most pairs have fewer.
MOST = 300
DAYS = (DAY, CHANGE.replace(year=2020, month=6))


@dataclass(frozen=True)
class Pair:
    """Two versions of a generated topic, what the engine says moves, and all scenarios both of them take, by day."""

    before: Topic
    after: Topic
    impact: TopicImpact
    scenarios: dict[date, tuple[Oracle, Oracle, list[Scenario]]]


@pytest.fixture(scope="module", params=SEEDS)
def pair(request: pytest.FixtureRequest) -> Pair:
    before, after = two_versions(request.param)
    scenarios = {}
    for day in DAYS:
        old, new = Oracle(before, day, {}), Oracle(after, day, {})
        both = [scenario for scenario in old.scenarios if scenario in new.scenarios]
        scenarios[day] = (old, new, random.Random(request.param).sample(both, min(len(both), MOST)))
    return Pair(before, after, find_impact(before, after), scenarios)


def two_versions(seed: int) -> tuple[Topic, Topic]:
    """A random topic, and the same with some of its conditions, rules, definitions, constraints and options changed."""
    maker = TopicMaker(seed)
    before = maker.topic()
    before = replace(before, facts={code: _bare(fact) for code, fact in before.facts.items()})
    pick = random.Random(seed + 1000)
    after = before
    if pick.random() < 0.6:
        rules = {code: rule for code, rule in after.rules.items() if pick.random() < 0.9}
        chosen = pick.choice(sorted(rules) or [""])
        if chosen:
            rules[chosen] = replace(rules[chosen], when=maker.condition())  # type: ignore[index]
        after = replace(after, rules=rules)
    if pick.random() < 0.5:
        definitions = {
            code: replace(item, versions=tuple(replace(each, when=maker.condition(1)) for each in item.versions))
            for code, item in after.definitions.items()
        }
        after = replace(after, definitions=_without_circles(definitions))
    if pick.random() < 0.4:
        code = pick.choice(sorted(after.procedures))
        changed = replace(after.procedures[code], required_when=maker.condition(1))
        after = replace(after, procedures={**after.procedures, code: changed})
    if pick.random() < 0.3:
        after = replace(after, constraints=after.constraints[:-1])
    if pick.random() < 0.3:
        after = replace(after, facts={code: _fewer_options(fact) for code, fact in after.facts.items()})
    return before, after


def _without_circles(definitions: dict) -> dict:  # type: ignore[type-arg]
    """Definitions that name no definition any more."""
    return {
        code: replace(item, versions=tuple(each for each in item.versions if "Defined" not in repr(each.when)))
        for code, item in definitions.items()
    }


def _bare(fact: Fact) -> Fact:
    return replace(fact, default=None)


def _fewer_options(fact: Fact) -> Fact:
    return replace(fact, options=fact.options[:2]) if fact.type is FactType.CHOICE else fact


def in_class(item: MovedClass, old: Oracle, new: Oracle, scenario: Scenario) -> bool:
    """Whether the class's words are true of the scenario, read by brute force."""
    return all(_holds(part, old, new, scenario) for part in item.conditions)


def _holds(part: Condition | Turned, old: Oracle, new: Oracle, scenario: Scenario) -> bool:
    if not isinstance(part, Turned):
        return new.holds(part, scenario)
    was = part.definition in old.topic.definitions and old.holds(Defined(part.definition), scenario)
    now = part.definition in new.topic.definitions and new.holds(Defined(part.definition), scenario)
    return Turn.of(was, now) in part.turns


def stretch_on(impact: TopicImpact, subject: object, facet: Facet, day: date) -> Stretch | None:
    for moved in impact.moved:
        if moved.subject == subject and moved.facet is facet:
            for stretch in moved.stretches:
                if stretch.start <= day and (stretch.end is None or day < stretch.end):
                    return stretch
    return None


def moves(pair: Pair, subject: object, facet: Facet, day: date, scenario: Scenario) -> list[tuple[object, object]]:
    """From and to of every class that the scenario lies in."""
    old, new, _ = pair.scenarios[day]
    stretch = stretch_on(pair.impact, subject, facet, day)
    found = () if stretch is None else stretch.classes
    return [(item.before, item.after) for item in found if in_class(item, old, new, scenario)]


def test_a_scenario_lies_in_one_class_where_its_outcome_moves_and_in_none_where_it_does_not(pair: Pair) -> None:
    for day, (old, new, scenarios) in pair.scenarios.items():
        for code in pair.after.procedures:
            for scenario in scenarios:
                was, now = old.outcome(code, scenario), new.outcome(code, scenario)
                expected = [] if was == now else [(was, now)]

                assert moves(pair, OfProcedure(code), Facet.OUTCOME, day, scenario) == expected, (code, day, scenario)


def test_definitions_and_extras_move_exactly_where_brute_force_says(pair: Pair) -> None:
    for day, (old, new, scenarios) in pair.scenarios.items():
        for scenario in scenarios:
            for code in pair.after.definitions:
                reworded = pair.before.definitions[code] != pair.after.definitions[code]
                was, now = (oracle.holds(Defined(code), scenario) for oracle in (old, new))
                subjects = [OfDefinition(code, mark) for mark in (reworded, not reworded)]
                found = [move for subject in subjects for move in moves(pair, subject, Facet.TRUTH, day, scenario)]

                assert found == ([] if was == now else [(was, now)]), (code, day, scenario)
            for extra in _extras(pair):
                was, now = (_given(oracle, extra, scenario) for oracle in (old, new))
                found = moves(pair, extra, Facet.TRUTH, day, scenario)

                assert found == ([] if was == now else [(was, now)]), (extra, day, scenario)


def _extras(pair: Pair) -> Iterator[ExtraOf]:
    rules = [*pair.before.rules.values(), *pair.after.rules.values()]
    yield from dict.fromkeys(extra for rule in rules for extra in rule.extras)


def _given(oracle: Oracle, extra: ExtraOf, scenario: Scenario) -> bool:
    return any(oracle.applies(rule, scenario) for rule in oracle.topic.rules.values() if extra in rule.extras)


def test_every_example_is_decided_from_and_to_as_its_class_says(pair: Pair) -> None:
    """Answers beyond the example cannot change that, as long as both versions take the same scenarios."""
    if pair.before.constraints != pair.after.constraints or pair.before.facts != pair.after.facts:
        return
    old, new = compile_topic(pair.before), compile_topic(pair.after)
    for item in pair.impact.of(OfProcedure):
        assert isinstance(item.subject, OfProcedure)
        outcomes = [each for each in item.stretches if item.facet is Facet.OUTCOME]
        for each in (each for stretch in outcomes for each in stretch.classes):
            was = decide(old, each.example, each.day).procedure(item.subject.code)
            now = decide(new, each.example, each.day).procedure(item.subject.code)

            assert (was.outcome if was else Outcome(None)) == each.before, each
            assert (now.outcome if now else Outcome(None)) == each.after, each


def test_situations_that_move_are_never_more_than_there_are(pair: Pair) -> None:
    for item in pair.impact.moved:
        for stretch in item.stretches:
            assert 0 < stretch.moved <= stretch.situations, item.subject
            assert all(each.situations > 0 for each in stretch.classes), item.subject
