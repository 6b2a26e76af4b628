"""Ready forms: what lets a machine that never saw a release answer by it a moment after it is activated.

A release is kept as its files, which say the law and are hashed; reading them takes seconds. So publishing keeps beside
them what its own software had read, and so does an activation where there is none. The bytes cannot do harm
(`app/rulebook/lean.py`), but they could tell other law than the files: the audit trail names their digest, in the entry
of whoever made them, and a form it does not name is passed over.
"""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Final

from app.audit import recent_entries
from app.errors import RulebookError, StorageUnavailable
from app.releases import repository
from app.releases.contents import DamagedRelease, open_release, ready_form
from app.releases.records import ReadyForm, Stored
from app.releases.timeline import Timeline
from app.rulebook import reading_software
from app.storage import Database

#: Name of the digest in an entry's details.
DIGEST: Final = "ready"
# More than a release is ever published, activated, rolled back to and withdrawn.
_MOST_ENTRIES: Final = 1_000


async def find_ready(database: Database, release: Stored) -> ReadyForm | None:
    """Return a release's ready form by this very software, None where there is none that the trail vouches for.

    Never raises: without it the release's files are read.
    """
    try:
        async with database.reading() as session:
            found = await repository.find_ready(session, release.content_hash, reading_software())
            if found is None:
                return None
            entries = await recent_entries(session, _MOST_ENTRIES, action="release.", subject=release.version)
    except StorageUnavailable:
        # Also where the schema is behind: the release itself can then be read all the same.
        return None
    return found if any(entry.details_read.get(DIGEST) == found.digest for entry in entries) else None


async def make_ready(database: Database, name: str, store: Path) -> ReadyForm | None:
    """Return the ready form of a release that is to be activated, None where it has one, or is unknown.

    Raises: DamagedRelease · RulebookError where nobody could serve the release · StorageUnavailable.
    Cost: seconds, where another software published it.
    """
    async with database.reading() as session:
        stored = await repository.find_stored(session, name)
    if stored is None or await find_ready(database, stored) is not None:
        return None
    return ready_form(await asyncio.to_thread(open_release, stored, store))


async def make_ready_before(database: Database, store: Path, now: datetime) -> ReadyForm | None:
    """Return the same of the release that a rollback leads to; a rollback is never held up by what fails here.

    Raises: StorageUnavailable.
    """
    async with database.reading() as session:
        target = Timeline(await repository.all_steps(session)).before(now)
    try:
        return None if target is None else await make_ready(database, target.version, store)
    except (DamagedRelease, RulebookError):
        return None
