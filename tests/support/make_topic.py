"""Builders of small topics for the engine, every argument optional and by keyword, and a generator of random ones."""

import random
from collections.abc import Sequence
from datetime import date

from app.engine import (
    ALWAYS,
    AcceptanceCondition,
    All,
    Always,
    Any,
    AskedOf,
    AtMost,
    Compare,
    Condition,
    Constraint,
    Defined,
    Definition,
    DefinitionCode,
    DefinitionVersion,
    Extra,
    ExtraKind,
    Fact,
    FactCode,
    FactType,
    Force,
    IsOneOf,
    Not,
    Outcome,
    Period,
    Procedure,
    ProcedureCode,
    ProcedureEffect,
    ProcedureKind,
    Requires,
    Rule,
    RuleCode,
    SetIs,
    Source,
    Topic,
    Treatment,
    Verification,
    Within,
)

DAY = date(2021, 6, 1)
CHANGE = date(2021, 1, 1)
SOURCE = Source("plan", "1", Verification.FULL_TEXT)


def make_fact(
    *, code: str = "open", kind: FactType = FactType.BOOLEAN, options: Sequence[str] = (), **more: object
) -> Fact:
    """A fact, boolean unless said otherwise."""
    return Fact(FactCode(code), kind, options=tuple(options), **more)  # type: ignore[arg-type]


def make_procedure(*, code: str = "licence", **more: object) -> Procedure:
    """An approval that is always required and standard by default."""
    return Procedure(ProcedureCode(code), ProcedureKind.APPROVAL, sources=(SOURCE,), **more)  # type: ignore[arg-type]


def make_effect(
    *, procedure: str = "licence", treatment: Treatment | None = Treatment.WAIVED, **more: object
) -> ProcedureEffect:
    """An effect that waives the licence."""
    return ProcedureEffect(ProcedureCode(procedure), treatment, **more)  # type: ignore[arg-type]


def make_rule(
    *,
    code: str = "waived_where_open",
    when: Condition | None = None,
    effects: Sequence[ProcedureEffect] | None = None,
    overrides: Sequence[str] = (),
    voluntary: str | None = None,
    period: Period = ALWAYS,
    extras: Sequence[Extra] = (),
    verification: Verification = Verification.FULL_TEXT,
    force: Force = Force.BINDING,
) -> Rule:
    """A binding rule that waives the licence where `open` is true."""
    return Rule(
        code=RuleCode(code),
        when=is_true("open") if when is None else when,
        sources=(Source("plan", code, verification),),
        forces=((ALWAYS, force),),
        period=period,
        voluntary=None if voluntary is None else FactCode(voluntary),
        overrides=frozenset(RuleCode(name) for name in overrides),
        effects=(make_effect(),) if effects is None else tuple(effects),
        extras=tuple(extras),
    )


def is_true(fact: str) -> IsOneOf:
    """The boolean fact is true."""
    return IsOneOf(FactCode(fact), frozenset({True}))


def make_topic(
    *,
    facts: Sequence[Fact] | None = None,
    procedures: Sequence[Procedure] | None = None,
    rules: Sequence[Rule] | None = None,
    definitions: Sequence[Definition] = (),
    constraints: Sequence[Constraint] = (),
) -> Topic:
    """A topic with one boolean fact, one procedure and one rule unless said otherwise."""
    chosen_facts = (make_fact(),) if facts is None else facts
    chosen_procedures = (make_procedure(),) if procedures is None else procedures
    chosen_rules = (make_rule(),) if rules is None else rules
    return Topic(
        code="shop",
        facts={fact.code: fact for fact in chosen_facts},
        procedures={procedure.code: procedure for procedure in chosen_procedures},
        rules={rule.code: rule for rule in chosen_rules},
        definitions={definition.code: definition for definition in definitions},
        constraints=tuple(constraints),
        before_day=date(2020, 12, 29),
        covers_from=date(2020, 1, 1),
        reviewed_until=date(2026, 11, 22),
    )


TREATMENTS = [
    Treatment.WAIVED,
    Treatment.FILING,
    Treatment.COMMITMENT,
    Treatment.SIMPLIFIED,
    Treatment.STANDARD,
    Treatment.CLOSED,
]


class TopicMaker:
    """Random topics with constraints, definitions, dates, sets, voluntary ways and barriers, small enough to enumerate.

    Later rules of a procedure override earlier ones, so that no two contradict each other.
    """

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.facts = self._facts()

    def topic(self) -> Topic:
        """The random topic."""
        definitions = [self._definition(place) for place in range(self.random.randint(0, 2))]
        self.definitions = [item.code for item in definitions]
        procedures = self._procedures()
        return make_topic(
            facts=self.facts,
            definitions=definitions,
            procedures=procedures,
            rules=self._rules(procedures),
            constraints=self._constraints(),
        )

    def _facts(self) -> list[Fact]:
        pick = self.random
        facts = [
            make_fact(code="alpha"),
            make_fact(code="beta", asked_of=pick.choice([AskedOf.COMPANY, AskedOf.AUTHORITY])),
            make_fact(code="kind", kind=FactType.CHOICE, options=("one", "two", "three")),
            make_fact(code="choose", default=True),
        ]
        if pick.random() < 0.6:
            facts.append(
                make_fact(
                    code="goods",
                    kind=FactType.CHOICES,
                    options=("tea", "milk", "salt"),
                    empty_allowed=pick.random() < 0.5,
                )
            )
        if pick.random() < 0.7:
            facts.append(make_fact(code="small", kind=FactType.INTEGER, minimum=0, maximum=3))
            facts.append(make_fact(code="large", kind=FactType.INTEGER, minimum=0, maximum=4))
        elif pick.random() < 0.6:
            facts.append(make_fact(code="first_day", kind=FactType.DATE))
            facts.append(make_fact(code="next_day", kind=FactType.DATE))
        pick.shuffle(facts)
        return facts

    def atom(self) -> Condition:
        """A random comparison of one fact, or of the two days."""
        pick = self.random
        fact = pick.choice([item for item in self.facts if item.code != "choose"])
        match fact.type:
            case FactType.BOOLEAN:
                return IsOneOf(fact.code, frozenset({pick.random() < 0.7}))
            case FactType.CHOICE:
                return IsOneOf(fact.code, frozenset(pick.sample(fact.options, pick.randint(1, 2))))
            case FactType.CHOICES:
                test = pick.choice(["contains_any", "contains_all", "only", "is_exactly", "is_empty"])
                chosen = frozenset() if test == "is_empty" else frozenset(pick.sample(fact.options, pick.randint(1, 2)))
                return SetIs(fact.code, test, chosen)  # type: ignore[arg-type]
            case FactType.DATE:
                return Within(FactCode("next_day"), FactCode("first_day"), months=pick.choice([1, 12]))
            case _:
                order = pick.choice(["below", "at_most", "at_least", "above"])
                return Compare(fact.code, order, pick.randint(0, 4))  # type: ignore[arg-type]

    def condition(self, depth: int = 2) -> Condition:
        """A random condition."""
        pick = self.random
        roll = pick.random()
        if depth == 0 or roll < 0.4:
            return self.atom()
        if roll < 0.5 and getattr(self, "definitions", None):
            return Defined(pick.choice(self.definitions))
        if roll < 0.6:
            return Not(self.condition(depth - 1))
        parts = tuple(self.condition(depth - 1) for _ in range(2))
        return All(parts) if roll < 0.8 else Any(parts)

    def _period(self) -> Period:
        roll = self.random.random()
        if roll < 0.7:
            return ALWAYS
        return Period(CHANGE, None) if roll < 0.9 else Period(None, CHANGE)

    def _definition(self, place: int) -> Definition:
        code = DefinitionCode(f"definition_{place}")
        if self.random.random() < 0.5:
            return Definition(code, (DefinitionVersion(self.condition(), ALWAYS, (SOURCE,)),))
        halves = (Period(None, CHANGE), Period(CHANGE, None))
        return Definition(code, tuple(DefinitionVersion(self.condition(), half, (SOURCE,)) for half in halves))

    def _procedures(self) -> list[Procedure]:
        pick = self.random
        found = [make_procedure(code="first", required_when=self._sometimes())]
        found.append(make_procedure(code="second", required_when=self._sometimes(), period=self._period()))
        asks = Requires(ProcedureCode("first")) if pick.random() < 0.4 else self._sometimes()
        barrier = AcceptanceCondition("must_be", (SOURCE,), self._period(), self.condition(1), is_barrier=True)
        conditions = (barrier,) if pick.random() < 0.5 else ()
        found.append(make_procedure(code="third", required_when=asks, conditions=conditions))
        return found

    def _sometimes(self) -> Condition:
        return self.condition() if self.random.random() < 0.5 else Always()

    def _rules(self, procedures: Sequence[Procedure]) -> list[Rule]:
        pick = self.random
        rules: list[Rule] = []
        for place in range(pick.randint(3, 7)):
            targets = pick.sample([item.code for item in procedures], pick.randint(1, 2))
            effects = [self._effect(code) for code in targets]
            rules.append(
                make_rule(
                    code=f"rule_{place}",
                    when=self.condition(),
                    effects=effects,
                    overrides=[rule.code for rule in rules],
                    voluntary="choose" if pick.random() < 0.2 else None,
                    period=self._period(),
                    extras=[Extra(ExtraKind.OBLIGATION, f"duty_{place}")] if pick.random() < 0.3 else (),
                )
            )
        return rules

    def _effect(self, code: ProcedureCode) -> ProcedureEffect:
        pick = self.random
        treatment = None if pick.random() < 0.1 else pick.choice(TREATMENTS)
        dropped = frozenset({"must_be"}) if pick.random() < 0.2 else frozenset()
        added = AcceptanceCondition(f"added_{pick.randint(0, 1)}", (SOURCE,), self._period(), self.condition(1), True)
        return make_effect(
            procedure=code,
            treatment=treatment,
            brings=pick.random() < 0.2,
            conditions_dropped=dropped,
            conditions_added=(added,) if pick.random() < 0.15 else (),
        )

    def _constraints(self) -> list[Constraint]:
        pick = self.random
        found = [
            Constraint(f"never_{place}", Not(All((self.atom(), self.atom())))) for place in range(pick.randint(0, 2))
        ]
        if pick.random() < 0.4:
            one, other = is_true("alpha"), IsOneOf(FactCode("kind"), frozenset({"one"}))
            found.append(Constraint("tied", Any((All((one, other)), All((Not(one), Not(other)))))))
        if any(fact.code == "small" for fact in self.facts) and pick.random() < 0.7:
            found.append(Constraint("ordered", AtMost(FactCode("small"), FactCode("large"))))
        return [item for item in found if not _names_days(item)]


def _names_days(item: Constraint) -> bool:
    return "Within" in repr(item)


def outcome(treatment: Treatment) -> Outcome:
    """The plain outcome of a treatment."""
    return Outcome(treatment)
