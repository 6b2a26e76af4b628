"""Where a database is: `sqlite:///<path>` or `postgresql://…`, and the engine that reaches it."""

import asyncio
import os
import sqlite3
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final
from urllib.parse import quote

import aiosqlite
from sqlalchemy import Connection, ExceptionContext, event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection

WRITES: Final = "apg_writes"
"""Execution option of an engine whose transactions write; SQLite then takes the write lock at their beginning."""

# A caller who waits longer would rather hear that the database is away.
CONNECT_SECONDS: Final = 3.0
_COMMAND_SECONDS: Final = 10.0
_BUSY_SECONDS: Final = 5.0
_TURN_SECONDS: Final = 0.02
_CONNECTIONS: Final = 8
_FILE: Final = "apg_file"
_ONLY_TO_READ: Final = "apg_only_to_read"
# The lowest byte of SQLite's error codes says what it is, the rest says where.
_KIND: Final = 0xFF
_FAILING: Final = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# PostgreSQL's `read_only_sql_transaction`.
_ONLY_READ: Final = "25006"


class DatabaseKind(StrEnum):
    """The two databases we run on."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True, slots=True)
class Address:
    """A database's address.

    Shape: `path` is the file of an embedded database, None where a server keeps it.
    """

    url: str
    kind: DatabaseKind
    path: Path | None

    @classmethod
    def of(cls, url: str) -> "Address":
        """Return the address that APG_DATABASE_URL names; a relative path counts from the present folder."""
        if url.startswith("sqlite:///"):
            return cls(url, DatabaseKind.SQLITE, Path(url.removeprefix("sqlite:///")).absolute())
        return cls(url, DatabaseKind.POSTGRESQL, None)


def make_engine(address: Address, *, creates: bool = False, patient: bool = False) -> AsyncEngine:
    """Return an engine; nothing is opened before it is first used.

    Shape: `creates` lets SQLite make the file where there is none; without it a file that vanished is a fault and
        never an empty database in its place. `patient` waits for long statements, as copies and migrations need.
    """
    if address.path is None:
        return _postgresql_engine(address.url, patient=patient)
    return _sqlite_engine(address.path, creates=creates)


def _postgresql_engine(url: str, *, patient: bool) -> AsyncEngine:
    # Here, for most services run on SQLite and start sooner without it.
    import asyncpg

    # asyncpg reads the address itself, so that sslmode, several hosts and the like mean what libpq says they mean.
    connect = partial(
        asyncpg.connect,
        dsn=url,
        timeout=CONNECT_SECONDS,
        command_timeout=None if patient else _COMMAND_SECONDS,
        server_settings={"application_name": "approval-guide"},
    )
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_CONNECTIONS,
        max_overflow=_CONNECTIONS,
        pool_timeout=_COMMAND_SECONDS,
        pool_recycle=1_800,
    )
    event.listen(engine.sync_engine, "handle_error", _open_anew)
    return engine


def _sqlite_engine(path: Path, *, creates: bool) -> AsyncEngine:
    place = f"file:{quote(str(path))}?mode={'rwc' if creates else 'rw'}"
    engine = create_async_engine(
        "sqlite+aiosqlite://",
        async_creator=partial(_open, place),
        # What a company answered stands in no log, not even where a statement fails.
        hide_parameters=True,
        # Without a file in the address SQLAlchemy would think of memory and share one connection.
        poolclass=AsyncAdaptedQueuePool,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=_COMMAND_SECONDS,
    )
    event.listen(engine.sync_engine, "connect", partial(_remember_file, path))
    event.listen(engine.sync_engine, "checkout", partial(_same_file, path))
    event.listen(engine.sync_engine, "checkin", _not_kept)
    event.listen(engine.sync_engine, "begin", _begin)
    event.listen(engine.sync_engine, "handle_error", _open_anew)
    return engine


async def _open(place: str) -> aiosqlite.Connection:
    """Open a connection; every guide that was acknowledged through it is on the disk, whatever happens next."""
    # The driver's own way of opening transactions would begin them too late and never as writing ones.
    opening = aiosqlite.connect(place, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
    opening._thread.daemon = True  # as SQLAlchemy does itself: an open connection does not keep the process alive
    try:
        connection = await opening
    except sqlite3.Error:
        # Its thread has a last word for this loop, which a command may have closed by then.
        await asyncio.to_thread(opening._thread.join, 1.0)
        raise
    try:
        await _set_up(connection)
    except BaseException:
        await connection.close()
        raise
    return connection


async def _set_up(connection: aiosqlite.Connection) -> None:
    # SQLite does not wait by itself where several would turn a new file to WAL at once: that could be for ever.
    deadline = monotonic() + _BUSY_SECONDS
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        while True:
            try:
                await connection.execute(f"PRAGMA {pragma}")
                break
            except sqlite3.OperationalError as fault:
                if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > deadline:
                    raise
            await asyncio.sleep(_TURN_SECONDS)


def _remember_file(path: Path, connection: Any, record: ConnectionPoolEntry) -> None:
    record.info[_FILE] = _identity(path)
    record.info[_ONLY_TO_READ] = not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def _same_file(path: Path, connection: Any, record: ConnectionPoolEntry, proxy: PoolProxiedConnection) -> None:
    """Open anew when the file was put aside or another one put in its place: nothing is kept where nobody looks."""
    if record.info.get(_FILE) != _identity(path):
        raise DisconnectionError(f"{path.name} is no longer the file that was opened")


def _not_kept(connection: Any, record: ConnectionPoolEntry) -> None:
    """Close what was opened only to be read, as SQLite does with a file that may not be written to.

    As long as one such connection is open every other of this process can do nothing else, whatever changes.
    """
    if record.info.get(_ONLY_TO_READ):
        record.invalidate()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # runs with every request, and Path.stat costs three times as much
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _open_anew(context: ExceptionContext) -> None:
    """Have connections opened anew once a file failed them, or where they may only read: some do so for ever.

    As does one to a file that could not be written to when it was opened, or to a server that has since been put
    behind another.
    """
    fault = context.original_exception
    if isinstance(fault, sqlite3.Error):
        fails = getattr(fault, "sqlite_errorcode", 0) & _KIND in _FAILING
    else:
        fails = getattr(fault, "sqlstate", None) == _ONLY_READ
    if fails:
        context.is_disconnect = True


def _begin(connection: Connection) -> None:
    # IMMEDIATE, for a transaction that starts reading and then writes fails at once when another wrote in between.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
