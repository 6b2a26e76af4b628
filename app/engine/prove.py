"""Proofs over all admissible scenarios of all periods: contradictions, gaps, dead rules, idle overrides, bad merges."""

import enum
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.engine.cells import LevelKind, sample_of
from app.engine.compile import CompiledTopic
from app.engine.diagram import BOTTOM, TERMINAL
from app.engine.facts import FactCode, FactType, ProcedureCode, RuleCode, Value
from app.engine.leaf import Leaf
from app.engine.model import Rule, Treatment
from app.engine.reach import full_condition
from app.engine.view import View


class FaultKind(enum.StrEnum):
    """What a proof can find wrong with a topic."""

    CONTRADICTION = "contradiction"
    GAP = "gap"
    DEAD_RULE = "dead_rule"
    IDLE_OVERRIDE = "idle_override"
    MERGE_TARGET = "merge_target"
    NODE_BUDGET = "node_budget"


#: The most nodes one procedure's diagram may have; more is a finding, never a reason to approximate.
NODE_BUDGET = 10_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, with a counterexample where there is one.

    Shape: `codes` the rules or procedures concerned, the one to look at first in front; `answers` a scenario of the
        facts that matter, `day` a day of the period it happens in.
    """

    kind: FaultKind
    codes: tuple[str, ...]
    day: date | None
    answers: Mapping[FactCode, Value]


def find_faults(compiled: CompiledTopic) -> tuple[Fault, ...]:
    """All faults of the topic, each once, with the first period it shows in.

    Shape: the periods from the first day the topic answers for on.
    Cost: compiles every procedure for every period.
    """
    found: dict[tuple[FaultKind, tuple[str, ...]], Fault] = {}
    carried: set[str] = set()
    biting: set[tuple[RuleCode, RuleCode]] = set()
    first = compiled.period_of(min(compiled.topic.covers_from, compiled.topic.before_day))
    for period in range(first, len(compiled.law_days) + 1):
        for fault in _faults_in(compiled, period, carried, biting):
            found.setdefault((fault.kind, fault.codes), fault)
    idle = [
        Fault(FaultKind.IDLE_OVERRIDE, (rule.code, other), None, {})
        for rule in compiled.topic.rules.values()
        for other in sorted(rule.overrides)
        if (rule.code, other) not in biting
    ]
    dead = [
        Fault(FaultKind.DEAD_RULE, (rule.code,), None, {})
        for rule in compiled.topic.rules.values()
        if rule.code not in carried
    ]
    return (*found.values(), *dead, *idle)


def _faults_in(
    compiled: CompiledTopic, period: int, carried: set[str], biting: set[tuple[RuleCode, RuleCode]]
) -> Iterator[Fault]:
    roots = {code: compiled.procedure(code, period) for code in compiled.topic.procedures}
    holding = {rule.code: compiled.rule_applies(rule, period) for rule in compiled.topic.rules.values()}
    pairs = list(_overrides(compiled, period))
    with compiled.store.scratch():
        view = View(compiled, {})
        reduced = {code: view.reduced(root) for code, root in roots.items()}
        carried.update(code for code, root in holding.items() if True in view.store.leaves_in(view.reduced(root)))
        biting.update(pair for pair, node in pairs if True in view.store.leaves_in(view.reduced(node)))
        for code, diagram in reduced.items():
            if len(list(view.store.reachable(roots[code]))) > NODE_BUDGET:
                yield Fault(FaultKind.NODE_BUDGET, (code,), compiled.day_in(period), {})
            yield from _leaf_faults(compiled, view, code, diagram, period)
            yield from _merge_faults(compiled, view, code, reduced, period)


def _overrides(compiled: CompiledTopic, period: int) -> Iterator[tuple[tuple[RuleCode, RuleCode], int]]:
    """Each override with the diagram of the scenarios in which both rules hold and speak of one procedure."""
    day = compiled.day_in(period)
    for rule in compiled.topic.rules.values():
        for code in rule.overrides:
            other = compiled.topic.rules.get(code)
            if other is None or not (rule.period.covers(day) and other.period.covers(day)):
                continue
            shared = {effect.procedure for effect in rule.effects} & {effect.procedure for effect in other.effects}
            if shared:
                with compiled.store.building():
                    yield (
                        (rule.code, code),
                        compiled.store.both(_condition(compiled, rule, period), _condition(compiled, other, period)),
                    )


def _condition(compiled: CompiledTopic, rule: Rule, period: int) -> int:
    return compiled.condition(full_condition(rule), period)


def _leaf_faults(
    compiled: CompiledTopic, view: View, code: ProcedureCode, diagram: int, period: int
) -> Iterator[Fault]:
    for leaf in view.store.leaves_in(diagram):
        assert isinstance(leaf, Leaf)
        if leaf.clash:
            setting = tuple(sorted(rule for rule in leaf.carried if _sets_treatment(compiled.topic.rules[rule], code)))
            example = witness(compiled, view, diagram, lambda value, leaf=leaf: value == leaf)  # type: ignore[misc]
            yield Fault(FaultKind.CONTRADICTION, (*setting, code), compiled.day_in(period), example)
        if leaf.gap:
            example = witness(compiled, view, diagram, lambda value, leaf=leaf: value == leaf)  # type: ignore[misc]
            yield Fault(FaultKind.GAP, (code,), compiled.day_in(period), example)


def _sets_treatment(rule: Rule, code: ProcedureCode) -> bool:
    effect = rule.effect_on(code)
    return effect is not None and effect.treatment is not None


def _merge_faults(
    compiled: CompiledTopic, view: View, code: ProcedureCode, reduced: Mapping[ProcedureCode, int], period: int
) -> Iterator[Fault]:
    """Where a procedure is merged, its target must be required and neither waived nor closed."""
    store = view.store
    targets = {
        leaf.outcome.merged_into
        for leaf in store.leaves_in(reduced[code])
        if isinstance(leaf, Leaf) and leaf.outcome.merged_into is not None
    }
    for target in sorted(targets):
        if target not in reduced:
            yield Fault(FaultKind.MERGE_TARGET, (code, target), compiled.day_in(period), {})
            continue
        merged = store.mapped(reduced[code], lambda leaf, target=target: _merged_into(leaf, target))  # type: ignore[misc]
        broken = store.both(merged, store.mapped(reduced[target], _cannot_take_in))
        broken = view.reduced(broken)
        if True in store.leaves_in(broken):
            example = witness(compiled, view, broken, lambda value: value is True)
            yield Fault(FaultKind.MERGE_TARGET, (code, target), compiled.day_in(period), example)


def _merged_into(leaf: Hashable, target: str) -> bool:
    return isinstance(leaf, Leaf) and leaf.outcome.merged_into == target


def _cannot_take_in(leaf: Hashable) -> bool:
    barred = {None, Treatment.WAIVED, Treatment.CLOSED}
    return isinstance(leaf, Leaf) and leaf.outcome.treatment in barred


def witness(
    compiled: CompiledTopic, view: View, diagram: int, wanted: Callable[[Hashable], bool]
) -> dict[FactCode, Value]:
    """Answers that lead to a wanted leaf: one value for each fact on the way, {} where nothing leads there.

    Shape: sets hold the options the way asks for; the second day of a pair is left out.
    """
    way = _way(view, diagram, wanted, set())
    answers: dict[FactCode, Value] = {}
    for place, cell in way or ():
        level = compiled.levels[place]
        fact = compiled.topic.facts[level.facts[0]]
        if level.kind is LevelKind.VALUES:
            answers[fact.code] = sorted(level.values[cell], key=str)[0]
        elif level.kind is LevelKind.RANGE:
            answers[fact.code] = sample_of(level.spans[cell], FactType(fact.type))
        elif level.kind is LevelKind.MEMBER:
            chosen = answers.get(fact.code, frozenset())
            assert isinstance(chosen, frozenset)
            answers[fact.code] = chosen | {level.member} if cell else chosen
    return answers


def _way(view: View, node: int, wanted: Callable[[Hashable], bool], dead: set[int]) -> list[tuple[int, int]] | None:
    store = view.store
    if store.level[node] == TERMINAL:
        value = store.value[node]
        return [] if value is not BOTTOM and wanted(value) else None
    if node in dead:
        return None
    for cell, child in enumerate(store.children[node]):
        rest = _way(view, child, wanted, dead)
        if rest is not None:
            return [(store.level[node], cell), *rest]
    dead.add(node)
    return None
