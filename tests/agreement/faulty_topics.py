"""Random topics with faults planted in them: every kind that a proof can find, many of them at once."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.engine import (
    ALWAYS,
    All,
    Any,
    Constraint,
    Duration,
    FactCode,
    IsOneOf,
    LimitFigure,
    MaterialChange,
    Not,
    Period,
    ProcedureCode,
    ProcedureEffect,
    Rule,
    Topic,
    Treatment,
    Unit,
)
from tests.support.make_topic import CHANGE, TopicMaker, is_true, make_effect, make_fact, make_procedure, make_rule


class Planter:
    """Plants faults in the random topic of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.topic = TopicMaker(seed).topic()

    def faulty(self) -> Topic:
        """The topic with one to three faults; now and then a plant comes to nothing, which both sides must see too."""
        for plant in self.random.sample(self._plants(), self.random.randint(1, 3)):
            plant()
        return self.topic

    def _plants(self) -> list[Callable[[], None]]:
        return [
            self._no_overrides,
            self._no_default,
            self._merge,
            self._merge_both_ways,
            self._wait_in_a_circle,
            self._run_beside_what_waits,
            self._never_holds,
            self._never_in_force,
            self._idle_override,
            self._limits_clash,
            self._offices_clash,
            self._papers_clash,
            self._moves_nothing,
            self._nothing_possible,
        ]

    def _rule(self) -> Rule:
        return self.random.choice(list(self.topic.rules.values()))

    def _put(self, *rules: Rule) -> None:
        known = {**self.topic.rules, **{rule.code: rule for rule in rules}}
        self.topic = replace(self.topic, rules=known)

    def _effect(self, code: str, effect: ProcedureEffect, period: Period = ALWAYS) -> None:
        when = self.random.choice([is_true("alpha"), is_true("beta"), Not(is_true("alpha")), is_true("choose")])
        self._put(make_rule(code=code, when=when, effects=[effect], overrides=(), period=period))

    def _no_overrides(self) -> None:
        self._put(*(replace(rule, overrides=frozenset()) for rule in self.topic.rules.values()))

    def _no_default(self) -> None:
        procedures = {code: replace(item, has_default=False) for code, item in self.topic.procedures.items()}
        self.topic = replace(self.topic, procedures=procedures)

    def _merge(self) -> None:
        one, other = self.random.sample(list(self.topic.procedures), 2)
        self._effect("joined", make_effect(procedure=one, treatment=Treatment.MERGED, merged_into=ProcedureCode(other)))

    def _merge_both_ways(self) -> None:
        self._put(*(replace(rule, overrides=frozenset()) for rule in self.topic.rules.values()))
        self.topic = replace(self.topic, rules={})
        for one, other in (("first", "second"), ("second", "first")):
            effect = make_effect(procedure=one, treatment=Treatment.MERGED, merged_into=ProcedureCode(other))
            self._effect(f"{one}_joined", effect)

    def _wait_in_a_circle(self) -> None:
        """first waits for second, which waits for a fourth; the fourth is handled together with first."""
        self._chain()
        effect = make_effect(procedure="fourth", treatment=Treatment.MERGED, merged_into=ProcedureCode("first"))
        self._effect("fourth_with_first", effect)

    def _run_beside_what_waits(self) -> None:
        self._chain()
        effect = make_effect(procedure="first", treatment=None, parallel_with=frozenset({ProcedureCode("fourth")}))
        self._effect("first_beside_fourth", effect, Period(CHANGE, None))

    def _chain(self) -> None:
        waits = {"first": ("second",), "second": ("fourth",), "third": (), "fourth": ()}
        known = {**self.topic.procedures, ProcedureCode("fourth"): make_procedure(code="fourth")}
        self.topic = replace(
            self.topic,
            procedures={
                code: replace(item, depends_on=tuple(ProcedureCode(name) for name in waits[code]))
                for code, item in known.items()
            },
        )

    def _never_holds(self) -> None:
        rule = self._rule()
        self._put(replace(rule, when=All((rule.when, is_true("alpha"), Not(is_true("alpha"))))))

    def _never_in_force(self) -> None:
        self._put(replace(self._rule(), period=Period(None, date(2019, 1, 1))))

    def _idle_override(self) -> None:
        rules = [
            make_rule(code="by_day", when=is_true("alpha"), effects=[make_effect(procedure="first")]),
            make_rule(
                code="by_night",
                when=Not(is_true("alpha")),
                effects=[make_effect(procedure="first")],
                overrides=["by_day"],
            ),
        ]
        self._put(*rules)

    def _limits_clash(self) -> None:
        for code, value, period in (("quick", 5, ALWAYS), ("slow", 10, Period(date(2021, 3, 1), None))):
            figure = LimitFigure(period, Duration(Decimal(value), Unit.WORKING_DAY))
            self._effect(code, make_effect(procedure="second", treatment=None, limits=(figure,)))

    def _offices_clash(self) -> None:
        for code, office in (("here", "district"), ("there", "city")):
            self._effect(code, make_effect(procedure="third", treatment=None, authority=office, visits=len(office)))

    def _papers_clash(self) -> None:
        paper = frozenset({"form"})
        for code, change in (
            ("dropped", MaterialChange(dropped=paper)),
            ("later", MaterialChange(deferred=paper)),
        ):
            self._effect(code, make_effect(procedure="first", treatment=None, materials=change))

    def _moves_nothing(self) -> None:
        """A new fact stands in a condition that holds without it."""
        fact = make_fact(code="idle")
        rule = self._rule()
        absorbed = Any((rule.when, All((rule.when, is_true("idle")))))
        self.topic = replace(self.topic, facts={**self.topic.facts, fact.code: fact})
        self._put(replace(rule, when=absorbed))

    def _nothing_possible(self) -> None:
        here = IsOneOf(FactCode("alpha"), frozenset({True}))
        both = (Constraint("always", here), Constraint("never", Not(here)))
        self.topic = replace(self.topic, constraints=(*self.topic.constraints, *both))
