"""What a process answers from at its start: the active release, else the one served last, else the plain files."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from app.errors import StorageUnavailable
from app.releases.contents import DamagedRelease, open_release
from app.releases.editions import Source
from app.releases.last_served import LastServed
from app.releases.ready import find_ready
from app.releases.records import ReadyForm, Stored
from app.releases.repository import all_steps, find_stored
from app.releases.timeline import Timeline
from app.rulebook import Rulebook
from app.storage import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Start:
    """The rulebook to begin with, and where it is from."""

    rulebook: Rulebook
    source: Source


def starting_point(database_url: str, files: Callable[[], Rulebook], last_served: LastServed) -> Start:
    """Return what to answer from; `files` loads the rulebook that counts while no release was ever activated.

    Raises: DamagedRelease where the active release is damaged and no whole copy of it lies here: rather no answers
        than another law · RulebookError with every finding where the files are needed and cannot be served.
    """
    try:
        stored, ready = _apart(_active_release(database_url))
    except StorageUnavailable:
        kept = last_served.read()
        if kept is None:
            return Start(files(), Source.FILES)
        return Start(open_release(kept, last_served.folder), Source.KEPT_COPY)
    if stored is None:
        return Start(files(), Source.FILES)
    return Start(_opened(stored, ready, last_served), Source.DATABASE)


def _opened(stored: Stored, ready: ReadyForm | None, last_served: LastServed) -> Rulebook:
    try:
        return open_release(stored, last_served.folder, ready)
    except DamagedRelease:
        kept = last_served.read()
        if kept is None or (kept.version, kept.content_hash) != (stored.version, stored.content_hash):
            raise
        return open_release(kept, last_served.folder)


async def _active_release(database_url: str) -> tuple[Stored | None, ReadyForm | None]:
    database = Database(database_url, migrates=False)
    try:
        async with database.reading() as session:
            active = Timeline(await all_steps(session)).active(datetime.now(UTC))
            stored = None if active is None else await find_stored(session, active.version)
        return stored, None if stored is None else await find_ready(database, stored)
    finally:
        await database.close()


def _apart(work: Coroutine[Any, Any, T]) -> T:
    """Return what the work gives, done in a loop of its own: a worker is put together inside its server's loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
