"""Tests of whole sets named like definitions, so that a class says "at least one of these" and not which ones."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from app.engine.conditions import Condition, Defined, SetIs, leaves, with_leaves
from app.engine.facts import DefinitionCode, FactCode
from app.engine.model import AcceptanceCondition, Definition, DefinitionVersion, Procedure, ProcedureEffect, Rule, Topic
from app.engine.periods import ALWAYS
from app.engine.reach import conditions_of


@dataclass(frozen=True, slots=True)
class NamedSets:
    """Two versions of a topic with their tests of sets named, and what the names stand for."""

    before: Topic
    after: Topic
    sets: Mapping[DefinitionCode, SetIs]


def with_named_sets(before: Topic, after: Topic) -> NamedSets:
    """The two versions with each test that looks at several options at once as a definition that both have."""
    alike = {
        code for code in before.facts.keys() | after.facts.keys() if _type(before, code) in (None, _type(after, code))
    } | (before.facts.keys() - after.facts.keys())
    sets = {
        DefinitionCode(f"set {atom.fact} {atom.test} {' '.join(sorted(atom.options))}"): atom
        for topic in (before, after)
        for atom in _sets_in(topic)
        if atom.fact in alike
    }
    naming = _Naming({atom: code for code, atom in sets.items()})
    return NamedSets(naming.topic(before), naming.topic(after), sets)


def _type(topic: Topic, code: FactCode) -> object:
    fact = topic.facts.get(code)
    return None if fact is None else fact.type


def _sets_in(topic: Topic) -> Iterator[SetIs]:
    for condition in conditions_of(topic):
        for leaf in leaves(condition):
            # Whether one option is among the answer is said by that option alone.
            if isinstance(leaf, SetIs) and (len(leaf.options) > 1 or not leaf.test.startswith("contains")):
                yield leaf


@dataclass(frozen=True, slots=True)
class _Naming:
    """Puts names in the place of tests of sets."""

    names: Mapping[SetIs, DefinitionCode]

    def topic(self, topic: Topic) -> Topic:
        own = {
            code: replace(item, versions=tuple(replace(each, when=self.condition(each.when)) for each in item.versions))
            for code, item in topic.definitions.items()
        }
        named = {code: Definition(code, (DefinitionVersion(atom, ALWAYS, ()),)) for atom, code in self.names.items()}
        return replace(
            topic,
            definitions={**own, **named},
            procedures={code: self.procedure(item) for code, item in topic.procedures.items()},
            rules={code: self.rule(item) for code, item in topic.rules.items()},
        )

    def condition(self, condition: Condition) -> Condition:
        return with_leaves(condition, self.leaf)

    def leaf(self, condition: Condition) -> Condition:
        named = self.names.get(condition) if isinstance(condition, SetIs) else None
        return condition if named is None else Defined(named)

    def procedure(self, item: Procedure) -> Procedure:
        conditions = tuple(self.acceptance(condition) for condition in item.conditions)
        return replace(item, required_when=self.condition(item.required_when), conditions=conditions)

    def rule(self, item: Rule) -> Rule:
        return replace(
            item, when=self.condition(item.when), effects=tuple(self.effect(effect) for effect in item.effects)
        )

    def effect(self, item: ProcedureEffect) -> ProcedureEffect:
        return replace(item, conditions_added=tuple(self.acceptance(each) for each in item.conditions_added))

    def acceptance(self, item: AcceptanceCondition) -> AcceptanceCondition:
        return item if item.test is None else replace(item, test=self.condition(item.test))
