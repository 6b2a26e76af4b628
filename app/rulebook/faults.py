"""What Pydantic says about an entry, in our words and at the right line."""

from collections.abc import Iterator
from functools import cache
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.errors import Finding
from app.rulebook.files.base import Entry
from app.rulebook.findings import did_you_mean
from app.rulebook.places import Place, keys_of

M = TypeVar("M", bound=BaseModel)

_TYPES: Final = {
    "string_type": "text (put it in quotes)",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "decimal_type": "a number",
    "is_instance_of": "a number",
    "date_type": "a day (2021-09-01)",
    "tuple_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "none_required": "null",
}


def validate(model: type[M], data: object, place: Place) -> M | tuple[Finding, ...]:
    """Return the entry, or every fault of it."""
    try:
        return model.model_validate(data)
    except ValidationError as fault:
        return tuple(_findings(_own(fault.errors(include_url=False)), data, place))


def _own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those that only follow: a list counts as empty where its parts are wrong."""
    paths = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short"
        or not any(len(path) > len(error["loc"]) and path[: len(error["loc"])] == error["loc"] for path in paths)
    ]


def _findings(errors: list[ErrorDetails], data: object, place: Place) -> Iterator[Finding]:
    kinds: dict[tuple[int, int], list[str]] = {}
    for error in errors:
        at = place.at(*error["loc"])
        if error["type"] in _TYPES:
            kinds.setdefault((at.mark.line, at.mark.column), []).append(_TYPES[error["type"]])
    said: set[tuple[int, int]] = set()
    for error in errors:
        at = place.at(*error["loc"])
        spot = (at.mark.line, at.mark.column)
        if error["type"] in _TYPES:
            if spot not in said:
                takes = " or ".join(dict.fromkeys(kinds[spot]))
                yield _at(at, "wrong_type", f"{_name(error)} takes {takes}, here stands {_shown(error['input'])}")
            said.add(spot)
        else:
            yield _one(error, data, at)


def _one(error: ErrorDetails, data: object, at: Place) -> Finding:
    kind, last = error["type"], str(error["loc"][-1]) if error["loc"] else ""
    if kind == "said":
        context = error.get("ctx", {})
        return _at(at, context.get("code", "invalid_value"), error["msg"])
    if kind == "extra_forbidden":
        near = did_you_mean(last, _neighbours(data, error["loc"]))
        line, column = at.key()
        return Finding(at.file, line, column, "unknown_key", f"there is no key `{last}` here{near or '; take it out'}")
    if kind == "missing" or (kind == "too_short" and last == "basis"):
        code = {"basis": "missing_source", "zh": "missing_translation", "en": "missing_translation"}.get(
            last, "missing_key"
        )
        return _at(at, code, f"`{last}` is missing; write it")
    return _at(at, "invalid_value", f"{_name(error)}: {_shown(error['input'])}: {_advice(error)}")


def _advice(error: ErrorDetails) -> str:
    if error["type"] == "string_pattern_mismatch":
        pattern = str(error["ctx"]["pattern"])
        if "#" in pattern:
            return "a source is written policy-code#article"
        if "://" in pattern:
            return "an address begins with https:// or http:// and holds no spaces; write null where there is none"
        return f"does not have the form of such a code ({pattern.strip('^$')})"
    if error["type"] == "too_short":
        return "the list is empty; write what belongs in it or take the key out"
    if error["type"] == "greater_than_equal":
        return f"has to be {error['ctx']['ge']} or more"
    return error["msg"].replace("Input should be", "takes").replace("Input", "it")


def _name(error: ErrorDetails) -> str:
    """The nearest key of the path, tags of unions and places in lists left aside."""
    words = [step for step in error["loc"] if isinstance(step, str) and step.isidentifier()]
    named = [word for word in words if word not in _UNION_MEMBERS]
    return f"`{named[-1]}`" if named else "this"


_UNION_MEMBERS: Final = frozenset({"bool", "int", "str", "date", "Citation", "FactUse", "ExpectedProcedure"})


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    short = text if len(text) <= 40 else f"{text[:37]}…"
    return repr(short) if isinstance(value, str) else short


def _at(place: Place, code: str, message: str) -> Finding:
    return Finding(place.file, place.mark.line, place.mark.column, code, message)


def _neighbours(data: object, path: tuple[str | int, ...]) -> list[str]:
    """The keys that the entry with the unknown key most probably has.

    Pydantic does not say which model it was reading, so it is guessed from the other keys of the mapping.
    """
    mapping: Any = data
    for step in path[:-1]:
        try:
            mapping = mapping[step]
        except (KeyError, IndexError, TypeError):
            continue  # a union's tag
    if not isinstance(mapping, dict):
        return []
    written = set(keys_of(mapping))
    best = max(_all_keys(), key=lambda keys: (len(written & keys), -len(keys)))
    return sorted(best - written)


@cache
def _all_keys() -> tuple[frozenset[str], ...]:
    found: list[frozenset[str]] = []
    waiting: list[type[Entry]] = [Entry]
    while waiting:
        model = waiting.pop()
        waiting.extend(model.__subclasses__())
        fields = model.model_fields.items()
        found.append(frozenset(field.alias or name for name, field in fields if name != "place"))
    return tuple(found)
