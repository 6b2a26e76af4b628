"""Copies of a whole database: made while it is in use, put back whole or not at all.

Two forms. SQLite's own file, by its online backup: fast, and any SQLite tool reads it. And a portable one, JSON lines
with a checksum, which both databases give and take; pg_dump was left aside, for its programs need not be where the
service runs and their versions must fit the server's.
"""

import asyncio
import errno
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from app.errors import AppError
from app.storage import file_copy, portable_copy
from app.storage.address import Address
from app.storage.schema import SchemaState, state_of, upgrade
from app.storage.troubles import storage_faults

PORTABLE_ENDING: Final = ".jsonl.gz"
_HINT: Final = f"a copy by `db backup FILE{PORTABLE_ENDING}` goes into either"
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# What SQLite may leave beside a file that it wrote to.
_ENDINGS: Final = ("", "-journal", "-wal", "-shm")


class CopyFault(AppError):
    """A copy cannot be made or put back; `variant` says which way, for other languages."""

    default_code = "database-copy"

    def __init__(self, variant: str, detail: str, *, hint: str | None = None, **params: object) -> None:
        super().__init__(detail, hint=hint, params={"variant": variant, **params})


class CopyForm(StrEnum):
    """What a copy's file is."""

    SQLITE = "sqlite"
    PORTABLE = "portable"


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What was copied: the schema's revision and the rows of each table."""

    form: CopyForm
    revision: str | None
    rows: Mapping[str, int]


async def back_up(address: Address, file: Path, *, force: bool = False) -> CopyReport:
    """Copy the database into a file, which appears whole or not at all.

    Raises: CopyFault when the file is there already, unless forced, or cannot be written, and when the database is
        damaged, or too new for a portable copy to have all of it; StorageUnavailable.
    """
    if file.exists() and not force:
        raise CopyFault("exists", f"{file} is there already", hint="--force overwrites it", file=str(file))
    is_portable = address.path is None or file.name.endswith(PORTABLE_ENDING)
    with storage_faults(), _appearing(file) as unfinished:
        if address.path is None or is_portable:
            await _expect_known(address)
            revision, rows = await portable_copy.write(address, unfinished)
        else:
            revision, rows = await asyncio.to_thread(_written, address.path, unfinished)
    return CopyReport(CopyForm.PORTABLE if is_portable else CopyForm.SQLITE, revision, rows)


async def restore(address: Address, file: Path, *, force: bool = False) -> CopyReport:
    """Put a copy in place of what the database holds, in one transaction, and bring its schema up to date.

    A running server goes on and sees the new content with its next request.
    Raises: CopyFault when the copy is damaged, too new or of the wrong form, when a portable one would go into a
        database that is too new, and, unless forced, when that holds anything or is damaged; StorageUnavailable.
    """
    form = _form_of(file)
    if form is CopyForm.SQLITE and address.path is None:
        said = f"{file} is an SQLite file, and this database is PostgreSQL"
        raise CopyFault("other_kind", said, hint=_HINT, file=str(file))
    reader = file_copy if form is CopyForm.SQLITE else portable_copy
    revision = await asyncio.to_thread(_checked, reader.check, file)
    if state_of(revision) is SchemaState.AHEAD:
        said = f"{file} has the schema {revision}, which this version does not know"
        raise CopyFault("too_new", said, hint="upgrade first", file=str(file), schema=revision)
    with storage_faults():
        if address.path is None:
            held = await portable_copy.rows_held(address)
        else:
            held = await asyncio.to_thread(_held_in, address.path, force)
        if form is CopyForm.PORTABLE:
            # Our migrations take its tables away first, and know no way down from a newer schema.
            await _expect_known(address)
        if held and not force:
            said = f"the database holds {held} rows already"
            raise CopyFault("not_empty", said, hint="--force replaces them", rows=held)
        if form is CopyForm.SQLITE and address.path is not None:
            rows = await asyncio.to_thread(file_copy.put_back, file, address.path)
            await upgrade(address)
        else:
            rows = await portable_copy.put_back(address, file)
    return CopyReport(form, revision, rows)


async def _expect_known(address: Address) -> None:
    """Pass unless a later version of this software has brought the database to a schema of its own."""
    revision = await portable_copy.revision_of(address)
    if state_of(revision) is SchemaState.AHEAD:
        said = f"the database has the schema {revision}, which this version does not know"
        raise CopyFault("database_too_new", said, hint="use the version that brought it there", schema=revision)


def _written(path: Path, file: Path) -> tuple[str | None, Mapping[str, int]]:
    try:
        return file_copy.write(path, file)
    except ValueError as fault:
        said = f"the database is damaged: {fault}"
        raise CopyFault("database_damaged", said, hint="restore it from an earlier copy") from fault


def _held_in(path: Path, force: bool) -> int:
    """How many rows a database file holds; one that is damaged counts as empty once it is put aside."""
    try:
        return file_copy.rows_held(path)
    except sqlite3.DatabaseError as fault:
        if not file_copy.is_damage(fault):
            raise
        if not force:
            hint = "--force puts its file aside and makes a new one"
            raise CopyFault("put_aside", f"the database is damaged: {fault}", hint=hint) from fault
        file_copy.put_aside(path)
        return 0


def _form_of(file: Path) -> CopyForm:
    try:
        with file.open("rb") as opened:
            beginning = opened.read(16)
    except OSError as fault:
        raise _by_system("unreadable", file, fault) from fault
    if beginning == b"SQLite format 3\0":
        return CopyForm.SQLITE
    if beginning[:2] == b"\x1f\x8b":
        return CopyForm.PORTABLE
    raise CopyFault("no_copy", f"{file} is no copy of a database", file=str(file))


def _checked(check: Callable[[Path], str | None], file: Path) -> str | None:
    try:
        return check(file)
    except ValueError as fault:
        raise CopyFault("damaged", f"{file} is damaged: {fault}", file=str(file), reason=str(fault)) from fault


def _by_system(variant: str, file: Path, fault: OSError) -> CopyFault:
    """What the operating system does not let be done with a file, and why."""
    said = {"unreadable": "cannot be read", "unwritable": "cannot be written"}[variant]
    return CopyFault(variant, f"{file} {said}: {fault.strerror}", file=str(file), reason=fault)


@contextmanager
def _appearing(file: Path) -> Iterator[Path]:
    """Give a name to write to; what was written there gets the file's name once it is on the disk."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        unfinished.touch(mode=0o600)
    except OSError as fault:
        raise _by_system("unwritable", file, fault) from fault
    try:
        yield unfinished
        _settle(unfinished)
        unfinished.replace(file)
        _settle(file.parent)
    except (OSError, sqlite3.Error) as fault:
        # Nothing is written but the copy.
        if _is_full(fault):
            full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            raise _by_system("unwritable", file, full) from fault
        raise
    finally:
        for ending in _ENDINGS:
            unfinished.with_name(f"{unfinished.name}{ending}").unlink(missing_ok=True)


def _is_full(fault: OSError | sqlite3.Error) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in _FULL
    return getattr(fault, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def _settle(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
