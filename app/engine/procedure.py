"""One procedure's decision: its outcome with all that the carried rules say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.conditions import Condition, Truth, mentioned_facts
from app.engine.decision import CarriedRule, ConditionDecision, ProcedureDecision
from app.engine.details import (
    carrying_rules,
    conditions_of_acceptance,
    effects_on,
    fee_rule_of,
    first_given,
    force_and_verification,
    limit_of,
    materials_of,
    visits_of,
)
from app.engine.explain import Reader
from app.engine.facts import FactCode, ProcedureCode, Value
from app.engine.memo import SERIALS
from app.engine.model import Outcome, Procedure, ProcedureEffect, Rule
from app.engine.settle import Settled


class Particulars:
    """Makes the procedures' decisions of one scenario on one day."""

    def __init__(self, compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date, reader: Reader) -> None:
        self.compiled = compiled
        self.topic = compiled.topic
        self.answers = answers
        self.day = day
        self.reader = reader
        self.known = compiled.remembered.procedures

    def decision(
        self, procedure: Procedure, settled: Settled, fallback: Outcome | None, since: date | None
    ) -> ProcedureDecision:
        """The decision of a procedure; the same one for every scenario that comes to the same leaf."""
        key = (procedure.code, self.day, settled.serial, fallback, since)
        found = self.known.get(key) or self.known.keep(key, self._made(procedure, settled, fallback, since))
        tests = self.compiled.barring.tests[procedure.code]
        return self._tested(procedure, settled, found, tests) if tests else found

    def _tested(
        self, procedure: Procedure, settled: Settled, like: ProcedureDecision, tests: Sequence[Condition]
    ) -> ProcedureDecision:
        """The decision with the conditions that these answers meet."""
        met: list[Truth] = [self.reader.holds(test, self.answers) for test in tests]
        key = (like.alike, tuple(met), self._untested(tests) if None in met else ())
        found = self.known.get(key)
        if found is None:
            certain = [self.topic.rules[item.rule] for item in like.rules if item.certain]
            conditions, details = self._conditions(procedure, settled, like.outcome, effects_on(procedure, certain))
            changed = replace(like, conditions=conditions, detail_facts=details, serial=next(SERIALS))
            found = self.known.keep(key, changed)
        return found

    def _conditions(
        self,
        procedure: Procedure,
        settled: Settled,
        outcome: Outcome | None,
        effects: list[tuple[Rule, ProcedureEffect]],
    ) -> tuple[tuple[ConditionDecision, ...], tuple[FactCode, ...]]:
        """The acceptance conditions, and the open facts that move details, what these ask about included."""
        conditions = conditions_of_acceptance(procedure, outcome, effects, self.reader, self.answers, self.day)
        untested = [item.condition.test for item in conditions if item.required and item.met is None]
        return conditions, self._with_untested(settled.details, untested)

    def _untested(self, tests: Iterable[Condition]) -> tuple[FactCode, ...]:
        """The open facts that the conditions ask about."""
        return tuple(code for test in tests for code in mentioned_facts(test) if code not in self.answers)

    def _made(
        self,
        procedure: Procedure,
        settled: Settled,
        fallback: Outcome | None,
        since: date | None,
    ) -> ProcedureDecision:
        outcome = settled.outcomes[0] if len(settled.outcomes) == 1 else None
        rules = self._carried(procedure, settled)
        certain = [self.topic.rules[item.rule] for item in rules if item.certain]
        effects = effects_on(procedure, certain)
        carrying = () if outcome is None else carrying_rules(certain, procedure, outcome)
        unmet = settled.leaves[0].unmet
        force, verification = (
            (None, None)
            if outcome is None
            else force_and_verification(self.compiled, procedure, carrying, unmet, self.day)
        )
        voluntary = next((rule.voluntary for rule in carrying if rule.voluntary is not None), None)
        conditions, details = self._conditions(procedure, settled, outcome, effects)
        serial = next(SERIALS)
        beside = frozenset().union(*(effect.parallel_with for _, effect in effects))
        return ProcedureDecision(
            code=procedure.code,
            required=_one_truth(option.required for option in settled.outcomes),
            outcome=outcome,
            possible=settled.outcomes,
            depends_on=settled.depends_on,
            rules=rules,
            fallback=fallback,
            voluntary=voluntary,
            force=force,
            verification=verification,
            limit=limit_of(procedure, outcome, effects, self.day),
            materials=materials_of(procedure, outcome, effects, self.day),
            materials_complete=procedure.materials_complete and len(settled.leaves) == 1,
            conditions=conditions,
            parallel_with=tuple(code for code in self.topic.procedures if code in beside),
            replaces=procedure.replaces,
            authority=first_given(effects, "authority"),
            level=first_given(effects, "level"),
            channel=first_given(effects, "channel"),
            visits=visits_of(procedure, effects),
            fee_rule=fee_rule_of(effects),
            since=since,
            detail_facts=details,
            serial=serial,
            alike=serial,
        )

    def _with_untested(self, details: tuple[FactCode, ...], tests: list[Condition | None]) -> tuple[FactCode, ...]:
        """Open facts that move details, and those an acceptance condition asks about."""
        wanted = set(details)
        wanted.update(code for test in tests if test is not None for code in mentioned_facts(test))
        return tuple(code for code in self.topic.facts if code in wanted and code not in self.answers)

    def _carried(self, procedure: Procedure, settled: Settled) -> tuple[CarriedRule, ...]:
        existing = [leaf for leaf in settled.leaves if leaf.outcome.required]
        found = []
        for rule in self.compiled.by_procedure.get(procedure.code, ()):
            leaves = [leaf for leaf in existing if rule.code in leaf.carried]
            if not leaves:
                continue
            effect = rule.effect_on(procedure.code)
            own = None if effect is None else effect.treatment
            treatments = {own} if own is not None else {leaf.outcome.treatment for leaf in leaves}
            ordered = tuple(sorted(treatments, key=lambda item: -1 if item is None else item.weight))
            found.append(CarriedRule(rule.code, len(leaves) == len(existing), ordered))
        return tuple(found)

    def with_parallels(self, procedures: list[ProcedureDecision]) -> tuple[ProcedureDecision, ...]:
        """The procedures with `parallel_with` made symmetric, among those listed that leave something to do."""
        naming = [item for item in procedures if item.parallel_with]
        if not naming:
            return tuple(procedures)
        listed = {item.code: item for item in procedures}
        named: dict[ProcedureCode, set[ProcedureCode]] = {}
        for item in naming:
            for other in item.parallel_with:
                if other in listed and _is_live(item) and _is_live(listed[other]):
                    named.setdefault(item.code, set()).add(other)
                    named.setdefault(other, set()).add(item.code)
        return tuple(
            [
                self._beside(item, tuple([code for code in listed if code in named.get(item.code, ())]))
                if item.code in named or item.parallel_with
                else item
                for item in procedures
            ]
        )

    def _beside(self, item: ProcedureDecision, others: tuple[ProcedureCode, ...]) -> ProcedureDecision:
        """The decision with these parallel to it, and no others."""
        if item.parallel_with == others:
            return item
        key = (item.serial, others)
        found = self.known.get(key)
        return found or self.known.keep(key, replace(item, parallel_with=others, serial=next(SERIALS)))


def _is_live(item: ProcedureDecision) -> bool:
    """Whether some outcome of the procedure leaves something to do."""
    return not all(option.nothing_to_do for option in item.possible)


def _one_truth(truths: Iterable[bool]) -> Truth:
    different = set(truths)
    return different.pop() if len(different) == 1 else None
