"""Keep a guide under a reference, reopen it, say what has moved since.

Nothing here commits: the caller opens one unit of work and answers once it is closed.
"""

import hashlib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, NewType

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import AppError, Fault, FaultCode, IdempotencyConflict, InvalidRequest, UnknownReference
from app.evaluation import Answer, EvaluateRequest, Evaluator
from app.guides import repository
from app.guides.comparing import compare
from app.guides.records import Comparison, Draft, Kept, KeptGuide
from app.guides.references import Reference, new_reference
from app.guides.requests import normal_form

IdempotencyKey = NewType("IdempotencyKey", str)
"""A caller's own name for one request, as `read_key` takes it."""

#: How long a key stands for its request. At least a day is promised; two leave room for a weekend's retries.
KEY_LIFE: Final = timedelta(hours=48)
KEY_NAME: Final = "Idempotency-Key"
_LONGEST_KEY: Final = 255
# 29^9 references: to draw a taken one even twice in a row means that the source of randomness is broken.
_MOST_DRAWS: Final = 8


def read_key(given: str) -> IdempotencyKey:
    """Return the key a caller sent.

    Raises: InvalidRequest when it is empty, longer than 255 characters or holds control characters.
    """
    pointer = f"/{KEY_NAME}"
    if not given or len(given) > _LONGEST_KEY:
        code, word, bound = (
            (FaultCode.ABOVE_MAXIMUM, "maximum", _LONGEST_KEY) if given else (FaultCode.BELOW_MINIMUM, "minimum", 1)
        )
        params = {"name": KEY_NAME, "variant": "length", word: bound}
        raise InvalidRequest([Fault(pointer, code, f"{KEY_NAME}: 1 to {_LONGEST_KEY} characters", bound, params)])
    if any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in given):
        allowed = "1 to 255 characters, none of them a control character"
        params = {"name": KEY_NAME, "variant": "control"}
        raise InvalidRequest([Fault(pointer, FaultCode.NOT_ALLOWED, f"{KEY_NAME}: {allowed}", allowed, params)])
    return IdempotencyKey(given)


def draft_guide(
    evaluator: Evaluator,
    request: EvaluateRequest,
    today: date,
    *,
    keyed: bool = False,
    active: Evaluator | None = None,
) -> Draft:
    """Return the guide that is to be kept, before any database is asked.

    Shape: `evaluator` answers; `active` is that of the active release, where the request names another one.
    Raises: what evaluating raises; not for a keyed request, whose first sending may have been answered.
    """
    asked = normal_form(request)
    try:
        answer = evaluator.evaluate(request, today)
    except AppError as error:
        if not keyed:
            raise
        return failed_draft(request, error)
    standing = compare(
        active or evaluator,
        asked,
        answer.body,
        as_of=answer.as_of,
        release_hash=_release_hash(answer),
        today=answer.as_of,
    )
    return Draft(asked, answer, standing)


def failed_draft(request: EvaluateRequest, error: AppError) -> Draft:
    """Return what stands for a keyed request that could not be answered: the key may still lead to its guide."""
    return Draft(normal_form(request), error=error)


async def keep(
    session: AsyncSession,
    draft: Draft,
    key: IdempotencyKey | None,
    now: datetime,
    draw: Callable[[], Reference] = new_reference,
) -> Kept:
    """Keep the guide under a new reference, or give the one that was kept with the same key.

    Raises: IdempotencyConflict when the key came with another request; the draft's own error where it has one.
    """
    key_hash = None if key is None else hashlib.sha256(f"guides {key}".encode()).digest()
    for _ in range(_MOST_DRAWS):
        fresh = None if draft.answer is None else as_kept(draft, draw(), now)
        if fresh is not None and await repository.insert(session, fresh, key_hash):
            return Kept(fresh, replayed=False)
        held = None if key_hash is None else await repository.find_by_key(session, key_hash)
        if held is not None and key_hash is not None and now - held.kept_at >= KEY_LIFE:
            await repository.let_key_go(session, held.reference, key_hash)
            held = None
        if held is not None:
            if held.asked.fingerprint != draft.asked.fingerprint:
                raise draft.error or IdempotencyConflict(str(key))
            return Kept(held, replayed=True)
        if draft.error is not None:
            raise draft.error
    raise RuntimeError("no free reference was drawn")


async def reopen(session: AsyncSession, reference: Reference) -> KeptGuide:
    """Return the guide kept under a reference.

    Raises: UnknownReference.
    """
    kept = await repository.find(session, reference)
    if kept is None:
        raise UnknownReference(reference)
    return kept


def compare_kept(evaluator: Evaluator, kept: KeptGuide, today: date) -> Comparison:
    """Return how a kept guide stands to the active release, and to the law of today where it named no day."""
    return compare(evaluator, kept.asked, kept.body, as_of=kept.as_of, release_hash=kept.release_hash, today=today)


def as_kept(draft: Draft, reference: Reference, now: datetime) -> KeptGuide:
    """Return a draft that has an answer as it is kept under a reference."""
    answer, standing = draft.answer, draft.comparison
    assert answer is not None
    assert standing is not None
    return KeptGuide(
        reference=reference,
        body=answer.body,
        asked=draft.asked,
        as_of=answer.as_of,
        release_version=answer.release,
        release_hash=_release_hash(answer),
        # Whole seconds, which both databases keep alike.
        kept_at=now.replace(microsecond=0),
        when_kept=standing,
    )


def _release_hash(answer: Answer) -> str:
    release = answer.guide["release"]
    assert isinstance(release, dict)
    return str(release["content_hash"])
