"""Why a file is not YAML, said to somebody who has never heard of YAML: what is wrong on the line, and what to do."""

import re
from typing import Final

import yaml

from app.rulebook.places import Mark

_TAB: Final = re.compile(r"^ *\t")
_WIDE_COLON: Final = re.compile(r"^\s*(?:- *)?\{?\w+：", re.ASCII)
#: A piece of what the parser says -> what that mostly comes from. The first that fits is said.
_PLAIN: Final = {
    "while scanning a quoted scalar": "a quote is opened here and never closed; close it",
    "could not find expected ':'": "a key here has no colon; write `key: value`, with the colon and a space",
    "did not find expected ',' or": (
        "a comma or a closing bracket is missing, or text with a colon or comma in it has no quotes around it; put such"
        " text in quotes, and write `,` and `:` as on the English keyboard"
    ),
    "mapping values are not allowed": (
        "a second colon stands on this line, or the line is indented too far; put text with a colon in quotes, and"
        " begin the line where its neighbours begin"
    ),
    "did not find expected": "the line is not indented as the lines above; begin it where its neighbours begin",
}


def said_of(fault: yaml.MarkedYAMLError, text: str) -> tuple[Mark, str]:
    """Return where a file stops being YAML and why, with what to do."""
    at = _place(fault, text)
    words = ", ".join(part for part in (fault.context, fault.problem) if part)
    return at, f"this is not YAML: {_why(fault, words, text)}; nothing of this file is read until then"


def _place(fault: yaml.MarkedYAMLError, text: str) -> Mark:
    # Where an open quote or bracket begins says more than the end of the file, where it is missed.
    problem = fault.problem_mark or fault.context_mark
    at_end = problem is not None and problem.line > text.rstrip().count("\n")
    at = (fault.context_mark if at_end else None) or problem
    if at is None:
        return Mark(0, 0)
    wrong = _line(fault, text, _WIDE_COLON)
    return Mark(at.line + 1, at.column + 1) if wrong is None else Mark(wrong + 1, 1)


def _why(fault: yaml.MarkedYAMLError, words: str, text: str) -> str:
    if _line(fault, text, _TAB) is not None:
        return "the line begins with a tab; write spaces instead"
    if _line(fault, text, _WIDE_COLON) is not None:
        return "a Chinese colon `：` stands behind the key; write `:` and a space"
    for piece, plain in _PLAIN.items():
        if piece in words:
            return plain
    return f"{words}; look at the quotes and the indent around it"


def _line(fault: yaml.MarkedYAMLError, text: str, pattern: re.Pattern[str]) -> int | None:
    """The line, counted from zero, that looks so among those from where the parser was to where it gave up."""
    lines = text.splitlines()
    marks = [mark.line for mark in (fault.context_mark, fault.problem_mark) if mark]
    if not marks:
        return None
    # An unclosed quote runs on over pages; what is wrong with one key is said one line later at most.
    first = max(min(marks), max(marks) - 1)
    near = range(first, min(max(marks) + 1, len(lines)))
    return next((number for number in near if pattern.search(lines[number])), None)
