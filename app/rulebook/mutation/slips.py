"""The kinds of slips a mutant stands for, and how an entry is changed in one place."""

import enum
from typing import Any, TypeVar

from app.rulebook.files.base import Entry

E = TypeVar("E", bound=Entry)


class Slip(enum.StrEnum):
    """What sort of change a mutant makes."""

    THRESHOLD = "threshold"
    """A bound one step up or down, `at_most` for `below`."""
    OPERATOR = "operator"
    """`any` for `all`, true for false, a condition turned round."""
    DATE = "date"
    """A day earlier or later."""
    CONDITION = "condition"
    """A part of a condition left out."""
    RULE = "rule"
    """A rule left out."""
    OVERRIDE = "override"
    """An override left out."""
    EFFECT = "effect"
    """An effect left out, or another treatment."""


def changed(entry: E | None, **fields: Any) -> E:
    """Return the entry with some fields changed, its place kept; nothing is checked again."""
    assert entry is not None
    return entry.model_copy(update=fields)
