"""The first page: what may be wished for, in a company's own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from app.rulebook import TopicBook
from app.web.routing import PageRoute
from app.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Wish:
    """一件事. A topic as it is offered: its name, what it covers, where its questions begin."""

    name: str
    summary: str
    address: str


@dataclass(frozen=True, slots=True)
class WishGroup:
    """Wishes that people think of together."""

    code: str
    name: str
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True)
class HomeView:
    """What the first page shows; `carried` are preferences that its forms pass on."""

    groups: tuple[WishGroup, ...]
    search: str
    kept: str
    law: str
    docs: str
    carried: tuple[tuple[str, str], ...]


async def home(visit: Visit) -> Response:
    """The first page."""
    view = HomeView(
        groups=tuple(wish_groups(visit, visit.served.rulebook.topics.values())),
        search="/search",
        kept="/kept",
        law=str(visit.link("/law")),
        docs="/docs",
        carried=visit.link("/").pairs,
    )
    return visit.page("home.html", view)


def wish_groups(visit: Visit, topics: Iterable[TopicBook]) -> list[WishGroup]:
    """Return the wishes by group, both in the order of the rulebook."""
    found: dict[str, list[Wish]] = {}
    pick = visit.phrases.pick
    for book in topics:
        address = str(visit.link(f"/ask/{book.code}"))
        found.setdefault(book.entry.group, []).append(Wish(pick(book.entry.name), pick(book.entry.summary), address))
    return [WishGroup(code, group_name(visit, code), tuple(wishes)) for code, wishes in found.items()]


def group_name(visit: Visit, code: str) -> str:
    """Return what a group of wishes is called; one without a name of its own is "other"."""
    key = f"pages.group.{code}"
    return visit.phrases.say(key if visit.phrases.has(key) else "pages.group.other")


ROUTES: Final = (PageRoute("/", home),)
