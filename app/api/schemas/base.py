"""What all wire models share: frozen, every field required, unknown is null; and the records many answers hold."""

from datetime import date
from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema

from app.engine import Unit, Verification


def _plain_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


#: A JSON number, whole where it is whole.
Number: TypeAlias = Annotated[
    Decimal, PlainSerializer(_plain_number, return_type=int | float), WithJsonSchema({"type": "number"})
]


class Wire(BaseModel):
    """An answer's record: no defaults, so that a client sees every field always."""

    # Built when first used: a start that waits for every record's validator is half a second late.
    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, defer_build=True)


class Named(Wire):
    """Something by its code and its name in the caller's language."""

    code: str
    name: str


class Effective(Wire):
    """生效期间. When something holds: from included, to excluded, null where there is no bound."""

    start: date | None = Field(serialization_alias="from")
    end: date | None = Field(serialization_alias="to")
    start_precision: str = Field(serialization_alias="from_precision")
    """How exactly the first day is known: day, month, year or not_later_than."""
    end_precision: str = Field(serialization_alias="to_precision")
    """The same of the day it ends."""


class Cite(Wire):
    """依据. One source with its clause; `quote` is the plan's own text, `summary` ours for every other document."""

    policy: str
    clause: str
    cite: str
    title: str
    document_number: str | None
    quote: str | None
    summary: str | None
    effective_from: date | None
    effective_to: date | None
    url: str | None
    verification: Verification


class Span(Wire):
    """A length of time in the source's own unit."""

    value: Number
    unit: Unit
