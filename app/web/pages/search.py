"""Search in a company's own words: the wishes that fit, and what stands behind them."""

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from app.search import Found
from app.web.addresses import Pair
from app.web.pages.home import Wish, WishGroup, wish_groups
from app.web.routing import PageRoute
from app.web.visit import Visit

_MOST: Final = 20
_MOST_HITS: Final = 10
_LONGEST: Final = 200
_TOPIC: Final = "topic"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found behind a wish: a procedure, rule or clause.

    Shape: `wish` the wish it belongs to, None where it belongs to none or to one that is shown already.
    """

    kind: str
    title: str
    snippet: str
    address: str
    wish: Wish | None


@dataclass(frozen=True, slots=True)
class SearchView:
    """What was found; `all_wishes` are offered where nothing was, or nothing was asked."""

    query: str
    wishes: tuple[Wish, ...]
    hits: tuple[Hit, ...]
    all_wishes: tuple[WishGroup, ...]
    summary: str | None
    carried: tuple[Pair, ...]


async def search(visit: Visit) -> Response:
    """The search page, with what was found for the query."""
    query = " ".join(visit.value("q").split())[:_LONGEST]
    found: tuple[Found, ...] = ()
    if query:
        _, found = await visit.work(visit.served.search.search, query, _MOST, visit.language)
    say = visit.phrases.say
    wishes = {item.code: _wish(visit, item.code) for item in found if item.kind == _TOPIC}
    view = SearchView(
        query=query,
        wishes=tuple(wishes.values()),
        hits=tuple(_hit(visit, item, wishes) for item in found if item.kind != _TOPIC)[:_MOST_HITS],
        all_wishes=() if found else tuple(wish_groups(visit, visit.served.rulebook.topics.values())),
        summary=say("pages.search.found" if found else "pages.search.nothing", query=query) if query else None,
        carried=visit.link("/").pairs,
    )
    title = say("pages.search.title_of", query=query) if query else say("pages.search.title")
    return visit.page("search.html", view, title=title, is_private=True)


def _wish(visit: Visit, code: str) -> Wish:
    entry = visit.served.rulebook.topics[code].entry
    pick = visit.phrases.pick
    return Wish(pick(entry.name), pick(entry.summary), str(visit.link(f"/ask/{code}")))


def _hit(visit: Visit, item: Found, shown: Container[str]) -> Hit:
    return Hit(
        kind=visit.phrases.say(f"pages.search.kind.{item.kind}"),
        title=item.title,
        snippet=item.snippet if item.snippet != item.title else "",
        address=str(visit.link(_law_path(item))),
        wish=None if item.topic is None or item.topic in shown else _wish(visit, item.topic),
    )


def _law_path(item: Found) -> str:
    """Where the law's side shows it."""
    match item.kind:
        case "procedure":
            return f"/law/procedures/{item.code}"
        case "rule":
            return f"/law/rules/{item.code}"
    return f"/law/clauses/{item.code.replace('#', '/')}"


ROUTES: Final = (PageRoute("/search", search),)
