"""What can be found: a document for each topic, procedure, rule and clause of the rulebook."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from app.engine import ProcedureCode
from app.rulebook import ArticleBook, Rulebook, Text, TopicBook, citations

Kind: TypeAlias = Literal["topic", "procedure", "rule", "clause"]


@dataclass(frozen=True, slots=True)
class Document:
    """One thing that can be found.

    Shape: `names` what it is called, everyday words included · `texts` what it says, for the snippet in either
        language · `hints` further words that point to it without being its name.
    """

    kind: Kind
    code: str
    topic: str | None
    title: Text
    names: tuple[str, ...]
    texts: tuple[Text, ...]
    hints: tuple[str, ...] = ()


def documents(rulebook: Rulebook) -> Iterator[Document]:
    """Yield all documents, topics first, in the order of the rulebook."""
    for book in rulebook.topics.values():
        yield _topic(book)
    said = _everyday_words(rulebook)
    for code, procedure in rulebook.procedures.items():
        yield Document(
            kind="procedure",
            code=code,
            topic=_home(rulebook, code),
            title=procedure.name,
            names=(*_both(procedure.name, procedure.everyday_name), *said.get(code, ())),
            texts=tuple(text for text in (procedure.summary, procedure.everyday_name, *procedure.notes) if text),
        )
    for name, rule in rulebook.rules.items():
        yield Document(
            kind="rule",
            code=name,
            topic=next(iter(rulebook.topics_of_rule.get(name, ())), None),
            title=rule.title,
            names=tuple(_both(rule.title)),
            texts=tuple(extra.text for _, extra in rule.extras),
        )
    yield from _clauses(rulebook)


def _topic(book: TopicBook) -> Document:
    answers = (phrase for options in book.words.facts.values() for said in options.values() for phrase in said)
    labels = (text for fact in book.facts.values() for option in fact.options for text in _both(option.label))
    return Document(
        kind="topic",
        code=book.code,
        topic=book.code,
        title=book.entry.name,
        names=(*_both(book.entry.name), *book.words.topic),
        texts=(book.entry.summary,),
        hints=tuple(dict.fromkeys((*answers, *labels))),
    )


def _clauses(rulebook: Rulebook) -> Iterator[Document]:
    resting = _topics_by_clause(rulebook)
    for policy in rulebook.policies.values():
        for article in policy.articles.values():
            heading = _heading(article)
            yield Document(
                kind="clause",
                code=article.reference,
                topic=resting.get(article.reference),
                title=heading,
                names=tuple(_both(heading)),
                texts=_clause_texts(article),
            )


def _heading(article: ArticleBook) -> Text:
    """The clause's own heading, else the document's title; the article's number stands behind."""
    if article.clause is not None:
        title = Text(zh=article.clause.heading, en=article.clause.heading_en)
    else:
        title = article.title
    return Text(zh=f"{title.zh} {article.cite.zh}", en=f"{title.en}, {article.cite.en}")


def _clause_texts(article: ArticleBook) -> tuple[Text, ...]:
    if article.quote is not None:
        # The plan is quoted in its own language, whoever reads.
        return (Text(zh=article.quote, en=article.quote),)
    return (article.summary,) if article.summary is not None else ()


def _topics_by_clause(rulebook: Rulebook) -> Mapping[str, str]:
    """`policy#clause` -> the first topic with a rule or procedure that cites it."""
    found: dict[str, str] = {}
    for code, book in rulebook.topics.items():
        for entry in (*book.rules.values(), *book.procedures.values()):
            for reference in citations(entry):
                found.setdefault(reference, code)
    return found


def _home(rulebook: Rulebook, code: ProcedureCode) -> str | None:
    """The topic that writes the procedure itself, else the first that uses it."""
    topics = rulebook.topics_of_procedure.get(code, ())
    own = (topic for topic in topics if code in rulebook.topics[topic].own)
    return next(iter((*own, *topics)), None)


def _everyday_words(rulebook: Rulebook) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for book in rulebook.topics.values():
        for code, phrases in book.words.procedures.items():
            found.setdefault(code, {}).update(dict.fromkeys(phrases))
    return {code: tuple(phrases) for code, phrases in found.items()}


def _both(*texts: Text) -> Iterator[str]:
    for text in texts:
        yield text.zh
        yield text.en
