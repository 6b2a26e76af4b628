"""`/v1/procedures`."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.requests import InLanguage, OfTopic
from app.api.schemas.rulebook import Procedure, ProcedureList
from app.api.views.procedures import procedure_by_code, procedure_list
from app.errors import ProblemCode

router = reading_router("rulebook")


@router.get("/procedures", response_model=ProcedureList, responses=answers(ProblemCode.UNKNOWN_TOPIC))
async def list_procedures(asked: Annotated[OfTopic, Query()], desk: AtDesk) -> Response:
    """All procedures 事项, or those of one topic."""
    return desk.answer(
        asked.lang, ("procedures", asked.topic), lambda catalogue: procedure_list(catalogue, asked.topic)
    )


@router.get("/procedures/{code}", response_model=Procedure, responses=answers(ProblemCode.NOT_FOUND))
async def get_procedure(code: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """One procedure as it is without any rule, and the rules that say something about it."""
    return desk.answer(asked.lang, ("procedure", code), lambda catalogue: procedure_by_code(catalogue, code))
