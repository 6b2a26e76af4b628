"""`/v1/changes`: what changed in the law, for programs and for feed readers."""

from typing import Annotated, Final

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.changes import LawChangeList
from app.api.schemas.requests import ChangesQuery
from app.api.views.changes import change_feed, change_list
from app.errors import ProblemCode

_ATOM: Final = "application/atom+xml"

router = reading_router("rulebook")


@router.get("/changes", response_model=LawChangeList, responses=answers(ProblemCode.UNKNOWN_TOPIC))
async def list_changes(asked: Annotated[ChangesQuery, Query()], desk: AtDesk) -> Response:
    """What changed in the law 更新记录, newest first: from which day, for which topics, what a company will notice."""
    return desk.answer(asked.lang, ("changes", *_key(asked)), lambda catalogue: change_list(catalogue, asked))


@router.get(
    "/changes.atom",
    response_class=Response,
    responses={200: {"content": {_ATOM: {"schema": {"type": "string"}}}}, **answers(ProblemCode.UNKNOWN_TOPIC)},
)
async def feed_of_changes(asked: Annotated[ChangesQuery, Query()], desk: AtDesk) -> Response:
    """The same as an Atom feed (RFC 4287), to be subscribed to."""
    return desk.document(
        asked.lang, ("changes.atom", *_key(asked)), lambda catalogue: change_feed(catalogue, asked), _ATOM.encode()
    )


def _key(asked: ChangesQuery) -> tuple[object, ...]:
    return asked.since, asked.recorded_since, asked.topic
