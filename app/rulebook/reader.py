"""YAML with line and column for every node, in a subset that has one reading only.

Scalars are resolved here and not by PyYAML, whose YAML 1.1 turns `no` into false and 1:30 into 90. Anchors,
aliases and tags are refused: they hide what a line says from whoever reads it. Repeated keys are refused,
because the last one would win in silence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import yaml

from app.errors import Finding
from app.rulebook.places import PLACE_KEY, Mark, Place
from app.rulebook.yaml_faults import said_of

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL: Final = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Private signs of Unicode look like nothing, and a guide marks with them where a scenario's numbers belong.
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_MAYBE_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff]|\\[uU]")
# Nobody reads a rule that deep; and whatever walks along it later shall not run out of stack.
_DEEPEST: Final = 50
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(frozen=True, slots=True)
class Document:
    """One file read.

    Shape: mappings are dicts that hide their `Place` under `PLACE_KEY`, lists are tuples; `data` is None for
        an empty file and for one that cannot be read at all, which `findings` then says.
    """

    file: str
    data: object
    place: Place
    findings: tuple[Finding, ...]


def read(text: str, file: str) -> Document:
    """Return what the YAML text says, with every fault of its form."""
    reading = _Reading(file, _MAYBE_PRIVATE.search(text) is not None)
    mark = Mark(1, 1)
    data: object = None
    try:
        data = reading.document(yaml.parse(text, Loader=yaml.CSafeLoader), mark)
    except yaml.MarkedYAMLError as fault:
        at, message = said_of(fault, text)
        reading.find(at.line, at.column, "syntax", message)
        data = None
    except yaml.YAMLError as fault:
        reading.find(0, 0, "syntax", f"this is not YAML: {fault}")
        data = None
    return Document(file, data, Place(file, mark), tuple(reading.findings))


def scalar(text: str) -> object:
    """Return what an unquoted word means; everything that is no number, day or constant is text.

    >>> scalar("no"), scalar("0.5"), scalar("2021-09-01")
    ('no', Decimal('0.5'), datetime.date(2021, 9, 1))
    """
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    return text


class _Reading:
    """The state of one file's reading: its findings, and the places it hands out."""

    def __init__(self, file: str, looks_at_signs: bool) -> None:
        self.looks_at_signs = looks_at_signs
        self.file = file
        self.findings: list[Finding] = []
        self.depth = 0

    def find(self, line: int, column: int, code: str, message: str) -> None:
        self.findings.append(Finding(self.file, line, column, code, message))

    def document(self, events: Iterator[yaml.Event], mark: Mark) -> object:
        data: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                line, column = _start(event)
                if documents > 1:
                    self.find(line, column, "syntax", "a file holds one document: take out this `---`")
            elif isinstance(event, yaml.NodeEvent):
                node = self.node(event, events, mark if documents == 1 else Mark(1, 1))
                data = node if documents == 1 else data
        return data

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], mark: Mark) -> object:
        mark.line, mark.column = _start(event)
        self.refuse_tricks(event, mark)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, mark)
        if not isinstance(event, yaml.SequenceStartEvent | yaml.MappingStartEvent):
            return None
        if self.depth == _DEEPEST:
            problem = f"more than {_DEEPEST} lists and mappings stand one in another"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]
        self.depth += 1
        is_list = isinstance(event, yaml.SequenceStartEvent)
        found = self.sequence(events, mark) if is_list else self.mapping(events, mark)
        self.depth -= 1
        return found

    def refuse_tricks(self, event: yaml.Event, mark: Mark) -> None:
        if isinstance(event, yaml.NodeEvent) and event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            self.find(
                mark.line,
                mark.column,
                "anchor",
                f"`{sign}{event.anchor}`: anchors and aliases are not used here; write it out",
            )
        tag = getattr(event, "tag", None)
        if tag:
            self.find(mark.line, mark.column, "anchor", f"the tag `{tag}` is not used here; take it out")

    def scalar(self, event: yaml.ScalarEvent, mark: Mark) -> object:
        text: str = event.value
        if self.looks_at_signs and (sign := _PRIVATE.search(text)):
            shown = f"U+{ord(sign[0]):04X}"
            self.find(mark.line, mark.column, "invalid_value", f"{shown} is a private sign no font shows; take it out")
        if event.style:
            return text
        try:
            return scalar(text)
        except ValueError:
            self.find(mark.line, mark.column, "invalid_value", f"{text} is not a day of the calendar")
            return None

    def sequence(self, events: Iterator[yaml.Event], mark: Mark) -> tuple[object, ...]:
        marks: list[Mark] = []
        parts: list[object] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            below = Mark(0, 0)
            parts.append(self.node(event, events, below))
            below.key_line, below.key_column = below.line, below.column
            marks.append(below)
        mark.children = marks
        return tuple(parts)

    def mapping(self, events: Iterator[yaml.Event], mark: Mark) -> dict[str, object]:
        marks: dict[str, Mark] = {}
        named: dict[str, object] = {PLACE_KEY: Place(self.file, mark)}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line, column = _start(event)
            key = self.key(event, events)
            below = Mark(line, column)
            value = self.node(next(events), events, below)
            below.key_line, below.key_column = line, column
            if key in marks:
                first = marks[key]
                self.find(
                    line,
                    column,
                    "duplicate_key",
                    f"the key `{key}` stands here twice, first in line {first.key_line}; keep one",
                )
            elif key is not None:
                marks[key], named[key] = below, value
        mark.children = marks
        return named

    def key(self, event: yaml.Event, events: Iterator[yaml.Event]) -> str | None:
        if isinstance(event, yaml.ScalarEvent):
            # A key is always its own letters: `true:` names an answer, `01:` a code.
            self.refuse_tricks(event, Mark(*_start(event)))
            text: str = event.value
            return text
        line, column = _start(event)
        self.node(event, events, Mark(line, column))
        self.find(line, column, "syntax", "a key is a word: write lists and mappings behind a key, not as one")
        return None


def _start(event: yaml.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (0, 0)
