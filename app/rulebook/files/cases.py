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
    """The number, as the source gives it."""
    unit: Annotated[Unit, LAX]


class ExpectedProcedure(Entry):
    """What becomes of one procedure; only the keys that are written are compared."""

    required: bool | None = None
    """Whether it exists in this scenario; null: open."""
    treatment: Annotated[Treatment, LAX] | None = None
    """null: undecided."""
    possible: tuple[Possible, ...] | None = None
    """Treatments of all possible outcomes, in any order."""
    depends_on: tuple[FactName, ...] | None = None
    """Exactly the open facts that settle it."""
    filing_timing: Annotated[FilingTiming, LAX] | None = None
    """When the filing is made."""
    merged_into: ProcedureName | None = None
    """What it becomes part of."""
    legal_force: Annotated[Force, LAX] | None = None
    """效力 of what decides it."""
    verification: Annotated[Verification, LAX] | None = None
    """核实程度, the weakest of its sources."""
    fallback: Annotated[Treatment, LAX] | None = None
    """What applies where the company does not choose this way."""
    fallback_merged_into: ProcedureName | None = None
    """What it then becomes part of."""
    fallback_filing_timing: Annotated[FilingTiming, LAX] | None = None
    """When the filing is then made."""
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
    """Exactly those handled at the same time."""
    replaces: tuple[ProcedureName, ...] | None = None
    """Exactly those it takes the place of."""
    authority: AuthorityName | None = None
    """Who handles it."""
    level: LevelName | None = None
    """Which level handles it."""
    channel: Channel | None = None
    """办理渠道."""
    visits: int | None = None
    """到现场次数."""
    since: date | None = None
    """The first day of this outcome."""
    date_precision: Annotated[DatePrecision, LAX] | None = None
    """How exactly the day in `since` is known."""
    materials_include: tuple[MaterialName, ...] = ()
    """Asked for: required, deferred or shared."""
    materials_exclude: tuple[MaterialName, ...] = ()
    """Not asked for."""
    materials_dropped: tuple[MaterialName, ...] | None = None
    """Exactly these are no longer asked for."""
    materials_deferred: tuple[MaterialName, ...] | None = None
    """Exactly these may follow later."""
    materials_shared: tuple[MaterialName, ...] | None = None
    """Exactly these the offices have already."""
    conditions_include: tuple[Code, ...] = ()
    """Listed, as required or as dropped."""
    conditions_exclude: tuple[Code, ...] = ()
    """Not required."""
    conditions_dropped: tuple[Code, ...] | None = None
    """Exactly these are dropped."""


class Expect(Entry):
    """What a case expects; only what is written is compared."""

    status: Annotated[Status, LAX] | None = None
    """Whether all is settled, and if not, who can settle it."""
    procedures: Table[ProcedureName, Literal["not_listed"] | ExpectedProcedure] = Field(default_factory=dict)
    """Procedure -> what becomes of it, or `not_listed`."""
    barriers: tuple[Code, ...] | None = None
    """Exactly those that apply."""
    barriers_open: tuple[Code, ...] | None = None
    """Exactly those that hang on an open fact."""
    obligations_include: tuple[Code, ...] = ()
    """These apply; one that hangs on an open fact does not yet."""
    obligations_open_include: tuple[Code, ...] = ()
    """These hang on an open fact: the guide shows them as open."""
    obligations_exclude: tuple[Code, ...] = ()
    """None of these is shown, not even as open."""
    entitlements_include: tuple[Code, ...] = ()
    """These apply; one that hangs on an open fact does not yet."""
    entitlements_open_include: tuple[Code, ...] = ()
    """These hang on an open fact: the guide shows them as open."""
    entitlements_exclude: tuple[Code, ...] = ()
    """None of these is shown, not even as open."""
    notes_include: tuple[Code, ...] = ()
    """These apply; one that hangs on an open fact does not yet."""
    notes_open_include: tuple[Code, ...] = ()
    """These hang on an open fact: the guide shows them as open."""
    notes_exclude: tuple[Code, ...] = ()
    """None of these is shown, not even as open."""
    questions: tuple[FactName, ...] | None = None
    """Exactly these, in any order."""
    questions_include: tuple[FactName, ...] = ()
    """Among the questions."""
    questions_exclude: tuple[FactName, ...] = ()
    """Not among the questions."""
    confirmations: tuple[FactName, ...] | None = None
    """Exactly these, in any order."""
    definitions: Table[DefinitionName, bool | None] = Field(default_factory=dict)
    """Definition -> true, false, or null where it is open."""
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
    """The word that other files and programs name it by; it stays once it is published."""
    title: Text
    as_of: date
    """The day whose law applies."""
    facts: Table[FactName, Answer | None] = Field(default_factory=dict)
    """What is answered; what is null or left out is not."""
    clause: Annotated[Citation, BeforeValidator(_citation, json_schema_input_type=str | Citation)]
    """What says so."""
    expect: Expect
    note: Text | None = None
    """A remark that is shown with it."""
