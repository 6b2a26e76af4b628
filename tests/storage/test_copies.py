"""Copies: made while in use, put back whole or not at all, never over something without being told to."""

import asyncio
import errno
import gzip
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.errors import AppError
from app.storage import Address, CopyFault, CopyForm, Database, back_up, restore, upgrade
from app.storage.schema import revisions

_COLUMNS = (
    "reference, body, body_hash, topic, facts, as_of, as_of_given, lang, release_asked, release_version, "
    "release_hash, kept_at, comparison, request_hash, key_hash"
)


async def _fill(database: Database, *references: str) -> None:
    moment = datetime(2026, 11, 22, 16, 40, tzinfo=UTC)
    async with database.writing() as session:
        for reference in references:
            statement = text(
                f"INSERT INTO guides ({_COLUMNS}) VALUES (:reference, :body, :body, 'shop', '{{}}', :day, true, 'en', "
                "NULL, 'v', 'h', :moment, '{}', :body, NULL)"
            )
            stamp = moment if database.address.path is None else moment.strftime("%Y-%m-%d %H:%M:%S.000000")
            day = moment.date() if database.address.path is None else "2026-11-22"
            given = {"reference": reference, "body": b"\x00\xff" + reference.encode(), "day": day, "moment": stamp}
            await session.execute(statement, given)


async def _rows(database: Database) -> list[tuple[object, ...]]:
    async with database.reading() as session:
        found = await session.execute(text(f"SELECT {_COLUMNS} FROM guides ORDER BY reference"))
        return [tuple(row) for row in found]


def _filled(url: str, *references: str) -> list[tuple[object, ...]]:
    async def work() -> list[tuple[object, ...]]:
        database = Database(url)
        await _fill(database, *references)
        rows = await _rows(database)
        await database.close()
        return rows

    return asyncio.run(work())


def _read(url: str) -> list[tuple[object, ...]]:
    async def work() -> list[tuple[object, ...]]:
        database = Database(url)
        rows = await _rows(database)
        await database.close()
        return rows

    return asyncio.run(work())


@pytest.mark.parametrize("name", ["copy.db", "copy.jsonl.gz"])
def test_what_was_copied_comes_back_to_the_byte(database_url: str, tmp_path: Path, name: str) -> None:
    before = _filled(database_url, "AAAAAAAAAA", "CCCCCCCCCC")
    address, file = Address.of(database_url), tmp_path / name

    made = asyncio.run(back_up(address, file))
    _filled(database_url, "DDDDDDDDDD")
    put_back = asyncio.run(restore(address, file, force=True))

    assert _read(database_url) == before
    assert dict(made.rows) == dict(put_back.rows)
    assert made.rows["guides"] == sum(made.rows.values()) == 2
    assert made.revision == revisions()[-1]
    assert not list(tmp_path.glob(".copy*"))


def test_a_portable_copy_goes_into_either_database_even_a_new_one(
    database_url: str, empty_url: str, tmp_path: Path
) -> None:
    before = _filled(database_url, "AAAAAAAAAA", "CCCCCCCCCC")
    file = tmp_path / "copy.jsonl.gz"

    asyncio.run(back_up(Address.of(database_url), file))
    asyncio.run(restore(Address.of(empty_url), file))

    assert [row[:5] for row in _read(empty_url)] == [row[:5] for row in before]


def test_nothing_is_overwritten_without_being_told_to(database_url: str, tmp_path: Path) -> None:
    _filled(database_url, "AAAAAAAAAA")
    address, file = Address.of(database_url), tmp_path / "copy.jsonl.gz"
    asyncio.run(back_up(address, file))

    with pytest.raises(CopyFault, match="there already"):
        asyncio.run(back_up(address, file))
    with pytest.raises(CopyFault, match="holds 1 rows already"):
        asyncio.run(restore(address, file))


def test_a_server_in_use_sees_what_was_put_back(database_url: str, tmp_path: Path) -> None:
    async def work() -> tuple[int, int]:
        database, file = Database(database_url), tmp_path / "copy"
        await back_up(database.address, file)
        await _fill(database, "AAAAAAAAAA")
        before = len(await _rows(database))
        await restore(database.address, file, force=True)
        after = len(await _rows(database))
        await _fill(database, "CCCCCCCCCC")
        await database.close()
        return before, after

    assert asyncio.run(work()) == (1, 0)
    assert [row[0] for row in _read(database_url)] == ["CCCCCCCCCC"]


@pytest.mark.parametrize("name", ["copy.db", "copy.jsonl.gz"])
def test_a_damaged_copy_is_refused(database_url: str, tmp_path: Path, name: str) -> None:
    before = _filled(database_url, "AAAAAAAAAA", "CCCCCCCCCC")
    address, file = Address.of(database_url), tmp_path / name
    asyncio.run(back_up(address, file))
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(CopyFault, match=r"damaged|wrong"):
        asyncio.run(restore(address, file, force=True))

    assert _read(database_url) == before


def test_a_changed_line_is_noticed(database_url: str, tmp_path: Path) -> None:
    _filled(database_url, "AAAAAAAAAA")
    address, file = Address.of(database_url), tmp_path / "copy.jsonl.gz"
    asyncio.run(back_up(address, file))
    changed = gzip.decompress(file.read_bytes()).replace(b"AAAAAAAAAA", b"AAAAAAAAAC")
    file.write_bytes(gzip.compress(changed))

    with pytest.raises(CopyFault, match="checksum"):
        asyncio.run(restore(address, file, force=True))


def test_something_else_is_no_copy(database_url: str, tmp_path: Path) -> None:
    address = Address.of(database_url)
    (tmp_path / "notes.txt").write_text("hello")
    (tmp_path / "notes.gz").write_bytes(gzip.compress(b'{"a": 1}\n'))

    for name, said in (("notes.txt", "no copy"), ("notes.gz", "no copy"), ("absent", "cannot be read")):
        with pytest.raises(CopyFault, match=said):
            asyncio.run(restore(address, tmp_path / name))


def test_a_copy_of_a_newer_schema_is_refused(database_url: str, tmp_path: Path) -> None:
    newer = tmp_path / "newer.db"
    asyncio.run(upgrade(Address.of(f"sqlite:///{newer}")))
    with sqlite3.connect(newer) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'of_tomorrow'")
    connection.close()

    with pytest.raises(AppError, match=r"does not know|is an SQLite file"):
        asyncio.run(restore(Address.of(database_url), newer))


def _brought_further(url: str) -> None:
    """As if a later version of this software had migrated it."""

    async def work() -> None:
        database = Database(url)
        async with database.writing() as session:
            await session.execute(text("UPDATE alembic_version SET version_num = 'of_tomorrow'"))
        await database.close()

    asyncio.run(work())


@pytest.mark.parametrize("force", [False, True])
def test_a_portable_copy_does_not_go_into_a_newer_schema(database_url: str, tmp_path: Path, force: bool) -> None:
    address, file = Address.of(database_url), tmp_path / "copy.jsonl.gz"
    asyncio.run(back_up(address, file))
    before = _filled(database_url, "AAAAAAAAAA")
    _brought_further(database_url)

    with pytest.raises(CopyFault, match="of_tomorrow, which this version does not know"):
        asyncio.run(restore(address, file, force=force))

    assert _read(database_url) == before


def test_a_file_of_a_newer_schema_is_not_replaced_without_being_told_to(tmp_path: Path) -> None:
    address, file = Address.of(f"sqlite:///{tmp_path / 'x.db'}"), tmp_path / "copy.db"
    asyncio.run(upgrade(address))
    asyncio.run(back_up(address, file))
    before = _filled(address.url, "AAAAAAAAAA")
    _brought_further(address.url)

    with pytest.raises(CopyFault, match="holds 1 rows already"):
        asyncio.run(restore(address, file))

    assert _read(address.url) == before
    asyncio.run(restore(address, file, force=True))
    assert _read(address.url) == []


def test_a_portable_copy_of_a_newer_schema_is_not_made_for_it_would_lack_something(
    database_url: str, tmp_path: Path
) -> None:
    _filled(database_url, "AAAAAAAAAA")
    _brought_further(database_url)

    with pytest.raises(CopyFault, match="does not know"):
        asyncio.run(back_up(Address.of(database_url), tmp_path / "copy.jsonl.gz"))

    assert list(tmp_path.glob("*copy*")) == []


def test_another_programs_file_is_not_replaced_without_being_told_to(tmp_path: Path) -> None:
    ours, other = Address.of(f"sqlite:///{tmp_path / 'x.db'}"), Address.of(f"sqlite:///{tmp_path / 'other.db'}")
    asyncio.run(upgrade(ours))
    asyncio.run(back_up(ours, tmp_path / "copy.db"))
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.executescript("CREATE TABLE addresses (name TEXT); INSERT INTO addresses VALUES ('x')")

    with pytest.raises(CopyFault, match="holds 1 rows already"):
        asyncio.run(restore(other, tmp_path / "copy.db"))


@pytest.mark.parametrize("name", ["copy.db", "copy.jsonl.gz"])
@pytest.mark.parametrize("content", [b"no database" * 999, b""], ids=["something else", "cut off"])
def test_a_damaged_database_is_put_aside_for_a_copy_when_told_to(tmp_path: Path, name: str, content: bytes) -> None:
    place, file = tmp_path / "x.db", tmp_path / name
    address = Address.of(f"sqlite:///{place}")
    asyncio.run(upgrade(address))
    before = _filled(address.url, "AAAAAAAAAA", "CCCCCCCCCC")
    asyncio.run(back_up(address, file))
    damaged = content or place.read_bytes()[: place.stat().st_size // 2]
    place.write_bytes(damaged)

    with pytest.raises(CopyFault, match="the database is damaged"):
        asyncio.run(restore(address, file))
    assert place.read_bytes() == damaged
    asyncio.run(restore(address, file, force=True))

    assert _read(address.url) == before
    assert [aside.read_bytes() for aside in tmp_path.glob("x.db.damaged-*") if aside.stat().st_size] == [damaged]


def test_a_damaged_database_is_not_copied(tmp_path: Path) -> None:
    address = Address.of(f"sqlite:///{tmp_path / 'x.db'}")
    asyncio.run(upgrade(address))
    with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
        connection.executescript(
            "PRAGMA writable_schema = ON; UPDATE sqlite_master SET rootpage = 2 WHERE name = 'guides'"
        )

    with pytest.raises(CopyFault, match="the database is damaged"):
        asyncio.run(back_up(address, tmp_path / "copy.db"))

    assert list(tmp_path.glob("*copy*")) == []


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "full"), sqlite3.OperationalError("full")])
def test_no_room_for_a_copy_is_told_of_the_copy_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def write(path: Path, file: Path) -> None:
        file.with_name(f"{file.name}-journal").touch()
        raise fault

    fault.sqlite_errorcode = sqlite3.SQLITE_FULL  # type: ignore[attr-defined]
    monkeypatch.setattr("app.storage.file_copy.write", write)
    address = Address.of(f"sqlite:///{tmp_path / 'x.db'}")
    asyncio.run(upgrade(address))

    with pytest.raises(CopyFault, match=r"copy\.db cannot be written"):
        asyncio.run(back_up(address, tmp_path / "copy.db"))

    assert list(tmp_path.glob("*copy*")) == []


def test_an_sqlite_copy_is_one_file_that_any_tool_reads(tmp_path: Path) -> None:
    url, file = f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "copy.db"
    asyncio.run(upgrade(Address.of(url)))
    _filled(url, "AAAAAAAAAA")

    report = asyncio.run(back_up(Address.of(url), file))
    connection = sqlite3.connect(file)
    mode, count = (
        connection.execute(query).fetchone()[0] for query in ("PRAGMA journal_mode", "SELECT count(*) FROM guides")
    )
    connection.close()

    assert (report.form, mode, count) == (CopyForm.SQLITE, "delete", 1)
    assert file.stat().st_mode & 0o077 == 0
