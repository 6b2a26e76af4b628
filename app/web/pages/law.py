"""/law: the plan's sentences with what became of each, and the law as our rules have it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from starlette.responses import Response

from app.engine import ProcedureCode
from app.rulebook import LedgerEntry, LedgerStatus, counts, ledger
from app.web.routing import PageRoute
from app.web.views.law_book import LawBook, Named
from app.web.visit import Visit

STATUS: Final = "status"


@dataclass(frozen=True, slots=True)
class Counted:
    """How many sentences have a status, what that means, and the page that shows these alone."""

    code: str
    name: str
    meaning: str
    count: int
    address: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of the plan, its status, and what rests on it."""

    cite: str
    address: str
    text: str
    status: str
    word: str
    reason: str | None
    rules: tuple[Named, ...]
    procedures: tuple[Named, ...]
    topics: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading of the plan with its sentences; `carried` counts those that a rule rests on."""

    heading: str
    cite: str
    sentences: tuple[Sentence, ...]
    carried: int


@dataclass(frozen=True, slots=True)
class PlanView:
    """One document kept sentence by sentence."""

    title: str
    number: str | None
    total: int
    counted: tuple[Counted, ...]
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True, slots=True)
class TopicProcedures:
    """A topic and the procedures in it."""

    topic: str
    procedures: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class LawView:
    """The law side's first page; `is_filtered` where one status alone is shown."""

    plans: tuple[PlanView, ...]
    topics: tuple[TopicProcedures, ...]
    is_filtered: bool
    all: str
    documents: str
    changes: str
    document_count: int
    rule_count: int


async def law(visit: Visit) -> Response:
    """The ledger of the plan, and ways to the procedures, the documents and the changes."""
    book = LawBook(visit)
    wanted = visit.value(STATUS)
    entries = await visit.work(ledger, book.rulebook)
    view = LawView(
        plans=tuple(_plans(book, entries, wanted)),
        topics=tuple(_topics(book)),
        is_filtered=bool(wanted),
        all=book.at(),
        documents=book.at("documents"),
        changes=book.at("changes"),
        document_count=len(book.rulebook.policies),
        rule_count=len(book.rulebook.rules),
    )
    return visit.page("law.html", view, title=visit.phrases.say("law.title"))


def _plans(book: LawBook, entries: Iterable[LedgerEntry], wanted: str) -> Iterator[PlanView]:
    for policy, found in groupby(entries, key=lambda entry: entry.reference.partition("#")[0]):
        plan, of_plan = book.rulebook.policies[policy].policy, list(found)
        shown = [entry for entry in of_plan if not wanted or entry.status == wanted]
        yield PlanView(
            title=book.phrases.pick(plan.title),
            number=book.phrases.pick_or_none(plan.number),
            total=len(of_plan),
            counted=tuple(_counted(book, of_plan, wanted)),
            chapters=tuple(_chapters(book, shown)),
        )


def _counted(book: LawBook, entries: list[LedgerEntry], wanted: str) -> Iterator[Counted]:
    for status, count in counts(entries).items():
        if count:
            yield Counted(
                code=status,
                name=book.phrases.say(f"ledger.{status}"),
                meaning=book.phrases.say(f"ledger.{status}_meaning"),
                count=count,
                address=str(book.visit.link("/law", (STATUS, status))),
                is_shown=status == wanted,
            )


def _chapters(book: LawBook, entries: list[LedgerEntry]) -> Iterator[Chapter]:
    for (heading, cite), found in groupby(entries, key=lambda entry: _heading(book, entry)):
        of_chapter = list(found)
        carried = sum(entry.status in (LedgerStatus.ENCODED, LedgerStatus.NOTED) for entry in of_chapter)
        yield Chapter(heading, cite, tuple(_sentence(book, entry) for entry in of_chapter), carried)


def _heading(book: LawBook, entry: LedgerEntry) -> tuple[str, str]:
    """The heading a sentence stands under, and the chapter's own number, which ends before the sentence's."""
    clause = entry.clause
    heading = clause.heading if book.phrases.is_chinese else clause.heading_en
    return heading, clause.cite.partition(".")[0]


def _sentence(book: LawBook, entry: LedgerEntry) -> Sentence:
    policy, _, code = entry.reference.partition("#")
    article = book.rulebook.policies[policy].articles[code]
    return Sentence(
        cite=book.phrases.pick(article.cite),
        address=book.at("clauses", policy, code),
        text=entry.measure.text,
        status=entry.status,
        word=book.phrases.say(f"ledger.{entry.status}"),
        reason=book.phrases.pick_or_none(entry.reason),
        rules=book.rules(entry.rules),
        procedures=book.procedures(entry.procedures),
        topics=book.topics(entry.topics),
    )


def _topics(book: LawBook) -> Iterator[TopicProcedures]:
    for topic in book.rulebook.topics.values():
        codes: list[ProcedureCode] = list(topic.procedures)
        yield TopicProcedures(book.phrases.pick(topic.entry.name), book.procedures(codes))


ROUTES: Final = (PageRoute("/law", law),)
