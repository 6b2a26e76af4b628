"""Work at a database that is closed afterwards, entries for an audit trail, and the hand of somebody who cheats."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import Actor, Entry, append_entry
from app.storage import Database, DatabaseKind

T = TypeVar("T")

MOMENT: Final = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
WANG: Final = Actor.operator("wang")


def at_database(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    """Return what the work gives, done at the database."""

    async def whole() -> T:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(whole())


async def append(database: Database, subject: str = "r1", action: str = "release.published", **details: Any) -> Entry:
    """Append one entry in a unit of work of its own."""
    async with database.writing() as session:
        return await append_entry(session, WANG, action, subject, details, MOMENT)


async def cheat(database: Database, *statements: str) -> None:
    """Run statements as the owner of the database could, who takes the triggers away first."""
    async with database.writing() as session:
        await cheat_in(session, database.address.kind, *statements)


async def cheat_in(session: AsyncSession, kind: DatabaseKind, *statements: str) -> None:
    """Do the same in a unit of work, which may then be given up, triggers and all."""
    is_sqlite = kind is DatabaseKind.SQLITE
    dropped = (
        [f"DROP TRIGGER audit_entries_{name}" for name in ("follow", "keep", "stay")]
        + [f"DROP TRIGGER audit_head_{name}" for name in ("one", "advance", "stay")]
        if is_sqlite
        else [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in ("audit_entries", "audit_head")]
    )
    for statement in (*dropped, *statements):
        await session.execute(text(statement))
