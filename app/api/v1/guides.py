"""`/v1/guides`: keep a guide under a reference, fetch it again to the byte.

Each handler opens one unit of work and builds its answer after that was committed. Keeping is plain ASGI, as
evaluating is: what it takes is the same body, read by the same reader.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Header, Query, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import app.api.exchange as exchange
from app.api.bodies import expect_json, read_body
from app.api.deps import parts_of, reading_router
from app.api.direct import DirectRoute
from app.api.documented import answers
from app.api.evaluating import asked_edition, fact_faults
from app.api.exchange import Prepared, PreparedResponse, header
from app.api.idempotency import idempotency_key
from app.api.parts import Parts
from app.api.problems import send_problem
from app.api.scenarios import Reading, read_body_request
from app.api.schemas.guides import KeptGuide
from app.api.schemas.requests import EvaluateBody, InLanguage
from app.api.views.guides import kept_body
from app.errors import AppError, InvalidRequest, ProblemCode, UnknownRelease
from app.guides import (
    KEY_NAME,
    Draft,
    Kept,
    compare_kept,
    draft_guide,
    failed_draft,
    keep,
    read_reference,
    reopen,
)
from app.releases import edition_of, take_edition
from app.wording import preferred_language

router = reading_router("guides")

_PROBLEMS: Final = (
    ProblemCode.INVALID_FACT,
    ProblemCode.AS_OF_OUT_OF_RANGE,
    ProblemCode.UNKNOWN_TOPIC,
    ProblemCode.UNKNOWN_RELEASE,
    ProblemCode.PAYLOAD_TOO_LARGE,
    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
    ProblemCode.IDEMPOTENCY_CONFLICT,
    ProblemCode.STORAGE_UNAVAILABLE,
)


class KeepGuide:
    """`POST /v1/guides`."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep one guide."""
        accepted = header(scope, b"accept-language")
        reading = Reading(preferred_language(accepted))
        try:
            expect_json(scope)
            body = await read_body(scope, receive, self.parts.settings.max_body_bytes)
            reading = read_body_request(body, accepted)
            kept = await self._keep(reading, scope)
        except AppError as error:
            await send_problem(error, reading.language, scope, send)
        else:
            await _created(kept, scope)(scope, receive, send)

    async def _keep(self, reading: Reading, scope: Scope) -> Kept:
        key, faults = idempotency_key(scope)
        if reading.faults or faults:
            active = edition_of(scope).evaluator
            raise InvalidRequest([*reading.faults, *faults, *fact_faults(active, reading, self.parts.today())])
        draft = await self._draft(reading, scope, keyed=key is not None)
        async with self.parts.database.writing() as session:
            # The block commits before this returns, and raises where it cannot.
            return await keep(session, draft, key, datetime.now(UTC))

    async def _draft(self, reading: Reading, scope: Scope, *, keyed: bool) -> Draft:
        """The guide by the release it names, held against the active one."""
        active, request = edition_of(scope), reading.request()
        try:
            edition = await asked_edition(self.parts.editions, reading, active)
        except UnknownRelease as error:
            if not keyed:
                raise
            return failed_draft(request, error)
        take_edition(scope, edition)
        return draft_guide(edition.evaluator, request, self.parts.today(), keyed=keyed, active=active.evaluator)


def _created(kept: Kept, scope: Scope) -> Response:
    """The 201, the same to the byte when it is said again."""
    guide = kept.guide
    prepared = Prepared.of(kept_body(guide, guide.when_kept))
    accepted = header(scope, b"accept-encoding")
    coding = prepared.coding_for(accepted)
    headers = {
        "Location": f"/v1/guides/{guide.reference}",
        "Cache-Control": "no-store",
        "Vary": "Accept-Language, Accept-Encoding",
        "X-As-Of": guide.as_of.isoformat(),
        "Content-Language": guide.asked.lang,
    }
    if kept.replayed:
        headers["Idempotency-Replayed"] = "true"
    if coding is not None:
        headers["Content-Encoding"] = coding
    return Response(prepared.sent_in(accepted)[2], 201, headers, media_type=exchange.JSON.decode())


@router.get(
    "/guides/{reference}",
    response_model=KeptGuide,
    responses=answers(ProblemCode.UNKNOWN_REFERENCE, ProblemCode.STORAGE_UNAVAILABLE),
)
async def get_guide(reference: str, asked: Annotated[InLanguage, Query()], request: Request) -> Response:
    """A kept guide as it was given, to the byte, and beside it what has moved since.

    Case, spaces and hyphens of the reference do not count. `outdated` compares the same day under the active release,
    and, where the request named no day, today under the active release. `lang` is for problems; a guide stays as it is.
    """
    parts = parts_of(request)
    wanted = read_reference(reference)
    async with parts.database.reading() as session:
        kept = await reopen(session, wanted)
    body = kept_body(kept, compare_kept(edition_of(request.scope).evaluator, kept, parts.today()))
    headers = ((b"x-as-of", kept.as_of.isoformat().encode()), (b"content-language", kept.asked.lang.encode()))
    return PreparedResponse(Prepared.of(body, headers=headers))


async def post_guide(
    body: EvaluateBody,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias=KEY_NAME,
            min_length=1,
            max_length=255,
            description="Your own name for this request. Sent again within a day, the same request gets the same 201 "
            "with `Idempotency-Replayed: true`, and another request a 409.",
        ),
    ] = None,
) -> None:
    """Keep the guide for a scenario under a reference that can be read over the phone.

    Takes what `POST /v1/evaluate` takes. No login, no personal data. What was acknowledged stays.
    """


def guide_routes(parts: Parts) -> Iterator[DirectRoute]:
    """Yield the route that keeps, documented."""
    yield DirectRoute(
        "/v1/guides",
        post_guide,
        answering=KeepGuide(parts),
        methods=["POST"],
        status_code=201,
        response_model=KeptGuide,
        responses=answers(*_PROBLEMS),
        tags=["guides"],
    )
