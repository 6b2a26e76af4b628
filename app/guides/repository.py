"""All queries on kept guides."""

import hashlib
import zlib
from collections.abc import AsyncIterator
from typing import Final

import orjson
from pydantic import TypeAdapter
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import AppError
from app.guides.records import Comparison, KeptGuide, KeptRequest
from app.guides.references import Reference
from app.guides.requests import AskedFor
from app.guides.tables import GuideRow
from app.storage import insert_if_new

_COMPARISONS: Final = TypeAdapter(Comparison)
# Half the time of the usual level 6 for a twentieth more on the disk.
_LEVEL: Final = 4
_AT_A_TIME: Final = 200


class DamagedGuide(AppError):
    """What the database holds is not what was put in; better no guide than another one."""

    def __init__(self, reference: Reference) -> None:
        super().__init__(
            f"the guide kept as {reference} is damaged", hint="restore the database from a copy", where=reference
        )


async def insert(session: AsyncSession, kept: KeptGuide, key_hash: bytes | None) -> bool:
    """Keep a guide and return True, or False where its reference or the key is taken already."""
    asked = kept.asked
    values: dict[str, object] = {
        "reference": kept.reference,
        "body": zlib.compress(kept.body, _LEVEL),
        "body_hash": hashlib.sha256(kept.body).digest(),
        "topic": asked.topic,
        "facts": asked.facts,
        "as_of": kept.as_of,
        "as_of_given": asked.as_of is not None,
        "lang": asked.lang,
        "release_asked": asked.release,
        "release_version": kept.release_version,
        "release_hash": kept.release_hash,
        "kept_at": kept.kept_at,
        "comparison": orjson.dumps(kept.when_kept).decode(),
        "request_hash": asked.fingerprint,
        "key_hash": key_hash,
    }
    return await insert_if_new(session, GuideRow, values, GuideRow.reference)


async def find(session: AsyncSession, reference: Reference) -> KeptGuide | None:
    """Return the guide kept under the reference."""
    row = await session.scalar(select(GuideRow).where(GuideRow.reference == reference))
    return None if row is None else _kept(row)


async def find_by_key(session: AsyncSession, key_hash: bytes) -> KeptGuide | None:
    """Return the guide kept with the key."""
    row = await session.scalar(select(GuideRow).where(GuideRow.key_hash == key_hash))
    return None if row is None else _kept(row)


async def requests(session: AsyncSession) -> AsyncIterator[KeptRequest]:
    """Return what every kept guide was asked, in order of their references, a few hundred rows at a time."""
    row = GuideRow
    columns = select(row.reference, row.topic, row.facts, row.as_of, row.as_of_given, row.lang, row.release_asked)
    found = await session.stream(columns.order_by(row.reference).execution_options(yield_per=_AT_A_TIME))
    async for reference, topic, facts, as_of, given, lang, release in found:
        yield KeptRequest(Reference(reference), AskedFor(topic, facts, as_of if given else None, lang, release), as_of)


async def let_key_go(session: AsyncSession, reference: Reference, key_hash: bytes) -> None:
    """Forget the key of a guide, so that it can be used anew."""
    mine = (GuideRow.reference == reference) & (GuideRow.key_hash == key_hash)
    await session.execute(
        update(GuideRow).where(mine).values(key_hash=None).execution_options(synchronize_session=False)
    )


def _kept(row: GuideRow) -> KeptGuide:
    """Raises: DamagedGuide."""
    reference = Reference(row.reference)
    try:
        body = zlib.decompress(row.body)
    except zlib.error as fault:
        raise DamagedGuide(reference) from fault
    if hashlib.sha256(body).digest() != row.body_hash:
        raise DamagedGuide(reference)
    return KeptGuide(
        reference=reference,
        body=body,
        asked=AskedFor(row.topic, row.facts, row.as_of if row.as_of_given else None, row.lang, row.release_asked),
        as_of=row.as_of,
        release_version=row.release_version,
        release_hash=row.release_hash,
        kept_at=row.kept_at,
        when_kept=_COMPARISONS.validate_json(row.comparison),
    )
