"""All queries on the audit trail."""

from collections.abc import AsyncIterator
from dataclasses import fields
from typing import Final

from sqlalchemy import insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit.chain import Head
from app.audit.records import Entry
from app.audit.tables import EntryRow, HeadRow
from app.storage import DatabaseKind

_HEAD: Final = 1
# Any fixed number does; it makes appenders on PostgreSQL take turns until their transactions end.
_APPEND_LOCK: Final = 4_118_200_327
_BATCH: Final = 500
_COLUMNS: Final = tuple(getattr(EntryRow, field.name) for field in fields(Entry))


async def take_turn(session: AsyncSession) -> None:
    """Wait until no other transaction is appending; held until this one ends.

    SQLite has one writer, and a unit of work that writes is the one from its beginning.
    """
    if session.get_bind().dialect.name == DatabaseKind.POSTGRESQL:
        await session.execute(text(f"SELECT pg_advisory_xact_lock({_APPEND_LOCK})"))


async def kept_head(session: AsyncSession) -> Head | None:
    """Return the head kept beside the trail."""
    row = (await session.execute(select(HeadRow.number, HeadRow.hash).where(HeadRow.id == _HEAD))).first()
    return None if row is None else Head(row.number, row.hash)


async def last_entry(session: AsyncSession) -> Head | None:
    """Return where the trail itself ends."""
    newest = select(EntryRow.number, EntryRow.hash).order_by(EntryRow.number.desc()).limit(1)
    row = (await session.execute(newest)).first()
    return None if row is None else Head(row.number, row.hash)


async def add(session: AsyncSession, entry: Entry, *, is_first: bool) -> None:
    """Put an entry at the end and move the head."""
    await session.execute(insert(EntryRow).values({name: getattr(entry, name) for name in Entry.__slots__}))
    if is_first:
        await session.execute(insert(HeadRow).values(id=_HEAD, number=entry.number, hash=entry.hash))
        return
    moved = update(HeadRow).where(HeadRow.id == _HEAD).values(number=entry.number, hash=entry.hash)
    await session.execute(moved.execution_options(synchronize_session=False))


async def every_entry(session: AsyncSession) -> AsyncIterator[Entry]:
    """Yield the whole trail in order, some hundred entries in memory at a time."""
    found = await session.stream(select(*_COLUMNS).order_by(EntryRow.number), execution_options={"yield_per": _BATCH})
    async for row in found:
        yield Entry(*row)


async def newest(
    session: AsyncSession, limit: int, *, action: str | None, subject: str | None, actor: str | None
) -> list[Entry]:
    """Return the newest entries, newest first; a name that ends with a dot or colon takes all that begin with it."""
    wanted = select(*_COLUMNS).order_by(EntryRow.number.desc()).limit(limit)
    for column, value in ((EntryRow.action, action), (EntryRow.subject, subject), (EntryRow.actor, actor)):
        if value is not None:
            whole_group = value.endswith((".", ":", "/"))
            wanted = wanted.where(column.startswith(value, autoescape=True) if whole_group else column == value)
    return [Entry(*row) for row in await session.execute(wanted)]
