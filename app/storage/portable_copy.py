"""Copies as JSON lines, gzipped: a heading, a row a line, and an end with the count and a checksum of all before it.

    {"format": "approval-guide copy 1", "revision": "…", "made_at": "…", "tables": ["guides"]}
    {"table": "guides", "columns": ["reference", "body", …]}
    ["ACDEFGHJKM", {"base64": "…"}, …]
    {"end": {"rows": {"guides": 1}, "sha256": "…"}}

Which tables are ours is found by running the migrations on an empty database in memory: a server may hold others.
"""

import base64
import gzip
import hashlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.address import WRITES, Address, DatabaseKind, make_engine
from app.storage.schema import downgrade_on, read_revision, revisions, upgrade, upgrade_on

_FORMAT: Final = "approval-guide copy 1"
_BATCH: Final = 200


async def write(address: Address, file: Path) -> tuple[str | None, Mapping[str, int]]:
    """Copy the database as it stands at one moment and return (revision, rows of each table)."""
    async with _connected(address, writes=False) as connection:
        revision = await connection.run_sync(read_revision)
        tables = await connection.run_sync(_reflected, revision)
        names = our_tables(revision)
        rows = dict.fromkeys(names, 0)
        with gzip.open(file, "wb") as out:
            digest = hashlib.sha256()

            def put(content: object) -> None:
                line = orjson.dumps(content) + b"\n"
                digest.update(line)
                out.write(line)

            made_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            put({"format": _FORMAT, "revision": revision, "made_at": made_at, "tables": names})
            for name, table in zip(names, tables, strict=True):
                put({"table": name, "columns": [str(column.name) for column in table.columns]})
                # In order of the key: a chain of rows goes back in from its beginning.
                ordered = select(table).order_by(*table.primary_key.columns)
                found = await connection.stream(ordered, execution_options={"yield_per": _BATCH})
                async for row in found:
                    put([_outward(value) for value in row])
                    rows[name] += 1
            out.write(orjson.dumps({"end": {"rows": rows, "sha256": digest.hexdigest()}}) + b"\n")
    return revision, rows


def check(file: Path) -> str | None:
    """Return the revision of a copy, read to its end.

    Raises: ValueError when it is damaged, cut off or something else.
    """
    digest, last, heading = hashlib.sha256(), b"", None
    try:
        with gzip.open(file, "rb") as lines:
            for line in lines:
                digest.update(last)
                last = line
                heading = orjson.loads(line) if heading is None else heading
        end = orjson.loads(last)
    except (OSError, EOFError, orjson.JSONDecodeError) as fault:
        raise ValueError(f"it cannot be read to its end ({fault})") from fault
    if not isinstance(heading, dict) or heading.get("format") != _FORMAT:
        raise ValueError("it is no copy made by `db backup`")
    if not isinstance(end, dict) or end.get("end", {}).get("sha256") != digest.hexdigest():
        raise ValueError("its checksum is wrong")
    revision = heading["revision"]
    return None if revision is None else str(revision)


async def put_back(address: Address, file: Path) -> Mapping[str, int]:
    """Replace what the database holds by a copy, in one transaction, and return the rows of each table.

    The tables are made anew as they were when the copy was made, filled, and then brought up to date.
    """
    if address.path is not None:
        await upgrade(address)
    async with _connected(address, writes=True) as connection:
        return await connection.run_sync(_put_back_on, file)


async def revision_of(address: Address) -> str | None:
    """Return the revision of the database, None where there is none yet."""
    if address.path is not None and not address.path.exists():
        return None
    async with _connected(address, writes=False) as connection:
        return await connection.run_sync(read_revision)


async def rows_held(address: Address) -> int:
    """Return how many rows of ours a server's database holds."""
    async with _connected(address, writes=False) as connection:
        return await connection.run_sync(_rows_on)


def _rows_on(connection: Connection) -> int:
    tables = _reflected(connection, read_revision(connection))
    return sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def _put_back_on(connection: Connection, file: Path) -> dict[str, int]:
    with gzip.open(file, "rb") as lines:
        heading: dict[str, Any] = orjson.loads(next(lines))
        downgrade_on(connection)
        rows: dict[str, int] = {}
        if heading["revision"] is not None:
            upgrade_on(connection, heading["revision"])
            names = our_tables(heading["revision"])
            tables = dict(zip(names, _reflected(connection, heading["revision"]), strict=True))
            rows = _fill(connection, tables, lines)
        upgrade_on(connection)
    return rows


def _fill(connection: Connection, tables: Mapping[str, Table], lines: Iterator[bytes]) -> dict[str, int]:
    rows = dict.fromkeys(tables, 0)
    batch: list[dict[str, object]] = []
    table: Table | None = None
    inward: list[tuple[str, Callable[[Any], object]]] = []

    def flush() -> None:
        if table is not None and batch:
            connection.execute(insert(table), batch)
            rows[str(table.name)] += len(batch)
            batch.clear()

    for line in lines:
        content = orjson.loads(line)
        if isinstance(content, dict):
            flush()
            if "end" in content:
                break
            table = tables[content["table"]]
            inward = [(name, _inward(table, name, connection.dialect.name)) for name in content["columns"]]
        else:
            batch.append({name: take(value) for (name, take), value in zip(inward, content, strict=True)})
            if len(batch) >= _BATCH:
                flush()
    return rows


@asynccontextmanager
async def _connected(address: Address, *, writes: bool) -> AsyncIterator[AsyncConnection]:
    """Give a connection in a transaction, and let go of the engine behind it afterwards."""
    engine = make_engine(address, patient=True)
    options: dict[str, Any] = {WRITES: writes}
    if address.kind is DatabaseKind.POSTGRESQL and not writes:
        # One moment for all tables.
        options["isolation_level"] = "REPEATABLE READ"
    try:
        async with engine.execution_options(**options).begin() as connection:
            yield connection
    finally:
        await engine.dispose()


@cache
def our_tables(revision: str | None) -> tuple[str, ...]:
    """Return the names of the tables that the migrations make up to a revision, those first that others point at."""
    if revision is None or revision not in revisions():
        return ()
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            upgrade_on(connection, revision)
            metadata = MetaData()
            metadata.reflect(connection)
    finally:
        engine.dispose()
    return tuple(str(table.name) for table in metadata.sorted_tables if table.name != "alembic_version")


def _reflected(connection: Connection, revision: str | None) -> Sequence[Table]:
    """The tables as they are in this database, for a copy may be of an older schema than the code knows."""
    metadata = MetaData()
    names = our_tables(revision)
    metadata.reflect(connection, only=names)
    return [metadata.tables[name] for name in names]


def _outward(value: object) -> object:
    match value:
        case bytes() | memoryview():
            return {"base64": base64.b64encode(value).decode()}
        case datetime():
            moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return moment.isoformat()
        case date():
            return value.isoformat()
    return value


def _inward(table: Table, name: str, dialect: str) -> Callable[[Any], object]:
    kind = table.columns[name].type
    take: Callable[[Any], object]
    match kind:
        case LargeBinary():
            take = _bytes
        case DateTime():
            take = _moment_without_zone if dialect == DatabaseKind.SQLITE else datetime.fromisoformat
        case Date():
            take = date.fromisoformat
        case _:
            return _unchanged
    return lambda value: None if value is None else take(value)


def _bytes(value: dict[str, str]) -> bytes:
    return base64.b64decode(value["base64"])


def _moment_without_zone(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=None)


def _unchanged(value: object) -> object:
    return value
