"""Conditions as the files write them: one mapping, told apart by its key."""

from datetime import date
from typing import Annotated, Literal, Self, TypeAlias, Union

from pydantic import Discriminator, Field, Tag, model_validator

from app.rulebook.files.base import (
    DefinitionName,
    Entry,
    FactName,
    Number,
    OptionCode,
    ProcedureName,
    problem,
)

Options: TypeAlias = Annotated[tuple[OptionCode, ...], Field(min_length=1)]


class AllOf(Entry):
    """Holds where every part holds."""

    parts: Annotated[tuple["ConditionEntry", ...], Field(min_length=1, alias="all")]
    """The parts."""


class AnyOf(Entry):
    """Holds where at least one part holds."""

    parts: Annotated[tuple["ConditionEntry", ...], Field(min_length=1, alias="any")]
    """The parts."""


class NotThis(Entry):
    """Holds where the part does not."""

    part: "ConditionEntry" = Field(alias="not")
    """The part."""


class Constant(Entry):
    """`always: true` holds whatever was answered, `always: false` never."""

    always: bool
    """true: in every scenario; false: in none."""


class DefinitionHolds(Entry):
    """Holds where the definition in force that day holds."""

    definition: DefinitionName
    """The definition's code."""


class ProcedureRequired(Entry):
    """Holds where the procedure exists in this scenario."""

    procedure: ProcedureName
    """The procedure's code."""
    state: Literal["required"] = Field(alias="is")
    """Always `required`: nothing else is asked of a procedure."""


class WithinEntry(Entry):
    """On or after another day and at most so many months or days later."""

    after: FactName
    """The fact that holds the earlier day."""
    months: Annotated[int, Field(ge=0)] = 0
    """So many months at most."""
    days: Annotated[int, Field(ge=0)] = 0
    """So many days at most."""

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if not (self.months or self.days):
            raise problem("missing_key", "`within` needs `months` or `days`; write how long it may be")
        return self


class FactTest(Entry):
    """One fact, and one or several tests it has to pass."""

    fact: FactName
    """The fact's code."""
    equals: bool | OptionCode | None = Field(default=None, alias="is")
    """boolean, choice: the answer is this one."""
    differs: bool | OptionCode | None = Field(default=None, alias="is_not")
    """boolean, choice: the answer is another one."""
    one_of: Options | None = Field(default=None, alias="in")
    """choice: the answer is one of these."""
    below: Number | None = None
    """integer, decimal: <"""
    at_most: Number | None = None
    """integer, decimal: ≤"""
    at_least: Number | None = None
    """integer, decimal: ≥"""
    above: Number | None = None
    """integer, decimal: >"""
    contains: OptionCode | None = None
    """choices: this option is among the answer."""
    contains_any: Options | None = None
    """choices: at least one of these is among the answer."""
    contains_all: Options | None = None
    """choices: all of these are among the answer."""
    only: Options | None = None
    """choices: nothing but these, and at least one of them."""
    is_exactly: Options | None = None
    """choices: these and nothing else."""
    is_empty: bool | None = None
    """choices: none was chosen."""
    before: date | None = None
    """date: earlier than this day."""
    on_or_after: date | None = None
    """date: this day or later."""
    within: WithinEntry | None = None
    """date: on or after another fact's day and at most so much later."""

    @property
    def operators(self) -> dict[str, object]:
        """The tests that stand here, by the key the file spells, in the order of the fields above."""
        given = self.model_fields_set
        return {key: getattr(self, name) for name, key in OPERATOR_KEYS.items() if name in given}

    @model_validator(mode="after")
    def _has_test(self) -> Self:
        if not self.model_fields_set & OPERATOR_KEYS.keys():
            raise problem(
                "missing_key", f"a condition on a fact needs a test: one of {', '.join(OPERATOR_KEYS.values())}"
            )
        for key, value in self.operators.items():
            if value is None:
                raise problem("invalid_value", f"`{key}` has no value; write one or take it out")
        return self


#: Field of FactTest -> the key the files spell.
OPERATOR_KEYS = {
    name: field.alias or name for name, field in FactTest.model_fields.items() if name not in {"fact", "place"}
}
#: Key that tells a form -> its tag, which no key of a file can spell; and the model that reads it.
_FORMS: dict[str, tuple[str, type[Entry]]] = {
    "all": ("<all>", AllOf),
    "any": ("<any>", AnyOf),
    "not": ("<not>", NotThis),
    "always": ("<always>", Constant),
    "definition": ("<definition>", DefinitionHolds),
    "procedure": ("<procedure>", ProcedureRequired),
    "fact": ("<fact>", FactTest),
}


def _form(value: object) -> str | None:
    if isinstance(value, Entry):
        return next((tag for tag, model in _FORMS.values() if isinstance(value, model)), None)
    keys = value if isinstance(value, dict) else ()
    return next((tag for key, (tag, _) in _FORMS.items() if key in keys), None)


ConditionEntry: TypeAlias = Annotated[
    Union[  # noqa: UP007  # the members name each other before they exist
        Annotated[AllOf, Tag("<all>")],
        Annotated[AnyOf, Tag("<any>")],
        Annotated[NotThis, Tag("<not>")],
        Annotated[Constant, Tag("<always>")],
        Annotated[DefinitionHolds, Tag("<definition>")],
        Annotated[ProcedureRequired, Tag("<procedure>")],
        Annotated[FactTest, Tag("<fact>")],
    ],
    Discriminator(
        _form,
        custom_error_type="said",
        custom_error_message="a condition is a mapping with one of: all, any, not, always, definition, procedure, fact",
    ),
]

for _model in (AllOf, AnyOf, NotThis):
    _model.model_rebuild()
