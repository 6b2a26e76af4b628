"""Frozen records the engine works on. Words, quotes and translations stay in the rulebook; here are codes only."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.engine.conditions import Always, Condition
from app.engine.facts import DefinitionCode, Fact, FactCode, ProcedureCode, RuleCode
from app.engine.periods import ALWAYS, Period


class Treatment(enum.StrEnum):
    """办理方式. What the law does to a procedure in a scenario, listed from lighter to stricter."""

    WAIVED = "waived"
    PROACTIVE = "proactive"
    MERGED = "merged"
    FILING = "filing"
    COMMITMENT = "commitment"
    SIMPLIFIED = "simplified"
    STANDARD = "standard"
    CLOSED = "closed"

    @property
    def weight(self) -> int:
        """Its place in the order, 0 for the lightest."""
        return _WEIGHTS[self]


_WEIGHTS = {treatment: place for place, treatment in enumerate(Treatment)}
#: Treatments that leave the company nothing to do.
NOTHING_TO_DO = frozenset({Treatment.WAIVED, Treatment.PROACTIVE})
#: Treatments under which the company hands something in.
HANDED_IN = frozenset({Treatment.FILING, Treatment.COMMITMENT, Treatment.SIMPLIFIED, Treatment.STANDARD})


class Force(enum.StrEnum):
    """效力. How firmly the source decides, strongest first; `plan_intent` never decides."""

    BINDING = "binding"
    PLAN_COMMITMENT = "plan_commitment"
    PLAN_INTENT = "plan_intent"


class Verification(enum.StrEnum):
    """核实程度. How well a source was seen, best first."""

    FULL_TEXT = "full_text"
    EXCERPT = "excerpt"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"


def weakest(marks: "list[Verification] | tuple[Verification, ...]") -> Verification | None:
    """The weakest of the marks, None for none."""
    return max(marks, key=_STRENGTHS.__getitem__) if marks else None


_STRENGTHS = {mark: place for place, mark in enumerate(Verification)}


class FilingTiming(enum.StrEnum):
    """备案时点. When a filing has to be made."""

    PRIOR = "prior"
    WITH_REGISTRATION = "with_registration"
    POST = "post"


class Unit(enum.StrEnum):
    """Units of time as the sources write them; never converted and never added together."""

    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    DAY_UNSPECIFIED = "day_unspecified"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    MINUTE = "minute"


class ProcedureKind(enum.StrEnum):
    """What sort of thing a procedure is, seen from the company."""

    APPROVAL = "approval"
    FILING = "filing"
    REVIEW = "review"
    SERVICE = "service"
    PRIVATE_CONTRACT = "private_contract"
    INTERNAL = "internal"
    INSPECTION = "inspection"


#: Kinds the company applies for; counted in before and after.
APPLIED_FOR = frozenset({ProcedureKind.APPROVAL, ProcedureKind.FILING, ProcedureKind.REVIEW, ProcedureKind.SERVICE})
#: Kinds that are no step of the company's own.
BEHIND_THE_COUNTER = frozenset({ProcedureKind.INTERNAL, ProcedureKind.INSPECTION})


class ExtraKind(enum.StrEnum):
    """What a rule may give besides treatments and changes."""

    ENTITLEMENT = "entitlement"
    OBLIGATION = "obligation"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a procedure comes to: not required (treatment None), or a treatment with its particulars."""

    treatment: Treatment | None
    filing_timing: FilingTiming | None = None
    merged_into: ProcedureCode | None = None

    @property
    def required(self) -> bool:
        """Whether the procedure exists in the scenario at all."""
        return self.treatment is not None

    @property
    def nothing_to_do(self) -> bool:
        """Whether it leaves the company nothing to do."""
        return self.treatment is None or self.treatment in NOTHING_TO_DO

    @property
    def rank(self) -> tuple[int, str, str]:
        """Sorts outcomes: not required first, then lightest first."""
        weight = -1 if self.treatment is None else self.treatment.weight
        return (weight, self.filing_timing or "", self.merged_into or "")


NOT_REQUIRED = Outcome(None)


@dataclass(frozen=True, slots=True)
class Source:
    """依据. A policy's article or clause as cited by a rule, for as long as it carries it."""

    policy: str
    article: str
    verification: Verification
    period: Period = ALWAYS

    @property
    def reference(self) -> str:
        """`policy#article`, as the rulebook writes it."""
        return f"{self.policy}#{self.article}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A number of time units as the source gives it."""

    value: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class LimitFigure:
    """A time limit set by a rule for a period; `index` finds its words in the rulebook."""

    period: Period
    duration: Duration | None
    sources: tuple[Source, ...] = ()
    index: int = 0


@dataclass(frozen=True, slots=True)
class ProcedureLimit:
    """法定办结时限 and 承诺办结时限 of a procedure for a period; None is not known."""

    period: Period
    statutory: Duration | None
    promised: Duration | None
    sources: tuple[Source, ...]
    index: int = 0


@dataclass(frozen=True, slots=True)
class AcceptanceCondition:
    """受理条件. What has to be so before the office takes the case; tested by a fact where one can."""

    code: str
    sources: tuple[Source, ...]
    period: Period = ALWAYS
    test: Condition | None = None
    is_barrier: bool = False


@dataclass(frozen=True, slots=True)
class MaterialItem:
    """申请材料. One paper a procedure asks for."""

    code: str
    period: Period = ALWAYS


@dataclass(frozen=True, slots=True)
class MaterialChange:
    """What a rule does to a procedure's materials, by material code."""

    added: tuple[MaterialItem, ...] = ()
    dropped: frozenset[str] = frozenset()
    deferred: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ProcedureEffect:
    """All that one rule says about one procedure: treatment, and 优化措施 (changes)."""

    procedure: ProcedureCode
    treatment: Treatment | None = None
    brings: bool = False
    merged_into: ProcedureCode | None = None
    filing_timing: FilingTiming | None = None
    parallel_with: frozenset[ProcedureCode] = frozenset()
    limits: tuple[LimitFigure, ...] = ()
    materials: MaterialChange = MaterialChange()
    conditions_added: tuple[AcceptanceCondition, ...] = ()
    conditions_dropped: frozenset[str] = frozenset()
    authority: str | None = None
    level: str | None = None
    channel: str | None = None
    visits: int | None = None
    has_fee: bool = False


@dataclass(frozen=True, slots=True)
class Extra:
    """An entitlement, obligation or note a rule gives."""

    kind: ExtraKind
    code: str


@dataclass(frozen=True, slots=True)
class Rule:
    """规则 (CPSV-AP: Rule). When its condition holds: treatments, changes and extras, because of a clause."""

    code: RuleCode
    when: Condition
    sources: tuple[Source, ...]
    forces: tuple[tuple[Period, Force], ...]
    period: Period = ALWAYS
    voluntary: FactCode | None = None
    overrides: frozenset[RuleCode] = frozenset()
    effects: tuple[ProcedureEffect, ...] = ()
    extras: tuple[Extra, ...] = ()
    needs_confirmation: bool = False

    def effect_on(self, procedure: ProcedureCode) -> ProcedureEffect | None:
        """What it says about the procedure, None for nothing."""
        return next((effect for effect in self.effects if effect.procedure == procedure), None)

    def force_on(self, day: date) -> Force | None:
        """The force it has on the day, None where its dated list leaves a hole."""
        return next((force for period, force in self.forces if period.covers(day)), None)


@dataclass(frozen=True, slots=True)
class Procedure:
    """事项 (CPSV-AP: PublicService). One approval, filing, review or service."""

    code: ProcedureCode
    kind: ProcedureKind
    required_when: Condition = Always()
    period: Period = ALWAYS
    has_default: bool = True
    depends_on: tuple[ProcedureCode, ...] = ()
    replaces: tuple[ProcedureCode, ...] = ()
    filing_timing: FilingTiming | None = None
    optional: bool = False
    limits: tuple[ProcedureLimit, ...] = ()
    materials: tuple[MaterialItem, ...] | None = None
    materials_complete: bool = False
    conditions: tuple[AcceptanceCondition, ...] = ()
    visits: int | None = None
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class DefinitionVersion:
    """A definition's wording for a period."""

    when: Condition
    period: Period
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """认定标准. A named, dated condition; its versions do not overlap."""

    code: DefinitionCode
    versions: tuple[DefinitionVersion, ...]

    def version_on(self, day: date) -> DefinitionVersion | None:
        """The version in force, None for none."""
        return next((version for version in self.versions if version.period.covers(day)), None)


@dataclass(frozen=True, slots=True)
class AtMost:
    """`lesser` ≤ `greater` + `plus`, for two number facts of one type or two dates (`plus` in days)."""

    lesser: FactCode
    greater: FactCode
    plus: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Constraint:
    """常识约束. What every possible scenario keeps: a condition on facts, or an order between two of them."""

    code: str
    holds: Condition | AtMost


@dataclass(frozen=True, slots=True)
class Topic:
    """一件事 (CPSV-AP: BusinessEvent). A wish with all that bears on it: facts, definitions, procedures, rules.

    Shape: `facts` in the order they are asked, `procedures` in the order they are listed.
    """

    code: str
    facts: Mapping[FactCode, Fact]
    procedures: Mapping[ProcedureCode, Procedure]
    rules: Mapping[RuleCode, Rule]
    before_day: date
    covers_from: date
    reviewed_until: date
    definitions: Mapping[DefinitionCode, Definition] = field(default_factory=dict)
    constraints: tuple[Constraint, ...] = ()
