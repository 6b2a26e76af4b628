"""`/v1/topics`."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.requests import InLanguage
from app.api.schemas.rulebook import Topic, TopicList
from app.api.views.topics import topic_list, topic_view
from app.errors import ProblemCode

router = reading_router("rulebook")


@router.get("/topics", response_model=TopicList, responses=answers())
async def list_topics(asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """All topics 一件事: a company's wishes that this rulebook answers."""
    return desk.answer(asked.lang, "topics", topic_list)


@router.get("/topics/{code}", response_model=Topic, responses=answers(ProblemCode.UNKNOWN_TOPIC))
async def get_topic(code: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """One topic: its facts in the order they are asked, its procedures and rules, the day it was reviewed until."""
    return desk.answer(asked.lang, ("topic", code), lambda catalogue: topic_view(catalogue, code))
