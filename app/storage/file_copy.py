"""Copies of an SQLite database as SQLite files, by its online backup; plain blocking code, run in a thread."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

# A busy server is given way this long before the copy gives up.
_BUSY_SECONDS: Final = 30.0
_DAMAGE: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
# The lowest byte of an error code says what it is, the rest says where.
_KIND: Final = 0xFF


def write(path: Path, file: Path) -> tuple[str | None, Mapping[str, int]]:
    """Copy the database at a path into a file and return (revision, rows of each table).

    Raises: ValueError when it is damaged.
    """
    with _opened(path, "rw") as source, _opened(file, "rwc") as target:
        source.backup(target)
        # One file and nothing beside it.
        target.execute("PRAGMA journal_mode = DELETE")
        _expect_whole(target)
        return _revision(target), _rows(target)


def check(file: Path) -> str | None:
    """Return the revision of a copy.

    Raises: ValueError when it is damaged.
    """
    try:
        with _opened(file, "ro") as copy:
            _expect_whole(copy)
            return _revision(copy)
    except sqlite3.DatabaseError as fault:
        raise ValueError(str(fault)) from fault


def put_back(file: Path, path: Path) -> Mapping[str, int]:
    """Replace what the database at a path holds by a copy, in one transaction, and return the rows of each table."""
    path.parent.mkdir(exist_ok=True)
    with _opened(file, "ro") as source, _opened(path, "rwc") as target:
        target.execute("PRAGMA synchronous = FULL")
        # Kept as it is where the database is open elsewhere: the copy then goes through the log like any change.
        target.execute("PRAGMA journal_mode = WAL")
        source.backup(target)
        return _rows(target)


def rows_held(path: Path) -> int:
    """Return how many rows the database at a path holds, whoever's tables they are: a copy would replace them all."""
    if not path.exists():
        return 0
    with _opened(path, "rw") as held:
        return sum(_rows(held).values())


def is_damage(fault: sqlite3.DatabaseError) -> bool:
    """Return whether the file is no database any more, which no waiting mends."""
    return getattr(fault, "sqlite_errorcode", 0) & _KIND in _DAMAGE


def put_aside(path: Path) -> None:
    """Give the file at a path, and what belongs to it, another name; whoever saves something from it finds it there."""
    aside = f"damaged-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    for ending in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            path.with_name(f"{path.name}{ending}").rename(path.with_name(f"{path.name}.{aside}{ending}"))


@contextmanager
def _opened(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    with closing(
        sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?mode={mode}", uri=True, timeout=_BUSY_SECONDS, isolation_level=None
        )
    ) as connection:
        yield connection


def _expect_whole(connection: sqlite3.Connection) -> None:
    found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
    if found != ["ok"]:
        raise ValueError(found[0])


def _revision(connection: sqlite3.Connection) -> str | None:
    if "alembic_version" not in _tables(connection):
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])


def _rows(connection: sqlite3.Connection) -> dict[str, int]:
    return {
        name: int(connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])
        for name in _tables(connection)
        if name != "alembic_version"
    }


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    )
    return [str(row[0]) for row in found]
