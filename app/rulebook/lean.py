"""A loaded rulebook in a form that is quick to read and light to hold: what serving needs of it.

The form travels between machines by the database, so nothing of it may be taken on trust. It is a pickle, for none of
our libraries reads as fast; its reader knows seven names, makes nothing but entries, records and plain values of them,
and refuses whatever else a pickle can ask for. Whether it is the law it says it is, the reader cannot know: a digest
kept elsewhere says so (`app/releases/contents.py`).
"""

import enum
import io
import pickle
import re
import sys
import zlib
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, overload

from app.rulebook.books import Rulebook
from app.rulebook.files.base import ALL_TIME, Entry
from app.rulebook.files.cases import CaseEntry
from app.rulebook.places import NOWHERE, Mark, Place

_PLACE: Final = "place"
#: The modules that a kind of entry or record can come from.
_HOMES: Final = re.compile(r"app\.(engine|rulebook)(\.[a-z_]+)*")
_set: Final = object.__setattr__


class NotLean(ValueError):
    """Bytes that are no lean form of a rulebook: damaged, of other software, or meant to do harm."""


def as_lean_bytes(rulebook: Rulebook) -> bytes:
    """Return the rulebook as bytes that `from_lean_bytes` makes one of again, equal in all but what is named here.

    Shape: of the place of an entry its own line and column stay, those of the keys inside it do not; entries that
        give the same fields share the set of their names; worked examples are read when they are asked for.
    """
    return _written(rulebook)


def from_lean_bytes(written: bytes) -> Rulebook:
    """Return what was written; whoever wrote it, nothing is run and nothing but records is made.

    Raises: NotLean.
    """
    found = _read(written)
    if type(found) is not Rulebook:
        raise NotLean(f"it holds a {type(found).__name__}")
    return found


class LateCases(Sequence[CaseEntry]):
    """A topic's worked examples, read anew each time somebody looks.

    They weigh as much as all the law, and who serves hardly ever looks.
    """

    __slots__ = ("length", "packed")

    def __init__(self, packed: bytes, length: int) -> None:
        self.packed = packed
        self.length = length

    @classmethod
    def of(cls, cases: Sequence[CaseEntry]) -> "LateCases":
        """Return the examples in this form."""
        return cases if isinstance(cases, cls) else cls(zlib.compress(_written(tuple(cases))), len(cases))

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[CaseEntry]:
        return iter(self._cases())

    @overload
    def __getitem__(self, at: int) -> CaseEntry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[CaseEntry]: ...
    def __getitem__(self, at: int | slice) -> CaseEntry | Sequence[CaseEntry]:
        return self._cases()[at]

    def _cases(self) -> tuple[CaseEntry, ...]:
        found = _read(zlib.decompress(self.packed))
        if not isinstance(found, tuple) or not all(isinstance(case, CaseEntry) for case in found):
            raise NotLean("it holds no examples")
        return found


def _written(content: object) -> bytes:
    file = io.BytesIO()
    _Writer(file).dump(content)
    return file.getvalue()


def _read(written: bytes) -> object:
    """Raises: NotLean."""
    try:
        return _Reader(io.BytesIO(written)).load()
    except Exception as fault:
        # What a pickle that is none of ours can fail by is not to be listed.
        raise NotLean(str(fault)) from fault


class _Writer(pickle.Pickler):
    """Writes entries and records without what pydantic and dataclasses would write beside each one's values."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file, pickle.HIGHEST_PROTOCOL)
        self.entry_shapes: dict[tuple[object, ...], _EntryShape] = {}
        self.record_shapes: dict[type[object], _RecordShape] = {}
        self.shared: dict[object, object] = {}

    def reducer_override(self, obj: Any) -> Any:
        """How to make the object again; whatever is neither an entry, a record nor an enumeration is left to pickle."""
        kind = type(obj)
        if isinstance(obj, Entry):
            return (_ALL_TIME, ()) if obj is ALL_TIME else self._entry(kind, obj)
        if isinstance(obj, LateCases):
            return _CASES, (obj.packed, obj.length)
        if is_dataclass(kind):
            shape = self.record_shapes.setdefault(kind, _RecordShape((kind, _field_names(kind))))
            return _RECORD, (shape, *(self._shared(getattr(obj, name)) for name in shape[1]))
        if isinstance(obj, enum.Enum):
            return _MEMBER, (_path_of(kind), obj.value)
        if kind is _EntryShape:
            return _ENTRY_SHAPE, (_path_of(obj[0]), *obj[1:])
        if kind is _RecordShape:
            return _RECORD_SHAPE, (_path_of(obj[0]),)
        return _NAMES[kind] if isinstance(obj, _Maker) else NotImplemented

    def _entry(self, kind: type[Entry], entry: Entry) -> Any:
        names = tuple(name for name in entry.__dict__ if name != _PLACE)
        key = kind, frozenset(entry.model_fields_set), names
        shape = self.entry_shapes.setdefault(key, _EntryShape((kind, set(entry.model_fields_set), names)))
        mark = entry.place.mark
        at = (mark.line, mark.column, mark.key_line, mark.key_column)
        place = (None, 0, 0, 0, 0) if entry.place is NOWHERE else (entry.place.file, *at)
        return _ENTRY, (shape, *place, *(self._shared(entry.__dict__[name]) for name in names))

    def _shared(self, value: object) -> object:
        """The value; of texts of the same letters and of the same days always the same one; of examples `LateCases`."""
        if type(value) is tuple and value and type(value[0]) is CaseEntry:
            return LateCases.of(value)
        return self.shared.setdefault(value, value) if type(value) in (str, date) else value


class _Reader(pickle.Unpickler):
    """Reads what `_Writer` writes, and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """What a name in the form stands for.

        Raises: NotLean for any that the form does not need.
        """
        found = _KNOWN.get((module, name))
        if found is None:
            raise NotLean(f"{module}.{name} has no place in a rulebook")
        return found


class _EntryShape(tuple[Any, ...]):
    """The kind of an entry, the names of the fields it gives, and of those it has."""

    __slots__ = ()


class _RecordShape(tuple[Any, ...]):
    """The kind of a record and the names of its fields."""

    __slots__ = ()


class _Maker:
    """Makes one sort of thing for the reader. An object without attributes, so that nothing read can change it."""

    __slots__ = ()


class _MakesEntryShape(_Maker):
    __slots__ = ()

    def __call__(self, path: str, given: AbstractSet[str], names: tuple[str, ...]) -> _EntryShape:
        kind = _named(path)
        if not issubclass(kind, Entry) or not {*given, *names} <= kind.model_fields.keys():
            raise NotLean(f"{path} is no entry with such fields")
        return _EntryShape((kind, set(given), tuple(names)))


class _MakesRecordShape(_Maker):
    __slots__ = ()

    def __call__(self, path: str) -> _RecordShape:
        kind = _named(path)
        if not is_dataclass(kind):
            raise NotLean(f"{path} is no record")
        return _RecordShape((kind, _field_names(kind)))


class _MakesEntry(_Maker):
    __slots__ = ()

    def __call__(
        self,
        shape: _EntryShape,
        file: str | None,
        line: int,
        column: int,
        key_line: int,
        key_column: int,
        *values: object,
    ) -> Entry:
        if type(shape) is not _EntryShape:
            raise NotLean("an entry without a shape")
        kind, given, names = shape
        made: Entry = kind.__new__(kind)
        _set(made, _PLACE, NOWHERE if file is None else Place(file, Mark(line, column, key_line, key_column)))
        # One by one, not as a dictionary: instances then share the table of their names.
        for name, value in zip(names, values, strict=True):
            _set(made, name, value)
        _set(made, "__pydantic_fields_set__", given)
        _set(made, "__pydantic_extra__", None)
        _set(made, "__pydantic_private__", None)
        return made


class _MakesRecord(_Maker):
    __slots__ = ()

    def __call__(self, shape: _RecordShape, *values: object) -> object:
        if type(shape) is not _RecordShape:
            raise NotLean("a record without a shape")
        kind, names = shape
        made: object = kind.__new__(kind)
        for name, value in zip(names, values, strict=True):
            _set(made, name, value)
        return made


class _MakesMember(_Maker):
    __slots__ = ()

    def __call__(self, path: str, value: object) -> enum.Enum:
        kind = _named(path)
        if not issubclass(kind, enum.Enum):
            raise NotLean(f"{path} is no enumeration")
        return kind(value)


class _MakesCases(_Maker):
    __slots__ = ()

    def __call__(self, packed: bytes, length: int) -> LateCases:
        if type(packed) is not bytes or type(length) is not int:
            raise NotLean("examples of no form")
        return LateCases(packed, length)


class _MakesAllTime(_Maker):
    __slots__ = ()

    def __call__(self) -> Entry:
        return ALL_TIME


_ENTRY_SHAPE: Final = _MakesEntryShape()
_RECORD_SHAPE: Final = _MakesRecordShape()
_ENTRY: Final = _MakesEntry()
_RECORD: Final = _MakesRecord()
_MEMBER: Final = _MakesMember()
_CASES: Final = _MakesCases()
_ALL_TIME: Final = _MakesAllTime()
_NAMES: Final = {type(made): name for name, made in globals().copy().items() if isinstance(made, _Maker)}
_KNOWN: Final[dict[tuple[str, str], Any]] = {
    **{(__name__, name): globals()[name] for name in _NAMES.values()},
    # Both are made from plain values alone, and cannot be changed either.
    ("datetime", "date"): date,
    ("decimal", "Decimal"): Decimal,
}


def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _path_of(kind: type[object]) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


def _named(path: str) -> type[Any]:
    """The class of ours that the path names; one that is loaded, for a rulebook's records all are.

    Raises: NotLean.
    """
    module, _, name = path.partition(":")
    found = vars(sys.modules[module]).get(name) if _HOMES.fullmatch(module) and module in sys.modules else None
    if not isinstance(found, type) or found.__module__ != module:
        raise NotLean(f"{path} is nothing of a rulebook's")
    return found
