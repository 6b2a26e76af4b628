"""One process that serves releases, without a server around it: what it answers from once it has looked."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.api.observing import make_log
from app.releases import Edition, Editions, LastServed, Source, Watch
from app.rulebook import Rulebook
from app.storage import Database
from tests.support.make_trail import MOMENT, at_database

_TODAY: Final = date(2024, 3, 1)


class Process:
    """What one process has of releases, its clock in the test's hand."""

    def __init__(self, database: Database, files: Rulebook, folder: Path, source: Source = Source.FILES) -> None:
        self.now = MOMENT
        self.told: list[str] = []
        self.last_served = LastServed(folder / "state", database.address.url)
        self.editions = Editions(
            Edition.of(files), source=source, database=database, store=folder / "state", files=lambda: files
        )
        self.watch = Watch(
            self.editions,
            database,
            self.last_served,
            today=lambda: _TODAY,
            log=make_log("error"),
            tell=lambda edition: self.told.append(edition.version),
            now=lambda: self.now,
        )

    async def seen(self) -> str:
        """The version that answers once the process has looked."""
        await self.watch.look()
        return self.editions.active().version


async def until(holds: Callable[[], bool]) -> None:
    """Wait for what another task brings about."""
    async with asyncio.timeout(300):
        while not holds():
            await asyncio.sleep(0.01)


def with_process(url: str, files: Rulebook, folder: Path, work: Callable[[Process, Database], Awaitable[Any]]) -> Any:
    """Return what the work gives, done with a process at the database."""

    async def whole(database: Database) -> Any:
        process = Process(database, files, folder)
        try:
            return await work(process, database)
        finally:
            await process.watch.close()

    return at_database(url, whole)
