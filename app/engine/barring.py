"""What of the law can bar: the rules that close a procedure, and its conditions of acceptance that close it unmet."""

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from app.engine.conditions import Condition
from app.engine.facts import ProcedureCode, RuleCode
from app.engine.leaf import effect_of
from app.engine.model import AcceptanceCondition, Procedure, Rule, Topic, Treatment

#: A condition of acceptance, with the rule that adds it, None where it is the procedure's own.
Added: TypeAlias = tuple[AcceptanceCondition, Rule | None]


class Barring:
    """What can bar in a topic, whatever the scenario.

    Shape: by procedure, `conditions` those of acceptance that close it when not met, `tests` what facts could test of
        all its conditions of acceptance, a rule's ones included in both.
    """

    def __init__(self, topic: Topic, rules: Mapping[ProcedureCode, tuple[Rule, ...]]) -> None:
        self._topic = topic
        self.conditions: dict[ProcedureCode, tuple[Added, ...]] = {}
        self.tests: dict[ProcedureCode, tuple[Condition, ...]] = {}
        self._closed: dict[str, tuple[ProcedureCode, ...]] = {}
        for procedure in topic.procedures.values():
            speaking = rules.get(procedure.code, ())
            asked = _asked(procedure, speaking)
            barring = tuple((condition, rule) for condition, rule in asked if condition.is_barrier)
            self.conditions[procedure.code] = barring
            self.tests[procedure.code] = tuple(condition.test for condition, _ in asked if condition.test is not None)
            closing = [str(rule.code) for rule in speaking if effect_of(rule, procedure).treatment is Treatment.CLOSED]
            for code in dict.fromkeys((*closing, *(condition.code for condition, _ in barring))):
                self._closed[code] = (*self._closed.get(code, ()), procedure.code)

    def closed_by(self, code: str) -> tuple[ProcedureCode, ...]:
        """The procedures that a closing rule or a condition of acceptance of this code can close."""
        return self._closed.get(code, ())

    def is_closing(self, code: str) -> bool:
        """Whether the code is that of a rule that closes a procedure."""
        rule = self._topic.rules.get(RuleCode(code))
        return rule is not None and _closes(rule)

    def codes_on(self, day: date) -> tuple[str, ...]:
        """The codes of what can bar on the day: rules, then conditions of acceptance."""
        rules = [str(rule.code) for rule in self._topic.rules.values() if rule.period.covers(day) and _closes(rule)]
        conditions = [
            condition.code
            for added in self.conditions.values()
            for condition, _ in added
            if condition.period.covers(day)
        ]
        return tuple(dict.fromkeys([*rules, *conditions]))


def _asked(procedure: Procedure, rules: tuple[Rule, ...]) -> tuple[Added, ...]:
    """The procedure's conditions of acceptance, and those its rules add."""
    added = [(condition, rule) for rule in rules for condition in effect_of(rule, procedure).conditions_added]
    return (*((condition, None) for condition in procedure.conditions), *added)


def _closes(rule: Rule) -> bool:
    return any(effect.treatment is Treatment.CLOSED for effect in rule.effects)
