"""A database as the use cases see it: units of work, how it is, and nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import StorageUnavailable
from app.plain_log import FilteringBoundLogger
from app.storage.address import CONNECT_SECONDS, WRITES, Address, DatabaseKind, make_engine
from app.storage.room import why_unwritable
from app.storage.schema import SchemaState, read_revision, state_of, upgrade
from app.storage.troubles import storage_faults

_TURN_SECONDS: Final = 10.0
_AWAY: Final = "the database cannot be reached"
_NOT_YET: Final = "the database is not ready yet: it is still being opened and brought up to date"


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """How the database is just now.

    Shape: `detail` says in English what is wrong, None where nothing is.
    Unknown: `schema` is None where the database cannot be reached.
    """

    kind: DatabaseKind
    reachable: bool
    schema: SchemaState | None
    detail: str | None
    is_writable: bool = True

    @classmethod
    def away(cls, kind: DatabaseKind, detail: str = _AWAY) -> "DatabaseState":
        """Return the state of a database that does not answer."""
        return cls(kind, False, None, detail, is_writable=False)

    @classmethod
    def current(cls, kind: DatabaseKind) -> "DatabaseState":
        """Return the state of a database with which all is well."""
        return cls(kind, True, SchemaState.CURRENT, None)

    @property
    def is_ready(self) -> bool:
        """Whether guides can be kept and reopened."""
        return self.reachable and self.is_writable and self.schema is not SchemaState.BEHIND


class Database:
    """One process's way to the database; making it opens nothing, so a server starts with the database away.

    Shape: `reading` and `writing` are the units of work, one to a handler. SQLite has one writer: those of this
        process take turns here, which is fairer and faster than its own polling; those of other processes wait in it.
        `migrates` False leaves an embedded database as it is found.
    """

    def __init__(self, url: str, *, log: FilteringBoundLogger | None = None, migrates: bool = True) -> None:
        self.address = Address.of(url)
        self._engine = make_engine(self.address)
        self._writing_engine = self._engine.execution_options(**{WRITES: True})
        self._log = log
        self._is_away = False
        self._is_prepared = self.address.path is None or not migrates
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """Give a session that sees one state of the database and changes nothing.

        Raises: StorageUnavailable.
        """
        with storage_faults(self._went_away):
            await self._prepare()
            async with AsyncSession(self._engine) as session:
                yield session
        self._is_back()

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Give a session whose changes are on the disk once the block is left, and gone if it is left by an error.

        Raises: StorageUnavailable; the answer must then not say that anything was kept.
        """
        with storage_faults(self._went_away):
            await self._prepare()
            async with self._my_turn(), AsyncSession(self._writing_engine) as session, session.begin():
                yield session
        self._is_back()

    async def state(self) -> DatabaseState:
        """Return how the database is; never raises, and answers within a few seconds."""
        is_new = not self._is_prepared
        try:
            async with asyncio.timeout(CONNECT_SECONDS), self.reading() as session:
                connection = await session.connection()
                schema = state_of(await connection.run_sync(read_revision))
                obstacle = await why_unwritable(connection, self.address)
        except TimeoutError:
            return DatabaseState.away(self.address.kind, _NOT_YET if is_new else _AWAY)
        except StorageUnavailable:
            # Why stands in the log: a driver's words may name hosts and users.
            return DatabaseState.away(self.address.kind)
        wanting = "the schema is behind: run `approval-guide db upgrade`" if schema is SchemaState.BEHIND else None
        return DatabaseState(self.address.kind, True, schema, wanting or obstacle, is_writable=obstacle is None)

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        if self.address.kind is not DatabaseKind.SQLITE:
            yield
            return
        async with asyncio.timeout(_TURN_SECONDS):
            await self._turn.acquire()
        try:
            yield
        finally:
            self._turn.release()

    async def _prepare(self) -> None:
        """Bring the embedded database up to date once, should it have been away when the server started.

        Not again after that: a file that vanishes later is a fault to be told, not to be covered by an empty one.
        """
        if self._is_prepared:
            return
        async with self._turn:
            if not self._is_prepared:
                await upgrade(self.address)
                self._is_prepared = True

    def _went_away(self, reason: str) -> None:
        if self._log is not None and not self._is_away:
            self._log.warning("database away", reason=reason)
        self._is_away = True

    def _is_back(self) -> None:
        if self._log is not None and self._is_away:
            self._log.info("database back")
        self._is_away = False
