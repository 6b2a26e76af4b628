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
    """The number; null where none is known any more."""
    unit: Annotated[Unit, LAX] | None = None
    """What `value` counts."""
    parts: tuple[LimitPart, ...] = ()
    """Named stretches; `value` is the period of decision."""
    extension: Figure | None = None
    """What it may be prolonged by; never counted."""
    note: Text | None = None
    """A remark that is shown with it."""
    basis: Basis | None = None
    """Its own sources, where the rule's do not say it."""

    @model_validator(mode="after")
    def _has_unit(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise problem("missing_key", "`value` and `unit` go together; write both, or `value: null` alone")
        return self


def _one_to_list(value: object) -> object:
    return (value,) if isinstance(value, dict) else value


#: One time limit, or a list of them, each for its period.
EffectLimits: TypeAlias = Annotated[
    tuple[EffectLimit, ...],
    BeforeValidator(_one_to_list, json_schema_input_type=EffectLimit | tuple[EffectLimit, ...]),
]


class MaterialsChange(Entry):
    """What a rule does to a procedure's materials."""

    add: tuple[MaterialItem, ...] = ()
    """Papers that come in."""
    drop: tuple[MaterialName, ...] = ()
    """No longer asked for."""
    defer: tuple[MaterialName, ...] = ()
    """容缺: handed in later."""
    share: tuple[MaterialName, ...] = ()
    """数据共享: the offices have it."""


class ConditionsChange(Entry):
    """What a rule does to a procedure's acceptance conditions."""

    add: tuple[AcceptanceConditionEntry, ...] = ()
    """Conditions that come in."""
    drop: tuple[Code, ...] = ()
    """Conditions no longer asked for, by code."""


class ProcedureEffectEntry(Entry):
    """What a rule says about one procedure: its treatment, and 优化措施 (changes)."""

    procedure: ProcedureName
    """The procedure it speaks of."""
    treatment: Annotated[Treatment, LAX] | None = None
    """办理方式 of the procedure; nothing is said of it without this."""
    brings: bool = False
    """Makes it required."""
    merged_into: ProcedureName | None = None
    """With `merged`: the one it becomes part of."""
    filing_timing: Annotated[FilingTiming, LAX] | None = None
    """When a filing has to be made."""
    parallel_with: tuple[ProcedureName, ...] = ()
    """Handled at the same time as these; none waits for another."""
    reason: Text | None = None
    """With `closed`: why it may not be done."""
    limit: EffectLimits = ()
    """The time limit now, or several, each for its period."""
    materials: MaterialsChange | None = None
    """What becomes of its papers."""
    conditions: ConditionsChange | None = None
    """What becomes of its acceptance conditions."""
    authority: AuthorityName | None = None
    """Who handles it now."""
    level: LevelName | None = None
    """Which level handles it now."""
    channel: Channel | None = None
    """办理渠道 now."""
    visits: Annotated[int, Field(ge=0)] | None = None
    """到现场次数 now."""
    fee: Fee | None = None
    """What it costs now."""

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
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    text: Text


class ObligationEntry(Entry):
    """Something to keep to afterwards: inspections, commitments, consequences."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    text: Text
    due: Due | None = None
    """By when, where the source says."""
    kind: Literal["duty", "check", "consequence"] = "duty"
    """What to keep to, how it is checked, or what follows where it is not kept."""
    procedures: tuple[ProcedureName, ...] = ()
    """The procedures it comes with; none where it belongs to the whole matter."""


class NoteEntry(Entry):
    """A remark of its own."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
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
    """The authority's code."""
    why: Text


class RuleEntry(Dated):
    """规则 (CPSV-AP: Rule). When a condition holds: effects, because of a clause, from a day."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    title: Text
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""
    force: Annotated[
        tuple[ForceEntry, ...],
        Field(min_length=1),
        BeforeValidator(_force, json_schema_input_type=Force | tuple[ForceEntry, ...]),
    ]
    """效力: binding, plan_commitment or plan_intent; a list where it changes over time."""
    when: ConditionEntry = Field(default_factory=lambda: Constant.model_validate({"always": True}))
    """In which scenarios it holds; in all without it."""
    voluntary: FactName | None = None
    """The fact by which the company chooses this way; the guide names the fallback."""
    overrides: tuple[RuleName, ...] = ()
    """Rules that say nothing about a procedure where this one speaks of it; literal, not transitive."""
    confirm_with: ConfirmWith | None = None
    """Whom to ask before relying on it."""
    then: Annotated[tuple[EffectEntry, ...], Field(min_length=1)]
    """What follows: treatments and changes of procedures, entitlements, obligations, notes."""
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
