"""Questions, one page at a time: the answers stand in the address, the guide says what is worth asking next."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from app.engine import AskedOf, FactCode
from app.errors import NotFound, UnknownTopic
from app.rulebook import FactEntry, TopicBook
from app.web.addresses import Pair
from app.web.conversation import Standing, standing_of
from app.web.fields import Fields, FieldView, Layout, layout_of, nothing_of, page_facts, where_fact
from app.web.routing import PageRoute
from app.web.scenarios import AS_OF, ASKED, AT, DO, ScenarioAddress
from app.web.side import DayView, Mistake, SideView, field_errors, mistakes, side_view
from app.web.submissions import read_submission
from app.web.visit import Visit
from app.wording import Phrases

_MOST_REASONS: Final = 4
_NARROW: Final = "narrow"


@dataclass(frozen=True, slots=True)
class AskView:
    """One page of questions.

    Shape: `body` the template of its form's inside · `place` the field that narrows zones down, None for most pages ·
        `lead` how a page of several facts is answered, None for one · `why` what it decides, in everyday names, and
        `why_more` how many besides, "" for none · `steps` pages answered and pages there are at most · `none` the label
        of the button that says there is none of all these, None where that is no answer · `side` what is known already.
    """

    topic: str
    heading: str
    body: str
    lead: str | None
    fields: tuple[FieldView, ...]
    place: FieldView | None
    action: str
    hidden: tuple[Pair, ...]
    none: str | None
    why: str | None
    steps: tuple[int, int]
    steps_text: str
    back: str
    mistakes: tuple[Mistake, ...]
    barriers: tuple[str, ...]
    day: DayView
    side: SideView


@dataclass(frozen=True, slots=True)
class _Asked:
    """The facts of one page, and what was entered for them."""

    entries: tuple[FactEntry, ...]
    entered: Mapping[str, Sequence[str]]
    errors: Mapping[str, str]


async def ask(visit: Visit) -> Response:
    """The next page of questions; the way to the result where none is left."""
    topic = visit.request.path_params["topic"]
    book = visit.served.rulebook.topics.get(topic)
    if book is None:
        raise UnknownTopic(topic, list(visit.served.rulebook.topics))
    scenario = ScenarioAddress.of(visit, topic)
    sent = tuple(book.facts[FactCode(fact)] for fact in visit.query.get(ASKED, ()) if fact in book.facts)
    if sent:
        return await _answered(visit, book, scenario, sent)
    standing = await standing_of(visit, book, scenario)
    facts = _facts_at(visit, standing)
    if not facts and standing.is_sound:
        return visit.redirect(scenario.guide(visit))
    entries = tuple(book.facts[FactCode(fact)] for fact in facts)
    asked = _Asked(entries, scenario.answers, field_errors(standing, visit.language))
    return _page(visit, standing, asked)


async def _answered(
    visit: Visit, book: TopicBook, scenario: ScenarioAddress, entries: tuple[FactEntry, ...]
) -> Response:
    """Take what a page sent, and go on: the address that then stands in the browser holds the answers alone."""
    rest = scenario.without(*(entry.code for entry in entries))
    where = where_fact(book)
    if where is not None and not any(rest.answers.get(where.code, ("",))):
        rest = rest.without(where.code)
    if visit.value(DO) == _NARROW:
        return visit.redirect(rest.questions(visit))
    found = read_submission(entries, visit.query, visit.phrases)
    if found.errors:
        return _page(visit, await standing_of(visit, book, rest), _Asked(entries, found.entered, found.errors))
    told = rest.answering(found.answers).skipping(*found.skipped)
    standing = await standing_of(visit, book, told)
    if standing.faults:
        return _page(visit, standing, _Asked(entries, found.entered, field_errors(standing, visit.language)))
    return visit.redirect(told.questions(visit) if standing.pending() else told.guide(visit))


def _facts_at(visit: Visit, standing: Standing) -> tuple[str, ...]:
    """The facts of the page to show: the one the address names, the first that is wrong, or the next open one.

    Raises: NotFound where the address names no fact of the topic.
    """
    book, scenario = standing.book, standing.scenario
    named = visit.value(AT)
    if named and named not in book.facts:
        raise NotFound("fact", named)
    at = named or next((fact for fact in standing.faulty if fact in book.facts), None)
    pending = standing.pending()
    if at:
        shown = {*scenario.answers, *scenario.skipped, *pending, at}
        return tuple(fact for fact in page_facts(book, at) if fact in shown)
    pages = standing.pages(pending)
    return tuple(fact for fact in page_facts(book, pages[0][0]) if fact in pages[0]) if pages else ()


def _page(visit: Visit, standing: Standing, asked: _Asked) -> Response:
    phrases, scenario, entries = visit.phrases, standing.scenario, asked.entries
    codes = tuple(entry.code for entry in entries)
    rest = scenario.without(*codes)
    fields = Fields(visit.served.rulebook, phrases)
    place = _place(standing, entries, visit.served.rulebook.zones)
    answered_pages = len(standing.pages(fact for fact in (*rest.answers, *rest.skipped) if fact in standing.book.facts))
    most_left = len(standing.pages(fact for fact in standing.pending() if fact not in codes))
    layout = layout_of(entries) if entries else Layout.FIELDS
    hidden = rest.without(place.code) if place is not None else rest
    heading = _heading(phrases, entries)
    view = AskView(
        topic=phrases.pick(standing.book.entry.name),
        heading=heading,
        body=f"parts/ask_{layout}.html",
        lead=phrases.say(f"pages.ask.lead_{layout}") if len(entries) > 1 else None,
        fields=tuple(
            fields.field(
                entry,
                asked.entered.get(entry.code),
                error=asked.errors.get(entry.code),
                is_open=entry.code in scenario.skipped,
            )
            for entry in entries
        ),
        place=None if place is None else fields.field(place, rest.answers.get(place.code)),
        action=f"/ask/{scenario.topic}",
        hidden=visit.link("", *hidden.pairs, *((ASKED, code) for code in codes)).pairs,
        none=_none_label(phrases, entries),
        why=_why(standing, codes, phrases),
        steps=(answered_pages, answered_pages + 1 + most_left),
        steps_text=phrases.say("pages.ask.at_most" if most_left else "pages.ask.last", count=most_left),
        back=_back(visit, standing, codes),
        mistakes=mistakes(visit, standing, asked.errors, codes),
        barriers=tuple(str(item["reason"]) for item in standing.guide["barriers"] if item["applies"]),
        day=_day(visit, standing),
        side=side_view(visit, standing),
    )
    is_wrong = bool(asked.errors) or not standing.is_sound
    return visit.page(
        "ask.html",
        view,
        title=" · ".join([*([phrases.say("pages.ask.mistakes")] if is_wrong else []), heading, view.topic]),
        law_day=date.fromisoformat(standing.guide["as_of"]),
        is_private=True,
        status=422 if is_wrong else 200,
    )


def _heading(phrases: Phrases, entries: Sequence[FactEntry]) -> str:
    """The question itself, or what the questions of a page have in common."""
    if len(entries) == 1:
        return phrases.pick(entries[0].question)
    key = f"pages.ask.group.{entries[0].group if entries else 'wrong'}"
    return phrases.say(key if phrases.has(key) else "pages.ask.group.other")


def _place(standing: Standing, entries: Sequence[FactEntry], zones: Container[str]) -> FactEntry | None:
    """The fact that names the district, where the page asks about zones and knowing it would rule some out."""
    where = where_fact(standing.book)
    if where is None or not all(entry.group and entry.code in zones for entry in entries):
        return None
    return where if any(question["fact"] == where.code for question in standing.open_questions()) else None


def _none_label(phrases: Phrases, entries: Sequence[FactEntry]) -> str | None:
    if len(entries) < 2 or any(nothing_of(entry) is None for entry in entries):
        return None
    return phrases.say("pages.ask.none_below" if layout_of(entries) is Layout.FIELDS else "pages.ask.none_of_all")


def _why(standing: Standing, codes: Sequence[str], phrases: Phrases) -> str | None:
    """What the page decides, in everyday names; what may stand in the way altogether comes first."""
    names = {item["code"]: item["everyday_name"] for item in standing.guide["procedures"]}
    decides = dict.fromkeys(
        code for question in standing.open_questions() if question["fact"] in codes for code in question["decides"]
    )
    told = [names[code] for code in decides if code in names]
    if any(code not in names for code in decides):
        told.insert(0, phrases.say("pages.ask.whether_at_all"))
    if not told:
        return None
    more = len(told) - _MOST_REASONS
    listed = phrases.listed(told[:_MOST_REASONS])
    return phrases.say("pages.ask.why_more", names=listed, count=more) if more > 0 else listed


def _back(visit: Visit, standing: Standing, codes: Sequence[str]) -> str:
    """The page answered before this one, the first page of all where there is none."""
    before: list[str] = []
    for fact in standing.scenario.answers:
        if fact in codes:
            break
        if fact in standing.book.facts and standing.book.facts[FactCode(fact)].asked_of is AskedOf.COMPANY:
            before.append(fact)
    return str(standing.scenario.questions(visit, at=before[-1]) if before else visit.link("/"))


def _day(visit: Visit, standing: Standing) -> DayView:
    """The quiet control for the day whose law is asked for."""
    scenario = standing.scenario
    pairs = tuple(pair for pair in scenario.pairs if pair[0] != AS_OF)
    return DayView(
        value=scenario.as_of or str(standing.guide["as_of"]),
        error=standing.day_error,
        hidden=visit.link("", *pairs).pairs,
        earliest=standing.book.topic.covers_from.isoformat(),
    )


ROUTES: Final = (PageRoute("/ask/{topic}", ask),)
