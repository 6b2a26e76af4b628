"""Append to the audit trail, read it, hold it against its own chain.

Nothing here commits: an entry is written in the unit of work of what it tells about, and is gone with it.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import repository
from app.audit.chain import ChainReport, Head, Walk, link
from app.audit.records import Actor, Entry
from app.errors import AppError

_ACTION: Final = re.compile(r"[a-z][a-z_]*(\.[a-z][a-z_]*)+")
_LONGEST_SUBJECT: Final = 300
_LONGEST_ACTION: Final = 100


class BrokenTrail(AppError):
    """The trail's end is not what was last written; nothing is appended to it until somebody has looked."""

    def __init__(self, kept: Head | None, last: Head | None) -> None:
        super().__init__(
            f"the audit trail ends at {last or 'nothing'}, and its head says {kept or 'nothing'}",
            hint="`approval-guide audit verify` says what is wrong; restore the database from a copy",
            params={"variant": "broken_trail", "kept": str(kept or "-"), "last": str(last or "-")},
        )


async def append_entry(
    session: AsyncSession, actor: Actor, action: str, subject: str, details: Mapping[str, Any], now: datetime
) -> Entry:
    """Append what was done to the trail and return the entry; kept once the caller's unit of work is.

    Shape: `action` is dotted words (`release.published`), `subject` what it was done to, `details` what JSON can
        hold; neither secrets nor personal data, for nothing is ever taken out again.
    Cost: appenders take turns until their units of work end, so this comes last in one.
    Raises: BrokenTrail where the end of the trail was tampered with.
    """
    if len(action) > _LONGEST_ACTION or not _ACTION.fullmatch(action):
        raise ValueError(f"an action is dotted words, not {action!r}")
    if not subject or len(subject) > _LONGEST_SUBJECT:
        raise ValueError(f"a subject has 1 to {_LONGEST_SUBJECT} characters")
    await repository.take_turn(session)
    kept, last = await repository.kept_head(session), await repository.last_entry(session)
    if kept != last:
        raise BrokenTrail(kept, last)
    entry = link(last, actor, action, subject, details, now)
    await repository.add(session, entry, is_first=last is None)
    return entry


async def trail_head(session: AsyncSession) -> Head | None:
    """Return where the trail ends, None where it has no entry."""
    return await repository.last_entry(session)


async def recent_entries(
    session: AsyncSession,
    limit: int,
    *,
    action: str | None = None,
    subject: str | None = None,
    actor: str | None = None,
) -> list[Entry]:
    """Return the newest entries, newest first.

    Shape: a name that ends with a dot, colon or slash stands for all that begin with it: `release.`, `client:`.
    """
    return await repository.newest(session, limit, action=action, subject=subject, actor=actor)


async def verify_chain(session: AsyncSession, expected: Head | None = None) -> ChainReport:
    """Go through the whole trail and return what was found; `expected` is a head that was kept elsewhere.

    Cost: linear in the entries, some hundred of them in memory; others go on appending meanwhile.
    """
    walk = Walk(await repository.kept_head(session), expected)
    async for entry in repository.every_entry(session):
        walk.step(entry)
    return walk.finish(await repository.kept_head(session))
