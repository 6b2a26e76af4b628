"""Rulebooks as plain values, to be compared whole: entries and records with their types, places by line and column."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from app.rulebook.files.base import ALL_TIME, Entry
from app.rulebook.lean import LateCases
from app.rulebook.places import NOWHERE, Place


def plain(value: Any) -> Any:
    """Return the value in tuples, texts and numbers; equal ones are the same rulebook to whoever reads it."""
    if value is ALL_TIME or value is NOWHERE:
        return repr(type(value)), "the very one"
    if isinstance(value, Place):
        return value.file, value.mark.line, value.mark.column, value.key()
    if isinstance(value, Entry):
        given = sorted(value.model_fields_set)
        return type(value).__name__, given, [(name, plain(part)) for name, part in value.__dict__.items()]
    if is_dataclass(value):
        parts = [(field.name, plain(getattr(value, field.name))) for field in fields(value)]
        return type(value).__name__, parts
    if isinstance(value, Mapping):
        return [(plain(name), plain(part)) for name, part in value.items()]
    if isinstance(value, LateCases):
        return plain(tuple(value))
    if isinstance(value, tuple | list):
        return type(value).__name__, [plain(part) for part in value]
    return value if isinstance(value, frozenset) else (type(value).__name__, value)
