"""Copies: made while in use, put back whole or not at all, never over something without being told to."""

import asyncio
import gzip
import sqlite3
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
