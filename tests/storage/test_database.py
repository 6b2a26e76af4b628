"""Units of work: whole or not at all, one writer at a time, and an outage that ends by itself."""

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import TypeVar

import aiosqlite
import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.errors import StorageUnavailable, UnknownReference
from app.storage import Address, Database, DatabaseKind, DatabaseState, SchemaState, UtcMoment, upgrade
from app.storage.address import _open
from tests.support.postgres import PostgresServer

T = TypeVar("T")
_INSERT = text("INSERT INTO notes VALUES (:note)")
_COUNT = text("SELECT count(*) FROM notes")


def using(url: str, work: Callable[[Database], Awaitable[T]], *, migrates: bool = True) -> T:
    """Return what the work gives on a database, which is closed afterwards."""

    async def run() -> T:
        database = Database(url, migrates=migrates)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(run())


async def _with_notes(database: Database) -> None:
    async with database.writing() as session:
        await session.execute(text("CREATE TABLE notes (note TEXT PRIMARY KEY)"))


async def _write(database: Database, *notes: str, fault: Exception | None = None) -> None:
    async with database.writing() as session:
        for note in notes:
            await session.execute(_INSERT, {"note": note})
        if fault is not None:
            raise fault


async def _count(database: Database) -> object:
    async with database.reading() as session:
        return (await session.execute(_COUNT)).scalar()


def test_what_a_unit_of_work_wrote_is_there_once_it_is_left(database_url: str) -> None:
    async def work(database: Database) -> object:
        await _with_notes(database)
        async with database.writing() as session:
            await session.execute(_INSERT, {"note": "kept"})
        return await _count(database)

    assert using(database_url, work) == 1


def test_an_error_takes_back_all_that_was_written(database_url: str) -> None:
    async def work(database: Database) -> object:
        await _with_notes(database)
        with pytest.raises(UnknownReference):
            await _write(database, "lost", fault=UnknownReference("X"))
        return await _count(database)

    assert using(database_url, work) == 0


def test_reading_keeps_nothing(database_url: str) -> None:
    async def work(database: Database) -> object:
        await _with_notes(database)
        async with database.reading() as session:
            await session.execute(_INSERT, {"note": "lost"})
        return await _count(database)

    assert using(database_url, work) == 0


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told that the database is away because this machine is busy, or its disk slow."""
    monkeypatch.setattr("app.storage.session._TURN_SECONDS", 300)
    monkeypatch.setattr("app.storage.address._BUSY_SECONDS", 300)
    monkeypatch.setattr("app.storage.address._COMMAND_SECONDS", 300)


@pytest.mark.usefixtures("patient")
def test_many_writers_at_once_all_get_their_turn(database_url: str) -> None:
    async def work(database: Database) -> object:
        await _with_notes(database)

        async def write(number: int) -> None:
            async with database.writing() as session:
                await session.execute(_INSERT, {"note": str(number)})

        await asyncio.gather(*(write(number) for number in range(60)))
        return await _count(database)

    assert using(database_url, work) == 60


@pytest.mark.usefixtures("patient")
def test_a_writer_may_read_first_while_another_process_writes(database_url: str) -> None:
    """Two engines stand for two processes; with SQLite's default transactions one of them would fail at once."""

    async def work(database: Database) -> object:
        other = Database(database_url)
        await _with_notes(database)

        async def write(through: Database, number: int) -> None:
            async with through.writing() as session:
                await session.execute(_COUNT)
                await asyncio.sleep(0.001)
                await session.execute(_INSERT, {"note": str(number)})

        await asyncio.gather(*(write((database, other)[number % 2], number) for number in range(20)))
        await other.close()
        return await _count(database)

    assert using(database_url, work) == 20


def test_a_broken_constraint_is_our_mistake_and_no_outage(database_url: str) -> None:
    async def work(database: Database) -> None:
        await _with_notes(database)
        with pytest.raises(IntegrityError):
            await _write(database, "twice", "twice")

    using(database_url, work)


def test_a_missing_table_is_told_as_unavailable(database_url: str) -> None:
    async def work(database: Database) -> None:
        with pytest.raises(StorageUnavailable, match="no_such_table"):
            async with database.reading() as session:
                await session.execute(text("SELECT * FROM no_such_table"))

    using(database_url, work)


def test_a_migrated_database_is_ready(database_url: str) -> None:
    state = using(database_url, lambda database: database.state())

    assert (state.reachable, state.schema, state.is_ready, state.detail) == (True, SchemaState.CURRENT, True, None)


def test_a_newer_schema_is_fine(database_url: str) -> None:
    async def work(database: Database) -> bool:
        async with database.writing() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
        return (await database.state()).is_ready

    assert using(database_url, work)


@pytest.mark.postgres
def test_a_server_without_schema_says_what_is_due(postgres_server: PostgresServer) -> None:
    state = using(postgres_server.create_database("never_migrated"), lambda database: database.state())

    assert (state.kind, state.schema, state.is_ready) == (DatabaseKind.POSTGRESQL, SchemaState.BEHIND, False)
    assert state.detail == "the schema is behind: run `approval-guide db upgrade`"


@pytest.mark.postgres
def test_a_server_that_may_only_be_read_is_not_ready(postgres_server: PostgresServer) -> None:
    """As one that follows another, until it takes that one's place."""
    url = postgres_server.create_database("only_read")
    asyncio.run(upgrade(Address.of(url)))
    address = f"{url}?default_transaction_read_only=on"

    state = using(address, lambda database: database.state())

    assert (state.reachable, state.schema, state.is_ready) == (True, SchemaState.CURRENT, False)
    assert state.detail == "the database may only be read: guides cannot be kept"


def test_an_embedded_database_without_room_is_not_ready(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, migrated_file: Path
) -> None:
    monkeypatch.setattr("os.statvfs", lambda _: SimpleNamespace(f_bavail=3, f_frsize=4_096))

    state = using(f"sqlite:///{migrated_file}", lambda database: database.state())

    assert (state.reachable, state.is_ready) == (True, False)
    assert state.detail == "there is no room left where the database is: guides cannot be kept"


def test_an_embedded_database_that_may_only_be_read_is_not_ready(
    monkeypatch: pytest.MonkeyPatch, migrated_file: Path
) -> None:
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != migrated_file)

    state = using(f"sqlite:///{migrated_file}", lambda database: database.state())

    assert (state.reachable, state.is_ready) == (True, False)
    assert state.detail == "the database may only be read: guides cannot be kept"


@pytest.mark.postgres
@pytest.mark.parametrize("looks", [False, True])
def test_a_server_that_could_only_be_read_is_written_to_once_it_can_be(
    postgres_server: PostgresServer, looks: bool
) -> None:
    """Nobody has to end the connections that were begun meanwhile."""
    name = f"for_a_while_{looks}".lower()
    url = postgres_server.create_database(name)
    asyncio.run(upgrade(Address.of(url)))
    using(url, _with_notes)

    async def only_read(how: str) -> None:
        connection = await asyncpg.connect(postgres_server.url())
        await connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {how}")
        await connection.close()

    async def work(database: Database) -> tuple[bool, bool, object]:
        await only_read("on")
        before = (await database.state()).is_ready if looks else False
        with pytest.raises(StorageUnavailable, match="read-only"):
            await _write(database, "refused")
        await only_read("off")
        after = (await database.state()).is_ready if looks else True
        await _write(database, "kept")
        return before, after, await _count(database)

    assert using(url, work) == (False, True, 1)


def test_an_embedded_database_that_could_only_be_read_is_written_to_once_it_can_be(
    monkeypatch: pytest.MonkeyPatch, migrated_file: Path, tmp_path: Path
) -> None:
    """A connection that was opened while the file might only be read can do nothing else, whatever changes."""
    modes = iter(["mode=ro"])

    async def open_first_to_read_only(place: str) -> aiosqlite.Connection:
        return await _open(place.replace("mode=rw", next(modes, "mode=rw")))

    async def work(database: Database) -> object:
        with pytest.raises(StorageUnavailable, match="readonly"):
            await _with_notes(database)
        await _with_notes(database)
        await _write(database, "kept")
        return await _count(database)

    monkeypatch.setattr("app.storage.address._open", open_first_to_read_only)

    place = shutil.copy(migrated_file, tmp_path)

    assert using(f"sqlite:///{place}", work, migrates=False) == 1


def test_looking_does_not_keep_an_embedded_database_from_being_written_to_later(
    monkeypatch: pytest.MonkeyPatch, migrated_file: Path, tmp_path: Path
) -> None:
    """What was opened while the file might only be read is closed at once: it would hold back all that comes later."""
    place = shutil.copy(migrated_file, tmp_path)
    modes = iter(["mode=ro"])

    async def open_first_to_read_only(place: str) -> aiosqlite.Connection:
        return await _open(place.replace("mode=rw", next(modes, "mode=rw")))

    async def work(database: Database) -> object:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr("os.access", lambda path, mode: False)
            assert not (await database.state()).is_ready
        await _with_notes(database)
        return await _count(database)

    monkeypatch.setattr("app.storage.address._open", open_first_to_read_only)

    assert using(f"sqlite:///{place}", work, migrates=False) == 0


def test_an_embedded_database_makes_itself_when_first_used(tmp_path: Path) -> None:
    async def work(database: Database) -> DatabaseState:
        # Making it may take longer than telling how it is.
        async with database.reading():
            pass
        return await database.state()

    assert using(f"sqlite:///{tmp_path / 'var' / 'new.db'}", work).is_ready
    assert (tmp_path / "var" / "new.db").exists()


def test_an_embedded_database_still_being_made_is_not_told_as_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def for_ever(address: Address) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("app.storage.session.upgrade", for_ever)
    monkeypatch.setattr("app.storage.session.CONNECT_SECONDS", 0.05)

    state = using(f"sqlite:///{tmp_path / 'new.db'}", lambda database: database.state())

    assert (state.is_ready, state.reachable) == (False, False)
    assert state.detail == "the database is not ready yet: it is still being opened and brought up to date"


@pytest.mark.parametrize("url", ["sqlite:////proc/no/such/folder/guides.db", "postgresql://apg@127.0.0.1:1/apg"])
def test_a_database_that_is_away_is_told_and_not_waited_for(url: str) -> None:
    async def work(database: Database) -> bool:
        with pytest.raises(StorageUnavailable) as caught:
            await _write(database, "never")
        assert caught.value.retry_after >= 1
        return (await database.state()).is_ready

    assert using(url, work) is False


def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    async def work(database: Database) -> list[object]:
        async with database.writing() as session:
            pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            return [(await session.execute(text(f"PRAGMA {pragma}"))).scalar() for pragma in pragmas]

    full = 2
    assert using(f"sqlite:///{tmp_path / 'x.db'}", work) == ["wal", full, 1, 5000]


def test_a_file_put_aside_is_an_outage_that_ends_when_it_is_back(tmp_path: Path) -> None:
    path, aside = tmp_path / "x.db", tmp_path / "aside.db"

    async def work(database: Database) -> object:
        await _with_notes(database)
        async with database.writing() as session:
            await session.execute(_INSERT, {"note": "kept"})
        await database.close()  # the log is in the file now, as after a clean stop
        path.rename(aside)
        with pytest.raises(StorageUnavailable):
            await _count(database)
        assert not path.exists()
        aside.rename(path)
        return await _count(database)

    assert using(f"sqlite:///{path}", work) == 1


def test_another_file_in_its_place_is_noticed(tmp_path: Path) -> None:
    path, other = tmp_path / "x.db", tmp_path / "other.db"
    asyncio.run(upgrade(Address.of(f"sqlite:///{other}")))

    async def work(database: Database) -> None:
        await _with_notes(database)
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        other.replace(path)
        with pytest.raises(StorageUnavailable, match="no such table"):
            await _count(database)

    using(f"sqlite:///{path}", work)


def test_a_locked_file_is_waited_for_and_then_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.storage.address._BUSY_SECONDS", 0.2)
    path = tmp_path / "x.db"
    asyncio.run(upgrade(Address.of(f"sqlite:///{path}")))
    blocker = sqlite3.connect(path, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")

    async def work(database: Database) -> None:
        with pytest.raises(StorageUnavailable, match="locked"):
            await _write(database, "never")

    using(f"sqlite:///{path}", work, migrates=False)
    blocker.close()


def test_a_moment_needs_its_zone_and_comes_back_in_utc() -> None:
    column = UtcMoment()
    dialect = Database("postgresql://apg@127.0.0.1/apg")._engine.dialect
    beijing = datetime(2026, 11, 22, 8, tzinfo=timezone(timedelta(hours=8)))

    assert column.process_bind_param(beijing, dialect) == datetime(2026, 11, 22, tzinfo=UTC)
    assert column.process_result_value(datetime(2026, 11, 22), dialect) == datetime(2026, 11, 22, tzinfo=UTC)  # noqa: DTZ001
    with pytest.raises(ValueError, match="zone"):
        column.process_bind_param(datetime(2026, 11, 22), dialect)  # noqa: DTZ001
