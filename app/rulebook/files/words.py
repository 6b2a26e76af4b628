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
    """What people call the wish."""
    procedures: Table[ProcedureName, tuple[Words, ...]] = Field(default_factory=dict)
    """Procedure -> what people call it."""
    facts: Table[FactName, Table[str, tuple[Words, ...]]] = Field(default_factory=dict)
    """Fact -> option, `true` or `false` -> how people say it."""


class BenchmarkEntry(Entry):
    """An official total that stands beside ours."""

    code: Code
    """The word that other files and programs name it by; it stays once it is published."""
    text: Text
    side: Literal["before", "after"]
    """Whether it speaks of the way before the reform or after it."""
    procedures: tuple[ProcedureName, ...] = ()
    """The procedures it speaks of alone; none where it speaks of the whole path."""
    steps: int | None = None
    """How many steps; null where it does not say."""
    value: Number | None = None
    """How long; null where it does not say."""
    unit: Annotated[Unit, LAX] | None = None
    """What `value` counts."""
    start: date | None = Field(default=None, alias="from")
    """The first day it counts."""
    end: date | None = Field(default=None, alias="to")
    """The first day it no longer counts."""
    when: ConditionEntry | None = None
    """The scenarios it speaks of."""
    why: Text | None = None
    """Why ours may differ."""
    basis: Basis
    """The sources it rests on, each as `policy#article`; on every day it holds at least one of them does."""
