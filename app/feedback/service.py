"""Give a grade to a kept guide, look at what was given, count it.

Nothing here commits: the caller opens one unit of work and answers once it is closed.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from secrets import token_hex
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import IdempotencyConflict
from app.feedback import repository
from app.feedback.masking import mask_personal_data
from app.feedback.opinions import Opinion
from app.feedback.records import Feedback, Given, Grade, GradeCounts, Summary
from app.guides import KEY_LIFE, IdempotencyKey, KeptGuide

# The second time the old key has been let go of; a third would mean that the database does not keep its word.
_MOST_TRIES: Final = 3


async def give(
    session: AsyncSession, kept: KeptGuide, opinion: Opinion, key: IdempotencyKey | None, lang: str, now: datetime
) -> Given:
    """Keep an opinion on a guide, or give the one that was kept with the same key.

    Raises: IdempotencyConflict when the key came with another opinion, or with one on another guide.
    """
    key_hash = None if key is None else hashlib.sha256(f"feedback {key}".encode()).digest()
    request_hash = hashlib.sha256(kept.reference.encode() + opinion.fingerprint).digest()
    fresh = as_feedback(kept, opinion, lang, now)
    for _ in range(_MOST_TRIES):
        if await repository.insert(session, fresh, request_hash, key_hash):
            return Given(fresh, replayed=False)
        held = None if key_hash is None else await repository.find_by_key(session, key_hash)
        if held is None or key_hash is None:
            break
        feedback, sent = held
        if now - feedback.given_at < KEY_LIFE:
            if sent != request_hash:
                raise IdempotencyConflict(str(key))
            return Given(feedback, replayed=True)
        await repository.let_key_go(session, key_hash)
    raise RuntimeError("feedback could not be kept")


def as_feedback(kept: KeptGuide, opinion: Opinion, lang: str, now: datetime) -> Feedback:
    """Return an opinion as it is kept: beside what the guide came from, its comment without personal data."""
    comment, is_masked = (None, False) if opinion.comment is None else mask_personal_data(opinion.comment)
    return Feedback(
        id=token_hex(16),
        reference=kept.reference,
        topic=kept.asked.topic,
        as_of=kept.as_of,
        release_version=kept.release_version,
        release_hash=kept.release_hash,
        rules=_rules_of(kept.guide["procedures"]),
        grade=opinion.grade,
        reasons=opinion.reasons,
        comment=comment,
        is_masked=is_masked,
        lang=lang,
        # Whole seconds, which both databases keep alike.
        given_at=now.replace(microsecond=0),
    )


async def list_feedback(session: AsyncSession, *, limit: int = 50, topic: str | None = None) -> list[Feedback]:
    """Return the newest feedback first, of one topic or of all."""
    return await repository.newest(session, limit, topic)


async def summarise(session: AsyncSession) -> Summary:
    """Return how often each grade was given, by topic, by release and by rule.

    Shape: a grade counts for each rule of its guide.
    """
    topics: dict[str, Counter[Grade]] = {}
    releases: dict[str, Counter[Grade]] = {}
    rules: dict[str, Counter[Grade]] = {}
    for topic, release, codes, grade, count in await repository.counted(session):
        for found, names in ((topics, (topic,)), (releases, (release,)), (rules, codes)):
            for name in names:
                found.setdefault(name, Counter())[grade] += count
    return Summary(_ordered(topics), _ordered(releases), _ordered(rules))


def _ordered(found: dict[str, Counter[Grade]]) -> tuple[GradeCounts, ...]:
    counts = [GradeCounts(name, {grade: grades[grade] for grade in Grade}) for name, grades in found.items()]
    return tuple(sorted(counts, key=lambda one: (-one.low, -one.total, one.name)))


def _rules_of(procedures: Any) -> tuple[str, ...]:
    """The rules of a guide, each once, in its order; `procedures` is JSON that came out of the database."""
    listed: Iterable[dict[str, Any]] = procedures
    return tuple(dict.fromkeys(str(rule) for item in listed for rule in item["rules"]))
