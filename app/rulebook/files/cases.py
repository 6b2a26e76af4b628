"""cases.yaml: worked examples. Facts, day, what the law makes of them, and the clause that says so."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from app.engine import ExtraKind, FilingTiming, Force, Status, Treatment, Unit, Verification
from app.rulebook.files.base import (
    LAX,
    AuthorityName,
    Citation,
    Code,
    DatePrecision,
    DefinitionName,
    Entry,
    FactName,
    LevelName,
    MaterialName,
    Number,
    OptionCode,
    ProcedureName,
    RuleName,
    Table,
    Text,
)
from app.rulebook.files.procedures import Channel

Answer: TypeAlias = bool | int | Decimal | date | OptionCode | tuple[OptionCode, ...]
#: What cases call each kind of effect beside outcomes: each has `…_include`, `…_open_include` and `…_exclude`.
PLURALS: Final = {kind: f"{kind.value}s" for kind in ExtraKind}
Possible: TypeAlias = Literal["not_required"] | Annotated[Treatment, LAX]


class ExpectedDays(Entry):
    """The applicable time limit."""

    value: Number
    unit: Annotated[Unit, LAX]


class ExpectedProcedure(Entry):
    """What becomes of one procedure; only the keys that are written are compared."""

    required: bool | None = None
    treatment: Annotated[Treatment, LAX] | None = None
    """null: undecided."""
    possible: tuple[Possible, ...] | None = None
    """Treatments of all possible outcomes, in any order."""
    depends_on: tuple[FactName, ...] | None = None
    filing_timing: Annotated[FilingTiming, LAX] | None = None
    merged_into: ProcedureName | None = None
    legal_force: Annotated[Force, LAX] | None = None
    verification: Annotated[Verification, LAX] | None = None
    fallback: Annotated[Treatment, LAX] | None = None
    fallback_merged_into: ProcedureName | None = None
    fallback_filing_timing: Annotated[FilingTiming, LAX] | None = None
    days: ExpectedDays | None = None
    """The applicable time limit; null: none is known."""
    rules: tuple[RuleName, ...] | None = None
    """Exactly the rules behind the outcome that set a treatment, in any order."""
    rules_include: tuple[RuleName, ...] = ()
    """Among all rules behind the outcome, those with mere changes included."""
    rules_exclude: tuple[RuleName, ...] = ()
    """Not behind the outcome, and with no change either."""
    confirm: bool | None = None
    """Whether it says `confirm_with`."""
    parallel_with: tuple[ProcedureName, ...] | None = None
    replaces: tuple[ProcedureName, ...] | None = None
    authority: AuthorityName | None = None
    level: LevelName | None = None
    channel: Channel | None = None
    visits: int | None = None
    since: date | None = None
    date_precision: Annotated[DatePrecision, LAX] | None = None
    """How exactly the day in `since` is known."""
    materials_include: tuple[MaterialName, ...] = ()
    """Asked for: required, deferred or shared."""
    materials_exclude: tuple[MaterialName, ...] = ()
    materials_dropped: tuple[MaterialName, ...] | None = None
    """Exactly these are no longer asked for."""
    materials_deferred: tuple[MaterialName, ...] | None = None
    materials_shared: tuple[MaterialName, ...] | None = None
    conditions_include: tuple[Code, ...] = ()
    """Listed, as required or as dropped."""
    conditions_exclude: tuple[Code, ...] = ()
    """Not required."""
    conditions_dropped: tuple[Code, ...] | None = None
    """Exactly these are dropped."""


class Expect(Entry):
    """What a case expects; only what is written is compared."""

    status: Annotated[Status, LAX] | None = None
    procedures: Table[ProcedureName, Literal["not_listed"] | ExpectedProcedure] = Field(default_factory=dict)
    barriers: tuple[Code, ...] | None = None
    """Exactly those that apply."""
    barriers_open: tuple[Code, ...] | None = None
    """Exactly those that hang on an open fact."""
    obligations_include: tuple[Code, ...] = ()
    """These apply; one that hangs on an open fact does not yet. Entitlements and notes alike."""
    obligations_open_include: tuple[Code, ...] = ()
    """These hang on an open fact: the guide shows them as open."""
    obligations_exclude: tuple[Code, ...] = ()
    """None of these is shown, not even as open."""
    entitlements_include: tuple[Code, ...] = ()
    entitlements_open_include: tuple[Code, ...] = ()
    entitlements_exclude: tuple[Code, ...] = ()
    notes_include: tuple[Code, ...] = ()
    notes_open_include: tuple[Code, ...] = ()
    notes_exclude: tuple[Code, ...] = ()
    questions: tuple[FactName, ...] | None = None
    """Exactly these, in any order."""
    questions_include: tuple[FactName, ...] = ()
    questions_exclude: tuple[FactName, ...] = ()
    confirmations: tuple[FactName, ...] | None = None
    """Exactly these, in any order."""
    definitions: Table[DefinitionName, bool | None] = Field(default_factory=dict)
    definitions_by: Table[DefinitionName, tuple[str, ...]] = Field(default_factory=dict)
    """Exactly the sources, `policy#article`, on which each definition rests that day; none where it is not in force."""
    given_by: Table[Code, tuple[RuleName, ...]] = Field(default_factory=dict)
    """Exactly the rules that give each entitlement, obligation or note."""
    sound: tuple[ProcedureName, ...] = ()
    """These have one outcome, and nothing about them clashes, whatever the facts leave open."""
    reached: tuple[RuleName, ...] = ()
    """Each of these rules has an effect in some way of answering what the facts leave open."""
    overriding: Table[RuleName, tuple[RuleName, ...]] = Field(default_factory=dict)
    """Each of these rules overrides those beside it in some way of answering what the facts leave open."""
    moving: tuple[FactName, ...] = ()
    """The answer to each of these facts still changes something."""


def _citation(value: object) -> object:
    return {"ref": value} if isinstance(value, str) else value


class CaseEntry(Entry):
    """A worked example of a topic."""

    code: Code
    title: Text
    as_of: date
    facts: Table[FactName, Answer | None] = Field(default_factory=dict)
    clause: Annotated[Citation, BeforeValidator(_citation, json_schema_input_type=str | Citation)]
    """What says so."""
    expect: Expect
    note: Text | None = None
