"""A compiled topic with one element of its law changed: what the change does not reach is taken from the original.

Thousands of variants of one topic are compared with it. They share its store and levels, so that two diagrams are the
same function exactly where they are the same node, and only what hangs on the changed element is compiled again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.engine.barring import Barring
from app.engine.cells import Level
from app.engine.compile import CompiledTopic, PeriodLaw
from app.engine.conditions import Atom, Condition, Defined
from app.engine.facts import DefinitionCode, FactCode, ProcedureCode, RuleCode
from app.engine.memo import Remembered
from app.engine.model import Extra, Rule, Topic
from app.engine.ordering import ordered_levels
from app.engine.reach import atoms_of, full_condition, rules_by_extra, rules_by_procedure
from app.engine.steps import Waiting


class Original(CompiledTopic):
    """A topic compiled to be varied: its cells are also cut by the variants' atoms, everything is compiled at once."""

    def __init__(self, topic: Topic, atoms: Iterable[Atom]) -> None:
        self._more_atoms = tuple(atoms)
        super().__init__(topic)

    def make_levels(self) -> tuple[Level, ...]:
        """The levels, cut by the variants' atoms too."""
        return ordered_levels(self.topic, (*atoms_of(self.topic), *self._more_atoms))

    def known_condition(self, condition: Condition, period: int) -> int | None:
        """The condition's diagram where it was compiled."""
        return self._conditions.get((condition, period))


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
        self.not_listed = original.not_listed
        self.levels = original.levels
        self.finder = original.finder
        self.law_days = original.law_days
        self._by_key = original._by_key
        self.fact_levels: dict[FactCode, tuple[int, ...]] = original.fact_levels
        self.fact_order = original.fact_order
        self.single_level = original.single_level
        self.paired_levels = original.paired_levels
        self.asked_levels = original.asked_levels
        self.where_facts = original.where_facts
        self.defaults = original.defaults
        self.likeness = original.likeness
        self._reaches = {}
        self.components = original.components
        self.component_facts = original.component_facts
        self.tied_facts = original.tied_facts
        self._conditions: dict[tuple[Condition, int], int] = {}
        self._roots: dict[tuple[ProcedureCode, int], int] = {}
        self._laws: dict[int, PeriodLaw] = {}
        self.waiting = Waiting(self.topic)
        self.remembered = Remembered(self.store, len(self.levels))
        self.by_procedure = rules_by_procedure(self.topic)
        self.extras = rules_by_extra(self.topic)
        self.barring = Barring(self.topic, self.by_procedure)
        self._day_period = -1 if alteration.day is None else original.period_of(alteration.day)
        spoken = {
            effect.procedure
            for code in alteration.rules
            for rules in (original.topic.rules, self.topic.rules)
            for effect in (rules[code].effects if code in rules else ())
        }
        self.dependence = original.dependence
        self.reached = self.dependence.procedures_reached(alteration.definitions, spoken | alteration.procedures)
        self.definitions_reached = self.dependence.definitions_reached(alteration.definitions, self.reached)

    def day_in(self, period: int) -> date:
        """The period's first day; in the period of the change's one day, that day."""
        if period == self._day_period and self.alteration.day is not None:
            return self.alteration.day
        return self.original.day_in(period)

    def procedure(self, code: ProcedureCode, period: int) -> int:
        """The diagram of a procedure's `Leaf` in the period."""
        if code not in self.reached:
            return self.original.procedure(code, period)
        return super().procedure(code, period)

    def first_alike(self, code: ProcedureCode, period: int) -> int:
        """A period with the same law for the procedure: the original's, or this one where one day alone is other."""
        return self.original.first_alike(code, period) if self.alteration.day is None else period

    def condition(self, condition: Condition, period: int) -> int:
        """The boolean diagram of a condition under the law of the period."""
        if not self.dependence.of(condition).meets(self.definitions_reached, self.reached):
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
                {code: self._barrier(code, period, known.barriers) for code in self.barring.codes_on(day)},
                {extra: self._extra(extra, period, known.extras) for extra in self.extras},
            )
        return found

    def histories_in(self, period: int) -> Mapping[ProcedureCode, tuple[tuple[date, int], ...]]:
        """The original's: since when an outcome holds is not asked of a variant."""
        return self.original.histories_in(period)

    def _barrier(self, code: str, period: int, known: Mapping[str, int]) -> int:
        closed = self.barring.closed_by(code)
        if code in known and closed == self.original.barring.closed_by(code) and not self.reached.intersection(closed):
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
        return self.dependence.of(full_condition(rule)).meets(self.definitions_reached, self.reached)
