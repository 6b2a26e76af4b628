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
    """A remark that is shown with it."""


class LimitEntry(Dated):
    """法定办结时限 and 承诺办结时限 for a period; null is not known."""

    statutory: Limit | None = None
    """法定办结时限; null where none is known."""
    promised: Limit | None = None
    """承诺办结时限; null where none is known."""
    note: Text | None = None
    """A remark that is shown with it."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""


class MaterialUse(Dated):
    """One paper a procedure asks for."""

    code: MaterialName
    """The material's code."""
    note: Text | None = None
    """A remark that is shown with it."""
    basis: Basis | None = None
    """Its own sources, where the procedure's do not say it."""


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
    """The papers, in the order they are shown."""


class AcceptanceConditionEntry(Dated):
    """受理条件. What has to be so before the office takes the case."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    text: Text
    test: ConditionEntry | None = None
    """What facts say about it."""
    unmet: Literal["confirm", "barrier"] | None = None
    """Where the test fails: confirm with the office, or it may not be done at all."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""

    @model_validator(mode="after")
    def _unmet_goes_with_test(self) -> Self:
        if (self.test is None) != (self.unmet is None):
            raise problem("missing_key", "`test` and `unmet` go together; write both or neither")
        return self


class Fee(Entry):
    """收费. What it costs."""

    charged: bool
    """Whether anything is charged."""
    amount_yuan: Annotated[Number, Field(ge=0)] | None = None
    """How many yuan; null where no source says."""
    text: Text | None = None
    """How it is reckoned, in words."""
    basis: Basis | None = None
    """Its own sources, where the procedure's do not say it."""


class Result(Entry):
    """What the company holds in its hands at the end."""

    name: Text
    validity: Figure | None = None
    """How long it is valid; null where no source says."""


class ApplyBefore(Figure):
    """How long before which event it has to be applied for."""

    event: Text


class ProcedureEntry(Dated):
    """事项 (CPSV-AP: PublicService). One approval, filing, review or service."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    """事项名称, the official one."""
    everyday_name: Text
    """日常用语. What people call it."""
    summary: Text | None = None
    """What it is, in one sentence."""
    kind: Annotated[ProcedureKind, LAX]
    item_type: ItemTypeName
    """事项类型: the code of one in `shared/item_types.yaml`."""
    authority: AuthorityName
    """实施主体: the code of one in `shared/authorities.yaml`."""
    level: LevelName
    """行使层级: the code of one in `shared/levels.yaml`."""
    required_when: ConditionEntry = Field(default_factory=lambda: Constant.model_validate({"always": True}))
    """Whether it exists in a scenario; `always: false` where only a rule brings it."""
    default: Literal["standard", "none"] = "standard"
    """none: a rule has to set its treatment."""
    depends_on: tuple[ProcedureName, ...] = ()
    """What has to be done before it."""
    replaces: tuple[ProcedureName, ...] = ()
    """What it takes the place of."""
    filing_timing: Annotated[FilingTiming, LAX] | None = None
    """A filing by nature: when it is made under `standard`."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""
    limits: tuple[LimitEntry, ...] = ()
    """Time limits, each for its period."""
    materials: Materials | None = None
    """null: the list is not known."""
    conditions: tuple[AcceptanceConditionEntry, ...] = ()
    """受理条件, in the order they are shown."""
    channel: Channel | None = None
    """办理渠道; null where no source says."""
    visits: Annotated[int, Field(ge=0)] | None = None
    """到现场次数; null where no source says."""
    fee: Fee | None = None
    """What it costs; null where no source says."""
    result: Result | None = None
    """What the company gets; null where no source says."""
    apply_before: ApplyBefore | None = None
    """Where it has to be applied for some time before an event."""
    form_fields: tuple[Text, ...] = ()
    """What its form asks for about the applicant, beyond what every form does."""
    optional: bool = False
    """Voluntary: no precondition of anything, not counted."""
    notes: tuple[Text, ...] = ()
    """Always shown with it."""
    doubt: Text | None = None
    """What is uncertain; shown to policy staff."""
