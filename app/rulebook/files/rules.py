"""rules.yaml: when which procedure is treated how, by which clause, from which day."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from app.engine import ExtraKind, FilingTiming, Force, Treatment, Unit
from app.rulebook.files.base import (
    LAX,
    AuthorityName,
    Basis,
    Code,
    Dated,
    Entry,
    FactName,
    Figure,
    LevelName,
    MaterialName,
    Number,
    OneOrDated,
    ProcedureName,
    RuleName,
    Text,
    problem,
)
from app.rulebook.files.conditions import ConditionEntry, Constant
from app.rulebook.files.procedures import AcceptanceConditionEntry, Channel, Fee, LimitPart, MaterialItem


class ForceEntry(Dated):
    """效力 of a rule for a period."""

    force: Annotated[Force, LAX]


def _force(value: object) -> object:
    return ({"force": value},) if isinstance(value, str) else value


class EffectLimit(Dated):
    """A time limit a rule sets, for a period; null says that none is known any more."""

    value: Annotated[Number, Field(ge=0)] | None
    unit: Annotated[Unit, LAX] | None = None
    parts: tuple[LimitPart, ...] = ()
    extension: Figure | None = None
    note: Text | None = None
    basis: Basis | None = None

    @model_validator(mode="after")
    def _has_unit(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise problem("missing_key", "`value` and `unit` go together; write both, or `value: null` alone")
        return self


class MaterialsChange(Entry):
    """What a rule does to a procedure's materials."""

    add: tuple[MaterialItem, ...] = ()
    drop: tuple[MaterialName, ...] = ()
    """No longer asked for."""
    defer: tuple[MaterialName, ...] = ()
    """容缺: handed in later."""
    share: tuple[MaterialName, ...] = ()
    """数据共享: the offices have it."""


class ConditionsChange(Entry):
    """What a rule does to a procedure's acceptance conditions."""

    add: tuple[AcceptanceConditionEntry, ...] = ()
    drop: tuple[Code, ...] = ()


class ProcedureEffectEntry(Entry):
    """What a rule says about one procedure: its treatment, and 优化措施 (changes)."""

    procedure: ProcedureName
    treatment: Annotated[Treatment, LAX] | None = None
    brings: bool = False
    """Makes it required."""
    merged_into: ProcedureName | None = None
    """With `merged`: the one it becomes part of."""
    filing_timing: Annotated[FilingTiming, LAX] | None = None
    parallel_with: tuple[ProcedureName, ...] = ()
    reason: Text | None = None
    """With `closed`: why it may not be done."""
    limit: OneOrDated[EffectLimit] = ()
    materials: MaterialsChange | None = None
    conditions: ConditionsChange | None = None
    authority: AuthorityName | None = None
    level: LevelName | None = None
    channel: Channel | None = None
    visits: Annotated[int, Field(ge=0)] | None = None
    fee: Fee | None = None

    @model_validator(mode="after")
    def _goes_together(self) -> Self:
        if (self.treatment is Treatment.MERGED) != (self.merged_into is not None):
            raise problem("missing_key", "`treatment: merged` and `merged_into` go together; write both")
        if (self.treatment is Treatment.CLOSED) != (self.reason is not None):
            raise problem("missing_key", "`treatment: closed` and `reason` go together; write both")
        if len(self.model_fields_set - {"place", "procedure"}) == 0:
            raise problem("missing_key", "this effect says nothing about the procedure; give a treatment or a change")
        return self


class Due(Figure):
    """By when an obligation has to be met."""

    after: Text
    after_procedure: ProcedureName | None = None
    """The procedure whose end `after` is, where it is one's; a calendar can then name the day."""


class EntitlementEntry(Entry):
    """惠企政策. Something the company may claim or is relieved of."""

    code: Code
    name: Text
    text: Text


class ObligationEntry(Entry):
    """Something to keep to afterwards: inspections, commitments, consequences."""

    code: Code
    name: Text
    text: Text
    due: Due | None = None
    kind: Literal["duty", "check", "consequence"] = "duty"
    """What to keep to, how it is checked, or what follows where it is not kept."""
    procedures: tuple[ProcedureName, ...] = ()
    """The procedures it comes with; none where it belongs to the whole matter."""


class NoteEntry(Entry):
    """A remark of its own."""

    code: Code
    text: Text


ExtraEntry: TypeAlias = EntitlementEntry | ObligationEntry | NoteEntry


class EntitlementEffect(Entry):
    """An effect that is an entitlement."""

    entitlement: EntitlementEntry


class ObligationEffect(Entry):
    """An effect that is an obligation."""

    obligation: ObligationEntry


class NoteEffect(Entry):
    """An effect that is a note."""

    note: NoteEntry


_EFFECTS: dict[str, tuple[str, type[Entry]]] = {
    "procedure": ("<procedure>", ProcedureEffectEntry),
    "entitlement": ("<entitlement>", EntitlementEffect),
    "obligation": ("<obligation>", ObligationEffect),
    "note": ("<note>", NoteEffect),
}


def _effect(value: object) -> str | None:
    if isinstance(value, Entry):
        return next((tag for tag, model in _EFFECTS.values() if isinstance(value, model)), None)
    keys = value if isinstance(value, dict) else ()
    return next((tag for key, (tag, _) in _EFFECTS.items() if key in keys), None)


EffectEntry: TypeAlias = Annotated[
    Annotated[ProcedureEffectEntry, Tag("<procedure>")]
    | Annotated[EntitlementEffect, Tag("<entitlement>")]
    | Annotated[ObligationEffect, Tag("<obligation>")]
    | Annotated[NoteEffect, Tag("<note>")],
    Discriminator(
        _effect,
        custom_error_type="said",
        custom_error_message="an effect is a mapping with one of: procedure, entitlement, obligation, note",
    ),
]


class ConfirmWith(Entry):
    """Whom to ask before relying on it, and why."""

    authority: AuthorityName
    why: Text


class RuleEntry(Dated):
    """规则 (CPSV-AP: Rule). When a condition holds: effects, because of a clause, from a day."""

    code: Code
    title: Text
    basis: Basis
    force: Annotated[
        tuple[ForceEntry, ...],
        Field(min_length=1),
        BeforeValidator(_force, json_schema_input_type=Force | tuple[ForceEntry, ...]),
    ]
    when: ConditionEntry = Field(default_factory=lambda: Constant.model_validate({"always": True}))
    voluntary: FactName | None = None
    """The fact by which the company chooses this way; the guide names the fallback."""
    overrides: tuple[RuleName, ...] = ()
    """Rules that say nothing about a procedure where this one speaks of it; literal, not transitive."""
    confirm_with: ConfirmWith | None = None
    then: Annotated[tuple[EffectEntry, ...], Field(min_length=1)]
    doubt: Text | None = None
    """What is uncertain; shown to policy staff."""

    @property
    def procedure_effects(self) -> tuple[ProcedureEffectEntry, ...]:
        """What it says about procedures, in order."""
        return tuple(effect for effect in self.then if isinstance(effect, ProcedureEffectEntry))

    @property
    def extras(self) -> tuple[tuple[ExtraKind, ExtraEntry], ...]:
        """Its entitlements, obligations and notes, in order."""
        found: list[tuple[ExtraKind, ExtraEntry]] = []
        for effect in self.then:
            match effect:
                case EntitlementEffect(entitlement=entry):
                    found.append((ExtraKind.ENTITLEMENT, entry))
                case ObligationEffect(obligation=entry):
                    found.append((ExtraKind.OBLIGATION, entry))
                case NoteEffect(note=entry):
                    found.append((ExtraKind.NOTE, entry))
        return tuple(found)
