"""The claims of the proof put to an SMT solver, straight from the words of the law: no diagram, no cell, no sweep.

A topic's conditions, definitions, overrides and constraints become formulas over its facts, for each day on which
anything changes; a fault is a formula that can be satisfied, or an idle thing one that never can.
"""

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

import z3

from app.engine import (
    FactCode,
    Period,
    ProcedureCode,
    ProcedureEffect,
    Rule,
    RuleCode,
    Topic,
    Treatment,
)
from tests.agreement.solver_law import Facts, Law, Said, admissible, offsets_of, outcome_set, periods_of
from tests.agreement.solver_order import merge_circle, order_circle

#: A fault as both sides name it: kind, what it is about, codes.
Claim = tuple[str, str, tuple[str, ...]]
NO_DAYS = {Treatment.WAIVED, Treatment.PROACTIVE, Treatment.MERGED, Treatment.CLOSED}


class SecondOpinion:
    """All claims about one topic, each put to the solver on every day from which the law differs."""

    def __init__(self, topic: Topic) -> None:
        self.topic = topic
        self.offsets = offsets_of(topic)
        self.facts = Facts(topic, self.offsets)
        first = min(topic.covers_from, topic.before_day)
        days = {first, *(day for period in periods_of(topic) for day in (period.start, period.end) if day)}
        self.days = sorted(day for day in days if day >= first)
        self.laws = [Law(topic, self.facts, day) for day in self.days]
        self.solver = z3.SolverFor("QF_LIA")
        self.solver.add(self.facts.bounds)
        self.solver.add(admissible(topic, self.facts, self.laws[0]))
        self._known: dict[int, tuple[z3.BoolRef, bool]] = {}

    def possible(self, *formulas: z3.BoolRef) -> bool:
        """Whether some admissible scenario satisfies them all."""
        formula = z3.And(formulas)
        known = self._known.get(formula.get_id())
        if known is None:
            self.solver.push()
            self.solver.add(formula)
            answer = self.solver.check()
            self.solver.pop()
            assert answer != z3.unknown
            # The formula is kept, as its number may be given to another one once it is gone.
            known = self._known[formula.get_id()] = (formula, answer == z3.sat)
        return known[1]

    def claims(self) -> set[Claim]:
        """Every fault, as `normalized` names those of the diagrams."""
        if not self.possible():
            return {("no_scenario", "", ())}
        found = set(self._idle())
        for place, law in enumerate(self.laws):
            ends = self.days[place + 1] if place + 1 < len(self.days) else None
            for code in self.topic.procedures:
                found.update(self._of_procedure(law, code, Period(law.day, ends)))
            found.update(self._circles(law))
        return found

    @cached_property
    def _speaking(self) -> dict[str, set[str]]:
        return {rule.code: {effect.procedure for effect in rule.effects} for rule in self.topic.rules.values()}

    def _of_procedure(self, law: Law, code: ProcedureCode, period: Period) -> Iterator[Claim]:
        procedure = self.topic.procedures[code]
        for one, other in combinations(sorted(law.said(code), key=lambda said: said.rule.code), 2):
            both = (law.open(code), one.carried, other.carried)
            pair = (one.rule.code, other.rule.code, code)
            differ = (
                _sets(one)
                and _sets(other)
                and outcome_set(one.effect, procedure) != outcome_set(other.effect, procedure)
            )
            if differ and self.possible(*both):
                yield ("contradiction", "treatment", pair)
            for about in _different(one.effect, other.effect):
                if self.possible(*both):
                    yield ("contradiction", about, pair)
            if _limits_differ(one.effect, other.effect, period):
                days = [where for item, where in law.outcomes(code).items() if item.treatment in NO_DAYS]
                if self.possible(*both, z3.Not(z3.Or(days))):
                    yield ("contradiction", "limit", pair)
        settled = [said.carried for said in law.said(code) if _sets(said)]
        if not procedure.has_default and self.possible(law.open(code), z3.Not(z3.Or(settled))):
            yield ("gap", "", (code,))
        for target, where in law.merged(code).items():
            if target not in self.topic.procedures or self.possible(
                where, z3.Or(z3.Not(law.required(target)), law.waived(target), law.closed(target))
            ):
                yield ("merge_target", "", (code, target))

    def _idle(self) -> Iterator[Claim]:
        for code, rule in self.topic.rules.items():
            if not any(self.possible(where) for law in self.laws for where in _effects(law, rule)):
                yield ("dead_rule", "", (code,))
            for other in rule.overrides:
                if not any(self._meet(law, rule, other) for law in self.laws):
                    yield ("idle_override", "", (code, other))

    def _meet(self, law: Law, rule: Rule, code: RuleCode) -> bool:
        other = self.topic.rules.get(code)
        return (
            other is not None
            and bool(self._speaking[rule.code] & self._speaking[other.code])
            and law.in_force(rule.period)
            and law.in_force(other.period)
            and self.possible(law.rule_holds(rule), law.rule_holds(other))
        )

    def _circles(self, law: Law) -> Iterator[Claim]:
        if self.possible(*merge_circle(law)):
            yield ("merge_cycle", "", ())
        if self.possible(*order_circle(law)):
            yield ("order_cycle", "", ())

    @cached_property
    def _otherwise(self) -> tuple[Facts, list[Law]]:
        """A second scenario, and the law read for it."""
        facts = Facts(self.topic, self.offsets, " otherwise")
        return facts, [Law(self.topic, facts, day) for day in self.days]

    def moves(self, code: FactCode) -> bool:
        """Whether two admissible scenarios that differ in the fact alone differ in what the rules come to."""
        facts, laws = self._otherwise
        same = [self.facts.of[fact] == facts.of[fact] for fact in facts.of if fact != code]
        same += [self.facts.option[key] == facts.option[key] for key in facts.option if key[0] != code]
        same += [self.facts.rank[pair] == facts.rank[pair] for pair in facts.rank if code not in pair]
        self.solver.push()
        self.solver.add(*same, *facts.bounds, *admissible(self.topic, facts, laws[0]))
        differs = any(
            self._differ(list(_all_of(here)), list(_all_of(there)))
            for here, there in zip(reversed(self.laws), reversed(laws), strict=True)
        )
        self.solver.pop()
        return differs

    def _differ(self, here: list[z3.BoolRef], there: list[z3.BoolRef]) -> bool:
        self.solver.push()
        self.solver.add(z3.Or([z3.Xor(x, y) for x, y in zip(here, there, strict=True)]))
        answer = self.solver.check()
        self.solver.pop()
        assert answer != z3.unknown
        return answer == z3.sat


def _all_of(law: Law) -> Iterator[z3.BoolRef]:
    for code in law.topic.procedures:
        yield law.closed(code)
        yield law.required(code)
        yield from (z3.And(law.required(code), said.carried) for said in law.said(code))
    for rule in law.topic.rules.values():
        if not rule.effects:
            yield from _effects(law, rule)


def _effects(law: Law, rule: Rule) -> list[z3.BoolRef]:
    """Where the rule has an effect; one formula for each procedure it speaks of."""
    if not law.in_force(rule.period):
        return []
    if not rule.effects:
        return [law.rule_holds(rule)]
    return [
        z3.And(law.required(effect.procedure), said.carried)
        for effect in rule.effects
        if effect.procedure in law.topic.procedures
        for said in law.said(effect.procedure)
        if said.rule is rule
    ]


def _sets(said: Said) -> bool:
    return said.effect.treatment is not None


def _different(one: ProcedureEffect, other: ProcedureEffect) -> Iterator[str]:
    for name in ("authority", "level", "channel", "visits"):
        mine, its = getattr(one, name), getattr(other, name)
        if mine is not None and its is not None and mine != its:
            yield name
    if one.has_fee and other.has_fee:
        yield "fee"
    if any(
        {fate, another} in CLASHING for paper, fate in _fates(one) for same, another in _fates(other) if paper == same
    ):
        yield "materials"


#: What cannot become of one paper at once; one that a rule asks for another may put off or have shared.
CLASHING = [{"dropped", "deferred"}, {"dropped", "shared"}, {"deferred", "shared"}, {"dropped", "added"}]


def _fates(effect: ProcedureEffect) -> Iterator[tuple[str, str]]:
    yield from ((item.code, "added") for item in effect.materials.added)
    yield from ((paper, "dropped") for paper in effect.materials.dropped)
    yield from ((paper, "deferred") for paper in effect.materials.deferred)
    yield from ((paper, "shared") for paper in effect.materials.shared)


def _limits_differ(one: ProcedureEffect, other: ProcedureEffect, period: Period) -> bool:
    return any(
        mine.duration != its.duration and mine.period.overlaps(its.period) and _day_of(mine.period, its.period, period)
        for mine in one.limits
        for its in other.limits
    )


def _day_of(*periods: Period) -> bool:
    starts = [period.start for period in periods if period.start is not None]
    ends = [period.end for period in periods if period.end is not None]
    return not starts or not ends or max(starts) < min(ends)
