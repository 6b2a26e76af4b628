"""One scenario on one day under a compiled topic: every effect of its rules, decided or open and on which facts."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.conditions import Truth
from app.engine.decision import BarrierDecision, Decision, ExtraDecision, ProcedureDecision, Status
from app.engine.details import sources_on
from app.engine.explain import Reader
from app.engine.facts import AskedOf, DefinitionCode, FactCode, ProcedureCode, RuleCode, Value, with_defaults
from app.engine.linked import LinkedLaw, Node, linked_law
from app.engine.memo import SERIALS
from app.engine.model import ExtraKind, Rule, Source
from app.engine.procedure import Particulars
from app.engine.questions import OpenQuestion, open_facts
from app.engine.settle import Settled, Settling


def decide(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> Decision:
    """All that the topic's rules come to for the answers on the day.

    Shape: see `Decision`. Answers must be admissible (`conflicting_facts` is None).
    Unknown: an unanswered fact without default is open; everything that hangs on it is shown undecided.
    Cost: a walk per diagram where all is answered; else linear in the diagrams that are still open.
    """
    full = with_defaults(compiled.topic.facts, answers)
    assumed = [code for code in full if code not in answers]
    return decide_in(compiled, full, compiled.finder.cells(full), day, assumed=assumed)


def decide_in(
    compiled: CompiledTopic,
    full: Mapping[FactCode, Value],
    cells: Mapping[int, int],
    day: date,
    *,
    assumed: Iterable[FactCode],
) -> Decision:
    """The same where the answers have their defaults, those `assumed`, and the cells they lie in are known."""
    return _Deciding(compiled, full, day, cells).decision(tuple(assumed))


def procedures_on(compiled: CompiledTopic, decision: Decision, day: date) -> tuple[ProcedureDecision, ...]:
    """The procedures of the same scenario on another day: what they come to, not the facts that this hangs on."""
    return _Deciding(compiled, decision.answers, day, decision.cells).procedures_alone()


class _Deciding:
    """One call of `decide`: what its steps share."""

    def __init__(
        self, compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date, cells: Mapping[int, int]
    ) -> None:
        self.compiled = compiled
        self.topic = compiled.topic
        self.day = day
        self.answers = answers
        self.period = compiled.period_of(day)
        self.settling = Settling(compiled, answers, cells)
        self.reader = Reader(compiled, day)

    def decision(self, assumed: tuple[FactCode, ...]) -> Decision:
        law = linked_law(self.compiled, self.period, with_histories=True)
        with self.compiled.store.scratch():
            settled = self.settling.settled(law.procedures)
            truths = dict(zip(law.definitions, self.settling.holds(law.definitions.values()), strict=True))
            shut = self._barriers(law.barriers)
            given = self._extras(law)
            procedures = self._procedures(law, settled, with_histories=True)
        return self._assembled(assumed, truths, settled, procedures, shut, given)

    def procedures_alone(self) -> tuple[ProcedureDecision, ...]:
        law = linked_law(self.compiled, self.period, with_histories=False)
        with self.compiled.store.scratch():
            return self._procedures(law, self.settling.outlined(law.procedures), with_histories=False)

    def _procedures(
        self, law: LinkedLaw, settled: Mapping[ProcedureCode, Settled], *, with_histories: bool
    ) -> tuple[ProcedureDecision, ...]:
        """Those that exist, or may; without histories neither fallbacks nor since."""
        particulars = Particulars(self.compiled, self.answers, self.day, self.reader)
        listed = []
        for code, result in settled.items():
            is_decided = len(result.outcomes) == 1
            if is_decided and result.outcomes[0].treatment is None:
                continue
            procedure = self.topic.procedures[code]
            fallback = since = None
            if with_histories and is_decided:
                fallback = self.settling.fallback(procedure, result, law.procedures[code].number)
                since = self.settling.since(result, law.histories[code])
            listed.append(particulars.decision(procedure, result, fallback, since))
        return particulars.with_parallels(listed)

    # Barriers, extras, definitions --------------------------------------------------------------

    def _barriers(self, barriers: Mapping[str, Node]) -> list[BarrierDecision]:
        """Those that bite, or may."""
        truths = self.settling.holds(barriers.values())
        return [
            self._barrier(code, applies, self._telling(applies, root.number))
            for (code, root), applies in zip(barriers.items(), truths, strict=True)
            if applies is not False
        ]

    def _telling(self, holds: Truth, root: int) -> tuple[FactCode, ...]:
        """The facts that settle what is open."""
        return self.settling.telling(root) if holds is None else ()

    def _barrier(self, code: str, applies: Truth, depends_on: tuple[FactCode, ...]) -> BarrierDecision:
        rule = self.topic.rules.get(RuleCode(code))
        sources = sources_on(rule.sources, self.day) if rule is not None else self._condition_sources(code)
        closed = self.compiled.barring.closed_by(code)
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
            for item, _ in self.compiled.barring.conditions[procedure.code]:
                if item.code == code:
                    return sources_on(item.sources, self.day)
        return ()

    def _extras(self, law: LinkedLaw) -> list[ExtraDecision]:
        """Those that apply, or may."""
        extras = law.extras
        truths = self.settling.holds(extras.values())
        found = []
        known, each = self.compiled.remembered.extras, zip(extras.items(), self.compiled.extras.values(), strict=True)
        for place, (((extra, root), giving), applies) in enumerate(zip(each, truths, strict=True)):
            if applies is not False:
                depends_on = () if extra.kind is ExtraKind.NOTE else self._telling(applies, root.number)
                behind = giving if len(giving) == 1 else self._behind(law.behind[place], applies)
                rules = tuple([rule.code for rule in behind])
                key = (place, applies, depends_on, rules)
                found.append(
                    known.get(key) or known.keep(key, ExtraDecision(extra, applies, depends_on, rules, next(SERIALS)))
                )
        return found

    def _behind(self, giving: tuple[tuple[Rule, Node], ...], applies: Truth) -> list[Rule]:
        """The rules that give it or may; where it applies, those alone that are known to hold, if any are."""
        view = self.settling.view
        if len(view.cells) == len(self.compiled.levels):
            ends = view.walked_all([condition for _, condition in giving])
            return [rule for (rule, _), end in zip(giving, ends, strict=True) if end is self.settling.true]
        held = [(rule, self.reader.holds(rule.when, self.answers)) for rule, _ in giving]
        sure = [rule for rule, holds in held if holds]
        return sure if applies and sure else [rule for rule, holds in held if holds is not False]

    # The whole ----------------------------------------------------------------------------------

    def _assembled(
        self,
        assumed: tuple[FactCode, ...],
        definitions: Mapping[DefinitionCode, Truth],
        settled: Mapping[ProcedureCode, Settled],
        procedures: tuple[ProcedureDecision, ...],
        barriers: list[BarrierDecision],
        extras: list[ExtraDecision],
    ) -> Decision:
        moving = {str(code): result.asked for code, result in settled.items() if result.asked}
        moving.update({item.code: item.depends_on for item in barriers if item.depends_on})
        details = [fact for item in procedures for fact in item.detail_facts]
        details += [fact for item in extras if item.extra.kind is not ExtraKind.NOTE for fact in item.depends_on]
        questions = open_facts(self.compiled, OpenQuestion(moving, tuple(details)), self.answers, self.reader)
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
            assumed=assumed,
            status=_status(company, bool(authority)),
            definitions=definitions,
            procedures=procedures,
            barriers=tuple(barriers),
            extras=tuple(extras),
            questions=tuple(company),
            confirmations=tuple(authority),
            cells=self.settling.view.cells,
        )


def _status(company: Iterable[object], authority: bool) -> Status:
    if any(not getattr(item, "optional", False) for item in company):
        return Status.NEEDS_ANSWERS
    return Status.NEEDS_CONFIRMATION if authority else Status.COMPLETE
