"""Brute force: every admissible scenario of a small topic, and the outcomes read straight off the words of the law.

Shares no code with the engine's compilation or its plain reading beyond the records.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain, combinations, product

from app.engine import (
    All,
    Always,
    Any,
    AtMost,
    Compare,
    Condition,
    Defined,
    Fact,
    FactCode,
    FactType,
    IsOneOf,
    Not,
    Outcome,
    Procedure,
    ProcedureCode,
    Requires,
    Rule,
    SetIs,
    Topic,
    Treatment,
    Value,
    Within,
)

#: Around the middle day lies one day for each way two days can stand to each other, seen from either.
MIDDLE = date(2021, 1, 31)
DAYS = [MIDDLE + timedelta(days=days) for days in (-400, -200, -20, -10, 0, 10, 20, 200, 400)]

Scenario = Mapping[FactCode, Value]


def values_of(fact: Fact) -> list[Value]:
    """Every value a fact can take in the generated topics, enough of them for dates."""
    match fact.type:
        case FactType.BOOLEAN:
            return [False, True]
        case FactType.CHOICE:
            return list(fact.options)
        case FactType.CHOICES:
            sizes = range(0 if fact.empty_allowed else 1, len(fact.options) + 1)
            return [frozenset(each) for each in chain.from_iterable(combinations(fact.options, size) for size in sizes)]
        case FactType.DATE:
            return list(DAYS)
        case _:
            assert isinstance(fact.minimum, int)
            assert isinstance(fact.maximum, int)
            return list(range(fact.minimum, fact.maximum + 1))


class Oracle:
    """All admissible full scenarios of a topic on a day, with each procedure's outcome."""

    def __init__(self, topic: Topic, day: date, answers: Scenario) -> None:
        self.topic = topic
        self.day = day
        given = {code: fact.default for code, fact in topic.facts.items() if fact.default is not None} | dict(answers)
        open_facts = [fact for fact in topic.facts.values() if fact.code not in given]
        self.scenarios: list[Scenario] = []
        for chosen in product(*(values_of(fact) for fact in open_facts)):
            scenario = dict(given) | {fact.code: value for fact, value in zip(open_facts, chosen, strict=True)}
            if self.is_admissible(scenario):
                self.scenarios.append(scenario)
        self._outcomes: dict[ProcedureCode, list[Outcome]] = {}

    def outcomes(self, code: ProcedureCode) -> list[Outcome]:
        """The procedure's outcome in each scenario, in their order."""
        if code not in self._outcomes:
            self._outcomes[code] = [self.outcome(code, scenario) for scenario in self.scenarios]
        return self._outcomes[code]

    def is_admissible(self, scenario: Scenario) -> bool:
        for item in self.topic.constraints:
            if isinstance(item.holds, AtMost):
                if not scenario[item.holds.lesser] <= scenario[item.holds.greater] + int(item.holds.plus):  # type: ignore[operator]
                    return False
            elif not self.holds(item.holds, scenario):
                return False
        return True

    def holds(self, condition: Condition, scenario: Scenario) -> bool:
        match condition:
            case Always():
                return condition.holds
            case All():
                return all(self.holds(part, scenario) for part in condition.parts)
            case Any():
                return any(self.holds(part, scenario) for part in condition.parts)
            case Not():
                return not self.holds(condition.part, scenario)
            case Defined():
                for version in self.topic.definitions[condition.definition].versions:
                    if _in(version.period, self.day):
                        return self.holds(version.when, scenario)
                return False
            case Requires():
                return self.required(self.topic.procedures[condition.procedure], scenario)
            case _:
                return _atom(condition, scenario)

    def rules_for(self, code: ProcedureCode) -> Iterator[Rule]:
        for rule in self.topic.rules.values():
            if _in(rule.period, self.day) and any(effect.procedure == code for effect in rule.effects):
                yield rule

    def rule_holds(self, rule: Rule, scenario: Scenario) -> bool:
        willing = rule.voluntary is None or scenario[rule.voluntary] is True
        return _in(rule.period, self.day) and willing and self.holds(rule.when, scenario)

    def carried(self, code: ProcedureCode, scenario: Scenario) -> list[Rule]:
        holding = [rule for rule in self.rules_for(code) if self.rule_holds(rule, scenario)]
        return [rule for rule in holding if not any(rule.code in other.overrides for other in holding)]

    def required(self, procedure: Procedure, scenario: Scenario) -> bool:
        if not _in(procedure.period, self.day):
            return False
        brought = any(
            effect.brings
            for rule in self.carried(procedure.code, scenario)
            for effect in rule.effects
            if effect.procedure == procedure.code
        )
        return brought or self.holds(procedure.required_when, scenario)

    def outcome(self, code: ProcedureCode, scenario: Scenario) -> Outcome:
        procedure = self.topic.procedures[code]
        if not self.required(procedure, scenario):
            return Outcome(None)
        effects = [
            effect for rule in self.carried(code, scenario) for effect in rule.effects if effect.procedure == code
        ]
        dropped = {name for effect in effects for name in effect.conditions_dropped}
        asked = [*procedure.conditions, *(item for effect in effects for item in effect.conditions_added)]
        for item in asked:
            unmet = item.test is not None and not self.holds(item.test, scenario)
            if item.is_barrier and unmet and item.code not in dropped and _in(item.period, self.day):
                return Outcome(Treatment.CLOSED)
        treatments = {effect.treatment for effect in effects if effect.treatment is not None}
        if Treatment.CLOSED in treatments:
            return Outcome(Treatment.CLOSED)
        assert len(treatments) < 2, "the generated rules contradict each other"
        return Outcome(treatments.pop() if treatments else Treatment.STANDARD)

    def applies(self, rule: Rule, scenario: Scenario) -> bool:
        return any(
            rule in self.carried(effect.procedure, scenario)
            and self.required(self.topic.procedures[effect.procedure], scenario)
            for effect in rule.effects
        )


def _in(period: object, day: date) -> bool:
    start, end = period.start, period.end  # type: ignore[attr-defined]
    return (start is None or start <= day) and (end is None or day < end)


def _atom(condition: Condition, scenario: Scenario) -> bool:
    match condition:
        case IsOneOf():
            return scenario[condition.fact] in condition.values
        case Compare():
            left, right = scenario[condition.fact], condition.bound
            if condition.order == "below":
                return left < right  # type: ignore[operator]
            if condition.order == "at_most":
                return left <= right  # type: ignore[operator]
            if condition.order == "at_least":
                return left >= right  # type: ignore[operator]
            return left > right  # type: ignore[operator]
        case SetIs():
            chosen = scenario[condition.fact]
            assert isinstance(chosen, frozenset)
            if condition.test == "contains_any":
                return any(option in chosen for option in condition.options)
            if condition.test == "contains_all":
                return all(option in chosen for option in condition.options)
            if condition.test == "only":
                return len(chosen) > 0 and all(option in condition.options for option in chosen)
            if condition.test == "is_exactly":
                return sorted(chosen) == sorted(condition.options)
            return len(chosen) == 0
        case Within():
            return _within(scenario[condition.fact], scenario[condition.after], condition.months)
    raise TypeError(condition)


def _within(value: Value, first: Value, months: int) -> bool:
    assert isinstance(value, date)
    assert isinstance(first, date)
    year, month = first.year + (first.month - 1 + months) // 12, (first.month - 1 + months) % 12 + 1
    day = first.day
    while True:
        try:
            last = date(year, month, day)
            break
        except ValueError:
            day -= 1
    return first <= value <= last + timedelta(days=0)
