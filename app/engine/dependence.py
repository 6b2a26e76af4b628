"""What of the law a condition or a procedure hangs on, and whether that is the same on two days."""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from app.engine.barring import Barring
from app.engine.conditions import Condition, Defined, Requires, leaves
from app.engine.facts import DefinitionCode, ProcedureCode
from app.engine.model import Procedure, Rule, Topic
from app.engine.reach import full_condition


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

    def meets(self, definitions: frozenset[DefinitionCode], procedures: frozenset[ProcedureCode]) -> bool:
        """Whether any of these is among them."""
        return bool(self.definitions & definitions or self.procedures & procedures)


class Dependence:
    """What each condition and procedure of a topic hangs on.

    Shape: `rules` by procedure those that speak of it; `barring` their conditions of acceptance.
    """

    def __init__(
        self,
        topic: Topic,
        rules: Mapping[ProcedureCode, tuple[Rule, ...]],
        barring: Barring,
    ) -> None:
        self.topic = topic
        self._rules = rules
        self._barring = barring
        self._uses: dict[Condition, Uses] = {}
        self._below: dict[ProcedureCode, tuple[ProcedureCode, ...]] = {}
        self._first: dict[tuple[ProcedureCode, Hashable], int] = {}
        self.of_procedure = {item.code: self._procedure_uses(item) for item in topic.procedures.values()}

    def of(self, condition: Condition) -> Uses:
        """The definitions and procedures that the condition hangs on, through other definitions too."""
        found = self._uses.get(condition)
        if found is None:
            self._uses[condition] = Uses()  # a circle ends here; the checks have refused it before
            parts = []
            for leaf in leaves(condition):
                if isinstance(leaf, Defined):
                    inner = [self.of(version.when) for version in self.topic.definitions[leaf.definition].versions]
                    parts.append(Uses(frozenset({leaf.definition})).with_others(inner))
                elif isinstance(leaf, Requires):
                    parts.append(Uses(frozenset(), frozenset({leaf.procedure})))
            found = self._uses[condition] = Uses().with_others(parts)
        return found

    def _procedure_uses(self, procedure: Procedure) -> Uses:
        rules = self._rules.get(procedure.code, ())
        conditions = [procedure.required_when, *(full_condition(rule) for rule in rules)]
        return Uses().with_others(
            self.of(condition) for condition in (*conditions, *self._barring.tests[procedure.code])
        )

    def definitions_reached(
        self, changed: Collection[DefinitionCode], procedures: Collection[ProcedureCode]
    ) -> frozenset[DefinitionCode]:
        """The definitions changed, and those that hang on them or on whether the procedures are required."""
        return frozenset(
            code
            for code in self.topic.definitions
            if code in changed or self.of(Defined(code)).meets(frozenset(changed), frozenset(procedures))
        )

    def procedures_reached(
        self, changed: Collection[DefinitionCode], procedures: Collection[ProcedureCode]
    ) -> frozenset[ProcedureCode]:
        """The procedures given, and those that hang on them or on the definitions."""
        reached = frozenset(procedures)
        while True:
            more = {
                code for code, uses in self.of_procedure.items() if uses.meets(frozenset(changed), reached)
            } - reached
            if not more:
                return reached
            reached |= more

    def signature(self, code: ProcedureCode, day: date) -> Hashable:
        """What of the law of the day the procedure's diagram hangs on: where it is the same, so is the diagram."""
        procedures = self._procedures_below(code)
        return (
            tuple(self.topic.procedures[one].period.covers(day) for one in procedures),
            tuple(rule.period.covers(day) for one in procedures for rule in self._rules.get(one, ())),
            tuple(item.period.covers(day) for one in procedures for item, _ in self._barring.conditions[one]),
            self._versions(procedures, day),
        )

    def first_alike(self, code: ProcedureCode, period: int, day: date) -> int:
        """The first period this was asked for of which a day had the signature of this day in this period."""
        return self._first.setdefault((code, self.signature(code, day)), period)

    def _procedures_below(self, code: ProcedureCode) -> tuple[ProcedureCode, ...]:
        """The procedure and those whose existence it hangs on."""
        below = self._below.get(code)
        if below is None:
            found, waiting = {code: None}, [code]
            while waiting:
                used = self.of_procedure[waiting.pop()].procedures
                more = [one for one in sorted(used) if one in self.topic.procedures and one not in found]
                found |= dict.fromkeys(more)
                waiting += more
            below = self._below[code] = tuple(found)
        return below

    def _versions(
        self, procedures: Iterable[ProcedureCode], day: date
    ) -> frozenset[tuple[DefinitionCode, date | None]]:
        """The versions in force of the definitions used, each by its first day."""
        used = {code for one in procedures for code in self.of_procedure[one].definitions}
        versions = ((code, self.topic.definitions[code].version_on(day)) for code in used)
        return frozenset((code, version.period.start) for code, version in versions if version is not None)
