"""A topic compiled: one decision diagram per procedure and period between two changes of the law.

Diagrams are built when first asked for and kept. The leaves hold the rules that carry an outcome, so that reasons,
dead rules and the difference between two releases come from the same form.
"""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from app.engine.barring import Barring
from app.engine.cells import Level, LevelKind, cell_finder, cells_where, level_keys
from app.engine.components import Reach, build_components, reach_of
from app.engine.conditions import (
    All,
    Always,
    Any,
    Atom,
    Condition,
    Defined,
    Not,
    Requires,
    SetIs,
    Within,
)
from app.engine.dependence import Dependence
from app.engine.diagram import Store
from app.engine.facts import AskedOf, DefinitionCode, FactCode, ProcedureCode, Purpose
from app.engine.leaf import NOT_LISTED, RULE, UNMET, Leaf, effect_of, leaf_of
from app.engine.likeness import Likeness
from app.engine.memo import Remembered
from app.engine.model import (
    AcceptanceCondition,
    Extra,
    Procedure,
    Rule,
    Topic,
)
from app.engine.ordering import ordered_levels
from app.engine.periods import change_days
from app.engine.reach import atoms_of, full_condition, periods_of, rules_by_extra, rules_by_procedure
from app.engine.sets import set_diagram
from app.engine.steps import Waiting


@dataclass(frozen=True, slots=True)
class PeriodLaw:
    """The diagrams of one period, by what they are of.

    Shape: `procedures` of leaves; `definitions` in force, `barriers` that can bite and `extras` boolean.
    """

    procedures: Mapping[ProcedureCode, int]
    definitions: Mapping[DefinitionCode, int]
    barriers: Mapping[str, int]
    extras: Mapping[Extra, int]


LeafTest: TypeAlias = Callable[[Leaf], bool]


class CompiledTopic:
    """A topic and its diagrams. Safe to share between threads; give one to each release.

    Cost: each (procedure, period) is compiled once, when first asked for.
    """

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.store = Store()
        self.not_listed = self.store.leaf(NOT_LISTED)
        self.levels: tuple[Level, ...] = self.make_levels()
        self.finder = cell_finder(self.levels, topic.facts)
        self.law_days = change_days(periods_of(topic))
        self._by_key = {key: place for place, level in enumerate(self.levels) for key in level_keys(level)}
        self.fact_levels: dict[FactCode, tuple[int, ...]] = {
            code: tuple(place for place, level in enumerate(self.levels) if code in level.facts) for code in topic.facts
        }
        self.fact_order = {code: place for place, code in enumerate(topic.facts)}
        self.where_facts = tuple(code for code, fact in topic.facts.items() if fact.purpose is Purpose.WHERE)
        self.defaults = {code: fact.default for code, fact in topic.facts.items() if fact.default is not None}
        self.single_level = {
            places[0]: topic.facts[code]
            for code, places in self.fact_levels.items()
            if len(places) == 1 and self.levels[places[0]].kind is not LevelKind.PAIR
        }
        self.paired_levels = frozenset(place for place, level in enumerate(self.levels) if level.kind is LevelKind.PAIR)
        self.asked_levels = frozenset(
            place for place, fact in self.single_level.items() if fact.asked_of is AskedOf.COMPANY
        )
        self._reaches: dict[int, Reach] = {}
        self._conditions: dict[tuple[Condition, int], int] = {}
        self._roots: dict[tuple[ProcedureCode, int], int] = {}
        self._laws: dict[int, PeriodLaw] = {}
        self._histories: dict[int, Mapping[ProcedureCode, tuple[tuple[date, int], ...]]] = {}
        self.waiting = Waiting(topic)
        self.remembered = Remembered(self.store, len(self.levels))
        self.by_procedure = rules_by_procedure(topic)
        self.extras = rules_by_extra(topic)
        self.barring = Barring(topic, self.by_procedure)
        self.dependence = Dependence(topic, self.by_procedure, self.barring)
        self.components = build_components(
            topic, self.store, self.levels, lambda condition: self.condition(condition, 0)
        )
        self.component_facts = tuple(
            tuple(code for code in topic.facts if code in component.facts) for component in self.components
        )
        self.likeness = Likeness(topic.facts, self.levels, self.components)
        self.tied_facts = frozenset(code for component in self.components for code in component.facts)

    def reach(self, node: int) -> Reach:
        """What bears on a compiled diagram."""
        found = self._reaches.get(node)
        if found is None:
            found = self._reaches[node] = reach_of(self.store.levels_in(node), self.components, self.levels)
        return found

    def make_levels(self) -> tuple[Level, ...]:
        """The levels that the topic's atoms need."""
        return ordered_levels(self.topic, atoms_of(self.topic))

    # Periods ------------------------------------------------------------------------------------

    def period_of(self, day: date) -> int:
        """The number of the period between two changes of the law that the day lies in, 0 before the first."""
        return bisect_right(self.law_days, day)

    def day_in(self, period: int) -> date:
        """The period's first day; for period 0 the day before the first change."""
        if period:
            return self.law_days[period - 1]
        return self.law_days[0] - timedelta(days=1) if self.law_days else self.topic.before_day

    # Diagrams -----------------------------------------------------------------------------------

    def procedure(self, code: ProcedureCode, period: int) -> int:
        """The diagram of a procedure's `Leaf` in the period."""
        found = self._roots.get((code, period))
        if found is None:
            first, procedure = self.first_alike(code, period), self.topic.procedures[code]
            with self.store.building():
                found = self._compile_procedure(procedure, period) if first == period else self.procedure(code, first)
            self._roots[code, period] = found
        return found

    def first_alike(self, code: ProcedureCode, period: int) -> int:
        """The first period asked for whose law is this one's for the procedure: its diagram is the same."""
        return self.dependence.first_alike(code, period, self.day_in(period))

    def law_in(self, period: int) -> PeriodLaw:
        """All diagrams of the period, built when first asked for."""
        found = self._laws.get(period)
        if found is None:
            with self.store.building():
                day = self.day_in(period)
                definitions = self.topic.definitions.values()
                found = self._laws[period] = PeriodLaw(
                    {code: self.procedure(code, period) for code in self.topic.procedures},
                    {
                        item.code: self.condition(Defined(item.code), period)
                        for item in definitions
                        if item.version_on(day) is not None
                    },
                    {code: self.barrier(code, period) for code in self.barring.codes_on(day)},
                    {extra: self.extra(extra, period) for extra in self.extras},
                )
        return found

    def histories_in(self, period: int) -> Mapping[ProcedureCode, tuple[tuple[date, int], ...]]:
        """For each procedure the days on which its diagram changed, back to the first encoded law.

        Shape: latest first; each the day and the diagram that stood before it.
        """
        found = self._histories.get(period)
        if found is None:
            found = self._histories[period] = {code: self._history(code, period) for code in self.topic.procedures}
        return found

    def _history(self, code: ProcedureCode, period: int) -> tuple[tuple[date, int], ...]:
        found = []
        while period and self.day_in(period) > self.topic.covers_from:
            before = self.procedure(code, period - 1)
            if before != self.procedure(code, period):
                found.append((self.day_in(period), before))
            period -= 1
        return tuple(found)

    def barrier(self, code: str, period: int) -> int:
        """Whether the closing rule or unmet acceptance condition of this code bites, for any procedure."""
        closes = self.barring.is_closing(code)
        return self._any_leaf(
            lambda leaf: code in leaf.unmet or (closes and code in leaf.carried), self.barring.closed_by(code), period
        )

    def extra(self, extra: Extra, period: int) -> int:
        """The boolean diagram of whether an entitlement, obligation or note applies."""
        with self.store.building():
            found = self.store.false
            for rule in self.extras[extra]:
                found = self.store.either(found, self.rule_applies(rule, period))
            return found

    def rule_applies(self, rule: Rule, period: int) -> int:
        """Whether the rule holds, and, where it speaks of procedures, is carried for one that is required."""
        if not rule.effects:
            return self._rule_condition(rule, period)
        return self._any_leaf(
            lambda leaf: rule.code in leaf.carried, tuple(effect.procedure for effect in rule.effects), period
        )

    def _any_leaf(self, test: LeafTest, procedures: tuple[ProcedureCode, ...], period: int) -> int:
        with self.store.building():
            found = self.store.false
            for code in procedures:
                found = self.store.either(
                    found,
                    self.store.mapped(self.procedure(code, period), lambda leaf: _leaf_test(leaf, test)),
                )
            return found

    def _compile_procedure(self, procedure: Procedure, period: int) -> int:
        if not procedure.period.covers(self.day_in(period)):
            return self.not_listed
        carried = self._carried_sets(procedure, period)
        required = self._required(procedure, period)
        return self.store.apply(
            lambda names, exists: leaf_of(self.topic, procedure, names) if exists is True else NOT_LISTED,
            carried,
            required,
        )

    def _carried_sets(self, procedure: Procedure, period: int) -> int:
        """The diagram whose leaves are the sets of carried rules' and unmet conditions' codes."""
        sets = self.store.leaf(frozenset())
        for rule in self._in_force(procedure, period):
            sets = self._collect(sets, self._carried(rule, procedure, period), (RULE, rule.code))
        for condition, adding in self.barring.conditions[procedure.code]:
            unmet = self._unmet(condition, adding, procedure, period)
            sets = self._collect(sets, unmet, (UNMET, condition.code))
        return sets

    def _unmet(self, condition: AcceptanceCondition, adding: Rule | None, procedure: Procedure, period: int) -> int:
        """The condition is asked for, by law or by a carried rule, not dropped by a carried one, and not met."""
        if condition.test is None or not condition.period.covers(self.day_in(period)):
            return self.store.false
        unmet = self.store.negation(self.condition(condition.test, period))
        if adding is not None:
            unmet = self.store.both(unmet, self._carried(adding, procedure, period))
        for rule in self._in_force(procedure, period):
            if condition.code in effect_of(rule, procedure).conditions_dropped:
                unmet = self.store.both(unmet, self.store.negation(self._carried(rule, procedure, period)))
        return unmet

    def _collect(self, sets: int, holds: int, name: tuple[str, str]) -> int:
        def add(names: Hashable, here: Hashable) -> Hashable:
            assert isinstance(names, frozenset)
            return names | {name} if here is True else names

        return self.store.apply(add, sets, holds)

    def _in_force(self, procedure: Procedure, period: int) -> Iterator[Rule]:
        day = self.day_in(period)
        return (rule for rule in self.by_procedure.get(procedure.code, ()) if rule.period.covers(day))

    def _rule_condition(self, rule: Rule, period: int) -> int:
        if not rule.period.covers(self.day_in(period)):
            return self.store.false
        with self.store.building():
            return self.condition(full_condition(rule), period)

    def _carried(self, rule: Rule, procedure: Procedure, period: int) -> int:
        """The rule holds, and no rule in force that speaks of the procedure, holds and overrides it."""
        carried = self._rule_condition(rule, period)
        for other in self._in_force(procedure, period):
            if rule.code in other.overrides:
                carried = self.store.both(carried, self.store.negation(self._rule_condition(other, period)))
        return carried

    def _required(self, procedure: Procedure, period: int) -> int:
        required = self.condition(procedure.required_when, period)
        for rule in self._in_force(procedure, period):
            if effect_of(rule, procedure).brings:
                required = self.store.either(required, self._carried(rule, procedure, period))
        return required

    # Conditions ---------------------------------------------------------------------------------

    def condition(self, condition: Condition, period: int) -> int:
        """The boolean diagram of a condition under the law of the period, definitions expanded."""
        key = (condition, period)
        found = self._conditions.get(key)
        if found is None:
            found = self._conditions[key] = self._compile_condition(condition, period)
        return found

    def _compile_condition(self, condition: Condition, period: int) -> int:
        store = self.store
        match condition:
            case Always(holds=holds):
                return store.true if holds else store.false
            case All(parts=parts):
                found = store.true
                for part in parts:
                    found = store.both(found, self.condition(part, period))
                return found
            case Any(parts=parts):
                found = store.false
                for part in parts:
                    found = store.either(found, self.condition(part, period))
                return found
            case Not(part=part):
                return store.negation(self.condition(part, period))
            case Defined(definition=code):
                version = self.topic.definitions[code].version_on(self.day_in(period))
                return store.false if version is None else self.condition(version.when, period)
            case Requires(procedure=code):
                procedure = self.topic.procedures[code]
                exists = procedure.period.covers(self.day_in(period))
                return self._required(procedure, period) if exists else store.false
            case _:
                return self._compile_atom(condition)

    def _compile_atom(self, atom: Atom) -> int:
        match atom:
            case SetIs():
                return self._compile_set(atom)
            case Within(fact=fact, after=after):
                place = self._by_key["pair", fact, after]
            case _:
                place = self._by_key["fact", atom.fact, ""]
        level = self.levels[place]
        return self.store.test(place, level.size, cells_where(level, atom, self.topic.facts[atom.fact]))

    def _compile_set(self, atom: SetIs) -> int:
        keys = {option: ("member", atom.fact, option) for option in self.topic.facts[atom.fact].options}
        tests = {
            option: self.store.test(self._by_key[key], 2, frozenset({1}))
            for option, key in keys.items()
            if key in self._by_key
        }
        return set_diagram(self.store, atom, tests)


def compile_topic(topic: Topic) -> CompiledTopic:
    """The topic ready to decide; its diagrams are built when first asked for."""
    return CompiledTopic(topic)


def _leaf_test(value: Hashable, test: LeafTest) -> bool:
    assert isinstance(value, Leaf)
    return value.outcome.required and test(value)
