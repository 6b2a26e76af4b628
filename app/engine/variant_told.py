"""What a variant tells otherwise though every diagram is the same: the grounds and particulars beside the outcomes.

Equal diagrams mean the same outcomes, carried by rules of the same codes. A reader sees more: how well a source was
seen, what applies if a choice is declined, which rules give a note, whether a condition of acceptance is met, on what
a definition rests. Only where none of this moves either is a change of the law equivalent.

What is not compared is how the changed element's own condition is spelled, and with it what the plain reading of that
condition leaves open on partial answers (`holds`, `met`): that is the change itself.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from app.engine.compile import CompiledTopic
from app.engine.conditions import Condition, mentioned_facts
from app.engine.details import force_and_verification, sources_on
from app.engine.facts import DefinitionCode, ProcedureCode, RuleCode
from app.engine.leaf import Leaf
from app.engine.model import AcceptanceCondition, Extra, Force, ProcedureEffect, Rule, Source, Verification
from app.engine.reach import full_condition
from app.engine.sweep import answered_from
from app.engine.variant import Original, Variant


def told_otherwise(variant: Variant, period: int) -> Iterator[int]:
    """Diagrams that are true where the variant may tell a reader something else in the period, its diagrams aside.

    Shape: each errs on the side of a difference, so that none means that there is none.
    """
    told = _Told(variant, period)
    yield from told.by_definitions()
    yield from told.by_rules()
    yield from told.by_procedures()
    yield from told.by_extras()


class _Told:
    """One variant beside its original in one period."""

    def __init__(self, variant: Variant, period: int) -> None:
        self.variant = variant
        self.original: Original = variant.original
        self.period = period
        self.store = variant.store
        self.both: Final[tuple[CompiledTopic, CompiledTopic]] = (self.original, variant)

    # Definitions --------------------------------------------------------------------------------

    def by_definitions(self) -> Iterator[int]:
        """True where a definition has a version in one alone, or rests on other sources on some day."""
        for code in self.variant.alteration.definitions:
            sources = [self._grounds_of(compiled, code) for compiled in self.both]
            days = self._days([source for found in sources for source in found])
            if any(self._rests_on(self.original, code, day) != self._rests_on(self.variant, code, day) for day in days):
                yield self.store.true

    def _rests_on(self, compiled: CompiledTopic, code: DefinitionCode, day: date) -> tuple[Source, ...] | None:
        version = compiled.topic.definitions[code].version_on(day)
        return None if version is None else sources_on(version.sources, day)

    def _grounds_of(self, compiled: CompiledTopic, code: DefinitionCode) -> tuple[Source, ...]:
        return tuple(source for version in compiled.topic.definitions[code].versions for source in version.sources)

    # Rules --------------------------------------------------------------------------------------

    def by_rules(self) -> Iterator[int]:
        """True where a rule is carried that says something else, or rests on better or worse seen sources."""
        changed = self.variant.alteration.rules
        for code, rule in self.original.topic.rules.items():
            other = self.variant.topic.rules.get(code)
            defined = self.original.dependence.of(full_condition(rule)).definitions
            if other is None or not (code in changed or defined & self.variant.alteration.definitions):
                continue
            days = self._days_in_force(rule, other)
            for effect in rule.effects:
                its = other.effect_on(effect.procedure)
                if its is None or _says(rule, effect) != _says(other, its):
                    yield self._where_carried(effect.procedure, code)
                    continue
                if self._verified_otherwise(code, effect, days):
                    yield self._where_carried(effect.procedure, code)
                carried = self._where_carried(effect.procedure, code)
                yield from self._met_otherwise(effect.conditions_added, its.conditions_added, carried)

    def _days_in_force(self, rule: Rule, other: Rule) -> tuple[date, ...]:
        """The days of the period on which both hold, those in front on which a source of theirs begins or ends."""
        sources = list(rule.sources)
        for compiled, one in zip(self.both, (rule, other), strict=True):
            for code in self.original.dependence.of(full_condition(one)).definitions:
                sources += self._grounds_of(compiled, code)
        return tuple(day for day in self._days(sources) if rule.period.covers(day) and other.period.covers(day))

    def _verified_otherwise(self, code: RuleCode, effect: ProcedureEffect, days: tuple[date, ...]) -> bool:
        """Whether an outcome that the rule sets can come to another force or verification on one of the days.

        What is shown is the best of all rules that carry the outcome. Those that are carried wherever this one is are
        compared together: where the best of these stays, so does the best of any more.
        """
        leaves = self.store.leaves_in(self.variant.procedure(effect.procedure, self.period))
        sets = [
            leaf.carried
            for leaf in leaves
            if isinstance(leaf, Leaf) and code in leaf.carried and leaf.outcome.treatment is effect.treatment
        ]
        if effect.treatment is None or not sets:
            return False
        procedure = self.original.topic.procedures[effect.procedure]
        together = frozenset.intersection(*sets)

        def shown(compiled: CompiledTopic, day: date) -> tuple[Force | None, Verification | None]:
            setting = self._setting(compiled, together, effect)
            return force_and_verification(compiled, procedure, setting, frozenset(), day)

        return any(shown(self.original, day) != shown(self.variant, day) for day in days)

    def _setting(
        self, compiled: CompiledTopic, codes: frozenset[RuleCode], effect: ProcedureEffect
    ) -> tuple[Rule, ...]:
        """Those of the rules that set the same treatment."""
        found = []
        for code in sorted(codes):
            its = compiled.topic.rules[code].effect_on(effect.procedure)
            if its is not None and its.treatment is effect.treatment:
                found.append(compiled.topic.rules[code])
        return tuple(found)

    def _where_carried(self, procedure: ProcedureCode, code: RuleCode) -> int:
        return self._where(procedure, lambda leaf: leaf.outcome.required and code in leaf.carried)

    def _where(self, procedure: ProcedureCode, test: Callable[[Leaf], bool]) -> int:
        root = self.variant.procedure(procedure, self.period)
        return self.store.mapped(root, lambda leaf: _passes(leaf, test))

    # Conditions of acceptance -------------------------------------------------------------------

    def by_procedures(self) -> Iterator[int]:
        """True where a procedure is listed with a condition that is met otherwise."""
        for code in self.variant.alteration.procedures:
            listed = self._where(code, lambda leaf: leaf.outcome.required)
            was, now = (compiled.topic.procedures[code].conditions for compiled in self.both)
            yield from self._met_otherwise(was, now, listed)

    def _met_otherwise(
        self, was: tuple[AcceptanceCondition, ...], now: tuple[AcceptanceCondition, ...], listed: int
    ) -> Iterator[int]:
        """Among those listed, where a test comes out otherwise; everywhere where it asks for other facts."""
        day = self.variant.day_in(self.period)
        for one, other in zip(was, now, strict=True):
            if one.test == other.test or not one.period.covers(day) or one.test is None or other.test is None:
                continue
            if set(mentioned_facts(one.test)) != set(mentioned_facts(other.test)):
                yield listed
            else:
                yield self.store.both(listed, self._differing(one.test, other.test))

    def _differing(self, one: Condition, other: Condition) -> int:
        nodes = self.original.condition(one, self.period), self.variant.condition(other, self.period)
        return self.store.apply(lambda left, right: left != right, *nodes)

    # Extras -------------------------------------------------------------------------------------

    def by_extras(self) -> Iterator[int]:
        """True where an entitlement, obligation or note that several rules can give is given by others."""
        for extra, giving in self.original.extras.items():
            others = self.variant.extras.get(extra, ())
            if len(giving) < 2 and len(others) < 2:
                continue
            codes = {rule.code for rule in giving} | {rule.code for rule in others}
            if codes & self.variant.alteration.rules or any(self.variant.reaches(rule) for rule in others):
                applies = self.variant.extra(extra, self.period)
                for code in sorted(codes):
                    gives = [self._gives(compiled, extra, code) for compiled in self.both]
                    yield self.store.both(applies, self.store.apply(lambda left, right: left != right, *gives))

    def _gives(self, compiled: CompiledTopic, extra: Extra, code: RuleCode) -> int:
        """Where the rule is told of as one that gives it."""
        rule = compiled.topic.rules.get(code)
        if rule is None or extra not in rule.extras or not rule.period.covers(compiled.day_in(self.period)):
            return self.store.false
        return compiled.condition(rule.when, self.period)

    # Days ---------------------------------------------------------------------------------------

    def _days(self, sources: list[Source]) -> tuple[date, ...]:
        """The days of the period on which something about these sources begins or ends, its first day in front."""
        if self.variant.alteration.day is not None:
            return (self.variant.alteration.day,)
        law_days = self.original.law_days
        first = answered_from(self.original, self.period)
        end = law_days[self.period] if self.period < len(law_days) else date.max
        inside = {day for source in sources for day in source.period.days() if first < day < end}
        return (first, *sorted(inside))


def _passes(leaf: Hashable, test: Callable[[Leaf], bool]) -> bool:
    return isinstance(leaf, Leaf) and test(leaf)


def _says(rule: Rule, effect: ProcedureEffect) -> tuple[object, ...]:
    """All that a carried rule tells of the procedure, tests and what brings it into being aside."""
    untested = tuple(replace(item, test=None) for item in effect.conditions_added)
    return rule.voluntary, rule.needs_confirmation, replace(effect, brings=False, conditions_added=untested)
