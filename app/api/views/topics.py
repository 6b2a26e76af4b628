"""Topics as the reading routes give them."""

from app.api.catalogue import Catalogue, effective
from app.api.schemas.rulebook import Definition, DefinitionVersion, Topic, TopicLine, TopicList
from app.api.views.facts import fact_view
from app.api.views.procedures import procedure_line
from app.api.views.rules import rule_line
from app.rulebook import DefinitionEntry, TopicBook, plan_articles


def topic_list(catalogue: Catalogue) -> TopicList:
    """Return all topics, in the order of the rulebook."""
    lines = [_line(catalogue, book) for book in catalogue.rulebook.topics.values()]
    return TopicList(total=len(lines), topics=lines)


def topic_view(catalogue: Catalogue, code: str) -> Topic:
    """Return one topic with all that bears on it.

    Raises: UnknownTopic.
    """
    book = catalogue.topic_book(code)
    return Topic(
        **dict(_line(catalogue, book)),
        facts=[fact_view(catalogue, fact) for fact in book.facts.values()],
        procedures=[procedure_line(catalogue, procedure) for procedure in book.procedures.values()],
        rules=[rule_line(catalogue, rule) for rule in book.rules.values()],
        definitions=[_definition(catalogue, book, entry) for entry in book.definitions.values()],
        clauses=[catalogue.cite(article, article.effective) for article in plan_articles(catalogue.rulebook, code)],
        words=list(book.words.topic),
    )


def _line(catalogue: Catalogue, book: TopicBook) -> TopicLine:
    return TopicLine(
        code=book.code,
        name=catalogue.text(book.entry.name),
        group=book.entry.group,
        summary=catalogue.text(book.entry.summary),
        before_day=book.entry.before_day,
        covers_from=book.entry.covers_from,
        reviewed_until=book.entry.reviewed_until,
        fact_count=len(book.facts),
        procedure_count=len(book.procedures),
        rule_count=len(book.rules),
    )


def _definition(catalogue: Catalogue, book: TopicBook, entry: DefinitionEntry) -> Definition:
    """A definition with each version as a sentence.

    The engine's versions stand in the same order as the file's, so they are read side by side.
    """
    sentences = catalogue.sentences(book)
    compiled = next(known for code, known in book.topic.definitions.items() if code == entry.code)
    return Definition(
        code=entry.code,
        name=catalogue.text(entry.title),
        versions=[
            DefinitionVersion(
                effective=effective(written.effective),
                text=sentences.condition(version.when),
                basis=catalogue.cites(written.basis),
            )
            for written, version in zip(entry.versions, compiled.versions, strict=True)
        ],
    )
