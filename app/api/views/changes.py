"""What changed in the law: as a list, and as an Atom feed.

Source: RFC 4287 (Atom), RFC 4122 §4.3 (names made into UUIDs), for an entry has to keep its name for ever.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import app.rulebook as law
from app.api.catalogue import Catalogue
from app.api.schemas.changes import LawChange, LawChangeList
from app.api.schemas.requests import ChangesQuery
from app.wording import date_text

_ATOM: Final = "http://www.w3.org/2005/Atom"
_NAMES: Final[UUID] = uuid5(NAMESPACE_URL, "tag:approval-path-guide,2026:changes")
#: What a feed without entries was last changed on: any day before the first entry.
_BEFORE_ALL: Final = date(2020, 12, 30)


def change_list(catalogue: Catalogue, asked: ChangesQuery) -> LawChangeList:
    """Return the changes asked for, newest first.

    Raises: UnknownTopic.
    """
    changes = [_change(catalogue, entry) for entry in _chosen(catalogue, asked)]
    return LawChangeList(total=len(changes), changes=changes)


def change_feed(catalogue: Catalogue, asked: ChangesQuery) -> bytes:
    """Return the changes asked for as an Atom feed; an entry was updated on the day the rules took it in.

    Raises: UnknownTopic.
    """
    entries = _chosen(catalogue, asked)
    say, lang = catalogue.phrases.say, catalogue.phrases.lang
    query = urlencode({key: str(value) for key, value in _given(asked).items()} | {"lang": lang})
    feed = Element("feed", {"xmlns": _ATOM, "xml:lang": lang})
    _texts(feed, id=uuid5(_NAMES, query).urn, title=say("changes.title"), subtitle=say("changes.subtitle"))
    SubElement(feed, "updated").text = _moment(max((entry.recorded for entry in entries), default=_BEFORE_ALL))
    SubElement(SubElement(feed, "author"), "name").text = say("changes.author")
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": f"/v1/changes.atom?{query}"})
    for entry in entries:
        _entry(feed, catalogue, entry)
    indent(feed, space=" ")
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _chosen(catalogue: Catalogue, asked: ChangesQuery) -> Sequence[law.ChangelogEntry]:
    if asked.topic is not None:
        catalogue.topic_book(asked.topic)
    return [
        entry
        for entry in catalogue.rulebook.changelog
        if (asked.topic is None or asked.topic in entry.topics)
        and (asked.since is None or entry.start >= asked.since)
        and (asked.recorded_since is None or entry.recorded >= asked.recorded_since)
    ]


def _given(asked: ChangesQuery) -> dict[str, object]:
    return asked.model_dump(exclude_none=True, exclude={"lang"})


def _change(catalogue: Catalogue, entry: law.ChangelogEntry) -> LawChange:
    return LawChange(
        code=entry.code,
        start=entry.start,
        start_precision=entry.precision.value,
        recorded=entry.recorded,
        title=catalogue.text(entry.title),
        notice=catalogue.text(entry.notice),
        topics=catalogue.topics(entry.topics),
        rules=catalogue.rules(entry.rules),
        procedures=catalogue.procedures(entry.procedures),
        basis=catalogue.cites(entry.basis),
    )


# ---- the feed ----------------------------------------------------------------------------------------


def _entry(feed: Element, catalogue: Catalogue, entry: law.ChangelogEntry) -> None:
    found = SubElement(feed, "entry")
    lang = catalogue.phrases.lang
    _texts(found, id=uuid5(_NAMES, f"{entry.code} {lang}").urn, title=change_heading(catalogue, entry))
    _texts(found, published=_moment(entry.recorded), updated=_moment(entry.recorded))
    for topic in catalogue.topics(entry.topics):
        SubElement(found, "category", {"term": topic.code, "label": topic.name})
    href = f"/v1/changes?{urlencode({'since': entry.start, 'lang': lang})}"
    SubElement(found, "link", {"rel": "alternate", "type": "application/json", "href": href})
    cites = "；".join(f"{cite.title} {cite.cite}" for cite in catalogue.cites(entry.basis))
    SubElement(found, "summary").text = catalogue.text(entry.notice)
    SubElement(found, "content", {"type": "text"}).text = f"{catalogue.text(entry.notice)}\n{cites}"


def change_heading(catalogue: Catalogue, entry: law.ChangelogEntry) -> str:
    """Return the day and what changed, in one line; a day not exactly known says so."""
    say, precision = catalogue.phrases.say, entry.precision
    heading = {law.DatePrecision.DAY: "entry", law.DatePrecision.NOT_LATER_THAN: "entry_not_later_than"}
    key = heading.get(precision, "entry_roughly")
    day = date_text(entry.start, catalogue.phrases)
    return say(f"changes.{key}", day=day, title=catalogue.text(entry.title))


def _texts(above: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(above, name).text = text


def _moment(day: date) -> str:
    """The beginning of the day in China."""
    return f"{day.isoformat()}T00:00:00+08:00"
