"""facts.yaml, and the facts a topic or module writes itself: what is asked, of whom, and the possible answers."""

import enum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from app.engine import AskedOf, FactType, Purpose
from app.rulebook.files.base import (
    LAX,
    AuthorityName,
    Code,
    Entry,
    FactName,
    Number,
    OptionCode,
    Table,
    Text,
    TopicName,
    problem,
)
from app.rulebook.files.conditions import ConditionEntry

NUMBERS = frozenset({FactType.INTEGER, FactType.DECIMAL})
CHOICES = frozenset({FactType.CHOICE, FactType.CHOICES})


class FactUnit(enum.StrEnum):
    """What a number of a fact counts."""

    SQUARE_METRE = "m2"
    METRE = "m"
    KILOMETRE = "km"
    YUAN = "yuan"
    DAY = "day"
    WORKING_DAY = "working_day"
    MONTH = "month"
    YEAR = "year"
    HOUR = "hour"
    PERSON = "person"
    PIECE = "piece"
    FLOOR = "floor"
    BED = "bed"
    VEHICLE = "vehicle"
    KILOVOLT = "kv"
    KILOVOLT_AMPERE = "kva"
    KILOWATT = "kw"
    TONNE = "tonne"
    PERCENT = "percent"


class Option(Entry):
    """One answer of a choice."""

    value: OptionCode
    """The option's code; it stays once it is published."""
    label: Text
    statement: Text | None = None
    """The sentence when it is chosen; without it the fact's name and the label."""
    help: Text | None = None
    """What helps to choose it."""
    nothing: bool = False
    """choice: the answer that there is nothing of the kind; a page of several facts offers one button for all such."""


class AskWhom(Entry):
    """Which authority can say, and what to ask it."""

    authority: AuthorityName
    """The authority's code."""
    ask: Text


class FactEntry(Entry):
    """情形要素. One typed answer about the scenario."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    type: Annotated[FactType, LAX]
    asked_of: Annotated[AskedOf, LAX] = AskedOf.COMPANY
    """The company, or an authority where no source settles it."""
    name: Text
    """Short noun phrase."""
    question: Text
    help: Text | None = None
    """Why it is asked, and how to find out."""
    statement: Text | None = None
    """boolean: the sentence when true."""
    negation: Text | None = None
    """boolean: the sentence when false."""
    options: tuple[Option, ...] = ()
    """choice, choices: in the order they are offered."""
    minimum: Number | None = None
    """Numbers: the least that is taken."""
    maximum: Number | None = None
    """Numbers: the most that is taken."""
    unit: Annotated[FactUnit, LAX] | None = None
    """What the number counts; pages show it."""
    zero: Text | None = None
    """Numbers: what 0 means, where that is a usual answer; pages offer it as a button (不装修)."""
    default: bool | None = None
    """Taken where nothing is answered: only for facts that choose a voluntary way."""
    group: Code | None = None
    """Facts of one group are asked on one page."""
    ask: Literal["normal", "last"] = "normal"
    """last: asked after everything else."""
    purpose: Annotated[Purpose, LAX] = Purpose.DECIDE
    """`where` names the office and never decides."""
    only_if: ConditionEntry | None = None
    """Asked only where this can hold."""
    empty_allowed: bool = True
    """choices: whether "none of these" makes sense."""
    ask_whom: AskWhom | None = None
    """Facts asked of an authority: whom, and what."""

    @property
    def values(self) -> tuple[str, ...]:
        """The options' codes in order."""
        return tuple(option.value for option in self.options)

    @model_validator(mode="after")
    def _fits_its_type(self) -> Self:
        if bool(self.options) != (self.type in CHOICES):
            cure = "list its options" if self.type in CHOICES else "take the options out"
            raise problem("invalid_value", f"a fact of type {self.type}: {cure}")
        if self.type not in NUMBERS and (self.minimum, self.maximum, self.unit, self.zero) != (None,) * 4:
            raise problem("invalid_value", f"minimum, maximum, unit and zero are for numbers; this is a {self.type}")
        if self.type is FactType.BOOLEAN and (self.statement is None or self.negation is None):
            raise problem("missing_key", "a boolean fact needs `statement` (the sentence when true) and `negation`")
        if self.asked_of is AskedOf.AUTHORITY and self.ask_whom is None:
            raise problem("missing_key", "a fact asked of an authority needs `ask_whom: {authority, ask}`")
        if self.default is not None and self.type is not FactType.BOOLEAN:
            raise problem("invalid_value", "only a boolean fact has a default")
        return self


class FactUse(Entry):
    """A shared or a module's fact used in a topic with fewer options, or asked in another way there."""

    use: FactName
    """The fact's code."""
    options: tuple[OptionCode, ...] = ()
    """The options this topic takes; without it all of them."""
    elsewhere: Table[OptionCode, TopicName] = Field(default_factory=dict)
    """An option left out -> the topic that takes it."""
