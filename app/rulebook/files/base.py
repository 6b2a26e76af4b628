"""What all kinds of rulebook files share: the entry with its place, texts, codes, periods, sources, numbers."""

import enum
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Self, TypeAlias, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.functional_validators import AfterValidator
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from app.engine import ALWAYS, Duration, Period, Unit
from app.rulebook.names import Kind, Names
from app.rulebook.places import NOWHERE, PLACE_KEY, Place

K = TypeVar("K")
V = TypeVar("V")


class Entry(BaseModel):
    """One mapping of a rulebook file; `place` says where it stands."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        arbitrary_types_allowed=True,
        # A rulebook kept from an earlier start needs no reading: its models are built only where files are read.
        defer_build=True,
    )

    place: SkipJsonSchema[Place] = Field(default=NOWHERE, validation_alias=PLACE_KEY, exclude=True, repr=False)


def problem(code: str, message: str) -> PydanticCustomError:
    """A fault that only a validator sees; `code` is one of the table in `findings.py`."""
    return PydanticCustomError("said", "{message}", {"code": code, "message": message})


def _not_blank(text: str) -> str:
    if not text.strip():
        raise problem("missing_translation", "the text is empty; write it, in both languages")
    return text


def _without_place(value: object) -> object:
    return {key: part for key, part in value.items() if key != PLACE_KEY} if isinstance(value, dict) else value


def _to_decimal(value: object) -> object:
    return Decimal(value) if type(value) is int else value


#: A mapping whose keys are codes and not fields.
Table: TypeAlias = Annotated[dict[K, V], BeforeValidator(_without_place)]
#: Takes an enumeration's word although the models are strict.
LAX: Final = Field(strict=False)

Words: TypeAlias = Annotated[str, AfterValidator(_not_blank)]
Number: TypeAlias = Annotated[Decimal, BeforeValidator(_to_decimal), WithJsonSchema({"type": "number"})]
Code: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
PolicyCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+$")]
ArticleCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9._-]+$")]
#: Where a document can be read. A page links to it as it is written, so it is an address of the web and nothing else.
WebAddress: TypeAlias = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
#: An option of a choice: not always a code, as a number or a grade may begin it.
OptionCode: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*$")]

FactName: TypeAlias = Annotated[Code, Names(Kind.FACT)]
DefinitionName: TypeAlias = Annotated[Code, Names(Kind.DEFINITION)]
ProcedureName: TypeAlias = Annotated[Code, Names(Kind.PROCEDURE)]
RuleName: TypeAlias = Annotated[Code, Names(Kind.RULE)]
MaterialName: TypeAlias = Annotated[Code, Names(Kind.MATERIAL)]
AuthorityName: TypeAlias = Annotated[Code, Names(Kind.AUTHORITY)]
ItemTypeName: TypeAlias = Annotated[Code, Names(Kind.ITEM_TYPE)]
LevelName: TypeAlias = Annotated[Code, Names(Kind.LEVEL)]
ModuleName: TypeAlias = Annotated[Code, Names(Kind.MODULE)]
DistrictName: TypeAlias = Annotated[Code, Names(Kind.DISTRICT)]
TopicName: TypeAlias = Annotated[Code, Names(Kind.TOPIC)]
PolicyName: TypeAlias = Annotated[PolicyCode, Names(Kind.POLICY)]
Reference: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+#[a-z0-9._-]+$"), Names(Kind.ARTICLE)]


class Text(Entry):
    """The same words in Chinese and in English."""

    zh: Words
    """Chinese, as a clerk would say it."""
    en: Words
    """English; Chinese only in official names in brackets."""


class DatePrecision(enum.StrEnum):
    """How exactly a day is known; the guide shows it."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NOT_LATER_THAN = "not_later_than"


class Effective(Entry):
    """生效期间. `from` is the first day, `to` the first day it no longer holds; each may be absent."""

    start: date | None = Field(default=None, alias="from")
    """The first day it holds."""
    end: date | None = Field(default=None, alias="to")
    """The first day it no longer holds."""
    precision: Annotated[DatePrecision, LAX] = DatePrecision.DAY
    """How exactly `from` is known."""
    to_precision: Annotated[DatePrecision, LAX] = DatePrecision.DAY
    """How exactly `to` is known."""

    @property
    def period(self) -> Period:
        """The same as the engine takes it."""
        return Period(self.start, self.end)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise problem(
                "period_clash",
                f"it ends on {self.end} and begins on {self.start}: `to` is the first day it no longer holds"
                " and comes after `from`",
            )
        return self


ALL_TIME: Final = Effective()


class Dated(Entry):
    """An entry that holds for a period."""

    effective: Effective = ALL_TIME
    """When it holds; without it always."""

    @property
    def period(self) -> Period:
        """When it holds, as the engine takes it."""
        return self.effective.period if self.effective is not ALL_TIME else ALWAYS


class Citation(Dated):
    """One source: a clause of the plan or an article of a policy."""

    ref: Reference
    """`policy#article`, as in `rules/policies/`."""
    quote: Words | None = None
    """A piece of the clause, letter by letter, where only that piece is meant."""


def _citation(value: object) -> object:
    return {"ref": value} if isinstance(value, str) else value


Basis: TypeAlias = Annotated[
    tuple[Annotated[Citation, BeforeValidator(_citation, json_schema_input_type=Reference | Citation)], ...],
    Field(min_length=1),
]


class Figure(Entry):
    """A number of time units as the source gives it."""

    value: Annotated[Number, Field(ge=0)]
    """The number, as the source gives it."""
    unit: Annotated[Unit, LAX]

    @property
    def duration(self) -> Duration:
        """The same as the engine takes it."""
        return Duration(self.value, self.unit)
