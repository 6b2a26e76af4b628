"""What changed in the law, as the reading routes give it."""

from datetime import date

from pydantic import Field

from app.api.schemas.base import Cite, Named, Wire


class LawChange(Wire):
    """更新记录. One change of the law: from which day on, for which topics, and what a company will notice."""

    code: str
    start: date = Field(serialization_alias="from")
    """The first day it is so."""
    start_precision: str = Field(serialization_alias="from_precision")
    """How exactly that day is known: day, month, year or not_later_than."""
    recorded: date
    """The day the rules took it in."""
    title: str
    notice: str
    """What a company will notice."""
    topics: list[Named]
    rules: list[Named]
    """The rules that begin, end or change their content on the day."""
    procedures: list[Named]
    """The procedures that are handled otherwise from the day on."""
    basis: list[Cite]


class LawChangeList(Wire):
    """Changes of the law, newest first."""

    total: int
    changes: list[LawChange]
