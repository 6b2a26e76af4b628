"""`/v1/rules`."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.requests import InLanguage, OfTopic
from app.api.schemas.rulebook import Rule, RuleList
from app.api.views.rules import rule_by_code, rule_list
from app.errors import ProblemCode

router = reading_router("rulebook")


@router.get("/rules", response_model=RuleList, responses=answers(ProblemCode.UNKNOWN_TOPIC))
async def list_rules(asked: Annotated[OfTopic, Query()], desk: AtDesk) -> Response:
    """All rules 规则, or those of one topic, its modules' ones included."""
    return desk.answer(asked.lang, ("rules", asked.topic), lambda catalogue: rule_list(catalogue, asked.topic))


@router.get("/rules/{code}", response_model=Rule, responses=answers(ProblemCode.NOT_FOUND))
async def get_rule(code: str, asked: Annotated[InLanguage, Query()], desk: AtDesk) -> Response:
    """One rule whole: when it holds, what follows, because of which clause, from which day."""
    return desk.answer(asked.lang, ("rule", code), lambda catalogue: rule_by_code(catalogue, code))
