"""The short shared lists: materials, authorities, item types, levels, places, constraints, calendar."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.engine import Verification
from app.rulebook.files.base import LAX, Basis, Code, DistrictName, Entry, FactName, Number, Text, problem
from app.rulebook.files.conditions import ConditionEntry


class MaterialEntry(Entry):
    """申请材料 (CPSV-AP: Evidence). One paper that serves every office alike."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    form: Literal["own_form", "certificate", "document", "plan", "list", "statement"] | None = None
    """What sort of paper it is: the office's own form, a certificate, a document, a plan, a list or a statement."""


class AuthorityEntry(Entry):
    """实施主体 (CPSV-AP: PublicOrganisation). Who handles procedures."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    by_district: bool = False
    """Whether each district has one of its own."""
    district_name: Text | None = None
    """Its name with `{district}` where the district's stands."""

    @model_validator(mode="after")
    def _names_its_district(self) -> Self:
        if self.district_name is not None and not self.by_district:
            raise problem("invalid_value", "`district_name` is for authorities with `by_district: true`")
        for words in (self.district_name.zh, self.district_name.en) if self.district_name else ():
            if "{district}" not in words:
                raise problem("invalid_value", f"`district_name` {words!r} says nowhere {{district}}")
        return self


class ItemTypeEntry(Entry):
    """事项类型, with the national catalogue's code where it has one."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    national_code: str | None
    """Its code in the national catalogue, null where it has none."""


class LevelEntry(Entry):
    """行使层级. The level of government that handles a procedure."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text


class DistrictEntry(Entry):
    """行政区, with its GB/T 2260 code."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    name: Text
    gb2260: Annotated[str, Field(pattern=r"^[0-9]{6}$")] | None
    """Its six digits, null where it has none."""
    verification: Annotated[Verification, LAX] = Verification.FULL_TEXT


class ZoneEntry(Entry):
    """A zone that a fact of the same code asks about, and the districts it reaches into."""

    code: FactName
    """The code of the fact that asks about it."""
    name: Text
    extent: Text
    area_km2: Number | None
    """Its size, null where no source says."""
    districts: tuple[DistrictName, ...]
    """The districts it reaches into."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""


class Order(Entry):
    """`fact` ≤ `than` + `plus`."""

    fact: FactName
    """The one that is not above the other."""
    than: FactName
    """The other one."""
    plus: Number = Decimal(0)
    """What is added to the other one; 0 without it."""


class ConstraintEntry(Entry):
    """常识约束. What cannot be true together, in exactly one of four forms."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    says: Text
    """What it says, as the answer to a contradiction."""
    basis: Basis | None = None
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""
    common_sense: Literal[True] | None = None
    """In place of a source: nobody needs one for this."""
    never: ConditionEntry | None = None
    """This never holds."""
    given: ConditionEntry | None = Field(default=None, alias="if")
    """Where this holds, `then` holds too."""
    then: ConditionEntry | None = None
    """What holds then."""
    iff: Annotated[tuple[ConditionEntry, ...], Field(min_length=2, max_length=2)] | None = None
    """Either both hold or neither."""
    at_most: Order | None = None
    """One number or day is not above another one."""

    @model_validator(mode="after")
    def _is_one_form(self) -> Self:
        if (self.given is None) != (self.then is None):
            raise problem("missing_key", "`if` and `then` go together; write both")
        forms = [self.never, self.given, self.iff, self.at_most]
        if sum(form is not None for form in forms) != 1:
            raise problem("missing_key", "a constraint has exactly one of: never, if + then, iff, at_most")
        if self.basis is None and self.common_sense is None:
            raise problem("missing_source", "a constraint needs `basis`, or `common_sense: true`")
        return self


class CalendarYear(Entry):
    """节假日安排. The official days off and the weekend days worked of one year."""

    year: int
    """The year."""
    holidays: tuple[date, ...]
    """Days off that fall on weekdays."""
    workdays: tuple[date, ...]
    """Weekend days worked."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""
