"""Two versions of a topic in one compiled topic, over the union of their facts, cut points and days of change.

Everything the two versions make of a fact's cells then stands in one store of diagrams, so that two functions are the
same exactly where their roots are. Each definition stands there twice more: as one variable of four values (it holds
under neither version, under the later one only, under the earlier one only, under both), by which classes of scenarios
stay few and readable, and expanded, by which they are exact.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.engine.cells import Level, build_levels
from app.engine.compile import CompiledTopic
from app.engine.conditions import (
    Always,
    Compare,
    Condition,
    Defined,
    IsOneOf,
    Not,
    Requires,
    SetIs,
    Within,
    with_leaves,
)
from app.engine.facts import DefinitionCode, Fact, FactCode, FactType, ProcedureCode, RuleCode
from app.engine.impact_sets import with_named_sets
from app.engine.impact_touched import Touched, touched_parts
from app.engine.model import (
    AcceptanceCondition,
    AtMost,
    Constraint,
    Definition,
    DefinitionVersion,
    Extra,
    Procedure,
    ProcedureEffect,
    Rule,
    Topic,
)
from app.engine.periods import Period, change_days
from app.engine.reach import atoms_of


class Side(enum.StrEnum):
    """Which of the two versions; also the prefix of its codes in the joint topic."""

    BEFORE = "before/"
    AFTER = "after/"


class Turn(enum.StrEnum):
    """What becomes of a definition in a scenario from one version to the other."""

    NO = "no"
    GAINED = "gained"
    LOST = "lost"
    YES = "yes"

    @staticmethod
    def of(before: bool, after: bool) -> "Turn":
        """The turn of a definition that holds, or not, under each version."""
        if before:
            return Turn.YES if after else Turn.LOST
        return Turn.GAINED if after else Turn.NO


#: Under which turns a definition holds on each side.
HOLDING: Final = {
    Side.BEFORE: frozenset[bool | str]({Turn.LOST, Turn.YES}),
    Side.AFTER: frozenset[bool | str]({Turn.GAINED, Turn.YES}),
}
# What stands for a definition's variable, its body with the definitions inside it as variables, and its full expansion.
_VARIABLE: Final = "is:"
_BODY: Final = "body:"
_FULL: Final = "full:"
_DAYS: Final = DefinitionCode("days of change")


def variable_of(code: DefinitionCode) -> FactCode:
    """The joint topic's fact that stands for the definition."""
    return FactCode(f"{_VARIABLE}{code}")


def definition_of(fact: FactCode) -> DefinitionCode | None:
    """The definition that a fact of the joint topic stands for, None for a fact of the law."""
    return DefinitionCode(fact.removeprefix(_VARIABLE)) if fact.startswith(_VARIABLE) else None


@dataclass(frozen=True, slots=True)
class Joint:
    """Two versions of a topic, compiled together.

    Shape: `touched` what can have moved at all; `topics` the versions by side; `compiled` holds for each side the
        touched procedures, with definitions as variables and, under `full`, expanded; `sets` the tests of sets that
        are treated like definitions of these codes.
    """

    compiled: CompiledTopic
    topics: Mapping[Side, Topic]
    touched: Touched
    sets: Mapping[DefinitionCode, SetIs]

    def procedure(self, side: Side, code: ProcedureCode, *, full: bool) -> ProcedureCode:
        """The procedure's code in the joint topic."""
        return ProcedureCode(f"{_FULL if full else ''}{side}{code}")

    def truth(self, side: Side, code: DefinitionCode, period: int) -> int:
        """The diagram of the definition's truth, definitions inside it expanded; false where it is unknown."""
        return self._defined(DefinitionCode(f"{_FULL}{side}{code}"), period)

    def body(self, side: Side, code: DefinitionCode, period: int) -> int:
        """The same with definitions inside it as variables."""
        return self._defined(DefinitionCode(f"{_BODY}{side}{code}"), period)

    def _defined(self, code: DefinitionCode, period: int) -> int:
        if code not in self.compiled.topic.definitions:
            return self.compiled.store.false
        with self.compiled.store.building():
            return self.compiled.condition(Defined(code), period)


class _InItsOrder(CompiledTopic):
    """A topic whose levels stand as its facts do: in that order classes of scenarios are told."""

    def make_levels(self) -> tuple[Level, ...]:
        """The levels that the topic's atoms need."""
        return build_levels(self.topic.facts, atoms_of(self.topic))


def join(before: Topic, after: Topic) -> Joint:
    """The two versions compiled together, as far as anything in them differs.

    Cost: nothing is built before it is asked for; a topic that did not change has no touched parts.
    """
    named = with_named_sets(before, after)
    touched = touched_parts(named.before, named.after)
    sides = {Side.BEFORE: named.before, Side.AFTER: named.after}
    retyped = frozenset(
        code for code in before.facts if code in after.facts and not _alike(before.facts[code], after.facts[code])
    )
    facts = dict(_facts(before, after))
    definitions: dict[DefinitionCode, Definition] = {}
    procedures: dict[ProcedureCode, Procedure] = {}
    rules: dict[RuleCode, Rule] = {}
    for side, topic in sides.items():
        wanted = set(touched.definitions_in(topic))
        definitions.update({item.code: item for item in _definitions(topic, side, wanted, retyped)})
        for prefix in ("", _FULL):
            names = _Names(side, prefix, retyped)
            for code in touched.procedures_in(topic):
                item = names.procedure(topic.procedures[code])
                procedures[item.code] = item
            for rule in touched.rules_in(topic):
                own = names.rule(rule, procedures)
                rules[own.code] = own
    codes = list(dict.fromkeys(code for topic in sides.values() for code in touched.definitions_in(topic)))
    facts.update({variable_of(code): _variable(code) for code in codes})
    definitions[_DAYS] = _all_days(sides.values())
    joint = replace(
        after,
        facts=facts,
        procedures=procedures,
        rules=rules,
        definitions=definitions,
        constraints=tuple(_constraints(sides, retyped)),
    )
    return Joint(_InItsOrder(joint), {Side.BEFORE: before, Side.AFTER: after}, touched, named.sets)


def take_the_same(before: Topic, after: Topic) -> bool:
    """Whether each version takes exactly the scenarios that the other one takes, as far as their words tell.

    Shape: options, bounds and types of facts, and what is taken for possible; new facts make no difference.
    """
    facts = before.facts.keys() & after.facts.keys()
    domains = (
        {code: _domain(topic.facts[code]) for code in facts} | {"": frozenset(item.holds for item in topic.constraints)}
        for topic in (before, after)
    )
    return next(domains) == next(domains)


def _domain(fact: Fact) -> object:
    return fact.type, frozenset(fact.options), fact.minimum, fact.maximum, fact.empty_allowed


def _variable(code: DefinitionCode) -> Fact:
    return Fact(variable_of(code), FactType.CHOICE, options=tuple(Turn))


# ---- facts and constraints ---------------------------------------------------------------------------


def _facts(before: Topic, after: Topic) -> Iterator[tuple[FactCode, Fact]]:
    """Each fact with every value it can take under either version, none of them assumed."""
    for code, fact in after.facts.items():
        old = before.facts.get(code)
        yield code, replace(_united(old, fact) if old is not None and _alike(old, fact) else fact, default=None)
        if old is not None and not _alike(old, fact):
            yield _renamed_fact(code), replace(old, code=_renamed_fact(code), default=None)
    for code, fact in before.facts.items():
        if code not in after.facts:
            yield code, replace(fact, default=None)


def _alike(one: Fact, other: Fact) -> bool:
    """Whether an answer to one is an answer to the other."""
    return one.type is other.type


def _renamed_fact(code: FactCode) -> FactCode:
    """What the earlier version of a fact is called whose type has changed."""
    return FactCode(f"{Side.BEFORE}{code}")


def _united(one: Fact, other: Fact) -> Fact:
    bounds = [(fact.minimum, fact.maximum) for fact in (one, other)]
    lows, highs = [low for low, _ in bounds if low is not None], [high for _, high in bounds if high is not None]
    return replace(
        other,
        options=tuple(dict.fromkeys([*other.options, *one.options])),
        minimum=min(lows) if len(lows) == 2 else None,
        maximum=max(highs) if len(highs) == 2 else None,
        empty_allowed=one.empty_allowed and other.empty_allowed,
    )


def _constraints(sides: Mapping[Side, Topic], retyped: frozenset[FactCode]) -> Iterator[Constraint]:
    """What both versions take for possible: a scenario that one of them refuses has no outcome there to compare."""
    known: dict[object, None] = {}
    for side, topic in sides.items():
        names = _Names(side, _FULL, retyped)
        for item in topic.constraints:
            holds = names.holds(item.holds)
            if holds not in known:
                known[holds] = None
                yield Constraint(f"{side}{item.code}", holds)
    before, after = sides[Side.BEFORE], sides[Side.AFTER]
    for code, fact in after.facts.items():
        old = before.facts.get(code)
        if old is not None and _alike(old, fact):
            yield from (Constraint(f"taken by both: {code}", condition) for condition in _taken_by_both(old, fact))


def _taken_by_both(one: Fact, other: Fact) -> Iterator[Condition]:
    """The values that both versions of a fact take, where they do not take the same."""
    only_one = frozenset(one.options) ^ frozenset(other.options)
    if only_one:
        some = SetIs(one.code, "contains_any", only_one) if one.type is FactType.CHOICES else None
        yield Not(some if some is not None else IsOneOf(one.code, frozenset[bool | str](only_one)))
    for name, order in (("minimum", "at_least"), ("maximum", "at_most")):
        bounds = {getattr(one, name), getattr(other, name)}
        if len(bounds) > 1:
            known = [bound for bound in bounds if bound is not None]
            bound = max(known) if name == "minimum" else min(known)
            yield Compare(one.code, order, bound)  # type: ignore[arg-type]  # both are orders


# ---- definitions and days ----------------------------------------------------------------------------


def _definitions(
    topic: Topic, side: Side, wanted: set[DefinitionCode], retyped: frozenset[FactCode]
) -> Iterator[Definition]:
    for code in wanted:
        item = topic.definitions[code]
        holds = IsOneOf(variable_of(code), HOLDING[side])
        versions = tuple(replace(version, when=holds) for version in item.versions)
        yield Definition(DefinitionCode(f"{side}{code}"), versions)
        for prefix, inside in ((_BODY, ""), (_FULL, _FULL)):
            names = _Names(side, inside, retyped)
            versions = tuple(replace(version, when=names.condition(version.when)) for version in item.versions)
            yield Definition(DefinitionCode(f"{prefix}{side}{code}"), versions)


def _all_days(topics: Iterable[Topic]) -> Definition:
    """A definition that asks for nothing and begins anew on each day on which anything can change."""
    days = change_days(_dated(topics))
    periods = [Period(start, end) for start, end in zip([None, *days], [*days, None], strict=True)]
    return Definition(_DAYS, tuple(DefinitionVersion(Always(), period, ()) for period in periods))


def _dated(topics: Iterable[Topic]) -> Iterator[Period]:
    """The periods of all that can change a detail; those of rules and definitions are known to the compiler."""
    for topic in topics:
        for procedure in topic.procedures.values():
            yield from (limit.period for limit in procedure.limits)
            yield from (material.period for material in procedure.materials or ())
        for rule in topic.rules.values():
            for effect in rule.effects:
                yield from (figure.period for figure in effect.limits)
                yield from (material.period for material in effect.materials.added)


# ---- codes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """Gives the parts of one version their codes in the joint topic."""

    side: Side
    prefix: str
    retyped: frozenset[FactCode]

    def code(self, code: str) -> str:
        return f"{self.prefix}{self.side}{code}"

    def condition(self, condition: Condition) -> Condition:
        return with_leaves(condition, self.leaf)

    def leaf(self, condition: Condition) -> Condition:
        match condition:
            case Defined(definition=code):
                return Defined(DefinitionCode(self.code(code)))
            case Requires(procedure=code):
                return Requires(ProcedureCode(self.code(code)))
            case Within(fact=fact, after=after):
                return replace(condition, fact=self.fact(fact), after=self.fact(after))
            case IsOneOf(fact=fact) | Compare(fact=fact) | SetIs(fact=fact):
                return replace(condition, fact=self.fact(fact))
            case _:
                return condition

    def fact(self, code: FactCode) -> FactCode:
        return _renamed_fact(code) if self.side is Side.BEFORE and code in self.retyped else code

    def holds(self, holds: Condition | AtMost) -> Condition | AtMost:
        if isinstance(holds, AtMost):
            return replace(holds, lesser=self.fact(holds.lesser), greater=self.fact(holds.greater))
        return self.condition(holds)

    def acceptance(self, item: AcceptanceCondition) -> AcceptanceCondition:
        test = None if item.test is None else self.condition(item.test)
        return replace(item, code=self.code(item.code), test=test)

    def procedure(self, item: Procedure) -> Procedure:
        return replace(
            item,
            code=ProcedureCode(self.code(item.code)),
            required_when=self.condition(item.required_when),
            conditions=tuple(self.acceptance(condition) for condition in item.conditions),
            depends_on=(),
            replaces=(),
        )

    def rule(self, item: Rule, known: Iterable[ProcedureCode]) -> Rule:
        """The rule as far as it speaks of known procedures; an outcome's merge target keeps its own code."""
        kept = set(known)
        effects = (self.effect(effect) for effect in item.effects)
        return replace(
            item,
            code=RuleCode(self.code(item.code)),
            when=self.condition(item.when),
            overrides=frozenset(RuleCode(self.code(code)) for code in item.overrides),
            effects=tuple(effect for effect in effects if effect.procedure in kept),
            extras=tuple(Extra(extra.kind, self.code(extra.code)) for extra in item.extras),
        )

    def effect(self, item: ProcedureEffect) -> ProcedureEffect:
        return replace(
            item,
            procedure=ProcedureCode(self.code(item.procedure)),
            conditions_added=tuple(self.acceptance(condition) for condition in item.conditions_added),
            conditions_dropped=frozenset(self.code(code) for code in item.conditions_dropped),
        )
