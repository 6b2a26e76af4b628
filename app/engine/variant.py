"""A compiled topic with one element of its law changed: what the change does not reach is taken from the original.

Thousands of variants of one topic are compared with it. They share its store and levels, so that two diagrams are the
same function exactly where they are the same node, and only what hangs on the changed element is compiled again.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.engine.cells import Level, build_levels
from app.engine.compile import CompiledTopic, PeriodLaw
from app.engine.conditions import Atom, Condition, Defined, Requires, leaves
from app.engine.facts import DefinitionCode, FactCode, ProcedureCode, RuleCode
from app.engine.memo import Remembered
from app.engine.model import Extra, Procedure, Rule, Topic
from app.engine.reach import atoms_of, full_condition, rules_by_extra, rules_by_procedure


@dataclass(frozen=True, slots=True)
class Uses:
    """What a condition hangs on besides facts, whatever its definitions say on any day."""

    definitions: frozenset[DefinitionCode] = frozenset()
    procedures: frozenset[ProcedureCode] = frozenset()

    def with_others(self, others: Iterable["Uses"]) -> "Uses":
        """These and the others together."""
        found = (self, *others)
        return Uses(
            frozenset[DefinitionCode]().union(*(one.definitions for one in found)),
            frozenset[ProcedureCode]().union(*(one.procedures for one in found)),
        )


class Original(CompiledTopic):
    """A topic compiled to be varied: its cells are also cut by the variants' atoms, everything is compiled at once."""

    def __init__(self, topic: Topic, atoms: Iterable[Atom]) -> None:
        self._more_atoms = tuple(atoms)
        super().__init__(topic)
        self._uses: dict[Condition, Uses] = {}
        self._signatures: dict[tuple[ProcedureCode, int], object] = {}
        self._first: dict[tuple[ProcedureCode, object], int] = {}
        self.uses_of_procedure = {item.code: self._procedure_uses(item) for item in topic.procedures.values()}

    def make_levels(self) -> tuple[Level, ...]:
        """The levels, cut by the variants' atoms too."""
        return build_levels(self.topic.facts, (*atoms_of(self.topic), *self._more_atoms))

    def known_condition(self, condition: Condition, period: int) -> int | None:
        """The condition's diagram where it was compiled."""
        return self._conditions.get((condition, period))

    # What hangs on what -------------------------------------------------------------------------

    def uses(self, condition: Condition) -> Uses:
        """The definitions and procedures that the condition hangs on, through other definitions too."""
        found = self._uses.get(condition)
        if found is None:
            self._uses[condition] = Uses()  # a circle ends here; the checks have refused it before
            parts = []
            for leaf in leaves(condition):
                if isinstance(leaf, Defined):
                    inner = [self.uses(version.when) for version in self.topic.definitions[leaf.definition].versions]
                    parts.append(Uses(frozenset({leaf.definition})).with_others(inner))
                elif isinstance(leaf, Requires):
                    parts.append(Uses(frozenset(), frozenset({leaf.procedure})))
            found = self._uses[condition] = Uses().with_others(parts)
        return found

    def _procedure_uses(self, procedure: Procedure) -> Uses:
        conditions = [procedure.required_when, *self.acceptance_tests[procedure.code]]
        conditions += [full_condition(rule) for rule in self.by_procedure.get(procedure.code, ())]
        return Uses().with_others(self.uses(condition) for condition in conditions)

    def definitions_reached(
        self, changed: Collection[DefinitionCode], procedures: Collection[ProcedureCode]
    ) -> frozenset[DefinitionCode]:
        """The definitions changed, and those that hang on them or on whether the procedures are required."""
        return frozenset(
            code
            for code in self.topic.definitions
            if code in changed or _meets(self.uses(Defined(code)), frozenset(changed), frozenset(procedures))
        )

    def procedures_reached(
        self, changed: Collection[DefinitionCode], procedures: Collection[ProcedureCode]
    ) -> frozenset[ProcedureCode]:
        """The procedures given, and those that hang on them or on the definitions."""
        reached = frozenset(procedures)
        while True:
            more = {
                code for code, uses in self.uses_of_procedure.items() if _meets(uses, frozenset(changed), reached)
            } - reached
            if not more:
                return reached
            reached |= more

    def signature(self, code: ProcedureCode, period: int) -> object:
        """What of the law of the period the procedure's diagram hangs on: where it is the same, so is the diagram."""
        found = self._signatures.get((code, period))
        if found is None:
            day, uses = self.day_in(period), self.uses_of_procedure[code]
            procedures = self.procedures_below(code)
            rules = {rule.code for one in procedures for rule in self.by_procedure.get(one, ())}
            found = self._signatures[code, period] = (
                frozenset(one for one in procedures if self.topic.procedures[one].period.covers(day)),
                frozenset(rule for rule in rules if self.topic.rules[rule].period.covers(day)),
                self._versions(uses.with_others(self.uses_of_procedure[one] for one in procedures), day),
                self._tests_in_force(procedures, day),
            )
        return found

    def first_alike(self, code: ProcedureCode, period: int) -> int:
        """The earliest period whose law for the procedure is that of this one."""
        return self._first.setdefault((code, self.signature(code, period)), period)

    def procedures_below(self, code: ProcedureCode) -> frozenset[ProcedureCode]:
        """The procedure and those whose existence it hangs on."""
        found, waiting = frozenset({code}), [code]
        while waiting:
            below = {one for one in self.uses_of_procedure[waiting.pop()].procedures if one in self.topic.procedures}
            waiting.extend(below - found)
            found |= below
        return found

    def _versions(self, uses: Uses, day: date) -> frozenset[tuple[DefinitionCode, date | None]]:
        found = set()
        for code in uses.definitions:
            version = self.topic.definitions[code].version_on(day)
            if version is not None:
                found.add((code, version.period.start))
        return frozenset(found)

    def _tests_in_force(self, procedures: Iterable[ProcedureCode], day: date) -> tuple[bool, ...]:
        return tuple(
            condition.period.covers(day)
            for code in sorted(procedures)
            for condition, _ in self.barrier_conditions(self.topic.procedures[code])
        )


def _meets(uses: Uses, definitions: frozenset[DefinitionCode], procedures: frozenset[ProcedureCode]) -> bool:
    return bool(uses.definitions & definitions or uses.procedures & procedures)


@dataclass(frozen=True, slots=True)
class Alteration:
    """What a variant changes.

    Shape: `topic` with the change made · `rules`, `definitions`, `procedures` the codes of what is other in it · `day`
        the one day on which it matters, None where it matters whenever it is in force.
    """

    topic: Topic
    rules: frozenset[RuleCode] = frozenset()
    definitions: frozenset[DefinitionCode] = frozenset()
    procedures: frozenset[ProcedureCode] = frozenset()
    day: date | None = None


class Variant(CompiledTopic):
    """The original with a alteration. Lives inside one `Store.scratch` of the original's store."""

    def __init__(self, original: Original, alteration: Alteration) -> None:
        self.original = original
        self.alteration = alteration
        self.topic = alteration.topic
        self.store = original.store
        self.levels = original.levels
        self.finder = original.finder
        self.law_days = original.law_days
        self._by_key = original._by_key
        self.fact_levels: dict[FactCode, tuple[int, ...]] = original.fact_levels
        self.fact_order = original.fact_order
        self.single_level = original.single_level
        self.asked_levels = original.asked_levels
        self.exact_facts = original.exact_facts
        self._reaches = {}
        self.components = original.components
        self.component_facts = original.component_facts
        self.tied_facts = original.tied_facts
        self._conditions: dict[tuple[Condition, int], int] = {}
        self._roots: dict[tuple[ProcedureCode, int], int] = {}
        self._laws: dict[int, PeriodLaw] = {}
        self.remembered = Remembered()
        self.by_procedure = rules_by_procedure(self.topic)
        self.extras = rules_by_extra(self.topic)
        self.acceptance_tests = {item.code: self._acceptance_tests(item) for item in self.topic.procedures.values()}
        self._barring = {item.code: self._barring_conditions(item) for item in self.topic.procedures.values()}
        self._day_period = -1 if alteration.day is None else original.period_of(alteration.day)
        spoken = {
            effect.procedure
            for code in alteration.rules
            for rules in (original.topic.rules, self.topic.rules)
            for effect in (rules[code].effects if code in rules else ())
        }
        self.reached = original.procedures_reached(alteration.definitions, spoken | alteration.procedures)
        self.definitions_reached = original.definitions_reached(alteration.definitions, self.reached)

    def day_in(self, period: int) -> date:
        """The period's first day; in the period of the change's one day, that day."""
        if period == self._day_period and self.alteration.day is not None:
            return self.alteration.day
        return self.original.day_in(period)

    def procedure(self, code: ProcedureCode, period: int) -> int:
        """The diagram of a procedure's `Leaf` in the period."""
        if code not in self.reached:
            return self.original.procedure(code, period)
        if self.alteration.day is None:
            period = self.original.first_alike(code, period)
        return super().procedure(code, period)

    def condition(self, condition: Condition, period: int) -> int:
        """The boolean diagram of a condition under the law of the period."""
        if not _meets(self.original.uses(condition), self.definitions_reached, self.reached):
            found = self.original.known_condition(condition, period)
            if found is not None:
                return found
        return super().condition(condition, period)

    def law_in(self, period: int) -> PeriodLaw:
        """All diagrams of the period; those that the change does not reach are the original's."""
        found = self._laws.get(period)
        if found is None:
            known, day = self.original.law_in(period), self.day_in(period)
            definitions = {
                code: self.condition(Defined(code), period) if code in self.definitions_reached else None
                for code, item in self.topic.definitions.items()
                if item.version_on(day) is not None
            }
            found = self._laws[period] = PeriodLaw(
                {code: self.procedure(code, period) for code in self.topic.procedures},
                {code: known.definitions[code] if root is None else root for code, root in definitions.items()},
                {code: self._barrier(code, period, known.barriers) for code in self._barrier_codes(day)},
                {extra: self._extra(extra, period, known.extras) for extra in self.extras},
            )
        return found

    def histories_in(self, period: int) -> Mapping[ProcedureCode, tuple[tuple[date, int], ...]]:
        """The original's: since when an outcome holds is not asked of a variant."""
        return self.original.histories_in(period)

    def _barrier(self, code: str, period: int, known: Mapping[str, int]) -> int:
        closed = self.closed_by(code)
        if code in known and closed == self.original.closed_by(code) and not self.reached.intersection(closed):
            return known[code]
        return self.barrier(code, period)

    def _extra(self, extra: Extra, period: int, known: Mapping[Extra, int]) -> int:
        rules = self.extras[extra]
        same = rules == self.original.extras.get(extra) and not any(self.reaches(rule) for rule in rules)
        return known[extra] if same and extra in known else self.extra(extra, period)

    def reaches(self, rule: Rule) -> bool:
        """Whether the change can bear on when the rule applies."""
        if any(effect.procedure in self.reached for effect in rule.effects):
            return True
        return _meets(self.original.uses(full_condition(rule)), self.definitions_reached, self.reached)
