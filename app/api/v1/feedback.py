"""`POST /v1/guides/{reference}/feedback`: 好差评, five grades and a comment without personal data."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final

from fastapi import Header
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import app.api.schemas.feedback as wire
from app.api.bodies import expect_json, read_body, read_json
from app.api.direct import DirectRoute
from app.api.documented import answers
from app.api.idempotency import idempotency_key
from app.api.parts import Parts, language_of_request
from app.api.problems import send_problem
from app.api.schemas.feedback import FeedbackBody, KeptFeedback
from app.errors import AppError, Fault, InvalidRequest, ProblemCode
from app.feedback import Given, Opinion, as_opinion, give
from app.guides import KEY_NAME, IdempotencyKey, read_reference, reopen
from app.wording import Language, phrases_in

_PROBLEMS: Final = (
    ProblemCode.UNKNOWN_REFERENCE,
    ProblemCode.PAYLOAD_TOO_LARGE,
    ProblemCode.UNSUPPORTED_MEDIA_TYPE,
    ProblemCode.IDEMPOTENCY_CONFLICT,
    ProblemCode.STORAGE_UNAVAILABLE,
)


class GiveFeedback:
    """Plain ASGI, as keeping a guide is: the same reader of bodies."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Keep one opinion."""
        language = language_of_request(scope)
        try:
            expect_json(scope)
            body = await read_body(scope, receive, self.parts.settings.max_body_bytes)
            opinion, key = _read(body, scope)
            given = await self._give(scope["path_params"]["reference"], opinion, key, language)
        except AppError as error:
            await send_problem(error, language, scope, send)
        else:
            await _created(given, language)(scope, receive, send)

    async def _give(self, said: str, opinion: Opinion, key: IdempotencyKey | None, language: Language) -> Given:
        reference = read_reference(said)
        async with self.parts.database.writing() as session:
            kept = await reopen(session, reference)
            # The block commits before this returns, and raises where it cannot.
            return await give(session, kept, opinion, key, language, datetime.now(UTC))


def _read(body: bytes, scope: Scope) -> tuple[Opinion, IdempotencyKey | None]:
    """The opinion and its key; raises with the faults of both."""
    key, key_faults = idempotency_key(scope)
    faults: list[Fault] = []
    try:
        opinion = as_opinion(read_json(body))
    except InvalidRequest as error:
        opinion, faults = None, list(error.faults)
    if opinion is None or key_faults:
        raise InvalidRequest([*faults, *key_faults])
    return opinion, key


def _created(given: Given, language: Language) -> Response:
    body = feedback_body(given, language).model_dump_json().encode()
    headers = {"Cache-Control": "no-store", "Vary": "Accept-Language, Accept-Encoding", "Content-Language": language}
    if given.replayed:
        headers["Idempotency-Replayed"] = "true"
    return Response(body, 201, headers, media_type="application/json")


def feedback_body(given: Given, language: Language) -> KeptFeedback:
    """Return what is kept as the wire shows it."""
    kept, phrases = given.feedback, phrases_in(language)
    return wire.KeptFeedback(
        reference=kept.reference,
        topic=kept.topic,
        release=wire.FeedbackRelease(version=kept.release_version, content_hash=kept.release_hash),
        rules=list(kept.rules),
        grade=wire.NamedGrade(code=kept.grade, name=phrases.say(f"grade.{kept.grade}")),
        reasons=[wire.NamedReason(code=reason, name=phrases.say(f"reason.{reason}")) for reason in kept.reasons],
        comment=kept.comment,
        masked=kept.is_masked,
        notice=phrases.say("feedback.masked_notice") if kept.is_masked else None,
        given_at=kept.given_at,
    )


async def post_feedback(
    reference: str,
    body: FeedbackBody,
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
    """Grade a kept guide (好差评), with a comment and, for a low grade, reasons.

    Kept with the release and the rules the guide came from, so that whoever looks after them sees what is not
    understood. No personal data: what looks like it in the comment is covered before it is kept, and said so.
    """


def feedback_routes(parts: Parts) -> Iterator[DirectRoute]:
    """Yield the route, documented."""
    yield DirectRoute(
        "/v1/guides/{reference}/feedback",
        post_feedback,
        answering=GiveFeedback(parts),
        methods=["POST"],
        status_code=201,
        response_model=KeptFeedback,
        responses=answers(*_PROBLEMS),
        tags=["guides"],
    )
