"""`/v1/releases/{a}/diff/{b}`: what changed from one release to another, and what that moves for whom."""

import asyncio
from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, Desk, reading_router
from app.api.documented import answers
from app.api.exchange import Prepared, PreparedResponse
from app.api.parts import language_header
from app.api.schemas.release_diffs import ReleaseDiff
from app.api.schemas.requests import InLanguage
from app.errors import ProblemCode
from app.impact import compare_apart
from app.releases import Edition
from app.wording import Language

router = reading_router("releases")


@router.get(
    "/releases/{a}/diff/{b}",
    response_model=ReleaseDiff,
    responses=answers(ProblemCode.UNKNOWN_RELEASE, ProblemCode.STORAGE_UNAVAILABLE),
)
async def compare_releases(a: str, b: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """What changed from release `a` to release `b` in the law's words, and whom it touches: from what to what, when.

    Each release by its version or content hash. Worked out once for two contents, in seconds; `rules impact` of the
    command line lists every class of scenarios.
    """
    editions = desk.parts.editions
    before, after = await editions.named(a), await editions.named(b)
    return PreparedResponse(await _prepared(desk, before, after, desk.language(asked.lang)))


async def _prepared(desk: Desk, before: Edition, after: Edition, language: Language) -> Prepared:
    parts, today = desk.parts, desk.parts.today()
    key = ("diff", before.key, after.key, language, today)
    # Comparing costs seconds: of two who ask at once the second waits, and finds it ready.
    async with desk.edition.beside(_turn):
        found = parts.read.get(key)
        if found is None:
            report = await compare_apart(before.rulebook, after.rulebook, language, today)
            body = ReleaseDiff.model_validate(report).model_dump_json(by_alias=True).encode()
            found = Prepared.of(body, headers=(language_header(language),))
            parts.read.put(key, found)
    return found


def _turn(_: Edition) -> asyncio.Lock:
    return asyncio.Lock()
