"""The plain reading of conditions against answers, in three-valued logic: it writes the reasons.

It stands beside the diagrams as a second opinion: whatever it decides, they decide alike; they may decide more.
"""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from app.engine.compile import CompiledTopic
from app.engine.conditions import (
    All,
    Always,
    Any,
    Condition,
    Defined,
    Not,
    Requires,
    Truth,
    atom_holds,
    conjunction,
    disjunction,
    negated,
)
from app.engine.decision import ConditionReading, Decision
from app.engine.facts import DefinitionCode, FactCode, ProcedureCode, RuleCode, Value
from app.engine.leaf import outcome_of
from app.engine.model import NOT_REQUIRED, Outcome, Procedure, Rule, Treatment
from app.engine.reach import full_condition


class Reader:
    """Reads conditions under the law of one day.

    Shape: `known` definitions are not read again, so all answers given to it must be the ones these were read against.
    """

    def __init__(
        self, compiled: CompiledTopic, day: date, known: Mapping[DefinitionCode, Truth] = MappingProxyType({})
    ) -> None:
        self.compiled = compiled
        self.topic = compiled.topic
        self.day = day
        self._known = known
        self._answers: Mapping[FactCode, Value] = {}
        self._defined: dict[DefinitionCode, Truth] = {}

    def holds(self, condition: Condition, answers: Mapping[FactCode, Value]) -> Truth:
        """Whether the condition holds; None where the answers leave it open to this reading."""
        match condition:
            case Always(holds=holds):
                return holds
            case All(parts=parts):
                return conjunction(self.holds(part, answers) for part in parts)
            case Any(parts=parts):
                return disjunction(self.holds(part, answers) for part in parts)
            case Not(part=part):
                return negated(self.holds(part, answers))
            case Defined(definition=code):
                return self._definition(code, answers)
            case Requires(procedure=code):
                return self.requires(self.topic.procedures[code], answers)
            case _:
                return atom_holds(condition, answers)

    def _definition(self, code: DefinitionCode, answers: Mapping[FactCode, Value]) -> Truth:
        """Whether the definition holds; read once for all conditions read against the same answers."""
        if code in self._known:
            return self._known[code]
        if answers is not self._answers:
            self._answers, self._defined = answers, {}
        if code not in self._defined:
            version = self.topic.definitions[code].version_on(self.day)
            self._defined[code] = False if version is None else self.holds(version.when, answers)
        return self._defined[code]

    def requires(self, procedure: Procedure, answers: Mapping[FactCode, Value]) -> Truth:
        """Whether the procedure exists in the scenario."""
        if not procedure.period.covers(self.day):
            return False
        brought = disjunction(
            self.carried(rule, procedure, answers)
            for rule in self.in_force(procedure.code)
            if (effect := rule.effect_on(procedure.code)) is not None and effect.brings
        )
        return disjunction(iter((self.holds(procedure.required_when, answers), brought)))

    def in_force(self, procedure: ProcedureCode) -> list[Rule]:
        """The rules in force that speak of the procedure."""
        return [rule for rule in self.compiled.by_procedure.get(procedure, ()) if rule.period.covers(self.day)]

    def carried(self, rule: Rule, procedure: Procedure, answers: Mapping[FactCode, Value]) -> Truth:
        """The rule holds and nothing that holds overrides it for the procedure."""
        overridden = disjunction(
            self.holds(full_condition(other), answers)
            for other in self.in_force(procedure.code)
            if rule.code in other.overrides
        )
        return conjunction(iter((self.holds(full_condition(rule), answers), negated(overridden))))

    def outcome(self, procedure: Procedure, answers: Mapping[FactCode, Value]) -> Outcome | None:
        """The procedure's outcome as far as plain reading tells, None where it leaves it open."""
        required = self.requires(procedure, answers)
        if required is False:
            return NOT_REQUIRED
        truths = {rule.code: self.carried(rule, procedure, answers) for rule in self.in_force(procedure.code)}
        barred = disjunction(iter([*self._unmet(procedure, answers, truths), *self._closing(procedure, truths)]))
        if required is None or barred is None or None in self._setting(procedure, truths).values():
            return Outcome(Treatment.CLOSED) if required and barred else None
        if barred:
            return Outcome(Treatment.CLOSED)
        set_by = [code for code, truth in self._setting(procedure, truths).items() if truth]
        outcomes = {self._outcome(code, procedure) for code in set_by}
        if not outcomes:
            return Outcome(Treatment.STANDARD, procedure.filing_timing)
        return max(outcomes, key=lambda outcome: outcome.rank)

    def _outcome(self, code: RuleCode, procedure: Procedure) -> Outcome:
        effect = self.topic.rules[code].effect_on(procedure.code)
        assert effect is not None
        outcome = outcome_of(effect, procedure)
        assert outcome is not None
        return outcome

    def _setting(self, procedure: Procedure, truths: Mapping[RuleCode, Truth]) -> dict[RuleCode, Truth]:
        return {
            code: truth
            for code, truth in truths.items()
            if (effect := self.topic.rules[code].effect_on(procedure.code)) is not None and effect.treatment is not None
        }

    def _closing(self, procedure: Procedure, truths: Mapping[RuleCode, Truth]) -> list[Truth]:
        return [
            truth
            for code, truth in self._setting(procedure, truths).items()
            if self._outcome(code, procedure).treatment is Treatment.CLOSED
        ]

    def _unmet(
        self, procedure: Procedure, answers: Mapping[FactCode, Value], truths: Mapping[RuleCode, Truth]
    ) -> list[Truth]:
        found = []
        for item, adding in self.compiled.barring.conditions[procedure.code]:
            if item.test is None or not item.period.covers(self.day):
                continue
            dropped = disjunction(
                truth
                for code, truth in truths.items()
                if (effect := self.topic.rules[code].effect_on(procedure.code)) is not None
                and item.code in effect.conditions_dropped
            )
            unmet = negated(self.holds(item.test, answers))
            asked = True if adding is None else truths.get(adding.code, False)
            found.append(conjunction(iter((unmet, asked, negated(dropped)))))
        return found


def read_rule(compiled: CompiledTopic, rule: RuleCode, decision: Decision) -> tuple[ConditionReading, ...]:
    """The rule's conditions, one by one, with what the answers make of each.

    Shape: the parts of an outermost conjunction each by itself, anything else as one condition.
    """
    condition = full_condition(compiled.topic.rules[rule])
    reader = Reader(compiled, decision.day)
    return tuple(
        ConditionReading(part, reader.holds(part, decision.answers))
        for part in flattened(condition)
        if not isinstance(part, Always)
    )


def flattened(condition: Condition) -> list[Condition]:
    """The parts of nested conjunctions in order."""
    if isinstance(condition, All):
        return [piece for part in condition.parts for piece in flattened(part)]
    return [condition]
