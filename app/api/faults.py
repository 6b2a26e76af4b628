"""What FastAPI says about a query, as faults of our own shape."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from app.api.bodies import escaped, expected
from app.errors import Fault, FaultCode
from app.wording import LANGUAGES

_KINDS: Final = {
    "int_parsing": "integer",
    "int_type": "integer",
    "string_type": "string",
    "bool_parsing": "boolean",
    "date_parsing": "date",
}
_BOUNDS: Final = {
    "greater_than_equal": (FaultCode.BELOW_MINIMUM, "ge", "minimum"),
    "less_than_equal": (FaultCode.ABOVE_MAXIMUM, "le", "maximum"),
    "string_too_long": (FaultCode.ABOVE_MAXIMUM, "max_length", "maximum"),
}


def query_faults(errors: Sequence[Mapping[str, Any]]) -> list[Fault]:
    """Return FastAPI's list of validation errors as faults, in its order, each place once."""
    found: dict[str, Fault] = {}
    for error in errors:
        for fault in _faults(error):
            found.setdefault(fault.pointer, fault)
    return list(found.values())


def _faults(error: Mapping[str, Any]) -> Iterator[Fault]:
    name = str(error["loc"][-1])
    pointer = "".join(f"/{escaped(str(step))}" for step in error["loc"][1:])
    kind, context = str(error["type"]), error.get("ctx", {})
    if kind in ("missing", "string_too_short"):  # no text asked for here may be empty
        yield Fault(pointer, FaultCode.MISSING, f"{name} is missing", params={"name": name})
    elif kind == "extra_forbidden":
        yield unknown_field(pointer, name, None)
    elif kind in _BOUNDS:
        code, key, word = _BOUNDS[kind]
        bound = context.get(key)
        params = {"name": name, word: bound} | ({"variant": "length"} if key == "max_length" else {})
        yield Fault(pointer, code, f"{name}: {error['msg']}", allowed=bound, params=params)
    elif kind in _KINDS:
        yield expected(pointer, name, _KINDS[kind])
    else:
        value = error.get("input")
        yield Fault(pointer, FaultCode.NOT_ALLOWED, f"{name}: {error['msg']}", params={"name": name, "value": value})


def unknown_field(pointer: str, name: str, allowed: Sequence[str] | None) -> Fault:
    """Return the fault of a field that nobody reads, beside those that are read."""
    return Fault(
        pointer,
        "unknown_field",
        f"there is no field {name}",
        allowed=list(allowed) if allowed is not None else None,
        params={"name": name, "allowed": list(allowed or ())},
    )


def unsupported_language(given: object) -> Fault:
    """Return the fault of naming a language we do not speak."""
    return Fault(
        "/lang",
        FaultCode.NOT_ALLOWED,
        f"lang takes one of {', '.join(LANGUAGES)}",
        allowed=list(LANGUAGES),
        params={"name": "lang", "value": given},
    )
