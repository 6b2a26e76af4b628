"""`/v1/policies` and their clauses."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.policies import Clause, ClauseList, Policy, PolicyList
from app.api.schemas.requests import InLanguage
from app.api.views.policies import clause_by_code, clause_list, policy_by_code, policy_list
from app.errors import ProblemCode

router = reading_router("rulebook")


@router.get("/policies", response_model=PolicyList, responses=answers())
async def list_policies(asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """All policies 政策文件 the rules rest on."""
    return desk.answer(asked.lang, "policies", policy_list)


@router.get("/policies/{code}", response_model=Policy, responses=answers(ProblemCode.NOT_FOUND))
async def get_policy(code: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """One policy, and the rules and topics that rest on it."""
    return desk.answer(asked.lang, ("policy", code), lambda catalogue: policy_by_code(catalogue, code))


@router.get("/policies/{code}/clauses", response_model=ClauseList, responses=answers(ProblemCode.NOT_FOUND))
async def list_clauses(code: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """The clauses 条款 of a policy in its own order, each with what became of it (条款台账) and who cites it."""
    return desk.answer(asked.lang, ("clauses", code), lambda catalogue: clause_list(catalogue, code))


@router.get("/policies/{code}/clauses/{clause}", response_model=Clause, responses=answers(ProblemCode.NOT_FOUND))
async def get_clause(code: str, clause: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """One clause 条款: its words or our summary of it, what became of it, and who cites it."""
    return desk.answer(asked.lang, ("clause", code, clause), lambda book: clause_by_code(book, code, clause))
