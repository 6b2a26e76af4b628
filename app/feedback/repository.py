"""All queries on feedback."""

from collections.abc import Sequence

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.feedback.records import Feedback, Grade, Reason
from app.feedback.tables import FeedbackRow
from app.guides import Reference
from app.storage import insert_if_new


async def insert(session: AsyncSession, given: Feedback, request_hash: bytes, key_hash: bytes | None) -> bool:
    """Keep feedback and return True, or False where the key is taken already."""
    values: dict[str, object] = {
        "id": given.id,
        "reference": given.reference,
        "topic": given.topic,
        "as_of": given.as_of,
        "release_version": given.release_version,
        "release_hash": given.release_hash,
        "rules": orjson.dumps(given.rules).decode(),
        "grade": given.grade.value,
        "reasons": orjson.dumps(given.reasons).decode(),
        "comment": given.comment,
        "is_masked": given.is_masked,
        "lang": given.lang,
        "given_at": given.given_at,
        "request_hash": request_hash,
        "key_hash": key_hash,
    }
    return await insert_if_new(session, FeedbackRow, values, FeedbackRow.id)


async def find_by_key(session: AsyncSession, key_hash: bytes) -> tuple[Feedback, bytes] | None:
    """Return the feedback kept with the key, and the hash of what was sent."""
    row = await session.scalar(select(FeedbackRow).where(FeedbackRow.key_hash == key_hash))
    return None if row is None else (_feedback(row), row.request_hash)


async def let_key_go(session: AsyncSession, key_hash: bytes) -> None:
    """Forget a key, so that it can be used anew."""
    mine = update(FeedbackRow).where(FeedbackRow.key_hash == key_hash).values(key_hash=None)
    await session.execute(mine.execution_options(synchronize_session=False))


async def newest(session: AsyncSession, limit: int, topic: str | None) -> list[Feedback]:
    """Return the newest feedback first, of one topic or of all."""
    wanted = select(FeedbackRow).order_by(FeedbackRow.given_at.desc(), FeedbackRow.id).limit(limit)
    if topic is not None:
        wanted = wanted.where(FeedbackRow.topic == topic)
    return [_feedback(row) for row in await session.scalars(wanted)]


async def counted(session: AsyncSession) -> Sequence[tuple[str, str, tuple[str, ...], Grade, int]]:
    """Return (topic, release, rules, grade, how often) of all feedback."""
    columns = (FeedbackRow.topic, FeedbackRow.release_version, FeedbackRow.rules, FeedbackRow.grade)
    found = await session.execute(select(*columns, func.count()).group_by(*columns))
    return [
        (topic, release, tuple(orjson.loads(rules)), Grade(grade), count)
        for topic, release, rules, grade, count in found
    ]


def _feedback(row: FeedbackRow) -> Feedback:
    return Feedback(
        id=row.id,
        reference=Reference(row.reference),
        topic=row.topic,
        as_of=row.as_of,
        release_version=row.release_version,
        release_hash=row.release_hash,
        rules=tuple(orjson.loads(row.rules)),
        grade=Grade(row.grade),
        reasons=tuple(Reason(code) for code in orjson.loads(row.reasons)),
        comment=row.comment,
        is_masked=row.is_masked,
        lang=row.lang,
        given_at=row.given_at,
    )
