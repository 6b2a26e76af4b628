"""Clients for tests: made with a moment and an actor of one's own choice."""

from datetime import datetime, timedelta
from typing import Any

from app.clients import ClientCode, Issued, NewClient, Scope, create_client
from app.storage import Database
from tests.support.make_trail import MOMENT, WANG

YEAR = timedelta(days=365)


def new_client(code: str = "hall", **given: Any) -> NewClient:
    """What a client is to be made of; every part may be given by name."""
    parts: dict[str, Any] = {
        "name": "Hall",
        "scopes": frozenset({Scope.BATCH}),
        "expires_at": None,
        "key_life": YEAR,
        **given,
    }
    return NewClient(code=ClientCode(code), **parts)


async def make_client(database: Database, code: str = "hall", now: datetime = MOMENT, **given: Any) -> Issued:
    """Make a client in a unit of work of its own."""
    async with database.writing() as session:
        return await create_client(session, new_client(code, **given), WANG, now)
