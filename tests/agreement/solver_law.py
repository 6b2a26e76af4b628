"""The law of one day as an SMT solver takes it: facts as variables, conditions and what rules say as formulas."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import z3

from app.engine import (
    All,
    Always,
    Any,
    AtMost,
    Compare,
    Condition,
    Defined,
    Fact,
    FactType,
    IsOneOf,
    Not,
    Outcome,
    Period,
    Procedure,
    ProcedureCode,
    ProcedureEffect,
    Requires,
    Rule,
    SetIs,
    Topic,
    Treatment,
    Within,
)

SCALE = 10_000
KEEPS_TIMING = set(Treatment) - {Treatment.WAIVED, Treatment.PROACTIVE, Treatment.CLOSED}


def number(value: int | object) -> int:
    """A number or day as the solver takes it."""
    if isinstance(value, date):
        return value.toordinal() * SCALE
    return int(value * SCALE)  # type: ignore[operator]


class Facts:
    """One variable a fact: a boolean, a number, one boolean an option; one rank for each pair of days compared."""

    def __init__(self, topic: Topic, offsets: Mapping[tuple[str, str], list[tuple[int, int]]], mark: str = "") -> None:
        self.topic = topic
        self.offsets = offsets
        self.bounds: list[z3.BoolRef] = []
        self.of: dict[str, z3.ExprRef] = {}
        self.option: dict[tuple[str, str], z3.BoolRef] = {}
        for fact in topic.facts.values():
            self._add(fact, f"{fact.code}{mark}")
        self.rank = {pair: z3.Int(f"rank {pair[0]} {pair[1]}{mark}") for pair in offsets}
        for pair, rank in self.rank.items():
            self.bounds += [rank >= 0, rank <= len(offsets[pair]) + 1]

    def _add(self, fact: Fact, name: str) -> None:
        match fact.type:
            case FactType.BOOLEAN:
                self.of[fact.code] = z3.Bool(name)
            case FactType.CHOICES:
                for option in fact.options:
                    self.option[fact.code, option] = z3.Bool(f"{name} {option}")
                if not fact.empty_allowed:
                    self.bounds.append(z3.Or([self.option[fact.code, option] for option in fact.options]))
            case FactType.CHOICE:
                self.of[fact.code] = z3.Int(name)
                self.bounds += [self.of[fact.code] >= 0, self.of[fact.code] < len(fact.options)]
            case _:
                self.of[fact.code] = z3.Int(name)
                if fact.minimum is not None:
                    self.bounds.append(self.of[fact.code] >= number(fact.minimum))
                if fact.maximum is not None:
                    self.bounds.append(self.of[fact.code] <= number(fact.maximum))
                if fact.type is FactType.INTEGER:
                    self.bounds.append(self.of[fact.code] % SCALE == 0)

    def atom(self, atom: Condition) -> z3.BoolRef:
        match atom:
            case IsOneOf(fact=code, values=values):
                fact = self.topic.facts[code]
                if fact.type is FactType.BOOLEAN:
                    return z3.Or([self.of[code] if value else z3.Not(self.of[code]) for value in values])
                return z3.Or([self.of[code] == fact.options.index(str(value)) for value in values])
            case Compare(fact=code, order=order, bound=bound):
                left, right = self.of[code], number(bound)
                return {
                    "below": left < right,
                    "at_most": left <= right,
                    "at_least": left >= right,
                    "above": left > right,
                }[order]
            case SetIs():
                return self._set(atom)
            case Within(fact=code, after=after, months=months, days=days):
                rank = self.rank[code, after]
                return z3.And(rank >= 1, rank <= 1 + self.offsets[code, after].index((months, days)))
        raise TypeError(atom)

    def _set(self, atom: SetIs) -> z3.BoolRef:
        options = self.topic.facts[atom.fact].options
        named = [self.option[atom.fact, option] for option in options if option in atom.options]
        others = [self.option[atom.fact, option] for option in options if option not in atom.options]
        match atom.test:
            case "contains_any":
                return z3.Or(named)
            case "contains_all":
                return z3.And(named)
            case "only":
                return z3.And(z3.Or(named), z3.Not(z3.Or(others)))
            case "is_exactly":
                return z3.And([*named, z3.Not(z3.Or(others))])
            case _:
                return z3.Not(z3.Or([*named, *others]))


@dataclass(frozen=True)
class Said:
    """One rule's words on one procedure, in force that day; `holds` and not overridden."""

    rule: Rule
    effect: ProcedureEffect
    carried: z3.BoolRef


class Law:
    """The topic's law on one day, as formulas."""

    def __init__(self, topic: Topic, facts: Facts, day: date) -> None:
        self.topic, self.facts, self.day = topic, facts, day
        self._definitions: dict[str, z3.BoolRef] = {}
        self._rules: dict[str, z3.BoolRef] = {}
        self._said: dict[str, list[Said]] = {}
        self._required: dict[str, z3.BoolRef] = {}
        self._outcomes: dict[str, dict[Outcome, z3.BoolRef]] = {}

    def in_force(self, period: Period) -> bool:
        return (period.start is None or period.start <= self.day) and (period.end is None or self.day < period.end)

    def holds(self, condition: Condition) -> z3.BoolRef:
        match condition:
            case Always(holds=holds):
                return z3.BoolVal(holds)
            case All(parts=parts):
                return z3.And([self.holds(part) for part in parts])
            case Any(parts=parts):
                return z3.Or([self.holds(part) for part in parts])
            case Not(part=part):
                return z3.Not(self.holds(part))
            case Defined(definition=code):
                if code not in self._definitions:
                    versions = [item for item in self.topic.definitions[code].versions if self.in_force(item.period)]
                    self._definitions[code] = self.holds(versions[0].when) if versions else z3.BoolVal(False)
                return self._definitions[code]
            case Requires(procedure=code):
                return self.required(code)
        return self.facts.atom(condition)

    def rule_holds(self, rule: Rule) -> z3.BoolRef:
        if rule.code not in self._rules:
            willing = z3.BoolVal(True) if rule.voluntary is None else self.facts.of[rule.voluntary]
            self._rules[rule.code] = z3.And(willing, self.holds(rule.when))
        return self._rules[rule.code]

    def said(self, code: ProcedureCode) -> list[Said]:
        if code not in self._said:
            speaking = [
                (rule, effect)
                for rule in self.topic.rules.values()
                for effect in rule.effects
                if effect.procedure == code and self.in_force(rule.period)
            ]
            self._said[code] = [
                Said(
                    rule,
                    effect,
                    z3.And(
                        self.rule_holds(rule),
                        z3.Not(
                            z3.Or([self.rule_holds(other) for other, _ in speaking if rule.code in other.overrides])
                        ),
                    ),
                )
                for rule, effect in speaking
            ]
        return self._said[code]

    def required(self, code: ProcedureCode) -> z3.BoolRef:
        if code not in self._required:
            procedure = self.topic.procedures[code]
            brought = [said.carried for said in self.said(code) if said.effect.brings]
            exists = z3.Or(self.holds(procedure.required_when), *brought)
            self._required[code] = exists if self.in_force(procedure.period) else z3.BoolVal(False)
        return self._required[code]

    def closed(self, code: ProcedureCode) -> z3.BoolRef:
        """Required, and a rule closes it or an acceptance condition that bars is not met."""
        procedure, said = self.topic.procedures[code], self.said(code)
        reasons = [item.carried for item in said if item.effect.treatment is Treatment.CLOSED]
        asked = [(condition, z3.BoolVal(True)) for condition in procedure.conditions]
        asked += [(condition, item.carried) for item in said for condition in item.effect.conditions_added]
        for condition, adding in asked:
            if condition.is_barrier and condition.test is not None and self.in_force(condition.period):
                dropped = [item.carried for item in said if condition.code in item.effect.conditions_dropped]
                reasons.append(z3.And(adding, z3.Not(z3.Or(dropped)), z3.Not(self.holds(condition.test))))
        return z3.And(self.required(code), z3.Or(reasons))

    def open(self, code: ProcedureCode) -> z3.BoolRef:
        return z3.And(self.required(code), z3.Not(self.closed(code)))

    def outcomes(self, code: ProcedureCode) -> dict[Outcome, z3.BoolRef]:
        """Each outcome that some rule sets, and where it stands: where two are set, the strictest."""
        if code not in self._outcomes:
            procedure = self.topic.procedures[code]
            setting: dict[Outcome, list[z3.BoolRef]] = {}
            for said in self.said(code):
                if said.effect.treatment is not None and said.effect.treatment is not Treatment.CLOSED:
                    setting.setdefault(outcome_set(said.effect, procedure), []).append(said.carried)
            self._outcomes[code] = {
                outcome: z3.And(
                    self.open(code),
                    z3.Or(carried),
                    z3.Not(z3.Or([z3.Or(more) for other, more in setting.items() if other.rank > outcome.rank])),
                )
                for outcome, carried in setting.items()
            }
        return self._outcomes[code]

    def waived(self, code: ProcedureCode) -> z3.BoolRef:
        return z3.Or([where for item, where in self.outcomes(code).items() if item.treatment is Treatment.WAIVED])

    def cannot_take_in(self, code: ProcedureCode) -> z3.BoolRef:
        return z3.Or(z3.Not(self.required(code)), self.waived(code), self.closed(code))

    def merged(self, code: ProcedureCode) -> dict[ProcedureCode, z3.BoolRef]:
        """Target -> where the procedure is merged into it."""
        found: dict[ProcedureCode, list[z3.BoolRef]] = {}
        for outcome, where in self.outcomes(code).items():
            if outcome.merged_into is not None:
                found.setdefault(outcome.merged_into, []).append(where)
        return {target: z3.Or(places) for target, places in found.items()}


def outcome_set(effect: ProcedureEffect, procedure: Procedure) -> Outcome:
    assert effect.treatment is not None
    if effect.treatment not in KEEPS_TIMING:
        return Outcome(effect.treatment)
    return Outcome(effect.treatment, effect.filing_timing or procedure.filing_timing, effect.merged_into)


def admissible(topic: Topic, facts: Facts, law: Law) -> Iterator[z3.BoolRef]:
    for item in topic.constraints:
        if isinstance(item.holds, AtMost):
            plus = int(item.holds.plus * SCALE)
            yield facts.of[item.holds.lesser] <= facts.of[item.holds.greater] + plus
        else:
            yield law.holds(item.holds)


def periods_of(topic: Topic) -> Iterator[Period]:
    for rule in topic.rules.values():
        yield rule.period
        for effect in rule.effects:
            yield from (item.period for item in effect.conditions_added)
            yield from (item.period for item in effect.limits)
    for procedure in topic.procedures.values():
        yield procedure.period
        yield from (item.period for item in procedure.conditions)
    for definition in topic.definitions.values():
        yield from (version.period for version in definition.versions)


def offsets_of(topic: Topic) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """For each pair of days compared, the spans compared with, rising."""
    found: dict[tuple[str, str], set[tuple[int, int]]] = {}
    waiting: list[object] = [topic]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, Within):
            found.setdefault((thing.fact, thing.after), set()).add((thing.months, thing.days))
        elif isinstance(thing, Mapping):
            waiting.extend(thing.values())
        elif isinstance(thing, tuple | frozenset):
            waiting.extend(thing)
        elif hasattr(thing, "__dataclass_fields__"):
            waiting.extend(getattr(thing, name) for name in thing.__dataclass_fields__)
    return {pair: sorted(spans, key=lambda span: span[0] * 31 + span[1]) for pair, spans in found.items()}
