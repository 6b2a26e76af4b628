"""What the hotline search answers."""

from typing import Literal

from app.api.schemas.base import Wire


class Hit(Wire):
    """One thing found."""

    kind: Literal["topic", "procedure", "rule", "clause"]
    code: str
    topic: str | None
    """The topic it belongs to, null for a clause that no topic rests on."""
    title: str
    snippet: str
    matched: list[str]
    """The words found in it, as the caller wrote them or as the rulebook knows them."""
    score: float


class SearchAnswer(Wire):
    """What was found, best first; `total` counts all of it, `results` holds the first `limit`."""

    query: str
    total: int
    results: list[Hit]
