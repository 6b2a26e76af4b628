"""words.yaml and benchmarks.yaml: how people say it, and the official totals."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.engine import Unit
from app.rulebook.files.base import LAX, Basis, Code, Entry, FactName, Number, ProcedureName, Table, Text, Words
from app.rulebook.files.conditions import ConditionEntry


class WordsEntry(Entry):
    """Everyday names and synonyms of a topic, its procedures and its answers."""

    topic: tuple[Words, ...] = ()
    procedures: Table[ProcedureName, tuple[Words, ...]] = Field(default_factory=dict)
    facts: Table[FactName, Table[str, tuple[Words, ...]]] = Field(default_factory=dict)
    """Fact -> option, `true` or `false` -> how people say it."""


class BenchmarkEntry(Entry):
    """An official total that stands beside ours."""

    code: Code
    text: Text
    side: Literal["before", "after"]
    steps: int | None = None
    value: Number | None = None
    unit: Annotated[Unit, LAX] | None = None
    start: date | None = Field(default=None, alias="from")
    end: date | None = Field(default=None, alias="to")
    when: ConditionEntry | None = None
    """The scenarios it speaks of."""
    why: Text | None = None
    """Why ours may differ."""
    basis: Basis
