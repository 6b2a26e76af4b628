"""The faults that the proofs find in a variant of a topic and not in the topic itself."""

from collections.abc import Iterator
from datetime import timedelta

from app.engine.clashes import clashes
from app.engine.compile import CompiledTopic
from app.engine.facts import ProcedureCode, RuleCode
from app.engine.faults import FaultKind
from app.engine.leaf import Leaf
from app.engine.model import Treatment
from app.engine.orders import order_faults
from app.engine.periods import Period
from app.engine.prove import merges_into
from app.engine.reach import full_condition
from app.engine.sweep import Sweep, periods_answered
from app.engine.variant import Variant

_CANNOT_TAKE_IN = frozenset({None, Treatment.WAIVED, Treatment.CLOSED})


def variant_faults(variant: Variant, periods: tuple[int, ...]) -> Iterator[FaultKind]:
    """The kinds of faults that the proofs find in a variant and not in its original, in periods in which they differ.

    Shape: contradictions and gaps of the procedures that the alteration reaches, and merges of these or into these
        that meet nothing to do; rules that no scenario carries any more and overrides that never bite, where it
        reaches them and matters for longer than a day; merges that go round and steps that wait for each other.
    """
    swept = Sweep(variant, periods)
    with variant.store.scratch():
        swept.begin({})
        for code in sorted(variant.reached):
            for root in {swept.roots[code, period] for period in periods}:
                for leaf in swept.leaves(root):
                    if leaf.clash:
                        yield FaultKind.CONTRADICTION
                    if leaf.gap:
                        yield FaultKind.GAP
        yield from _figures(swept, variant)
        yield from _merges(swept, variant)
        yield from (fault.kind for fault in order_faults(swept))
    if variant.alteration.day is None:
        yield from _idle(variant)


def _figures(swept: Sweep, variant: Variant) -> Iterator[FaultKind]:
    """Two rules that set one field of a procedure differently."""
    day = variant.alteration.day
    for code in sorted(variant.reached):
        procedure = variant.topic.procedures[code]
        for period in swept.periods:
            law = swept.law(period) if day is None else Period(day, day + timedelta(days=1))
            for leaf in swept.leaves(swept.roots[code, period]):
                if any(True for _ in clashes(variant.topic, procedure, leaf, law)):
                    yield FaultKind.CONTRADICTION


def _merges(swept: Sweep, variant: Variant) -> Iterator[FaultKind]:
    tried: set[tuple[int, int]] = set()
    for code, target in sorted(_merging(variant)):
        for period in swept.periods:
            pair = swept.roots[code, period], swept.roots[target, period]
            if pair not in tried:
                tried.add(pair)
                merged = swept.store.mapped(pair[0], lambda leaf, into=target: merges_into(leaf, into))  # type: ignore[misc]
                broken = swept.store.both(merged, swept.store.mapped(pair[1], _cannot_take_in))
                if swept.can_hold(broken):
                    yield FaultKind.MERGE_TARGET


def _merging(variant: Variant) -> set[tuple[ProcedureCode, ProcedureCode]]:
    """Procedures and what rules merge them into, where the alteration reaches one of the two."""
    return {
        (effect.procedure, effect.merged_into)
        for rule in variant.topic.rules.values()
        for effect in rule.effects
        if effect.merged_into in variant.topic.procedures and {effect.procedure, effect.merged_into} & variant.reached
        if effect.merged_into is not None
    }


def _cannot_take_in(leaf: object) -> bool:
    return isinstance(leaf, Leaf) and leaf.outcome.treatment in _CANNOT_TAKE_IN


# ---- what never happens any more ----------------------------------------------------------------------


def _idle(variant: Variant) -> Iterator[FaultKind]:
    original = variant.original
    rules = [rule for rule in variant.topic.rules.values() if variant.reaches(rule)]
    changed = {rule.code for rule in rules} | variant.alteration.rules
    swept = Sweep(variant, periods_answered(original))
    with variant.store.scratch():
        swept.begin({})
        for rule in rules:
            if not _carried(swept, variant, rule.code) and _carried(swept, original, rule.code):
                yield FaultKind.DEAD_RULE
        for rule in variant.topic.rules.values():
            for other in sorted(rule.overrides):
                if not changed & {rule.code, other}:
                    continue
                if _meet(swept, original, rule.code, other) and not _meet(swept, variant, rule.code, other):
                    yield FaultKind.IDLE_OVERRIDE


def _carried(swept: Sweep, compiled: CompiledTopic, code: RuleCode) -> bool:
    """Whether some scenario carries the rule for a procedure that is required, or its condition can hold."""
    rule = compiled.topic.rules[code]
    if not rule.effects:
        return any(swept.can_hold(compiled.rule_applies(rule, period)) for period in swept.periods)
    roots = {compiled.procedure(effect.procedure, period) for effect in rule.effects for period in swept.periods}
    return any(leaf.outcome.required and code in leaf.carried for root in roots for leaf in swept.leaves(root))


def _meet(swept: Sweep, compiled: CompiledTopic, code: RuleCode, other: RuleCode) -> bool:
    """Whether the two rules hold together in some scenario."""
    rules = compiled.topic.rules
    if code not in rules or other not in rules or other not in rules[code].overrides:
        return False
    for period in swept.periods:
        day = compiled.day_in(period)
        if rules[code].period.covers(day) and rules[other].period.covers(day):
            one, two = (compiled.condition(full_condition(rules[name]), period) for name in (code, other))
            if swept.can_hold(compiled.store.both(one, two)):
                return True
    return False
