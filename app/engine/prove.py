"""Proofs over all admissible scenarios of all periods: contradictions, gaps, dead rules, idle overrides, bad merges."""

from collections.abc import Hashable, Iterator, Mapping
from datetime import date

from app.engine.clashes import clashes
from app.engine.compile import CompiledTopic
from app.engine.components import Component
from app.engine.facts import FactCode, ProcedureCode, RuleCode, Value
from app.engine.faults import Fault, FaultKind
from app.engine.leaf import Leaf
from app.engine.model import Rule, Treatment
from app.engine.reach import full_condition
from app.engine.relations import relation_diagram
from app.engine.sweep import Sweep, periods_answered, sweep

#: The most nodes one procedure's diagram may have; more is a finding, never a reason to approximate.
NODE_BUDGET = 10_000


def find_faults(compiled: CompiledTopic) -> tuple[Fault, ...]:
    """All faults of the topic that need no more than each procedure's diagrams, each once, in the first period.

    Shape: the periods from the first day the topic answers for on.
    Cost: compiles every procedure for every period.
    """
    impossible = no_scenario(compiled)
    if impossible is not None:
        return (impossible,)
    pairs = meetings(compiled, periods_answered(compiled))
    holding = conditions_of(compiled, periods_answered(compiled))
    with sweep(compiled) as swept:
        return (*scenario_faults(swept), *idle_faults(swept, pairs, holding))


def no_scenario(compiled: CompiledTopic) -> Fault | None:
    """The fault of constraints that leave nothing possible, None where they leave something."""
    for component in compiled.components:
        if component.whole == compiled.store.false:
            return Fault(FaultKind.NO_SCENARIO, _smallest_conflict(compiled, component))
    return None


def _smallest_conflict(compiled: CompiledTopic, component: Component) -> tuple[str, ...]:
    """Constraints none of which can be left out of the conflict; those that order two facts count as one."""
    store = compiled.store
    parts: dict[tuple[str, ...], int] = {(name,): diagram for name, diagram in component.diagrams}
    if component.relations is not None:
        parts[component.related] = relation_diagram(
            store, component.relations, compiled.topic.facts, compiled.levels, {}
        )
    for names in list(parts):
        others = store.true
        for other, diagram in parts.items():
            if other != names:
                others = store.both(others, diagram)
        if others == store.false:
            del parts[names]
    return tuple(sorted(name for names in parts for name in names))


def scenario_faults(swept: Sweep) -> Iterator[Fault]:
    """What some scenario meets: clashes, gaps, merges into nothing; and conditions too large to be read."""
    seen: set[tuple[FaultKind, tuple[str, ...], str]] = set()
    for fault in _scenario_faults(swept):
        if (fault.kind, fault.codes, fault.about) not in seen:
            seen.add((fault.kind, fault.codes, fault.about))
            yield fault


def _scenario_faults(swept: Sweep) -> Iterator[Fault]:
    for code, period, root in swept.distinct():
        if len(list(swept.store.reachable(root))) > NODE_BUDGET:
            yield Fault(FaultKind.NODE_BUDGET, (code,), swept.day(period))
        yield from _leaf_faults(swept, code, period, root)
    tried: set[tuple[int, int]] = set()
    for period in swept.periods:
        for code in swept.topic.procedures:
            yield from _merge_faults(swept, code, period, tried)


def _leaf_faults(swept: Sweep, code: ProcedureCode, period: int, root: int) -> Iterator[Fault]:
    for leaf in swept.leaves(root):
        if leaf.clash:
            setting = tuple(sorted(rule for rule in leaf.carried if _sets_treatment(swept.topic.rules[rule], code)))
            yield Fault(
                FaultKind.CONTRADICTION, (*setting, code), swept.day(period), _example(swept, root, leaf), "treatment"
            )
        if leaf.gap:
            yield Fault(FaultKind.GAP, (code,), swept.day(period), _example(swept, root, leaf))
    yield from _clash_faults(swept, code, period, root)


def _clash_faults(swept: Sweep, code: ProcedureCode, period: int, root: int) -> Iterator[Fault]:
    """Limits are dated more finely than the law stands still: each period the diagram stands in is looked at."""
    said: set[tuple[str, str, str]] = set()
    for at in swept.periods:
        if at < period or swept.roots[code, at] != root:
            continue
        for leaf in swept.leaves(root):
            for about, one, other, day in clashes(swept.topic, swept.topic.procedures[code], leaf, swept.law(at)):
                if (about, one, other) not in said:
                    said.add((about, one, other))
                    example = _example(swept, root, leaf)
                    yield Fault(FaultKind.CONTRADICTION, (one, other, code), day or swept.day(at), example, about)


def _example(swept: Sweep, root: int, leaf: Leaf) -> dict[FactCode, Value]:
    return swept.example(root, lambda value: value == leaf)


def _sets_treatment(rule: Rule, code: ProcedureCode) -> bool:
    effect = rule.effect_on(code)
    return effect is not None and effect.treatment is not None


def _merge_faults(swept: Sweep, code: ProcedureCode, period: int, tried: set[tuple[int, int]]) -> Iterator[Fault]:
    """Where a procedure is merged, its target must be required and neither waived nor closed."""
    store, root = swept.store, swept.roots[code, period]
    targets = {leaf.outcome.merged_into for leaf in swept.leaves(root)} - {None}
    for target in sorted(target for target in targets if target is not None):
        if target not in swept.topic.procedures:
            yield Fault(
                FaultKind.MERGE_TARGET, (code, target), swept.day(period), rules=_merging(swept, root, code, target)
            )
            continue
        into = swept.roots[target, period]
        if (root, into) in tried:
            continue
        tried.add((root, into))
        merged = store.mapped(root, lambda leaf, target=target: merges_into(leaf, target))  # type: ignore[misc]
        broken = store.both(merged, store.mapped(into, _cannot_take_in))
        if swept.can_hold(broken):
            example = swept.example(broken, lambda value: value is True)
            rules = _merging(swept, root, code, target)
            yield Fault(FaultKind.MERGE_TARGET, (code, target), swept.day(period), example, rules=rules)


def _merging(swept: Sweep, root: int, code: ProcedureCode, target: str) -> tuple[RuleCode, ...]:
    """The rules that merge the procedure into the target in some leaf of the diagram."""
    carried = {rule for leaf in swept.leaves(root) if leaf.outcome.merged_into == target for rule in leaf.carried}
    effects = {rule: swept.topic.rules[rule].effect_on(code) for rule in carried}
    return tuple(sorted(rule for rule, effect in effects.items() if effect and effect.merged_into == target))


def merges_into(leaf: Hashable, target: str) -> bool:
    """Whether the leaf merges its procedure into the target."""
    return isinstance(leaf, Leaf) and leaf.outcome.merged_into == target


def _cannot_take_in(leaf: Hashable) -> bool:
    barred = {None, Treatment.WAIVED, Treatment.CLOSED}
    return isinstance(leaf, Leaf) and leaf.outcome.treatment in barred


# ---- what never happens ------------------------------------------------------------------------------


def meetings(compiled: CompiledTopic, periods: tuple[int, ...]) -> dict[tuple[RuleCode, RuleCode], set[int]]:
    """Each override with the diagrams of the scenarios in which both rules hold and speak of one procedure."""
    found: dict[tuple[RuleCode, RuleCode], set[int]] = {}
    for rule in compiled.topic.rules.values():
        for code in sorted(rule.overrides):
            other = compiled.topic.rules.get(code)
            meetings = found[rule.code, code] = set()
            if other is None or not _share_a_procedure(rule, other):
                continue
            for period in periods:
                day = compiled.day_in(period)
                if rule.period.covers(day) and other.period.covers(day):
                    with compiled.store.building():
                        one = compiled.condition(full_condition(rule), period)
                        meetings.add(compiled.store.both(one, compiled.condition(full_condition(other), period)))
    return found


def _share_a_procedure(rule: Rule, other: Rule) -> bool:
    return bool({effect.procedure for effect in rule.effects} & {effect.procedure for effect in other.effects})


def conditions_of(compiled: CompiledTopic, periods: tuple[int, ...]) -> dict[RuleCode, dict[int, int]]:
    """Each rule with the diagrams of its condition in the periods in which it is in force; before the sweep begins."""
    found: dict[RuleCode, dict[int, int]] = {}
    for rule in compiled.topic.rules.values():
        in_force = [period for period in periods if rule.period.covers(compiled.day_in(period))]
        with compiled.store.building():
            found[rule.code] = {period: compiled.condition(full_condition(rule), period) for period in in_force}
    return found


def carried_rules(swept: Sweep, holding: Mapping[RuleCode, Mapping[int, int]]) -> set[RuleCode]:
    """The rules that some scenario carries for a required procedure; those that speak of none where they hold."""
    found = {
        code
        for _, _, root in swept.distinct()
        for leaf in swept.leaves(root)
        if leaf.outcome.required
        for code in leaf.carried
    }
    extras = {code for code, rule in swept.topic.rules.items() if not rule.effects}
    return found | {code for code in extras if any(swept.can_hold(root) for root in set(holding[code].values()))}


def idle_faults(
    swept: Sweep,
    pairs: Mapping[tuple[RuleCode, RuleCode], set[int]],
    holding: Mapping[RuleCode, Mapping[int, int]],
) -> Iterator[Fault]:
    """Rules that no scenario of any period carries, and overrides whose two rules never meet.

    Shape: a dead rule's fault is about its dates, its condition, its being overridden (by `rules`), or about what it
        speaks of not being required; in the last two `answers` and `day` are where it holds all the same.
    """
    carried = carried_rules(swept, holding)
    for code in swept.topic.rules:
        if code not in carried:
            yield _dead(swept, code, holding)
    for (code, other), roots in pairs.items():
        if not any(swept.can_hold(root) for root in roots):
            day, answers, _ = _holds_at(swept, holding[code])
            yield Fault(FaultKind.IDLE_OVERRIDE, (code, other), day, answers)


def _dead(swept: Sweep, code: RuleCode, holding: Mapping[RuleCode, Mapping[int, int]]) -> Fault:
    day, answers, period = _holds_at(swept, holding[code])
    if period is None:
        return Fault(FaultKind.DEAD_RULE, (code,), day, about="dates" if day is None else "condition")
    here = holding[code][period]
    overriding = tuple(
        sorted(
            other.code
            for other in swept.topic.rules.values()
            if code in other.overrides
            and _share_a_procedure(swept.topic.rules[code], other)
            and period in holding[other.code]
            and swept.can_hold(swept.store.both(here, holding[other.code][period]))
        )
    )
    about = "overridden" if overriding else "required"
    return Fault(FaultKind.DEAD_RULE, (code,), day, answers, about, overriding)


def _holds_at(swept: Sweep, conditions: Mapping[int, int]) -> tuple[date | None, Mapping[FactCode, Value], int | None]:
    """A day on which the condition can hold and answers with which it does, and the period; else a day in force."""
    for period, root in conditions.items():
        if swept.can_hold(root):
            return swept.day(period), swept.example(root, lambda value: value is True), period
    return next((swept.day(period) for period in conditions), None), {}, None
