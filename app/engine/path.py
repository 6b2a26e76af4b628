"""Outcomes put in order: steps, what runs beside what, days, papers, visits, before the reform and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.engine.compile import CompiledTopic
from app.engine.decide import procedures_on
from app.engine.decision import Decision, MaterialStatus, Path, ProcedureDecision, Step, Totals
from app.engine.facts import ProcedureCode
from app.engine.model import (
    APPLIED_FOR,
    BEHIND_THE_COUNTER,
    HANDED_IN,
    Duration,
    Treatment,
    Unit,
    Verification,
    weakest,
)
from app.engine.steps import Handled, Ordered, Waiting, in_order


def build_path(compiled: CompiledTopic, decision: Decision) -> Path:
    """The steps in order, and what they come to before the reform and now.

    Shape: a step holds a procedure and all that is merged into it; `starts_after` numbers of earlier steps.
    Unknown: while a barrier holds there are no steps and no totals; what is undecided is not counted.
    """
    if any(barrier.applies for barrier in decision.barriers):
        return Path((), None, None)
    before_day = compiled.topic.before_day
    now = _route(compiled, decision.day, decision.procedures, counted_only=False)
    earlier = _route(compiled, before_day, procedures_on(compiled, decision, before_day), counted_only=True)
    return Path(now.steps, before=earlier.totals, after=now.totals)


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of one day's law, and what they come to.

    Shape: `steps` () where they are only counted.
    """

    steps: tuple[Step, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class Part:
    """What one procedure's decision adds to a path.

    Shape: `place` its own in the topic; `handled` where it is a step, decided or at least certain to be handed in;
        the rest counts only where it is `decided`. `joins` where it is merged into another or runs beside one;
        `workdays` on the critical path, `other_unit` where its days are not counted in these; `papers` to hand in now
        or later.
    Unknown: `visits` None where they are not known, or it is not applied for.
    """

    place: int
    code: ProcedureCode
    handled: Handled | None
    joins: bool
    decided: bool
    days: Duration | None
    workdays: Decimal
    other_unit: Duration | None
    verification: Verification | None
    days_unknown: bool
    papers: frozenset[str]
    papers_complete: bool
    applied_for: bool
    visits: int | None


def _route(
    compiled: CompiledTopic, day: date, procedures: tuple[ProcedureDecision, ...], *, counted_only: bool
) -> Route:
    """The route of the procedures; it depends on their decisions alone, and is the same where these are."""
    key = (day, counted_only, *[item.serial for item in procedures])
    known = compiled.remembered.routes
    return known.get(key) or known.keep(key, _made(compiled, day, procedures, counted_only))


def _made(compiled: CompiledTopic, day: date, procedures: tuple[ProcedureDecision, ...], counted_only: bool) -> Route:
    known = compiled.remembered.parts
    parts = [known.get(item.serial) or known.keep(item.serial, _part(compiled, item)) for item in procedures]
    if counted_only and (counted := _counted(compiled.waiting, day, parts)) is not None:
        return counted
    order = in_order(compiled.waiting, [part.handled for part in parts if part.handled is not None])
    listed = {part.place: part for part in parts}.get
    leading = [listed(places[0]) for places, _ in order]
    steps = () if counted_only else _steps(compiled.waiting.codes, order, leading)
    leaders = [part for part in leading if part is not None]
    return Route(steps, _totals(day, parts, leaders, _longest(order, leading)))


def _counted(waiting: Waiting, day: date, parts: Sequence[Part]) -> Route | None:
    """What the steps come to where these can be told without being put in order, as nothing is merged or parallel."""
    leaders = [part for part in parts if part.handled is not None]
    if any(part.joins for part in leaders) or sum([part.other_unit is not None for part in leaders]) > 1:
        return None
    days = waiting.longest_chain({part.place: part.workdays for part in leaders})
    return None if days is None else Route((), _totals(day, parts, leaders, days))


def _part(compiled: CompiledTopic, item: ProcedureDecision) -> Part:
    procedure = compiled.topic.procedures[item.code]
    outcome, days = item.outcome, item.limit.applicable
    merged = outcome is not None and outcome.treatment is Treatment.MERGED
    # Where it is closed there is no path at all.
    ways = {option.treatment for option in item.possible} - {Treatment.CLOSED}
    certain = merged or (bool(ways) and ways <= HANDED_IN)
    is_step = certain and procedure.kind not in BEHIND_THE_COUNTER and not procedure.optional
    counted = days if outcome is not None else None
    in_workdays = counted is not None and counted.unit is Unit.WORKING_DAY
    return Part(
        place=compiled.waiting.places[item.code],
        code=item.code,
        handled=_handled(compiled.waiting, item) if is_step else None,
        joins=merged or bool(item.parallel_with),
        decided=outcome is not None,
        days=days,
        workdays=counted.value if counted is not None and in_workdays else _NO_DAYS,
        other_unit=None if in_workdays else counted,
        verification=None if counted is None else item.limit.verification,
        days_unknown=item.limit.counts_as_unknown,
        papers=frozenset(paper.code for paper in item.materials or () if paper.status in _TO_HAND_IN),
        papers_complete=item.materials is not None and item.materials_complete,
        applied_for=procedure.kind in APPLIED_FOR and outcome is not None and outcome.treatment in HANDED_IN,
        visits=item.visits,
    )


_NO_DAYS = Decimal(0)
_TO_HAND_IN = frozenset({MaterialStatus.REQUIRED, MaterialStatus.DEFERRED})


def _handled(waiting: Waiting, item: ProcedureDecision) -> Handled:
    target = None if item.outcome is None else item.outcome.merged_into
    return Handled(
        waiting.places[item.code],
        None if target is None else waiting.places[target],
        waiting.mask(item.parallel_with),
    )


def _steps(
    codes: Sequence[ProcedureCode], order: Sequence[Ordered], leading: Sequence[Part | None]
) -> tuple[Step, ...]:
    return tuple(
        [
            Step(
                number, tuple([codes[place] for place in places]), tuple(after), None if leader is None else leader.days
            )
            for number, ((places, after), leader) in enumerate(zip(order, leading, strict=True), 1)
        ]
    )


def _totals(day: date, parts: Sequence[Part], leaders: Sequence[Part], days: Decimal) -> Totals:
    handed_in = [part for part in parts if part.decided and part.handled is not None]
    visits = [part.visits for part in handed_in if part.applied_for]
    unknown = tuple([part.code for part in handed_in if part.days_unknown])
    others = tuple([(part.code, part.other_unit) for part in leaders if part.other_unit is not None])
    return Totals(
        day=day,
        procedures=len(visits),
        days=Duration(days, Unit.WORKING_DAY),
        days_complete=not unknown and not others,
        unknown_days=unknown,
        other_units=others,
        verification=weakest([part.verification for part in leaders if part.verification is not None]),
        materials=len(frozenset().union(*[part.papers for part in handed_in])),
        materials_complete=all(part.papers_complete for part in handed_in),
        visits=None if None in visits else sum(visits),  # type: ignore[arg-type]  # none of them is None
        complete=all(part.decided for part in parts),
        each=tuple([(part.code, part.days) for part in parts]),
    )


def _longest(order: Sequence[Ordered], leading: Sequence[Part | None]) -> Decimal:
    """The working days of the longest chain of steps; other units weigh nothing."""
    ends: list[Decimal] = []
    for (_, after), leader in zip(order, leading, strict=True):
        own = _NO_DAYS if leader is None else leader.workdays
        ends.append(own + max([ends[number - 1] for number in after]) if after else own)
    return max(ends, default=_NO_DAYS)
