"""How a command works with the database: one piece of work, its faults in words, its answer as a table or JSON."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Final, TypeVar

from rich.console import Console
from rich.table import Table

from app.cli.answering import FINDING, USAGE, refuse_error, settings_or_exit
from app.errors import AppError, InvalidRequest, UnknownError
from app.storage import Database

T = TypeVar("T")

#: Columns where the output goes into a file or pipe and no terminal says how wide it is.
_WIDE: Final = 160


def run(work: Coroutine[object, object, T]) -> T:
    """Return what the work gives; says what is wrong and ends the command where it fails.

    Exit 2 where the command was asked wrongly, 1 where something stands in the way.
    """
    return asked(lambda: asyncio.run(work))


def asked(read: Callable[[], T]) -> T:
    """Return what is read of a command's words; as `run`, for what needs no database."""
    try:
        return read()
    except AppError as error:
        refuse_error(error, USAGE if isinstance(error, InvalidRequest | UnknownError) else FINDING)


def with_database(work: Callable[[Database], Awaitable[T]]) -> T:
    """Return what the work gives with the database of the settings, which is closed afterwards."""

    async def whole() -> T:
        database = Database(settings_or_exit().database_url)
        try:
            return await work(database)
        finally:
            await database.close()

    return run(whole())


def say_table(table: Table) -> None:
    """Print a table, as wide as the terminal or wide enough for a file."""
    console = Console(highlight=False)
    (console if console.is_terminal else Console(width=_WIDE, highlight=False)).print(table)
