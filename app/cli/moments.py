"""Moments and lengths of time as people type them."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from app.errors import Fault, FaultCode, InvalidRequest

CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
NOW: Final = "now"
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
        raise _refused(option, text, "hours or days, as 12h or 30d")
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
        raise _refused(option, text, "a day as 2026-12-31, or a length of time as 12h or 30d") from None


def shown(moment: datetime | None, absent: str = "") -> str:
    """Return a moment as the clock on the wall in Beijing shows it.

    >>> shown(datetime(2026, 12, 31, 16, tzinfo=UTC)), shown(None, "never")
    ('2027-01-01 00:00', 'never')
    """
    return absent if moment is None else f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _refused(option: str, given: str, allowed: str) -> InvalidRequest:
    params = {"name": option, "value": given[:100]}
    return InvalidRequest([Fault(option, FaultCode.NOT_ALLOWED, f"takes {allowed}", allowed, params)])
