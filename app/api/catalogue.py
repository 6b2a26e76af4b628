"""The rulebook in one language: its words picked, its sources spelled out, its codes named."""

from collections.abc import Iterable, Mapping

import app.rulebook as law
from app.api.schemas.base import Cite, Effective, Named
from app.engine import FactCode, ProcedureCode, RuleCode
from app.errors import UnknownTopic
from app.releases import Edition
from app.rulebook import ArticleBook, Citation, Rulebook, Text, TopicBook, Uses
from app.wording import LANGUAGES, Language, Phrases, Sentences, phrases_in


class Catalogue:
    """What the views need of a rulebook, in one language."""

    def __init__(self, uses: Uses, language: Language) -> None:
        self.uses = uses
        self.rulebook: Rulebook = uses.rulebook
        self.phrases: Phrases = phrases_in(language)
        self._sentences: dict[str, Sentences] = {}

    def text(self, text: Text) -> str:
        """The words in this language."""
        return self.phrases.pick(text)

    def text_or_none(self, text: Text | None) -> str | None:
        """The words in this language, None where there are none."""
        return self.phrases.pick_or_none(text)

    def sentences(self, book: TopicBook) -> Sentences:
        """How the topic's conditions are said."""
        return self._sentences.setdefault(book.code, Sentences(book, self.phrases))

    def topic_book(self, code: str) -> TopicBook:
        """The topic with all that belongs to it.

        Raises: UnknownTopic.
        """
        book = self.rulebook.topics.get(code)
        if book is None:
            raise UnknownTopic(code, known=tuple(self.rulebook.topics))
        return book

    def topics(self, codes: Iterable[str]) -> list[Named]:
        """Topics by code and name."""
        return [Named(code=code, name=self.text(self.rulebook.topics[code].entry.name)) for code in codes]

    def procedures(self, codes: Iterable[str]) -> list[Named]:
        """Procedures by code and official name."""
        return [Named(code=code, name=self.procedure_name(code)) for code in codes]

    def procedure_name(self, code: str) -> str:
        """事项名称."""
        return self.text(self.rulebook.procedures[ProcedureCode(code)].name)

    def rules(self, codes: Iterable[str]) -> list[Named]:
        """Rules by code and title."""
        return [Named(code=code, name=self.text(self.rulebook.rules[RuleCode(code)].title)) for code in codes]

    def facts(self, codes: Iterable[str]) -> list[Named]:
        """Facts by code and name."""
        return [Named(code=code, name=self.text(self.rulebook.facts[FactCode(code)].name)) for code in codes]

    def materials(self, codes: Iterable[str]) -> list[Named]:
        """Materials by code and name."""
        return [Named(code=code, name=self.text(self.rulebook.materials[code].name)) for code in codes]

    def authority(self, code: str) -> str:
        """The authority's name."""
        return self.text(self.rulebook.authorities[code].name)

    def level(self, code: str) -> str:
        """The level's name."""
        return self.text(self.rulebook.levels[code].name)

    def treatment(self, code: str) -> str:
        """The treatment's name."""
        return self.phrases.say(f"treatment.{code}")

    def cites(self, citations: Iterable[Citation]) -> list[Cite]:
        """The sources with their clauses, the period each one carries narrowed to the citation's own."""
        return [self.cite(self.rulebook.article(one.ref), one.effective, one.quote) for one in citations]

    def cite(self, article: ArticleBook, effective: law.Effective, quote: str | None = None) -> Cite:
        """One source with its clause."""
        return Cite(
            policy=article.policy.code,
            clause=article.code,
            cite=self.text(article.cite),
            title=self.text(article.title),
            document_number=self.text_or_none(article.policy.number),
            quote=quote or article.quote,
            summary=self.text_or_none(article.summary),
            effective_from=effective.start or article.effective.start,
            effective_to=effective.end or article.effective.end,
            url=article.policy.url,
            verification=article.verification,
        )


def catalogues(edition: Edition) -> Mapping[Language, Catalogue]:
    """Return an edition's catalogue in each language; ask for them by `edition.beside(catalogues)`."""
    uses = Uses(edition.rulebook)
    return {language: Catalogue(uses, language) for language in LANGUAGES}


def effective(of: law.Effective) -> Effective:
    """When something holds, on the wire."""
    return Effective(
        start=of.start, end=of.end, start_precision=of.precision.value, end_precision=of.to_precision.value
    )
