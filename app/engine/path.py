"""Outcomes put in order: steps, what runs beside what, days, papers, visits, before the reform and now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.engine.compile import CompiledTopic
from app.engine.decide import procedures_on
from app.engine.decision import Decision, MaterialStatus, Path, ProcedureDecision, Step, Totals
from app.engine.facts import ProcedureCode
from app.engine.memo import SERIALS
from app.engine.model import (
    APPLIED_FOR,
    BEHIND_THE_COUNTER,
    HANDED_IN,
    Duration,
    Topic,
    Treatment,
    Unit,
    Verification,
    weakest,
)


def build_path(compiled: CompiledTopic, decision: Decision) -> Path:
    """The steps in order, and what they come to before the reform and now.

    Shape: a step holds a procedure and all that is merged into it; `starts_after` numbers of earlier steps.
    Unknown: while a barrier holds there are no steps and no totals; what is undecided is not counted.
    """
    if any(barrier.applies for barrier in decision.barriers):
        return Path((), None, None)
    before_day = compiled.topic.before_day
    now = _route(compiled, decision.day, decision.procedures)
    earlier = _route(compiled, before_day, procedures_on(compiled, decision, before_day))
    return Path(now.steps, before=earlier.totals, after=now.totals, serials=(now.serial, earlier.serial))


@dataclass(frozen=True, slots=True)
class Route:
    """The steps of one day's law, and what they come to; `serial` the same only for what is the same."""

    steps: tuple[Step, ...]
    totals: Totals
    serial: int


def _route(compiled: CompiledTopic, day: date, procedures: tuple[ProcedureDecision, ...]) -> Route:
    """The route of the procedures; it depends on their decisions alone, and is the same where these are."""
    serials = tuple(item.serial for item in procedures)
    known = compiled.remembered.routes
    found = known.get((day, serials))
    return found or known.keep((day, serials), _made(compiled.topic, day, procedures))


def _made(topic: Topic, day: date, procedures: tuple[ProcedureDecision, ...]) -> Route:
    by_code = {item.code: item for item in procedures}
    steps = build_steps(topic, by_code)
    return Route(steps, _totals(topic, day, by_code, steps), next(SERIALS))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which step each procedure belongs to, by the code of the step's leading procedure."""

    leaders: Mapping[ProcedureCode, ProcedureCode]
    members: Mapping[ProcedureCode, list[ProcedureCode]]


def build_steps(topic: Topic, decided: Mapping[ProcedureCode, ProcedureDecision]) -> tuple[Step, ...]:
    """The steps of what is decided, or at least certain to be handed in, in an order that keeps every dependency."""
    plan = _plan(topic, decided)
    waits = _together(decided, plan, _waits(topic, plan))
    numbers: dict[ProcedureCode, int] = {}
    steps: list[Step] = []
    remaining = list(plan.members)
    done = numbers.keys()
    while remaining:
        ready = next((code for code in remaining if waits[code] <= done), remaining[0])
        remaining.remove(ready)
        numbers[ready] = len(steps) + 1
        item = decided.get(ready)
        days = item.limit.applicable if item is not None else None
        before = tuple(sorted(numbers[code] for code in waits[ready] if code in numbers and code != ready))
        steps.append(Step(numbers[ready], tuple(plan.members[ready]), before, days))
    return tuple(steps)


def _plan(topic: Topic, decided: Mapping[ProcedureCode, ProcedureDecision]) -> _Plan:
    """Each procedure under the last target of its merges."""
    in_path = {item.code: item for item in decided.values() if _is_step(topic, item)}
    leaders = {code: _last_target(code, in_path) for code in in_path}
    members: dict[ProcedureCode, list[ProcedureCode]] = {}
    for code in topic.procedures:
        if code in in_path and leaders[code] == code:
            members[code] = [code]
    for code in in_path:
        if leaders[code] != code:
            members.setdefault(leaders[code], [leaders[code]]).append(code)
    return _Plan(leaders, members)


def _is_step(topic: Topic, item: ProcedureDecision) -> bool:
    procedure = topic.procedures[item.code]
    if procedure.kind in BEHIND_THE_COUNTER or procedure.optional:
        return False
    merged = item.outcome is not None and item.outcome.treatment is Treatment.MERGED
    return merged or all(option.treatment in HANDED_IN for option in item.possible)


def _last_target(code: ProcedureCode, in_path: Mapping[ProcedureCode, ProcedureDecision]) -> ProcedureCode:
    seen = {code}
    while code in in_path:
        outcome = in_path[code].outcome
        target = None if outcome is None else outcome.merged_into
        if target is None or target in seen:
            break
        seen.add(target)
        code = target
    return code


def _waits(topic: Topic, plan: _Plan) -> dict[ProcedureCode, set[ProcedureCode]]:
    """For each step the steps it has to wait for; dependencies pass through what is no step."""
    found: dict[ProcedureCode, set[ProcedureCode]] = {}
    for leader, members in plan.members.items():
        waits: set[ProcedureCode] = set()
        for member in members:
            waits |= _steps_before(topic, plan, member, set())
        found[leader] = waits - {leader}
    return found


def _steps_before(topic: Topic, plan: _Plan, code: ProcedureCode, seen: set[ProcedureCode]) -> set[ProcedureCode]:
    found: set[ProcedureCode] = set()
    for needed in topic.procedures[code].depends_on:
        if needed in seen or needed not in topic.procedures:
            continue
        seen.add(needed)
        if needed in plan.leaders:
            found.add(plan.leaders[needed])
        else:
            found |= _steps_before(topic, plan, needed, seen)
    return found


def _together(
    decided: Mapping[ProcedureCode, ProcedureDecision],
    plan: _Plan,
    waits: dict[ProcedureCode, set[ProcedureCode]],
) -> dict[ProcedureCode, set[ProcedureCode]]:
    """Parallel steps do not wait for each other, and start when the last of them can."""
    beside: dict[ProcedureCode, set[ProcedureCode]] = {code: set() for code in plan.members}
    for item in decided.values():
        for other in item.parallel_with:
            if item.code in plan.leaders and other in plan.leaders:
                mine, its = plan.leaders[item.code], plan.leaders[other]
                beside[mine].add(its)
                beside[its].add(mine)
    if not any(beside.values()):
        return waits
    freed = {code: waits[code] - beside[code] for code in waits}
    joint = {
        code: freed[code].union(*(freed[other] for other in beside[code])) - beside[code] - {code}
        if beside[code]
        else freed[code] - {code}
        for code in freed
    }
    return freed if _has_cycle(joint) else joint


def _has_cycle(waits: Mapping[ProcedureCode, set[ProcedureCode]]) -> bool:
    left = {code: before & waits.keys() for code, before in waits.items()}
    done: set[ProcedureCode] = set()
    while left:
        ready = [code for code, before in left.items() if before <= done]
        if not ready:
            return True
        done.update(ready)
        for code in ready:
            del left[code]
    return False


def _totals(
    topic: Topic, day: date, listed: Mapping[ProcedureCode, ProcedureDecision], steps: tuple[Step, ...]
) -> Totals:
    decided = [item for item in listed.values() if item.outcome is not None]
    handed_in = [item for item in decided if _is_step(topic, item)]
    days, marks, other_units = _critical_path(listed, steps)
    unknown = tuple(item.code for item in handed_in if item.limit.counts_as_unknown)
    papers, papers_complete = _papers(handed_in)
    applied = [item for item in handed_in if _is_applied_for(topic, item)]
    visits = [item.visits for item in applied]
    return Totals(
        day=day,
        procedures=len(applied),
        days=Duration(days, Unit.WORKING_DAY),
        days_complete=not unknown and not other_units,
        unknown_days=unknown,
        other_units=other_units,
        verification=weakest(marks),
        materials=papers,
        materials_complete=papers_complete,
        visits=None if None in visits else sum(visit for visit in visits if visit is not None),
        complete=len(decided) == len(listed),
    )


def _is_applied_for(topic: Topic, item: ProcedureDecision) -> bool:
    treatment = None if item.outcome is None else item.outcome.treatment
    return topic.procedures[item.code].kind in APPLIED_FOR and treatment in HANDED_IN


def _papers(items: Iterable[ProcedureDecision]) -> tuple[int, bool]:
    """Distinct papers to hand in now or later, and whether every list is known in full."""
    listed = list(items)
    wanted = {MaterialStatus.REQUIRED, MaterialStatus.DEFERRED}
    codes = {paper.code for item in listed for paper in item.materials or () if paper.status in wanted}
    return len(codes), all(item.materials is not None and item.materials_complete for item in listed)


def _critical_path(
    listed: Mapping[ProcedureCode, ProcedureDecision], steps: tuple[Step, ...]
) -> tuple[Decimal, list[Verification], tuple[tuple[ProcedureCode, Duration], ...]]:
    """The longest chain in working days; other units weigh nothing and are named."""
    ends: dict[int, Decimal] = {}
    marks: list[Verification] = []
    others: list[tuple[ProcedureCode, Duration]] = []
    for step in steps:
        own = Decimal(0)
        leader = listed.get(step.procedures[0])
        if leader is not None and leader.is_decided and step.days is not None:
            if leader.limit.verification is not None:
                marks.append(leader.limit.verification)
            if step.days.unit is Unit.WORKING_DAY:
                own = step.days.value
            else:
                others.append((leader.code, step.days))
        ends[step.number] = own + max(
            (ends.get(number, Decimal(0)) for number in step.starts_after), default=Decimal(0)
        )
    return max(ends.values(), default=Decimal(0)), marks, tuple(others)
