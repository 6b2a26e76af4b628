"""`/v1/facts`."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.requests import InLanguage, OfTopic
from app.api.schemas.rulebook import Fact, FactList
from app.api.views.facts import fact_by_code, fact_list
from app.errors import ProblemCode

router = reading_router("rulebook")


@router.get("/facts", response_model=FactList, responses=answers(ProblemCode.UNKNOWN_TOPIC))
async def list_facts(asked: Annotated[OfTopic, Query()], desk: AtDesk) -> Response:
    """All facts 情形要素, or one topic's with the options it takes; each with the topics and rules that use it."""
    return desk.answer(asked.lang, ("facts", asked.topic), lambda catalogue: fact_list(catalogue, asked.topic))


@router.get("/facts/{code}", response_model=Fact, responses=answers(ProblemCode.NOT_FOUND))
async def get_fact(code: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """One fact: the question, its possible answers, and who uses it."""
    return desk.answer(asked.lang, ("fact", code), lambda catalogue: fact_by_code(catalogue, code))
