"""The schema's versions: which there are, which one a database has, and bringing it up to date with Alembic."""

import ast
import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.util import await_

from app.errors import AppError
from app.storage.address import WRITES, Address, DatabaseKind, make_engine
from app.storage.troubles import storage_faults

if TYPE_CHECKING:
    from alembic.config import Config

_REPOSITORY: Final = Path(__file__).resolve().parents[2]
_VERSIONS: Final = _REPOSITORY / "migrations" / "versions"
_ASSIGNED: Final = re.compile(r"^(revision|down_revision)\b[^=\n]*= *(.+)$", re.M)
# Any fixed number does; it keeps two upgrades of one PostgreSQL database from running at once.
_UPGRADE_LOCK: Final = 4_118_200_326
_MIGRATING: Final = threading.Lock()
_TURN_SECONDS: Final = 0.02


class SchemaState(StrEnum):
    """How a database's schema stands to this software's.

    `ahead` is fine: migrations are written so that the previous release still runs.
    """

    CURRENT = "current"
    BEHIND = "behind"
    AHEAD = "ahead"


@cache
def revisions() -> tuple[str, ...]:
    """Return every revision, oldest first; read from the files, for loading Alembic takes a fifth of a second."""
    after: dict[str | None, str] = {}
    for path in _VERSIONS.glob("*.py"):
        found = {name: ast.literal_eval(value) for name, value in _ASSIGNED.findall(path.read_text("utf-8"))}
        after[found["down_revision"]] = found["revision"]
    ordered: list[str] = []
    while (following := after.get(ordered[-1] if ordered else None)) is not None:
        ordered.append(following)
    return tuple(ordered)


def state_of(revision: str | None) -> SchemaState:
    """Return how a database at this revision stands; None is one that was never migrated."""
    if revision == revisions()[-1]:
        return SchemaState.CURRENT
    return SchemaState.BEHIND if revision is None or revision in revisions() else SchemaState.AHEAD


def read_revision(connection: Connection) -> str | None:
    """Return the revision a database is at, None where it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


async def upgrade(address: Address, revision: str = "head") -> tuple[str | None, str | None]:
    """Bring the database up to a revision and return (before, after); an embedded one is made where there is none.

    Safe to run from several processes at once; all in one transaction, so that a failing step leaves no half.
    Raises: StorageUnavailable.
    """
    with storage_faults():
        if address.path is not None:
            # One folder, as `var/` is; a longer missing path is more likely a slip.
            address.path.parent.mkdir(exist_ok=True)
        engine = make_engine(address, creates=True, patient=True)
        try:
            return await upgrade_with(engine, revision)
        finally:
            await engine.dispose()


async def upgrade_with(engine: AsyncEngine, revision: str = "head") -> tuple[str | None, str | None]:
    """Bring the database behind an engine up to a revision and return (before, after)."""
    async with engine.execution_options(**{WRITES: True}).begin() as connection:
        return await connection.run_sync(upgrade_on, revision)


def upgrade_on(connection: Connection, revision: str = "head") -> tuple[str | None, str | None]:
    """Run the migrations inside the transaction of a connection and return (before, after)."""
    _take_turns(connection)
    before = read_revision(connection)
    if state_of(before) is not SchemaState.BEHIND:
        return before, before
    # Here, for a worker that only serves never needs it.
    from alembic import command

    with _alone():
        command.upgrade(_config(connection), revision)
    return before, read_revision(connection)


def downgrade_on(connection: Connection) -> None:
    """Take every table away inside the transaction of a connection, as restoring a copy begins."""
    _take_turns(connection)
    if read_revision(connection) is None:
        return
    from alembic import command

    with _alone():
        command.downgrade(_config(connection), "base")


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until nothing else in this process migrates; Alembic finds the connection it works on by global names.

    Another thread's work would otherwise be done on our connection. Waits as a statement does: the event loop goes on.
    """
    while not _MIGRATING.acquire(blocking=False):
        await_(asyncio.sleep(_TURN_SECONDS))
    try:
        yield
    finally:
        _MIGRATING.release()


def _take_turns(connection: Connection) -> None:
    if connection.dialect.name == DatabaseKind.POSTGRESQL:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config(toml_file=_REPOSITORY / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def migrate_embedded(url: str) -> AppError | None:
    """Bring an embedded database up to date before serving; None when all is well, else what is not.

    A server's database is left to `approval-guide db upgrade`. Never raises: questions are answered without one.
    """
    address = Address.of(url)
    if address.path is None:
        return None
    try:
        asyncio.run(upgrade(address))
    except AppError as fault:
        return fault
    return None
