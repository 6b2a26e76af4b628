"""Moments and lengths of time as people type them."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Final

import typer

from app.errors import Fault, FaultCode, InvalidRequest

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
NOW: Final = "now"
_TO_MINUTES: Final = "%Y-%m-%d %H:%M"
_TO_SECONDS: Final = "%Y-%m-%d %H:%M:%S"
_LENGTH: Final = re.compile(r"([1-9]\d{0,4})([hd])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1)}


def read_length(text: str, option: str) -> timedelta:
    """Return the length of time that `12h` or `30d` says.

    Raises: InvalidRequest.

    >>> read_length("36h", "--old-until")
    datetime.timedelta(days=1, seconds=43200)
    """
    found = _LENGTH.fullmatch(text.strip())
    if found is None:
        raise _refused(option, text, "length", "hours or days, as 12h or 30d")
    return int(found[1]) * _UNITS[found[2]]


def read_end(text: str, option: str, now: datetime) -> datetime:
    """Return the moment up to which something goes on: `now`, so long from now (`12h`, `30d`), or a day.

    A day is the last one, to its end in Beijing.
    Raises: InvalidRequest.

    >>> read_end("2026-12-31", "--expires", datetime(2026, 11, 22, tzinfo=UTC)).isoformat()
    '2026-12-31T16:00:00+00:00'
    """
    words = text.strip()
    if words == NOW:
        return now
    if _LENGTH.fullmatch(words):
        return now + read_length(words, option)
    try:
        last = datetime.strptime(words, "%Y-%m-%d").replace(tzinfo=CHINA)
        return (last + timedelta(days=1)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refused(option, text, "end", "a day as 2026-12-31, or a length of time as 12h or 30d") from None


def read_moment(text: str, option: str) -> datetime:
    """Return the moment that `2026-12-01T08:00` says, in Beijing unless it names another zone.

    Raises: InvalidRequest.

    >>> read_moment("2026-12-01T08:00", "--at").isoformat()
    '2026-12-01T00:00:00+00:00'
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _refused(option, text, "moment", "a moment as 2026-12-01T08:00") from None


def read_day(text: str, option: str) -> date:
    """Return the day that `2026-12-31` says.

    Raises: InvalidRequest.
    """
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=CHINA).date()
    except ValueError:
        params = {"name": option, "expected": "date"}
        raise InvalidRequest([Fault(option, FaultCode.WRONG_TYPE, "takes a day", "date", params)]) from None


def today() -> date:
    """Return the day it is in Beijing."""
    return datetime.now(CHINA).date()


def checked(read: Callable[[str, str], object]) -> Callable[[typer.CallbackParam, str | None], str | None]:
    """Return what holds an option's words against how they are read, while the command line is still being read.

    So what is wrong with them is told together with every other slip; the command reads them once more.
    """

    def look(param: typer.CallbackParam, text: str | None) -> str | None:
        if text is not None:
            read(text, max(param.opts, key=len))
        return text

    return look


def shown(moment: datetime | None, absent: str = "", *, seconds: bool = False) -> str:
    """Return a moment as the clock on the wall in Beijing shows it.

    >>> shown(datetime(2026, 12, 31, 16, tzinfo=UTC)), shown(None, "never")
    ('2027-01-01 00:00', 'never')
    """
    return absent if moment is None else f"{moment.astimezone(CHINA):{_TO_SECONDS if seconds else _TO_MINUTES}}"


def _refused(option: str, given: str, kind: str, allowed: str) -> InvalidRequest:
    params = {"name": option, "value": given[:100], "variant": f"time_{kind}"}
    return InvalidRequest([Fault(option, FaultCode.NOT_ALLOWED, f"takes {allowed}", allowed, params)])
