"""changelog/<date>-<code>.yaml: one fragment a change of the law, in the words of those it concerns."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.rulebook.files.base import (
    LAX,
    Basis,
    Code,
    DatePrecision,
    Entry,
    ProcedureName,
    RuleName,
    Text,
    TopicName,
    problem,
)


class ChangelogEntry(Entry):
    """更新记录. What changed in the law from one day on, and what a company will notice."""

    code: Code
    """A speaking word; the file is named after it and the day."""
    start: date = Field(alias="from")
    """The first day it is so."""
    precision: Annotated[DatePrecision, LAX] = DatePrecision.DAY
    """How exactly that day is known."""
    recorded: date
    """The day our rules took it in."""
    topics: Annotated[tuple[TopicName, ...], Field(min_length=1)]
    """The topics it changes something in."""
    rules: tuple[RuleName, ...] = ()
    """The rules that begin, end or change their content on the day."""
    procedures: tuple[ProcedureName, ...] = ()
    """The procedures that are handled otherwise from the day on."""
    title: Text
    """What changed, in one line."""
    notice: Text
    """What a company will notice, in a sentence or two."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""

    @property
    def file_name(self) -> str:
        """The name its file has to have."""
        return f"{self.start}-{self.code.replace('_', '-')}.yaml"

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.rules and not self.procedures:
            raise problem("missing_key", "a change names what it changes; write `rules`, `procedures` or both")
        return self
