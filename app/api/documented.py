"""What a route's documentation says of its answers; the bodies are filled in from the running product."""

from typing import Any, Final

from app.api.problems import STATUSES
from app.errors import ProblemCode

PROBLEMS: Final = "x-problems"
"""Key under which a documented answer names the problem types it may be."""


def answers(*codes: ProblemCode, takes_input: bool = True) -> dict[int | str, dict[str, Any]]:
    """Return the answers beside 200 of a route that may end in these problems, as FastAPI takes them.

    Shape: what takes input may be asked wrongly, and everything may meet what nobody foresaw; the rest is named.
    """
    always = (ProblemCode.INVALID_REQUEST, ProblemCode.INTERNAL_ERROR) if takes_input else (ProblemCode.INTERNAL_ERROR,)
    grouped: dict[int, list[str]] = {}
    for code in (*codes, *always):
        grouped.setdefault(STATUSES[code], []).append(code.value)
    return {
        status: {"description": " · ".join(f"`{name}`" for name in names), PROBLEMS: names}
        for status, names in sorted(grouped.items())
    }
