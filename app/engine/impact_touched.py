"""Which parts of a topic can have moved from one version to another, told by all that they are built from."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace

from app.engine.conditions import Condition, Defined, Requires, leaves
from app.engine.facts import DefinitionCode, ProcedureCode
from app.engine.model import (
    AcceptanceCondition,
    AtMost,
    Extra,
    Procedure,
    ProcedureEffect,
    Rule,
    Topic,
    Treatment,
)
from app.engine.reach import full_condition


@dataclass(frozen=True, slots=True)
class Touched:
    """The parts whose own words, or those of something they are built from, differ between two versions.

    Shape: codes of both versions, in the later one's order; `built` the procedures that have to be compiled to compare
        these parts, `within` the definitions these are built from.
    """

    procedures: tuple[ProcedureCode, ...]
    definitions: tuple[DefinitionCode, ...]
    extras: tuple[Extra, ...]
    barriers: tuple[str, ...]
    built: frozenset[ProcedureCode]
    within: frozenset[DefinitionCode]

    def procedures_in(self, topic: Topic) -> tuple[ProcedureCode, ...]:
        """Those of the version that have to be compiled."""
        return tuple(code for code in topic.procedures if code in self.built)

    def definitions_in(self, topic: Topic) -> tuple[DefinitionCode, ...]:
        """Those of the version that something compared is built from."""
        return tuple(code for code in topic.definitions if code in self.within)

    def rules_in(self, topic: Topic) -> tuple[Rule, ...]:
        """The rules of the version that speak of anything compared."""
        return tuple(
            rule
            for rule in topic.rules.values()
            if any(effect.procedure in self.built for effect in rule.effects)
            or any(extra in self.extras for extra in rule.extras)
        )


def touched_parts(before: Topic, after: Topic) -> Touched:
    """What can differ between the two versions; what is not among it decides alike in every scenario."""
    old, new = _Signatures(before), _Signatures(after)
    procedures = _differing(old.procedure, new.procedure, before.procedures, after.procedures)
    definitions = _differing(old.definition, new.definition, before.definitions, after.definitions)
    extras = _differing(old.extra, new.extra, _extras(before), _extras(after))
    barriers = tuple(dict.fromkeys(code for topic in (after, before) for code in _barriers(topic, procedures)))
    built: set[ProcedureCode] = set(procedures)
    for topic in (before, after):
        for rule in topic.rules.values():
            if any(extra in extras for extra in rule.extras):
                built.update(effect.procedure for effect in rule.effects)
        built.update(code for name in barriers for code in _closed_by(topic, name))
    within = _with_inner_parts(built, definitions, extras, (before, after))
    return Touched(procedures, definitions, extras, barriers, frozenset(built), frozenset(within))


def _differing(old: object, new: object, before: Iterable[Hashable], after: Iterable[Hashable]) -> tuple:  # type: ignore[type-arg]  # codes of one kind
    codes = dict.fromkeys([*after, *before])
    return tuple(code for code in codes if old(code) != new(code))  # type: ignore[operator]  # both make signatures


def _extras(topic: Topic) -> dict[Extra, None]:
    return dict.fromkeys(extra for rule in topic.rules.values() for extra in rule.extras)


# ---- signatures --------------------------------------------------------------------------------------


class _Signatures:
    """What a part of one version is built from, down to the comparisons of facts; None for what it has not."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self._made: dict[tuple[str, str], Hashable] = {}
        self._extras: dict[Extra, list[Rule]] = {}
        self._rules: dict[ProcedureCode, list[Rule]] = {}
        for rule in topic.rules.values():
            for effect in rule.effects:
                self._rules.setdefault(effect.procedure, []).append(rule)
            for extra in rule.extras:
                self._extras.setdefault(extra, []).append(rule)

    def definition(self, code: DefinitionCode) -> Hashable:
        item = self.topic.definitions.get(code)
        if item is None:
            return None
        key = ("definition", code)
        if key not in self._made:
            self._made[key] = tuple((version.period, self.condition(version.when)) for version in item.versions)
        return self._made[key]

    def condition(self, condition: Condition) -> Hashable:
        """The condition, and what the definitions and procedures in it are built from."""
        inside = tuple(self._named(leaf) for leaf in leaves(condition))
        return (condition, tuple(part for part in inside if part is not None))

    def _named(self, leaf: Condition) -> Hashable:
        match leaf:
            case Defined(definition=code):
                return self.definition(code)
            case Requires(procedure=code):
                return self.procedure(code)
        return None

    def procedure(self, code: ProcedureCode) -> Hashable:
        item = self.topic.procedures.get(code)
        if item is None:
            return None
        key = ("procedure", code)
        if key not in self._made:
            rules = self._rules.get(code, [])
            self._made[key] = (self._own(item), frozenset(self._rule(rule, item, rules) for rule in rules))
        return self._made[key]

    def _own(self, item: Procedure) -> Hashable:
        return (
            self.condition(item.required_when),
            item.period,
            item.has_default,
            item.filing_timing,
            tuple(replace(limit, sources=(), index=0) for limit in item.limits),
            item.materials,
            item.materials_complete,
            item.visits,
            frozenset(self._acceptance(condition) for condition in item.conditions),
        )

    def _acceptance(self, item: AcceptanceCondition) -> Hashable:
        return (item.code, item.period, item.is_barrier, None if item.test is None else self.condition(item.test))

    def _rule(self, rule: Rule, procedure: Procedure, others: list[Rule]) -> Hashable:
        effect = rule.effect_on(procedure.code)
        assert effect is not None
        added = frozenset(self._acceptance(item) for item in effect.conditions_added)
        here = rule.overrides & {other.code for other in others}
        return (rule.code, self.condition(full_condition(rule)), rule.period, here, _bare(effect), added)

    def extra(self, extra: Extra) -> Hashable:
        rules = self._extras.get(extra)
        if rules is None:
            return None
        return frozenset(
            (
                rule.code,
                self.condition(full_condition(rule)),
                rule.period,
                tuple((effect.procedure, self.procedure(effect.procedure)) for effect in rule.effects),
            )
            for rule in rules
        )


def _bare(effect: ProcedureEffect) -> ProcedureEffect:
    """What the effect changes, its sources and the places of its words left out."""
    figures = tuple(replace(figure, sources=(), index=0) for figure in effect.limits)
    return replace(effect, limits=figures, conditions_added=())


# ---- what has to be built ----------------------------------------------------------------------------


def _barriers(topic: Topic, procedures: Iterable[ProcedureCode]) -> Iterator[str]:
    """The codes of closing rules and barring conditions of the procedures."""
    for code in procedures:
        if code in topic.procedures:
            yield from (item.code for item in topic.procedures[code].conditions if item.is_barrier)
    wanted = set(procedures)
    for rule in topic.rules.values():
        for effect in rule.effects:
            if effect.procedure in wanted:
                yield from (item.code for item in effect.conditions_added if item.is_barrier)
                if effect.treatment is Treatment.CLOSED:
                    yield rule.code


def _closed_by(topic: Topic, name: str) -> Iterator[ProcedureCode]:
    for procedure in topic.procedures.values():
        if any(item.code == name and item.is_barrier for item in procedure.conditions):
            yield procedure.code
    for rule in topic.rules.values():
        for effect in rule.effects:
            closes = rule.code == name and effect.treatment is Treatment.CLOSED
            if closes or any(item.code == name and item.is_barrier for item in effect.conditions_added):
                yield effect.procedure


def _with_inner_parts(
    built: set[ProcedureCode],
    definitions: Iterable[DefinitionCode],
    extras: Iterable[Extra],
    topics: tuple[Topic, Topic],
) -> set[DefinitionCode]:
    """The definitions that these parts are made of; procedures whose existence anything asks about join `built`."""
    within = set(definitions)
    while True:
        known = len(within), len(built)
        for topic in topics:
            conditions = list(_conditions_of(topic, built, extras))
            conditions += [item.holds for item in topic.constraints if not isinstance(item.holds, AtMost)]
            conditions += [Defined(code) for code in within]
            for condition in _with_inner(topic, conditions):
                within.update(leaf.definition for leaf in leaves(condition) if isinstance(leaf, Defined))
                built.update(leaf.procedure for leaf in leaves(condition) if isinstance(leaf, Requires))
        if known == (len(within), len(built)):
            return within


def _conditions_of(topic: Topic, built: set[ProcedureCode], extras: Iterable[Extra]) -> Iterator[Condition]:
    wanted = set(extras)
    for code in built & topic.procedures.keys():
        procedure = topic.procedures[code]
        yield procedure.required_when
        yield from (item.test for item in procedure.conditions if item.test is not None)
    for rule in topic.rules.values():
        if wanted & set(rule.extras) or any(effect.procedure in built for effect in rule.effects):
            yield full_condition(rule)
            tests = (item.test for effect in rule.effects for item in effect.conditions_added)
            yield from (test for test in tests if test is not None)


def _with_inner(topic: Topic, conditions: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions and the wordings of every definition inside them."""
    waiting, seen = list(conditions), set()
    while waiting:
        condition = waiting.pop()
        yield condition
        for leaf in leaves(condition):
            if isinstance(leaf, Defined) and leaf.definition not in seen and leaf.definition in topic.definitions:
                seen.add(leaf.definition)
                waiting.extend(version.when for version in topic.definitions[leaf.definition].versions)
