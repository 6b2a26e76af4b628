"""One scenario on one day under a compiled topic: every effect of its rules, decided or open and on which facts."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.conditions import Condition, Truth, mentioned_facts
from app.engine.decision import (
    BarrierDecision,
    CarriedRule,
    Decision,
    ExtraDecision,
    ProcedureDecision,
    Status,
)
from app.engine.details import (
    carrying_rules,
    conditions_of_acceptance,
    effects_on,
    fee_rule_of,
    first_given,
    force_and_verification,
    limit_of,
    materials_of,
    sources_on,
    visits_of,
)
from app.engine.explain import Reader
from app.engine.facts import AskedOf, DefinitionCode, FactCode, ProcedureCode, RuleCode, Value, with_defaults
from app.engine.leaf import Leaf
from app.engine.model import (
    NOT_REQUIRED,
    Extra,
    ExtraKind,
    Outcome,
    Procedure,
    ProcedureEffect,
    Rule,
    Source,
)
from app.engine.questions import OpenQuestion, open_facts
from app.engine.view import View


@dataclass(frozen=True, slots=True)
class Settled:
    """What a procedure's diagram comes to under a view.

    Shape: `leaves` the possible ones, `depends_on` the facts that settle the outcome, `asked` those that still move it
        between outcomes which differ in what there is to do, `details` those that move only carried changes.
    """

    leaves: tuple[Leaf, ...]
    outcomes: tuple[Outcome, ...]
    depends_on: tuple[FactCode, ...]
    asked: tuple[FactCode, ...]
    details: tuple[FactCode, ...]


def decide(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date, *, brief: bool = False) -> Decision:
    """All that the topic's rules come to for the answers on the day.

    Shape: see `Decision`. Answers must be admissible (`conflicting_facts` is None). A `brief` decision leaves out
        fallbacks, `since` and extras; it serves the path before the reform.
    Unknown: an unanswered fact without default is open; everything that hangs on it is shown undecided.
    Cost: a walk per procedure where all is answered; else linear in the diagrams that are still open.
    """
    return _Deciding(compiled, answers, day).run(brief)


def settled_outcomes(
    compiled: CompiledTopic,
    codes: Iterable[ProcedureCode],
    answers: Mapping[FactCode, Value],
    day: date,
    seen: View | None = None,
) -> dict[ProcedureCode, tuple[Outcome, ...]]:
    """The possible outcomes of some procedures, and nothing else; `seen` is a view of the same answers."""
    period = compiled.period_of(day)
    roots = {code: compiled.procedure(code, period) for code in codes}
    if not roots:
        return {}
    with compiled.store.scratch():
        view = View(compiled, answers) if seen is None else seen.again()
        return {code: outcomes_of(_leaves(view, view.reduced(root))) for code, root in roots.items()}


def outcomes_of(leaves: Iterable[Leaf]) -> tuple[Outcome, ...]:
    """The different outcomes among the leaves, not required first, then lightest first."""
    return tuple(sorted({leaf.outcome for leaf in leaves}, key=lambda outcome: outcome.rank))


def _leaves(view: View, diagram: int) -> tuple[Leaf, ...]:
    return tuple(leaf for leaf in view.store.leaves_in(diagram) if isinstance(leaf, Leaf))


class _Deciding:
    """One call of `decide`: what its steps share."""

    def __init__(self, compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> None:
        self.compiled = compiled
        self.topic = compiled.topic
        self.day = day
        self.period = compiled.period_of(day)
        self.answers = with_defaults(self.topic.facts, answers)
        self.assumed = tuple(code for code in self.answers if code not in answers)
        self.reader = Reader(compiled, day)

    def run(self, brief: bool) -> Decision:
        law = self.compiled.law_in(self.period)
        extras = {} if brief else law.extras
        with self.compiled.store.scratch():
            self.view = View(self.compiled, self.answers)
            settled = {code: self._settle(root) for code, root in law.procedures.items()}
            truths = {code: self._truth(root, with_facts=False)[0] for code, root in law.definitions.items()}
            shut = [self._barrier(code, root) for code, root in law.barriers.items()]
            given = [self._extra(extra, root) for extra, root in extras.items()]
        fallbacks = {} if brief else self._fallbacks(settled)
        since = {} if brief else self._since(settled)
        listed = [
            self._procedure(self.topic.procedures[code], result, fallbacks.get(code), since.get(code))
            for code, result in settled.items()
            if result.outcomes != (NOT_REQUIRED,)
        ]
        return self._assembled(truths, settled, with_parallels(listed), shut, given)

    # Procedures ---------------------------------------------------------------------------------

    def _settle(self, root: int) -> Settled:
        view, store = self.view, self.view.store
        diagram = view.reduced(root)
        leaves = _leaves(view, diagram)
        outcomes = outcomes_of(leaves)
        if len(leaves) == 1:
            return Settled(leaves, outcomes, (), (), ())
        if len(outcomes) > 1:
            depends_on = view.settling_facts(store.mapped(diagram, _outcome_only))
            alike = sum(outcome.nothing_to_do for outcome in outcomes) > 1
            asked = view.settling_facts(store.mapped(diagram, _to_do_only)) if alike else depends_on
            return Settled(leaves, outcomes, depends_on, asked, ())
        changes = store.mapped(diagram, self._changes_only)
        return Settled(leaves, outcomes, (), (), view.settling_facts(changes))

    def _changes_only(self, value: Hashable) -> Hashable:
        """A leaf without the rules that change nothing a company could notice in the procedure."""
        if not isinstance(value, Leaf):
            return value
        return frozenset(
            code
            for code in value.carried
            for effect in self.topic.rules[code].effects
            if replace(effect, treatment=None, brings=False, merged_into=None, filing_timing=None)
            != ProcedureEffect(effect.procedure)
        )

    def _procedure(
        self, procedure: Procedure, settled: Settled, fallback: Outcome | None, since: date | None
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
        conditions = conditions_of_acceptance(procedure, effects, self.reader, self.answers, self.day)
        untested = [item.condition.test for item in conditions if item.required and item.met is None]
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
            parallel_with=tuple(frozenset().union(*(effect.parallel_with for _, effect in effects))),
            replaces=procedure.replaces,
            authority=first_given(effects, "authority"),
            level=first_given(effects, "level"),
            channel=first_given(effects, "channel"),
            visits=visits_of(procedure, effects),
            fee_rule=fee_rule_of(effects),
            since=since,
            detail_facts=self._with_untested(settled.details, untested),
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

    def _fallbacks(self, settled: Mapping[ProcedureCode, Settled]) -> dict[ProcedureCode, Outcome]:
        """Decides again with the choice declined, where the decided way is voluntary."""
        by_choice: dict[FactCode, list[ProcedureCode]] = {}
        for code, result in settled.items():
            if len(result.outcomes) == 1:
                choice = self._choice_of(self.topic.procedures[code], result)
                if choice is not None:
                    by_choice.setdefault(choice, []).append(code)
        found: dict[ProcedureCode, Outcome] = {}
        for choice, codes in by_choice.items():
            declined = settled_outcomes(self.compiled, codes, {**self.answers, choice: False}, self.day)
            found.update({code: options[0] for code, options in declined.items() if len(options) == 1})
        return found

    def _choice_of(self, procedure: Procedure, settled: Settled) -> FactCode | None:
        rules = [self.topic.rules[code] for code in sorted(settled.leaves[0].carried)]
        carrying = carrying_rules(rules, procedure, settled.outcomes[0])
        return next((rule.voluntary for rule in carrying if rule.voluntary is not None), None)

    def _since(self, settled: Mapping[ProcedureCode, Settled]) -> dict[ProcedureCode, date]:
        """The first day each decided outcome holds without a break up to the day asked for."""
        waiting = {code: result.outcomes for code, result in settled.items() if len(result.outcomes) == 1}
        found: dict[ProcedureCode, date] = {}
        for period in range(self.period - 1, -1, -1):
            begins = self.compiled.day_in(period + 1)
            if not waiting or begins <= self.topic.covers_from:
                break
            changed = self.compiled.changed_in(period + 1) & waiting.keys()
            before = settled_outcomes(self.compiled, changed, self.answers, self.compiled.day_in(period), self.view)
            for code, outcomes in before.items():
                if outcomes != waiting[code]:
                    found[code] = begins
                    del waiting[code]
        return found

    # Barriers, extras, definitions --------------------------------------------------------------

    def _truth(self, root: int, *, with_facts: bool = True) -> tuple[Truth, tuple[FactCode, ...]]:
        diagram = self.view.reduced(root)
        values = self.view.store.leaves_in(diagram)
        if len(values) == 1:
            return values[0] is True, ()
        return None, self.view.settling_facts(diagram) if with_facts else ()

    def _barrier(self, code: str, root: int) -> BarrierDecision:
        applies, depends_on = self._truth(root)
        rule = self.topic.rules.get(RuleCode(code))
        sources = sources_on(rule.sources, self.day) if rule is not None else self._condition_sources(code)
        closed = self.compiled.closed_by(code)
        return BarrierDecision(
            code,
            None if rule is None else rule.code,
            code if rule is None else None,
            applies,
            depends_on,
            closed,
            sources,
        )

    def _condition_sources(self, code: str) -> tuple[Source, ...]:
        for procedure in self.topic.procedures.values():
            for item, _ in self.compiled.barrier_conditions(procedure):
                if item.code == code:
                    return sources_on(item.sources, self.day)
        return ()

    def _extra(self, extra: Extra, root: int) -> ExtraDecision:
        applies, depends_on = self._truth(root, with_facts=extra.kind is not ExtraKind.NOTE)
        if applies is False:
            return ExtraDecision(extra, applies, (), ())
        giving = self.compiled.extras[extra]
        rules = tuple(rule.code for rule in giving if len(giving) == 1 or self._may_apply(rule))
        return ExtraDecision(extra, applies, depends_on, rules)

    def _may_apply(self, rule: Rule) -> bool:
        if not rule.period.covers(self.day):
            return False
        return self.reader.holds(rule.when, self.answers) is not False

    # The whole ----------------------------------------------------------------------------------

    def _assembled(
        self,
        definitions: Mapping[DefinitionCode, Truth],
        settled: Mapping[ProcedureCode, Settled],
        procedures: tuple[ProcedureDecision, ...],
        barriers: list[BarrierDecision],
        extras: list[ExtraDecision],
    ) -> Decision:
        shown = tuple(item for item in barriers if item.applies is not False)
        given = tuple(item for item in extras if item.applies is not False)
        moving = {str(code): result.asked for code, result in settled.items() if result.asked}
        moving.update({item.code: item.depends_on for item in shown if item.depends_on})
        details = [fact for item in procedures for fact in item.detail_facts]
        details += [fact for item in given if item.extra.kind is not ExtraKind.NOTE for fact in item.depends_on]
        questions = open_facts(self.topic, OpenQuestion(moving, tuple(details)), self.answers, self.reader)
        company = [item for item in questions if self.topic.facts[item.fact].asked_of is AskedOf.COMPANY]
        authority = [
            item
            for item in questions
            if self.topic.facts[item.fact].asked_of is AskedOf.AUTHORITY and not item.optional
        ]
        return Decision(
            topic=self.topic.code,
            day=self.day,
            answers=self.answers,
            assumed=self.assumed,
            status=_status(company, bool(authority)),
            definitions=definitions,
            procedures=procedures,
            barriers=shown,
            extras=given,
            questions=tuple(company),
            confirmations=tuple(authority),
        )


def _status(company: Iterable[object], authority: bool) -> Status:
    if any(not getattr(item, "optional", False) for item in company):
        return Status.NEEDS_ANSWERS
    return Status.NEEDS_CONFIRMATION if authority else Status.COMPLETE


def _outcome_only(value: Hashable) -> Hashable:
    return value.outcome if isinstance(value, Leaf) else value


def _to_do_only(value: Hashable) -> Hashable:
    """Outcomes that leave the company nothing to do are one."""
    if not isinstance(value, Leaf):
        return value
    return NOT_REQUIRED if value.outcome.nothing_to_do else value.outcome


def _one_truth(truths: Iterable[bool]) -> Truth:
    different = set(truths)
    return different.pop() if len(different) == 1 else None


def with_parallels(procedures: list[ProcedureDecision]) -> tuple[ProcedureDecision, ...]:
    """The procedures with `parallel_with` made symmetric, among those listed that leave something to do."""
    live = {item.code for item in procedures if not all(option.nothing_to_do for option in item.possible)}
    named: dict[ProcedureCode, set[ProcedureCode]] = {item.code: set() for item in procedures}
    for item in procedures:
        for other in item.parallel_with:
            if other in live and item.code in live:
                named[item.code].add(other)
                named[other].add(item.code)
    return tuple(
        replace(item, parallel_with=tuple(other.code for other in procedures if other.code in named[item.code]))
        for item in procedures
    )
