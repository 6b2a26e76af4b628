"""One raw JSON value and what it is as a fact's answer, or its fault; the texts of queries and command lines too."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from app.engine import DECIMAL_PLACES, FactType, Value
from app.errors import Fault, FaultCode
from app.rulebook import FactEntry, Text

#: Beyond these no law speaks, and sums of money or lengths are slips of the keyboard.
_MOST: Final = Decimal(10**15)
_LEAST: Final = -_MOST
_FINEST: Final = Decimal(1).scaleb(-DECIMAL_PLACES)
_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_NUMBER: Final = re.compile(r"-?\d{1,40}(\.\d{1,40})?", re.ASCII)
_LONGEST_SHOWN: Final = 60

JsonValue: TypeAlias = bool | int | float | str | list[str]


def words_of(text: Text) -> dict[str, str]:
    """The text as an error carries it, for whoever words it later."""
    return {"zh": text.zh, "en": text.en}


class WrongValue(Exception):
    """A value that a fact does not take, with its fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(str(fault))
        self.fault = fault


def typed(entry: FactEntry, raw: object) -> Value:
    """The answer as the engine takes it.

    Raises: WrongValue with the fault; a narrowed option is left to the caller to explain.
    """
    match entry.type:
        case FactType.BOOLEAN:
            if isinstance(raw, bool):
                return raw
        case FactType.CHOICE:
            if isinstance(raw, str):
                return _options(entry, [raw])[0]
        case FactType.CHOICES:
            if isinstance(raw, list | tuple) and all(isinstance(part, str) for part in raw):
                return _chosen(entry, raw)
        case FactType.INTEGER | FactType.DECIMAL:
            number = _number(raw)
            if number is not None:
                return _in_range(entry, number)
        case FactType.DATE:
            day = _day(raw)
            if day is not None:
                return _in_calendar(entry, day)
    raise WrongValue(_of_wrong_type(entry))


def plain(entry: FactEntry, value: Value) -> JsonValue:
    """The answer as JSON shows it: options in the order they are offered, days as text."""
    match value:
        case frozenset():
            return [option.value for option in entry.options if option.value in value]
        case date():
            return value.isoformat()
        case Decimal():
            return json_number(value)
        case _:
            return value


def json_number(value: int | Decimal) -> int | float:
    """The number as JSON shows it: whole ones without a point."""
    if isinstance(value, int):
        return value
    whole = int(value)
    return whole if whole == value else float(value)


def facts_from_text(facts: Mapping[str, FactEntry], pairs: Sequence[tuple[str, str]]) -> dict[str, object]:
    """Raw values from `fact=text` pairs of a query or a command line.

    Shape: a set is written by repeating its fact or with commas, the empty one as nothing at all; what cannot be read
        as the fact's type stays text, and evaluating says that it is of the wrong type.
    """
    given: dict[str, list[str]] = {}
    for code, text in pairs:
        given.setdefault(code, []).append(text)
    return {code: _from_text(facts.get(code), texts) for code, texts in given.items()}


def _from_text(entry: FactEntry | None, texts: list[str]) -> object:
    if entry is not None and entry.type is FactType.CHOICES:
        return [part for text in texts for part in text.split(",") if part]
    if len(texts) > 1:
        return texts
    text = texts[0]
    if entry is None:
        return text
    if entry.type is FactType.BOOLEAN:
        return {"true": True, "false": False}.get(text, text)
    if entry.type in (FactType.INTEGER, FactType.DECIMAL) and _NUMBER.fullmatch(text):
        return Decimal(text)
    return text


# ---- one type after the other ------------------------------------------------------------------------


def _of_wrong_type(entry: FactEntry) -> Fault:
    return _fault(entry, FaultCode.WRONG_TYPE, allowed=str(entry.type), expected=str(entry.type))


def _options(entry: FactEntry, given: Sequence[str]) -> Sequence[str]:
    for value in given:
        if value not in [option.value for option in entry.options]:
            raise WrongValue(_fault(entry, FaultCode.NOT_ALLOWED, allowed=list(entry.values), value=_short(value)))
    return given


def _chosen(entry: FactEntry, raw: Sequence[str]) -> frozenset[str]:
    if not raw and not entry.empty_allowed:
        allowed = list(entry.values)
        raise WrongValue(_fault(entry, FaultCode.NOT_ALLOWED, allowed=allowed, variant="empty", value="[]"))
    return frozenset(_options(entry, raw))


def _number(raw: object) -> Decimal | None:
    """The exact number a JSON number stands for; None for what is none."""
    if isinstance(raw, Decimal):
        return raw if raw.is_finite() else None
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    number = Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw)
    return number if number.is_finite() else None


def bounds_of(entry: FactEntry) -> tuple[Decimal, Decimal]:
    """The least and the most that a number may be."""
    return _LEAST if entry.minimum is None else entry.minimum, _MOST if entry.maximum is None else entry.maximum


def _in_range(entry: FactEntry, number: Decimal) -> int | Decimal:
    least, most = bounds_of(entry)
    if number < least:
        bound = json_number(least)
        raise WrongValue(_fault(entry, FaultCode.BELOW_MINIMUM, allowed=bound, minimum=least))
    if number > most:
        bound = json_number(most)
        raise WrongValue(_fault(entry, FaultCode.ABOVE_MAXIMUM, allowed=bound, maximum=most))
    if entry.type is FactType.INTEGER:
        if number != number.to_integral_value():
            raise WrongValue(_of_wrong_type(entry))
        return int(number)
    if number % _FINEST:
        expected = str(entry.type)
        raise WrongValue(
            _fault(
                entry,
                FaultCode.WRONG_TYPE,
                allowed=expected,
                expected=expected,
                variant="too_precise",
                places=DECIMAL_PLACES,
            )
        )
    return number


def _day(raw: object) -> date | None:
    if isinstance(raw, date):
        return raw
    if not isinstance(raw, str) or not _DAY.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _in_calendar(entry: FactEntry, day: date) -> date:
    if day < _FIRST_DAY:
        raise WrongValue(_fault(entry, FaultCode.BELOW_MINIMUM, allowed=_FIRST_DAY.isoformat(), minimum=_FIRST_DAY))
    if day > _LAST_DAY:
        raise WrongValue(_fault(entry, FaultCode.ABOVE_MAXIMUM, allowed=_LAST_DAY.isoformat(), maximum=_LAST_DAY))
    return day


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _fault(entry: FactEntry, code: FaultCode, *, allowed: object, **params: object) -> Fault:
    given = {"fact": entry.code, "name": words_of(entry.name), **params}
    return Fault(f"/facts/{entry.code}", code, allowed=allowed, params=given)
