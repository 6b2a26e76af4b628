"""A query string, read strictly: UTF-8, plus signs as spaces, names kept in order, nothing guessed."""

from typing import Final
from urllib.parse import unquote_to_bytes

from app.errors import Fault, FaultCode, InvalidRequest

# More than the facts of any topic; a longer query is no scenario.
MOST_PAIRS: Final = 200


def read_query(raw: bytes) -> dict[str, list[str]]:
    """Return name -> values in order of a raw query string; a name without `=` has the value "".

    Raises: InvalidRequest when a part is not percent-encoded UTF-8 or there are too many.

    >>> read_query(b"topic=t&zones=a&zones=b&none=")
    {'topic': ['t'], 'zones': ['a', 'b'], 'none': ['']}
    """
    found: dict[str, list[str]] = {}
    parts = raw.split(b"&", MOST_PAIRS)
    if len(parts) > MOST_PAIRS:
        raise InvalidRequest(
            [
                Fault(
                    "",
                    FaultCode.ABOVE_MAXIMUM,
                    f"the query takes at most {MOST_PAIRS} values",
                    allowed=MOST_PAIRS,
                    params={"name": "query", "maximum": MOST_PAIRS},
                )
            ]
        )
    for part in parts:
        if part:
            name, _, value = part.partition(b"=")
            found.setdefault(_text(name), []).append(_text(value))
    return found


def _text(raw: bytes) -> str:
    try:
        return unquote_to_bytes(raw.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError:
        raise InvalidRequest(
            [Fault("", "malformed", "the query is not percent-encoded UTF-8", params={"variant": "query"})],
            detail="the query cannot be read",
        ) from None
