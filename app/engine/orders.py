"""Whether every path can be put in order: merges that end, and no circle of steps that wait for each other.

Dependencies alone have no circle, or `rules check` says so; one can only come from merges, which make two procedures
one step, and from parallel groups, which start together. So only procedures that these tie into a circle are looked
at: what becomes of each of them together is one diagram, and every leaf of it a small graph that is tried as it is.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.facts import ProcedureCode, RuleCode
from app.engine.faults import Fault, FaultKind
from app.engine.leaf import Leaf, effect_of
from app.engine.model import BEHIND_THE_COUNTER, HANDED_IN, Topic, Treatment
from app.engine.sweep import Sweep

Graph = Mapping[ProcedureCode, set[ProcedureCode]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of one procedure in a scenario, as far as the order of steps goes.

    Shape: `joined_by` the rules that merge it or put it beside others.
    """

    is_step: bool
    closed: bool = False
    merged_into: ProcedureCode | None = None
    beside: frozenset[ProcedureCode] = frozenset()
    joined_by: frozenset[RuleCode] = frozenset()


def order_faults(swept: Sweep) -> Iterator[Fault]:
    """Merges that go round, and steps that would have to wait for each other, each circle once."""
    said: set[tuple[FaultKind, tuple[str, ...]]] = set()
    tried: set[tuple[int, ...]] = set()
    for period in swept.periods:
        for group in _tied(_ties(swept, period)):
            roots = tuple(swept.roots[code, period] for code in group)
            if roots in tried:
                continue
            tried.add(roots)
            for kind, circle, fates in _circles_among(swept, group, roots):
                here = _unbarred(swept, period, _together(swept, group, roots), fates)
                if (kind, circle) not in said and swept.can_hold(here):
                    said.add((kind, circle))
                    example = swept.example(here, lambda value: value is True)
                    rules = tuple(sorted(frozenset[RuleCode]().union(*(fate.joined_by for fate in fates))))
                    yield Fault(kind, circle, swept.day(period), example, rules=rules)


def _circles_among(
    swept: Sweep, group: Sequence[ProcedureCode], roots: tuple[int, ...]
) -> Iterator[tuple[FaultKind, tuple[str, ...], tuple[Fate, ...]]]:
    for fates in swept.store.leaves_in(swept.reduced(_together(swept, group, roots))):
        assert isinstance(fates, tuple)
        by_code = dict(zip(group, fates, strict=True))
        if any(fate.closed for fate in fates):
            continue
        merge = _circle({code: _one(fate.merged_into) for code, fate in by_code.items()})
        if merge:
            yield FaultKind.MERGE_CYCLE, merge, fates
            continue
        waiting = _circle(_waits(swept.topic, by_code))
        if waiting:
            yield FaultKind.ORDER_CYCLE, waiting, fates


def _unbarred(swept: Sweep, period: int, together: int, fates: tuple[Fate, ...]) -> int:
    """Where these fates meet and nothing at all is closed: a barrier leaves no path to be put in order."""
    store = swept.store
    here = store.mapped(together, lambda value: value == fates)
    for root in swept.in_period(period).values():
        here = store.both(here, store.mapped(root, _is_open))
    return here


def _is_open(leaf: Hashable) -> bool:
    return isinstance(leaf, Leaf) and leaf.outcome.treatment is not Treatment.CLOSED


def _one(code: ProcedureCode | None) -> set[ProcedureCode]:
    return set() if code is None else {code}


# ---- which procedures can come into a circle ---------------------------------------------------------


def _ties(swept: Sweep, period: int) -> dict[ProcedureCode, set[ProcedureCode]]:
    """Procedure -> those it waits for; one merged into another or beside it is tied to it both ways."""
    topic = swept.topic
    found = {
        code: {needed for needed in procedure.depends_on if needed in topic.procedures}
        for code, procedure in topic.procedures.items()
    }
    for code in topic.procedures:
        for leaf in swept.leaves(swept.roots[code, period]):
            fate = _fate(topic, code, leaf)
            for other in fate.beside | _one(fate.merged_into):
                if other in found:
                    found[code].add(other)
                    found[other].add(code)
    return found


def _tied(graph: Graph) -> list[tuple[ProcedureCode, ...]]:
    """The groups of two and more that reach each other, in the order of the graph."""
    reach = {code: _reached(graph, code) for code in graph}
    groups = {tuple(other for other in graph if other in reach[code] and code in reach[other]) for code in graph}
    return sorted(group for group in groups if len(group) > 1)


def _reached(graph: Graph, start: ProcedureCode) -> set[ProcedureCode]:
    found: set[ProcedureCode] = set()
    waiting = [start]
    while waiting:
        fresh = graph[waiting.pop()] - found
        found |= fresh
        waiting.extend(fresh)
    return found


# ---- what becomes of them together -------------------------------------------------------------------


def _together(swept: Sweep, group: Sequence[ProcedureCode], roots: tuple[int, ...]) -> int:
    """The diagram whose leaves are the fates of the whole group, in its order."""
    store = swept.store
    whole = store.leaf(())
    for code, root in zip(group, roots, strict=True):
        fates = store.mapped(root, lambda leaf, code=code: _fate(swept.topic, code, leaf))  # type: ignore[misc]
        whole = store.apply(_joined, whole, fates)
    return whole


def _joined(fates: Hashable, fate: Hashable) -> Hashable:
    assert isinstance(fates, tuple)
    return (*fates, fate)


def _fate(topic: Topic, code: ProcedureCode, leaf: Hashable) -> Fate:
    assert isinstance(leaf, Leaf)
    procedure, treatment = topic.procedures[code], leaf.outcome.treatment
    behind = procedure.kind in BEHIND_THE_COUNTER or procedure.optional
    is_step = not behind and (treatment in HANDED_IN or treatment is Treatment.MERGED)
    effects = {rule: effect_of(topic.rules[rule], procedure) for rule in leaf.carried}
    joining = frozenset(rule for rule, effect in effects.items() if effect.merged_into or effect.parallel_with)
    beside = frozenset[ProcedureCode]().union(*(effect.parallel_with for effect in effects.values())) - {code}
    return Fate(
        is_step, treatment is Treatment.CLOSED, leaf.outcome.merged_into, beside if is_step else frozenset(), joining
    )


# ---- one scenario's order ----------------------------------------------------------------------------


def _waits(topic: Topic, fates: Mapping[ProcedureCode, Fate]) -> dict[ProcedureCode, set[ProcedureCode]]:
    """Step -> the steps over before it may begin; steps beside each other begin together and wait for none of them."""
    steps = {code: _leader(code, fates) for code, fate in fates.items() if fate.is_step}
    waits: dict[ProcedureCode, set[ProcedureCode]] = {leader: set() for leader in steps.values()}
    for code, leader in steps.items():
        waits[leader] |= {steps[needed] for needed in _needed(topic, code, steps, set())} - {leader}
    beside: dict[ProcedureCode, set[ProcedureCode]] = {leader: set() for leader in waits}
    for code, leader in steps.items():
        for other in fates[code].beside:
            if other in steps and steps[other] != leader:
                beside[leader].add(steps[other])
                beside[steps[other]].add(leader)
    freed = {leader: waits[leader] - beside[leader] for leader in waits}
    return {
        leader: set[ProcedureCode]().union(freed[leader], *(freed[other] for other in beside[leader]))
        - beside[leader]
        - {leader}
        for leader in freed
    }


def _leader(code: ProcedureCode, fates: Mapping[ProcedureCode, Fate]) -> ProcedureCode:
    """The last target of its merges; there is no circle in them."""
    while code in fates and fates[code].is_step:
        target = fates[code].merged_into
        if target is None:
            return code
        code = target
    return code


def _needed(
    topic: Topic, code: ProcedureCode, steps: Mapping[ProcedureCode, ProcedureCode], seen: set[ProcedureCode]
) -> set[ProcedureCode]:
    """The steps among what it depends on; dependencies pass through what is no step."""
    found: set[ProcedureCode] = set()
    for needed in topic.procedures[code].depends_on:
        if needed in seen or needed not in topic.procedures:
            continue
        seen.add(needed)
        found |= {needed} if needed in steps else _needed(topic, needed, steps, seen)
    return found


def _circle(edges: Graph) -> tuple[ProcedureCode, ...]:
    """One circle, beginning with its first code in the alphabet; empty where there is none."""
    for start in sorted(edges):
        way = _way_back(edges, start)
        if way:
            return way
    return ()


def _way_back(edges: Graph, start: ProcedureCode) -> tuple[ProcedureCode, ...]:
    """The shortest way from a node back to itself."""
    ways: list[tuple[ProcedureCode, ...]] = [(start,)]
    seen: set[ProcedureCode] = set()
    for way in ways:
        for step in sorted(edges.get(way[-1], ())):
            if step == start:
                return way
            if step not in seen:
                seen.add(step)
                ways.append((*way, step))
    return ()
