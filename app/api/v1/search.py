"""`/v1/search`: the hotline search."""

from typing import Annotated

from fastapi import Query
from starlette.responses import Response

from app.api.deps import AtDesk, reading_router
from app.api.documented import answers
from app.api.schemas.requests import SearchQuery
from app.api.schemas.search import SearchAnswer
from app.api.views.search import search_answer

router = reading_router("search")


@router.get("/search", response_model=SearchAnswer, responses=answers())
async def search(asked: Annotated[SearchQuery, Query()], desk: AtDesk) -> Response:
    """Find topics, procedures, rules and clauses by what a caller says: names, everyday words, text; best first."""
    language = desk.language(asked.lang)
    return desk.answer(
        language, ("search", asked.q, asked.limit), lambda _: search_answer(desk.edition.search, asked, language)
    )
