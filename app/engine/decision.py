"""Frozen records of what the engine found for one scenario on one day: the answer, before any words."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.engine.conditions import Condition, Truth
from app.engine.facts import DefinitionCode, FactCode, ProcedureCode, RuleCode, Value
from app.engine.model import (
    AcceptanceCondition,
    Duration,
    Extra,
    Force,
    LimitFigure,
    Outcome,
    ProcedureLimit,
    Source,
    Treatment,
    Verification,
)


class Status(enum.StrEnum):
    """Whether procedures and barriers are settled, and if not, who can settle them."""

    COMPLETE = "complete"
    NEEDS_ANSWERS = "needs_answers"
    NEEDS_CONFIRMATION = "needs_confirmation"


class MaterialStatus(enum.StrEnum):
    """What becomes of a paper: hand it in, no longer asked, hand it in later, the offices share it."""

    REQUIRED = "required"
    DROPPED = "dropped"
    DEFERRED = "deferred"
    SHARED = "shared"


@dataclass(frozen=True, slots=True)
class MaterialDecision:
    """One paper of a procedure and what becomes of it."""

    code: str
    status: MaterialStatus


@dataclass(frozen=True, slots=True)
class ConditionDecision:
    """One acceptance condition: asked for or dropped, and whether the scenario meets it.

    Unknown: `met` None where no fact tests it or the fact is open.
    """

    condition: AcceptanceCondition
    required: bool
    met: Truth


@dataclass(frozen=True, slots=True)
class LimitDecision:
    """The time limits of a procedure under its outcome.

    Shape: `figure` and its `rule` where a rule sets the applicable limit, `law` where the procedure's own stands.
    Unknown: each duration may be None: no source gives it.
    """

    applicable: Duration | None
    law: ProcedureLimit | None
    figure: LimitFigure | None
    rule: RuleCode | None
    verification: Verification | None
    counts_as_unknown: bool


@dataclass(frozen=True, slots=True)
class CarriedRule:
    """A rule behind an outcome.

    Shape: `certain` where every possible outcome rests on it; `treatments` those it sets among the possible ones.
    """

    rule: RuleCode
    certain: bool
    treatments: tuple[Treatment | None, ...]


@dataclass(frozen=True, slots=True)
class ProcedureDecision:
    """What becomes of one procedure that exists, or may exist, in the scenario.

    Shape: `possible` sorted, not required first, then lightest first; exact. `depends_on` in topic order, none spare.
        `detail_facts` are open facts that move only days, materials, fees or the office.
    Unknown: `outcome` None while undecided; `required` None while it is open whether it exists;
        `since` None where the outcome holds since before the first encoded law; `serial` the same only
        for what is the same, `alike` also where other conditions are met or open, or others run beside it.
    """

    code: ProcedureCode
    required: Truth
    outcome: Outcome | None
    possible: tuple[Outcome, ...]
    depends_on: tuple[FactCode, ...]
    rules: tuple[CarriedRule, ...]
    fallback: Outcome | None
    voluntary: FactCode | None
    force: Force | None
    verification: Verification | None
    limit: LimitDecision
    materials: tuple[MaterialDecision, ...] | None
    materials_complete: bool
    conditions: tuple[ConditionDecision, ...]
    parallel_with: tuple[ProcedureCode, ...]
    replaces: tuple[ProcedureCode, ...]
    authority: str | None
    level: str | None
    channel: str | None
    visits: int | None
    fee_rule: RuleCode | None
    since: date | None
    detail_facts: tuple[FactCode, ...]
    serial: int = field(compare=False)
    alike: int = field(compare=False)

    @property
    def is_decided(self) -> bool:
        """Whether exactly one outcome is possible."""
        return self.outcome is not None


@dataclass(frozen=True, slots=True)
class BarrierDecision:
    """A reason why it may not be done as described: a rule that closes, or an acceptance condition not met.

    Shape: `rule` or `condition` is given, never both.
    """

    code: str
    rule: RuleCode | None
    condition: str | None
    applies: Truth
    depends_on: tuple[FactCode, ...]
    procedures: tuple[ProcedureCode, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ExtraDecision:
    """An entitlement, obligation or note that applies, or may.

    Shape: `serial` the same only for what is the same.
    """

    extra: Extra
    applies: Truth
    depends_on: tuple[FactCode, ...]
    rules: tuple[RuleCode, ...]
    serial: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class OpenFact:
    """An open fact worth answering, and the procedures and barriers it can still change.

    Shape: `optional` where it moves no outcome, only details or entitlements.
    """

    fact: FactCode
    decides: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """导办结果 in codes: all that the rules come to for one scenario on one day.

    Shape: `answers` given and assumed ones in topic order; `procedures` those listed, in topic order;
        `questions` best first; `confirmations` the open facts only an authority can settle; `cells` those of the
        levels that the answers fix.
    """

    topic: str
    day: date
    answers: Mapping[FactCode, Value]
    assumed: tuple[FactCode, ...]
    status: Status
    definitions: Mapping[DefinitionCode, Truth]
    procedures: tuple[ProcedureDecision, ...]
    barriers: tuple[BarrierDecision, ...]
    extras: tuple[ExtraDecision, ...]
    questions: tuple[OpenFact, ...]
    confirmations: tuple[OpenFact, ...]
    cells: Mapping[int, int] = field(compare=False, repr=False)

    def procedure(self, code: ProcedureCode) -> ProcedureDecision | None:
        """The procedure's decision, None where it is not listed."""
        return next((item for item in self.procedures if item.code == code), None)


@dataclass(frozen=True, slots=True)
class ConditionReading:
    """One condition of a rule read against the answers, for `because`.

    Unknown: `holds` None where it is open, also under a decided outcome ("either way").
    """

    condition: Condition
    holds: Truth


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One single different answer that leads to another treatment.

    Shape: `answer` the option, the option set, or the number at the other cell's boundary; `side` tells whether the
        cell holds that number ("is") or begins just "above" or ends just "below" it. `serial` the same only for what is
        the same and seen from the same cell, None where it hangs on more of the present answer.
    """

    procedure: ProcedureCode
    fact: FactCode
    answer: Value
    side: str
    treatment: Treatment | None
    serial: int | None = field(compare=False)


@dataclass(frozen=True, slots=True)
class Step:
    """办事步骤. Procedures handled together, and the steps that must be over before."""

    number: int
    procedures: tuple[ProcedureCode, ...]
    starts_after: tuple[int, ...]
    days: Duration | None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a path comes to: procedures, working days on the critical path, papers, visits.

    Shape: `each` procedure with what it comes to alone.
    Units: `days` in working days; durations in other units weigh nothing and are named in `other_units`.
    Unknown: in `each` None where there are no days of its own; `unknown_days` are procedures without a figure; with
        any of these the days are "at least".
    """

    day: date
    procedures: int
    days: Duration
    days_complete: bool
    unknown_days: tuple[ProcedureCode, ...]
    other_units: tuple[tuple[ProcedureCode, Duration], ...]
    verification: Verification | None
    materials: int
    materials_complete: bool
    visits: int | None
    complete: bool
    each: tuple[tuple[ProcedureCode, Duration | None], ...]


@dataclass(frozen=True, slots=True)
class Path:
    """办事路径. The steps in order and what they come to, before the reform and now.

    Unknown: `before` and `after` None while a barrier holds.
    """

    steps: tuple[Step, ...]
    before: Totals | None
    after: Totals | None
