"""Migrations: named by day and concern, agreeing with the tables in the code, safe to run twice and side by side."""

import asyncio
import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Timer

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from app.storage import Address, Base, SchemaState, make_engine, migrate_embedded, upgrade
from app.storage.schema import downgrade_on, revisions, state_of, upgrade_on

_ROOT = Path(__file__).parents[2]
_VERSIONS = _ROOT / "migrations" / "versions"


def _on(url: str, work: object) -> object:
    async def run() -> object:
        engine = make_engine(Address.of(url), creates=True)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(work)  # type: ignore[arg-type]
        finally:
            await engine.dispose()

    return asyncio.run(run())


def test_files_are_named_by_moment_and_concern() -> None:
    names = [path.name for path in sorted(_VERSIONS.glob("*.py"))]

    assert [name for name in names if not re.fullmatch(r"\d{4}-\d\d-\d\d-\d{4}_[a-z0-9_]+\.py", name)] == []


def test_our_reading_of_the_revisions_is_alembics() -> None:
    scripts = ScriptDirectory(_VERSIONS.parent).walk_revisions()

    assert list(revisions()) == [script.revision for script in scripts][::-1]


def test_the_migrations_make_the_tables_of_the_code(database_url: str) -> None:
    for place in _ROOT.glob("app/*/tables.py"):
        import_module(f"app.{place.parent.name}.tables")

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))

    assert _on(database_url, differences) == []


def test_upgrading_twice_changes_nothing(empty_url: str) -> None:
    address = Address.of(empty_url)

    assert asyncio.run(upgrade(address)) == (None, revisions()[-1])
    assert asyncio.run(upgrade(address)) == (revisions()[-1], revisions()[-1])


def test_upgrades_at_once_do_not_hurt_each_other(empty_url: str) -> None:
    async def at_once() -> list[tuple[str | None, str | None]]:
        return await asyncio.gather(*(upgrade(Address.of(empty_url)) for _ in range(4)))

    results = asyncio.run(at_once())

    assert sorted(before or "" for before, _ in results) == ["", *[revisions()[-1]] * 3]


def test_upgrades_of_several_databases_in_one_process_keep_apart(tmp_path: Path) -> None:
    addresses = [Address.of(f"sqlite:///{tmp_path / f'{number}.db'}") for number in range(4)]

    def several(number: int) -> list[tuple[str | None, str | None]]:
        async def at_once() -> list[tuple[str | None, str | None]]:
            return await asyncio.gather(*(upgrade(address) for address in addresses[number::2]))

        return asyncio.run(at_once())

    with ThreadPoolExecutor(2) as threads:
        results = [result for each in threads.map(several, range(2)) for result in each]

    assert results == [(None, revisions()[-1])] * 4


def test_a_new_file_that_another_process_is_filling_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    neighbour = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    neighbour.execute("BEGIN IMMEDIATE")  # before the file is in WAL mode: SQLite itself does not wait here
    done = Timer(0.3, lambda: neighbour.execute("ROLLBACK"))
    done.start()

    result = asyncio.run(upgrade(Address.of(f"sqlite:///{path}")))
    done.join()
    neighbour.close()

    assert result == (None, revisions()[-1])


def test_every_migration_can_be_taken_back(database_url: str) -> None:
    def there_and_back(connection: Connection) -> list[str]:
        downgrade_on(connection)
        left = inspect(connection).get_table_names()
        upgrade_on(connection)
        return left

    assert _on(database_url, there_and_back) == ["alembic_version"]


def test_a_migration_that_fails_leaves_nothing_behind(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = command.upgrade

    def failing(*given: object) -> None:
        whole(*given)  # type: ignore[arg-type]
        raise RuntimeError("power lost")

    monkeypatch.setattr(command, "upgrade", failing)
    with pytest.raises(RuntimeError):
        asyncio.run(upgrade(Address.of(empty_url)))

    assert _on(empty_url, lambda connection: inspect(connection).get_table_names()) == []


def test_states_of_a_schema() -> None:
    assert state_of(None) is SchemaState.BEHIND
    assert state_of(revisions()[-1]) is SchemaState.CURRENT
    assert state_of("of_tomorrow") is SchemaState.AHEAD


def test_serving_migrates_an_embedded_database_and_leaves_a_server_alone(tmp_path: Path) -> None:
    assert migrate_embedded(f"sqlite:///{tmp_path / 'x.db'}") is None
    assert (tmp_path / "x.db").exists()
    assert migrate_embedded("postgresql://apg@127.0.0.1:1/apg") is None


def test_serving_starts_where_the_file_cannot_be_made() -> None:
    warning = migrate_embedded("sqlite:////proc/no/such/folder/x.db")

    assert warning is not None
    assert warning.code == "storage-unavailable"
