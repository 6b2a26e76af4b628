"""What a topic's conditions reach: their atoms, and the days on which the law they make changes."""

from collections.abc import Iterator

from app.engine.conditions import (
    Atom,
    Compare,
    Condition,
    Defined,
    IsOneOf,
    Requires,
    SetIs,
    Within,
    all_of,
    leaves,
    mentioned_facts,
)
from app.engine.facts import DefinitionCode, FactCode, FactType, ProcedureCode
from app.engine.model import AtMost, Extra, Rule, Topic
from app.engine.periods import Period


def full_condition(rule: Rule) -> Condition:
    """The rule's condition with the choice of a voluntary way added."""
    if rule.voluntary is None:
        return rule.when
    return all_of(rule.when, IsOneOf(rule.voluntary, frozenset({True})))


def facts_read(topic: Topic, condition: Condition) -> tuple[FactCode, ...] | None:
    """The facts that the plain reading of a condition looks at on any day, those of its definitions included.

    Unknown: None where it asks about another procedure, for whose existence all of that procedure's rules are read.
    """
    found: dict[FactCode, None] = {}
    waiting, seen = [condition], set[DefinitionCode]()
    while waiting:
        part = waiting.pop()
        found.update(dict.fromkeys(mentioned_facts(part)))
        for leaf in leaves(part):
            if isinstance(leaf, Requires):
                return None
            if isinstance(leaf, Defined) and leaf.definition not in seen:
                seen.add(leaf.definition)
                waiting += [version.when for version in topic.definitions[leaf.definition].versions]
    return tuple(found)


def conditions_of(topic: Topic) -> Iterator[Condition]:
    """Every condition of the topic that can bear on an outcome, a choice of a voluntary way included."""
    for rule in topic.rules.values():
        yield full_condition(rule)
        for effect in rule.effects:
            yield from (item.test for item in effect.conditions_added if item.test is not None)
    for procedure in topic.procedures.values():
        yield procedure.required_when
        yield from (item.test for item in procedure.conditions if item.test is not None)
    for definition in topic.definitions.values():
        yield from (version.when for version in definition.versions)


def atoms_of(topic: Topic) -> Iterator[Atom]:
    """Every comparison that cuts a fact's values, constraints' ones included."""
    deciding = list(conditions_of(topic))
    deciding += [item.holds for item in topic.constraints if not isinstance(item.holds, AtMost)]
    for condition in deciding:
        for leaf in leaves(condition):
            if isinstance(leaf, IsOneOf | Compare | SetIs | Within):
                yield leaf
    named = {code for condition in deciding for code in mentioned_facts(condition)}
    for fact in topic.facts.values():
        if fact.type is FactType.CHOICES and not fact.empty_allowed and fact.code in named:
            yield SetIs(fact.code, "is_empty", frozenset())


def periods_of(topic: Topic) -> Iterator[Period]:
    """The periods on whose ends an outcome can change."""
    for rule in topic.rules.values():
        yield rule.period
        yield from (item.period for effect in rule.effects for item in effect.conditions_added)
    for procedure in topic.procedures.values():
        yield procedure.period
        yield from (item.period for item in procedure.conditions)
    for definition in topic.definitions.values():
        yield from (version.period for version in definition.versions)


def rules_by_procedure(topic: Topic) -> dict[ProcedureCode, tuple[Rule, ...]]:
    """The rules that speak of each procedure, in the topic's order."""
    found: dict[ProcedureCode, list[Rule]] = {}
    for rule in topic.rules.values():
        for effect in rule.effects:
            found.setdefault(effect.procedure, []).append(rule)
    return {code: tuple(rules) for code, rules in found.items()}


def rules_by_extra(topic: Topic) -> dict[Extra, tuple[Rule, ...]]:
    """The rules that give each entitlement, obligation or note."""
    found: dict[Extra, list[Rule]] = {}
    for rule in topic.rules.values():
        for extra in rule.extras:
            found.setdefault(extra, []).append(rule)
    return {extra: tuple(rules) for extra, rules in found.items()}
