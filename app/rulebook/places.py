"""Where something stands in the rulebook's files, down to the line and column of each key and value."""

from collections.abc import Iterator
from typing import Final, TypeAlias

#: The key under which the reader hides a mapping's place; no YAML file can spell it.
PLACE_KEY: Final = "\0place"

#: A way through nested mappings and lists, as Pydantic's `loc` writes it.
Path: TypeAlias = tuple[str | int, ...]


class Mark:
    """One node of a YAML file: where it begins, where its key begins, and the nodes below it.

    Units: lines and columns count from 1.
    """

    __slots__ = ("children", "column", "key_column", "key_line", "line")

    def __init__(self, line: int, column: int, key_line: int | None = None, key_column: int | None = None) -> None:
        self.line = line
        self.column = column
        self.key_line = line if key_line is None else key_line
        self.key_column = column if key_column is None else key_column
        self.children: dict[str, Mark] | list[Mark] | None = None

    def child(self, step: str | int) -> "Mark | None":
        """The node one step below, None where there is none."""
        below = self.children
        if isinstance(below, dict):
            return below.get(step) if isinstance(step, str) else None
        if isinstance(below, list) and isinstance(step, int) and 0 <= step < len(below):
            return below[step]
        return None


class Place:
    """A file and a node in it.

    Pydantic's paths hold tags of unions beside real keys, so `at` passes over steps that lead nowhere.
    """

    __slots__ = ("file", "mark")

    def __init__(self, file: str, mark: Mark) -> None:
        self.file = file
        self.mark = mark

    def at(self, *path: str | int) -> "Place":
        """The place of what the path leads to, as deep as the file goes."""
        mark = self.mark
        for step in path:
            mark = mark.child(step) or mark
        return Place(self.file, mark)

    def key(self) -> tuple[int, int]:
        """Line and column of the key in front of the node; of the node itself in a list."""
        return self.mark.key_line, self.mark.key_column

    def __repr__(self) -> str:
        return f"{self.file}:{self.mark.line}:{self.mark.column}"


NOWHERE: Final = Place("", Mark(0, 0))


def without_places(value: object) -> object:
    """The data as the file gives it, the hidden places taken out at every depth."""
    if isinstance(value, dict):
        return {key: without_places(part) for key, part in value.items() if key != PLACE_KEY}
    if isinstance(value, tuple):
        return tuple(without_places(part) for part in value)
    return value


def keys_of(value: dict[str, object]) -> Iterator[str]:
    """The keys a file really spells."""
    return (key for key in value if key != PLACE_KEY)
