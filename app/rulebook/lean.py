"""A loaded rulebook in a form that is quick to read and light to hold: what serving needs of it."""

import io
import pickle
from dataclasses import fields, is_dataclass
from typing import Any, Final, TypeAlias

from app.rulebook.books import Rulebook
from app.rulebook.files.base import ALL_TIME, Entry
from app.rulebook.places import NOWHERE, Mark, Place

EntryShape: TypeAlias = tuple[type[Entry], set[str], tuple[str, ...]]
RecordShape: TypeAlias = tuple[type[object], tuple[str, ...]]

_PLACE: Final = "place"
_set: Final = object.__setattr__


def as_lean_bytes(rulebook: Rulebook) -> bytes:
    """Return the rulebook as bytes that `from_lean_bytes` makes one of again, equal in all but what is named here.

    Shape: of the place of an entry its own line and column stay, those of the keys inside it do not; entries that
        give the same fields share the set of their names.
    """
    written = io.BytesIO()
    _Writer(written).dump(rulebook)
    return written.getvalue()


def from_lean_bytes(written: bytes) -> object:
    """Return what was written; only for bytes that are known to be our own.

    Raises: pickle.UnpicklingError · EOFError · AttributeError · ImportError.
    """
    return pickle.loads(written)


class _Writer(pickle.Pickler):
    """Writes entries and records without what pydantic and dataclasses would write beside each one's values."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.entry_shapes: dict[tuple[object, ...], EntryShape] = {}
        self.record_shapes: dict[type[object], RecordShape] = {}
        self.texts: dict[str, str] = {}

    def reducer_override(self, obj: Any) -> Any:
        """How to make the object again; whatever is neither an entry nor a frozen record is written as ever."""
        if obj is ALL_TIME:
            return _all_time, ()
        kind = type(obj)
        if isinstance(obj, Entry):
            return self._entry(kind, obj)
        if is_dataclass(kind) and "__slots__" in kind.__dict__:
            shape = self.record_shapes.get(kind)
            if shape is None:
                shape = self.record_shapes[kind] = kind, tuple(field.name for field in fields(kind))
            return _record, (shape, *(self._shared(getattr(obj, name)) for name in shape[1]))
        return NotImplemented

    def _entry(self, kind: type[Entry], entry: Entry) -> Any:
        names = tuple(name for name in entry.__dict__ if name != _PLACE)
        key = kind, frozenset(entry.model_fields_set), names
        shape = self.entry_shapes.setdefault(key, (kind, set(entry.model_fields_set), names))
        mark = entry.place.mark
        at = (mark.line, mark.column, mark.key_line, mark.key_column)
        place = (None, 0, 0, 0, 0) if entry.place is NOWHERE else (entry.place.file, *at)
        return _made_entry, (shape, *place, *(self._shared(entry.__dict__[name]) for name in names))

    def _shared(self, value: object) -> object:
        """The value; of texts of the same letters always the same one."""
        return self.texts.setdefault(value, value) if isinstance(value, str) and type(value) is str else value


def _made_entry(
    shape: EntryShape, file: str | None, line: int, column: int, key_line: int, key_column: int, *values: object
) -> Entry:
    kind, given, names = shape
    made = kind.__new__(kind)
    _set(made, _PLACE, NOWHERE if file is None else Place(file, Mark(line, column, key_line, key_column)))
    # One by one, not as a dictionary: instances then share the table of their names.
    for name, value in zip(names, values, strict=True):
        _set(made, name, value)
    _set(made, "__pydantic_fields_set__", given)
    _set(made, "__pydantic_extra__", None)
    _set(made, "__pydantic_private__", None)
    return made


def _record(shape: RecordShape, *values: object) -> object:
    kind, names = shape
    made = kind.__new__(kind)
    for name, value in zip(names, values, strict=True):
        _set(made, name, value)
    return made


def _all_time() -> Entry:
    return ALL_TIME
