"""procedures.yaml: what would have to be done without any rule."""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from app.engine import FilingTiming, ProcedureKind
from app.rulebook.files.base import (
    LAX,
    AuthorityName,
    Basis,
    Code,
    Dated,
    Entry,
    Figure,
    ItemTypeName,
    LevelName,
    MaterialName,
    Number,
    ProcedureName,
    Text,
    problem,
)
from app.rulebook.files.conditions import ConditionEntry, Constant

Channel: TypeAlias = Literal["online", "window", "both", "comprehensive_window"]


class LimitPart(Figure):
    """A named stretch of a time limit."""

    name: Text


class Limit(Figure):
    """A time limit as its source gives it."""

    parts: tuple[LimitPart, ...] = ()
    """Named stretches; `value` is the period of decision."""
    extension: Figure | None = None
    """What it may be prolonged by; never counted."""
    note: Text | None = None


class LimitEntry(Dated):
    """法定办结时限 and 承诺办结时限 for a period; null is not known."""

    statutory: Limit | None = None
    promised: Limit | None = None
    note: Text | None = None
    basis: Basis


class MaterialUse(Dated):
    """One paper a procedure asks for."""

    code: MaterialName
    note: Text | None = None
    basis: Basis | None = None


def _material(value: object) -> object:
    return {"code": value} if isinstance(value, str) else value


#: A paper, by its code alone where nothing else is to be said.
MaterialItem: TypeAlias = Annotated[
    MaterialUse, BeforeValidator(_material, json_schema_input_type=MaterialName | MaterialUse)
]


class Materials(Entry):
    """申请材料 of a procedure."""

    complete: bool
    """False where there are perhaps more."""
    items: tuple[MaterialItem, ...]


class AcceptanceConditionEntry(Dated):
    """受理条件. What has to be so before the office takes the case."""

    code: Code
    text: Text
    test: ConditionEntry | None = None
    """What facts say about it."""
    unmet: Literal["confirm", "barrier"] | None = None
    """Where the test fails: confirm with the office, or it may not be done at all."""
    basis: Basis

    @model_validator(mode="after")
    def _unmet_goes_with_test(self) -> Self:
        if (self.test is None) != (self.unmet is None):
            raise problem("missing_key", "`test` and `unmet` go together; write both or neither")
        return self


class Fee(Entry):
    """收费."""

    charged: bool
    amount_yuan: Annotated[Number, Field(ge=0)] | None = None
    text: Text | None = None
    basis: Basis | None = None


class Result(Entry):
    """What the company holds in its hands at the end."""

    name: Text
    validity: Figure | None = None


class ApplyBefore(Figure):
    """How long before which event it has to be applied for."""

    event: Text


class ProcedureEntry(Dated):
    """事项 (CPSV-AP: PublicService). One approval, filing, review or service."""

    code: Code
    name: Text
    """事项名称, the official one."""
    everyday_name: Text
    """日常用语."""
    summary: Text | None = None
    kind: Annotated[ProcedureKind, LAX]
    item_type: ItemTypeName
    authority: AuthorityName
    level: LevelName
    required_when: ConditionEntry = Field(default_factory=lambda: Constant.model_validate({"always": True}))
    """Whether it exists in a scenario; `always: false` where only a rule brings it."""
    default: Literal["standard", "none"] = "standard"
    """none: a rule has to set its treatment."""
    depends_on: tuple[ProcedureName, ...] = ()
    replaces: tuple[ProcedureName, ...] = ()
    filing_timing: Annotated[FilingTiming, LAX] | None = None
    """A filing by nature: when it is made under `standard`."""
    basis: Basis
    limits: tuple[LimitEntry, ...] = ()
    materials: Materials | None = None
    """null: the list is not known."""
    conditions: tuple[AcceptanceConditionEntry, ...] = ()
    channel: Channel | None = None
    visits: Annotated[int, Field(ge=0)] | None = None
    fee: Fee | None = None
    result: Result | None = None
    apply_before: ApplyBefore | None = None
    form_fields: tuple[Text, ...] = ()
    """What its form asks for about the applicant, beyond what every form does."""
    optional: bool = False
    """Voluntary: no precondition of anything, not counted."""
    notes: tuple[Text, ...] = ()
    """Always shown with it."""
    doubt: Text | None = None
    """What is uncertain; shown to policy staff."""
