"""The rulebook as the law side reads it: in one language, each thing with the place that tells of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.engine import ProcedureCode, RuleCode, Treatment
from app.releases import Edition
from app.rulebook import ArticleBook, Citation, DatePrecision, Effective, Rulebook, RuleEntry, Uses
from app.web.views.marks import Mark, mark_of
from app.web.visit import Visit
from app.wording import Phrases, Sentences, date_text


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by name, and where it is told of."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Cited:
    """A source: its document and clause, its words or our summary, how well it was seen."""

    cite: str
    title: str
    words: str | None
    is_quote: bool
    seen: str
    address: str
    link: str | None


def uses_of(edition: Edition) -> Uses:
    """Return the rulebook read backwards; made once for an edition."""
    return Uses(edition.rulebook)


class LawBook:
    """What the law side's pages share in one visit."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        self.rulebook: Rulebook = visit.served.rulebook
        self.uses: Uses = visit.served.beside(uses_of)
        self.phrases: Phrases = visit.phrases

    def at(self, *parts: str) -> str:
        """Where the law side tells of something."""
        return str(self.visit.link("/".join(["/law", *parts])))

    def rules(self, codes: Iterable[str]) -> tuple[Named, ...]:
        """Rules by title."""
        return tuple(
            Named(self.phrases.pick(self.rulebook.rules[RuleCode(code)].title), self.at("rules", code))
            for code in codes
        )

    def procedures(self, codes: Iterable[str]) -> tuple[Named, ...]:
        """Procedures by their everyday names."""
        return tuple(Named(self.procedure(code), self.at("procedures", code)) for code in dict.fromkeys(codes))

    def procedure(self, code: str) -> str:
        """A procedure's everyday name."""
        return self.phrases.pick(self.rulebook.procedures[ProcedureCode(code)].everyday_name)

    def topics(self, codes: Iterable[str]) -> tuple[Named, ...]:
        """Topics by name; each leads to its questions."""
        return tuple(
            Named(self.phrases.pick(self.rulebook.topics[code].entry.name), str(self.visit.link(f"/ask/{code}")))
            for code in codes
        )

    def definitions(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Titles of definitions."""
        titles = {
            code: entry.title for book in self.rulebook.topics.values() for code, entry in book.definitions.items()
        }
        return tuple(self.phrases.pick(titles[code]) for code in dict.fromkeys(codes) if code in titles)  # type: ignore[index]  # a code is text

    def mark(self, treatment: Treatment | None) -> Mark | None:
        """How a procedure is treated."""
        return None if treatment is None else mark_of(treatment, self.phrases)

    def when(self, rule: RuleEntry) -> str:
        """The rule's condition as a sentence, in the words of the first topic it decides in."""
        code = RuleCode(rule.code)
        books = [self.rulebook.topics[topic] for topic in self.rulebook.topics_of_rule.get(code, ())]
        return Sentences(books[0], self.phrases).condition(books[0].topic.rules[code].when) if books else ""

    # Days and sources ---------------------------------------------------------------------------

    def day(self, day: date) -> str:
        """A day in words."""
        return date_text(day, self.phrases)

    def period(self, effective: Effective) -> str:
        """From when to when something holds."""
        start = None if effective.start is None else self._roughly(effective.start, effective.precision)
        end = None if effective.end is None else self._roughly(effective.end, effective.to_precision)
        key = f"law.period_{'from' if start else 'open'}_{'to' if end else 'now'}"
        return self.phrases.say(key, start=start, end=end)

    def _roughly(self, day: date, precision: DatePrecision) -> str:
        if precision is DatePrecision.DAY:
            return self.day(day)
        return self.day(day) + self.phrases.say("list.group", text=self.phrases.say(f"precision.{precision}"))

    def cited(self, citations: Iterable[Citation]) -> tuple[Cited, ...]:
        """Sources with their words."""
        return tuple(self.source(self.rulebook.article(one.ref), one.quote) for one in citations)

    def source(self, article: ArticleBook, quote: str | None = None) -> Cited:
        """One source."""
        words = quote or article.quote
        return Cited(
            cite=self.cite(article),
            title=self.phrases.pick(article.title),
            words=words or self.phrases.pick_or_none(article.summary),
            is_quote=words is not None,
            seen=self.phrases.say(f"verification.{article.verification}"),
            address=self.at("clauses", article.policy.code, article.code),
            link=article.policy.url,
        )

    def cite(self, article: ArticleBook) -> str:
        """The document's number, else its title, and the article."""
        number = self.phrases.pick_or_none(article.policy.number)
        act = number or self.phrases.say("cite.titled", title=self.phrases.pick(article.title))
        return self.phrases.say("cite.article", act=act, article=self.phrases.pick(article.cite))
