"""What the hotline search found, on the wire."""

from app.api.schemas.requests import SearchQuery
from app.api.schemas.search import Hit, SearchAnswer
from app.search import SearchIndex
from app.wording import Language


def search_answer(index: SearchIndex, asked: SearchQuery, language: Language) -> SearchAnswer:
    """Return what was found, best first."""
    total, found = index.search(asked.q, asked.limit, language)
    hits = [
        Hit(
            kind=one.kind,
            code=one.code,
            topic=one.topic,
            title=one.title,
            snippet=one.snippet,
            matched=list(one.matched),
            score=one.score,
        )
        for one in found
    ]
    return SearchAnswer(query=asked.q, total=total, results=hits)
