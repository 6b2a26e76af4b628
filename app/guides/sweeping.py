"""All kept guides held against two rulebooks: which of them would come out otherwise. Reads, and changes nothing."""

from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import AppError
from app.evaluation import Evaluator
from app.guides import repository
from app.guides.comparing import compare
from app.guides.records import KeptRequest
from app.guides.references import Reference


@dataclass(frozen=True, slots=True)
class Sweep:
    """What became of a sweep.

    Shape: `moved` the references of guides that would come out otherwise; `refused` how many one of the two rulebooks
        takes no longer, or not yet.
    """

    checked: int
    moved: tuple[Reference, ...]
    refused: int


async def sweep(
    session: AsyncSession, before: Evaluator, after: Evaluator, topics: Collection[str] | None = None
) -> Sweep:
    """Return which kept guides the later rulebook would answer otherwise than the earlier one, each on its own day.

    Shape: guides of these topics alone, of all without any.
    Cost: two evaluations a guide, fewer where many asked the same; never more than a few hundred rows in memory.
    """
    checked, refused = 0, 0
    moved: list[Reference] = []
    async for request in _requests(session, topics):
        checked += 1
        has_moved = _moves(before, after, request)
        if has_moved is None:
            refused += 1
        elif has_moved:
            moved.append(request.reference)
    return Sweep(checked, tuple(moved), refused)


async def _requests(session: AsyncSession, topics: Collection[str] | None) -> AsyncIterator[KeptRequest]:
    async for request in repository.requests(session):
        if topics is None or request.asked.topic in topics:
            yield request


def _moves(before: Evaluator, after: Evaluator, request: KeptRequest) -> bool | None:
    """Unknown: None where one of the two does not take the request."""
    day: date = request.as_of
    try:
        was = before.evaluate(request.asked.again(release=None, as_of=day), day)
    except AppError:
        return None
    return compare(
        after,
        request.asked,
        was.body,
        as_of=day,
        release_hash=before.rulebook.content_hash,
        today=day,
    ).outdated
