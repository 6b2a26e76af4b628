"""/law/changes: what changed in the law, newest first."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from app.errors import UnknownTopic
from app.rulebook import ChangelogEntry
from app.web.addresses import Address
from app.web.routing import PageRoute
from app.web.views.law_book import Cited, LawBook, Named
from app.web.visit import Visit

TOPIC: Final = "topic"


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change: from which day, for which topics, what a company notices."""

    day: str
    machine_day: str
    recorded: str
    title: str
    notice: str
    topics: tuple[Named, ...]
    procedures: tuple[Named, ...]
    rules: tuple[Named, ...]
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class TopicFilter:
    """The changes of one topic alone, or of all."""

    name: str
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ChangesView:
    """What the page shows; `feed` is the same for feed readers."""

    changes: tuple[ChangeView, ...]
    filters: tuple[TopicFilter, ...]
    feed: str


async def changes(visit: Visit) -> Response:
    """The law changelog, of all topics or one."""
    book, topic = LawBook(visit), visit.value(TOPIC)
    if topic and topic not in book.rulebook.topics:
        raise UnknownTopic(topic, tuple(book.rulebook.topics))
    entries = [entry for entry in book.rulebook.changelog if not topic or topic in entry.topics]
    entries.sort(key=lambda entry: entry.start, reverse=True)
    view = ChangesView(
        changes=tuple(_change(book, entry) for entry in entries),
        filters=_filters(book, topic),
        feed=str(Address("/v1/changes.atom", (("lang", visit.language), *(((TOPIC, topic),) if topic else ())))),
    )
    return visit.page("law_changes.html", view, title=visit.phrases.say("law.changes"))


def _filters(book: LawBook, topic: str) -> tuple[TopicFilter, ...]:
    every = TopicFilter(book.phrases.say("law.all_topics"), book.at("changes"), not topic)
    one_by_one = (
        TopicFilter(
            book.phrases.pick(entry.entry.name), str(book.visit.link("/law/changes", (TOPIC, code))), code == topic
        )
        for code, entry in book.rulebook.topics.items()
    )
    return (every, *one_by_one)


def _change(book: LawBook, entry: ChangelogEntry) -> ChangeView:
    pick, say = book.phrases.pick, book.phrases.say
    precise = "" if entry.precision == "day" else say("list.group", text=say(f"precision.{entry.precision}"))
    return ChangeView(
        day=book.day(entry.start) + precise,
        machine_day=entry.start.isoformat(),
        recorded=say("law.recorded", day=book.day(entry.recorded)),
        title=pick(entry.title),
        notice=pick(entry.notice),
        topics=book.topics(entry.topics),
        procedures=book.procedures(entry.procedures),
        rules=book.rules(entry.rules),
        sources=book.cited(entry.basis),
    )


ROUTES: Final = (PageRoute("/law/changes", changes),)
