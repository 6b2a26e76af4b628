"""Kept guides: the guide as it was given, and beside it what has moved since."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from app.api.schemas.base import Wire
from app.api.schemas.guide import Guide, Possible


class TreatmentChange(Wire):
    """A procedure whose treatment moved."""

    procedure: str
    name: str
    because: Literal["release", "law"]
    """release: our rules say something else about the same day. law: the law of today differs from that of the day."""
    before: Possible | None = Field(serialization_alias="from")
    """null is undecided; not_required that the procedure was not there."""
    before_name: str | None = Field(serialization_alias="from_name")
    before_possible: list[Possible] = Field(serialization_alias="from_possible")
    after: Possible | None = Field(serialization_alias="to")
    after_name: str | None = Field(serialization_alias="to_name")
    after_possible: list[Possible] = Field(serialization_alias="to_possible")


class OtherChange(Wire):
    """Something else that moved."""

    part: str
    """time_limit, materials, conditions, fee, channel, visits … or barriers, entitlements, obligations."""
    procedure: str | None
    """null where it is a part of the whole guide."""
    because: Literal["release", "law"]


class ComparedWith(Wire):
    """What a kept guide was held against."""

    release: str
    """Version of the active release."""
    as_of: date
    """The guide's day, or today where the guide's day was only the day of asking."""


class Standing(Wire):
    """How a kept guide stands to what would be answered now."""

    outdated: bool | None
    """null: the active release no longer takes these facts, so nothing can be compared."""
    outdated_because: Literal["release", "law", "both"] | None
    outdated_why: str | None
    """The same as a sentence in the language of the guide; null where the guide still stands."""
    changes: list[TreatmentChange]
    """The procedures whose treatment moved."""
    other_changes: list[OtherChange]
    compared_with: ComparedWith


class KeptGuide(Standing):
    """A guide under its reference. The value of `guide` is the same to the byte, however often it is fetched."""

    reference: str
    """Ten characters, the last a check digit."""
    reference_shown: str
    """The same in groups, as it is shown and read out."""
    kept_at: datetime
    """UTC."""
    guide: Guide
