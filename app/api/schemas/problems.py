"""The one shape of all errors (RFC 9457)."""

from typing import Any

from pydantic import Field

from app.api.schemas.base import Wire


class SingleFault(Wire):
    """One fault in what was sent."""

    pointer: str
    """JSON pointer into the body, or `/name` of a query's field; "" is the whole."""
    code: str
    message: str
    allowed: Any = Field(...)
    """What would have been taken: options, a bound, the name of a type; null where nothing can be listed."""


class Problem(Wire):
    """What is wrong, in the caller's language."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[SingleFault]
    """Every single fault; [] where the problem is not about single values."""
    request_id: str
