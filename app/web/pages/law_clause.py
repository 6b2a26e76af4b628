"""/law/clauses, /law/documents: one clause with everything that rests on it, one document, all documents."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from app.engine import ProcedureCode
from app.errors import NotFound
from app.rulebook import ArticleBook, PolicyBook
from app.web.routing import PageRoute
from app.web.views.law_book import Cited, LawBook, Named
from app.web.visit import Visit


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A clause: its words, what became of it, and what rests on it."""

    source: Cited
    document: Named
    in_force: str
    status: str | None
    word: str | None
    meaning: str | None
    reason: str | None
    rules: tuple[Named, ...]
    procedures: tuple[Named, ...]
    definitions: tuple[str, ...]
    topics: tuple[Named, ...]

    @property
    def is_bare(self) -> bool:
        """Whether nothing rests on it."""
        return not (self.rules or self.procedures or self.definitions)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the list; `is_overdue` where it should have been read again by now."""

    name: str
    number: str | None
    address: str
    issuer: str
    seen: str
    state: str
    read: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A document and its clauses."""

    line: DocumentLine
    in_force: str
    note: str | None
    link: str | None
    clauses: tuple[Cited, ...]
    rules: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class DocumentsView:
    """All documents, overdue ones in front."""

    documents: tuple[DocumentLine, ...]
    overdue: int


async def clause(visit: Visit) -> Response:
    """One clause."""
    book, named = LawBook(visit), visit.request.path_params
    policy = _policy(book, named["policy"])
    article = policy.articles.get(named["clause"])
    if article is None:
        raise NotFound("clause", f"{named['policy']}#{named['clause']}")
    view = _clause(book, article)
    return visit.page("law_clause.html", view, title=view.source.cite)


def _policy(book: LawBook, code: str) -> PolicyBook:
    found = book.rulebook.policies.get(code)
    if found is None:
        raise NotFound("policy", code)
    return found


def _clause(book: LawBook, article: ArticleBook) -> ClauseView:
    uses, reference, say = book.uses, article.reference, book.phrases.say
    entry = uses.ledger.get(reference)
    procedures: tuple[ProcedureCode, ...] = uses.procedures_citing.get(reference, ())
    return ClauseView(
        source=book.source(article),
        document=Named(book.phrases.pick(article.policy.title), book.at("documents", article.policy.code)),
        in_force=book.period(article.effective),
        status=None if entry is None else entry.status,
        word=None if entry is None else say(f"ledger.{entry.status}"),
        meaning=None if entry is None else say(f"ledger.{entry.status}_meaning"),
        reason=None if entry is None else book.phrases.pick_or_none(entry.reason),
        rules=book.rules(book.rulebook.rules_citing.get(reference, ())),
        procedures=book.procedures(procedures),
        definitions=book.definitions(uses.definitions_citing.get(reference, ())),
        topics=book.topics(uses.topics_resting_on.get(reference, ())),
    )


async def document(visit: Visit) -> Response:
    """One document with its clauses."""
    book = LawBook(visit)
    policy = _policy(book, visit.request.path_params["policy"])
    entry = policy.policy
    codes = [
        code for article in policy.articles.values() for code in book.rulebook.rules_citing.get(article.reference, ())
    ]
    view = DocumentView(
        line=_line(book, policy, visit.today),
        in_force=book.period(entry.effective),
        note=book.phrases.pick_or_none(entry.status_note),
        link=entry.url,
        # A document kept sentence by sentence stands whole in the ledger.
        clauses=() if policy.clauses else tuple(book.source(article) for article in policy.articles.values()),
        rules=book.rules(dict.fromkeys(codes)),
    )
    return visit.page("law_document.html", view, title=view.line.name)


async def documents(visit: Visit) -> Response:
    """All documents the rules rest on."""
    book = LawBook(visit)
    lines = [_line(book, policy, visit.today) for policy in book.rulebook.policies.values()]
    lines.sort(key=lambda line: not line.is_overdue)
    view = DocumentsView(tuple(lines), sum(line.is_overdue for line in lines))
    return visit.page("law_documents.html", view, title=visit.phrases.say("law.documents"))


def _line(book: LawBook, policy: PolicyBook, today: date) -> DocumentLine:
    entry, pick, say = policy.policy, book.phrases.pick, book.phrases.say
    return DocumentLine(
        name=pick(entry.title),
        number=book.phrases.pick_or_none(entry.number),
        address=book.at("documents", entry.code),
        issuer=pick(entry.issuer),
        seen=say(f"verification.{entry.verification}"),
        state=say(f"document_status.{entry.status}"),
        read=say("law.read", day=book.day(entry.last_verified), again=book.day(entry.review_by)),
        is_overdue=entry.review_by < today,
    )


ROUTES: Final = (
    PageRoute("/law/clauses/{policy}/{clause}", clause),
    PageRoute("/law/documents", documents),
    PageRoute("/law/documents/{policy}", document),
)
