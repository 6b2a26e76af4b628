"""Policies and clauses as the reading routes give them, with the ledger."""

from collections import Counter

from app.api.catalogue import Catalogue, effective
from app.api.schemas.base import Named
from app.api.schemas.policies import Clause, ClauseList, Policy, PolicyLine, PolicyList
from app.errors import NotFound
from app.rulebook import ArticleBook, PolicyBook


def policy_list(catalogue: Catalogue) -> PolicyList:
    """Return all policies."""
    lines = [_line(catalogue, book) for book in catalogue.rulebook.policies.values()]
    return PolicyList(total=len(lines), policies=lines)


def policy_by_code(catalogue: Catalogue, code: str) -> Policy:
    """Return one policy, and the rules and topics that rest on it.

    Raises: NotFound.
    """
    book = _book(catalogue, code)
    policy = book.policy
    rules, topics = _users(catalogue, book)
    return Policy(
        **dict(_line(catalogue, book)),
        status_note=catalogue.text_or_none(policy.status_note),
        replaced_by=_named(catalogue, policy.replaced_by),
        last_verified=policy.last_verified,
        review_by=policy.review_by,
        rules=catalogue.rules(rules),
        topics=catalogue.topics(topics),
    )


def clause_list(catalogue: Catalogue, policy: str) -> ClauseList:
    """Return the clauses of a policy in the order of the document, pieces after the clause they are part of.

    Raises: NotFound.
    """
    book = _book(catalogue, policy)
    clauses = [_clause(catalogue, article) for article in book.articles.values()]
    counted = Counter(clause.ledger_status.value for clause in clauses if clause.ledger_status and not clause.parts)
    return ClauseList(
        policy=policy,
        title=catalogue.text(book.policy.title),
        total=len(clauses),
        by_status=dict(sorted(counted.items())),
        clauses=clauses,
    )


def clause_by_code(catalogue: Catalogue, policy: str, clause: str) -> Clause:
    """Return one clause.

    Raises: NotFound.
    """
    article = _book(catalogue, policy).articles.get(clause)
    if article is None:
        raise NotFound("clause", f"{policy}#{clause}")
    return _clause(catalogue, article)


def _book(catalogue: Catalogue, code: str) -> PolicyBook:
    book = catalogue.rulebook.policies.get(code)
    if book is None:
        raise NotFound("policy", code)
    return book


def _line(catalogue: Catalogue, book: PolicyBook) -> PolicyLine:
    policy = book.policy
    return PolicyLine(
        code=policy.code,
        title=catalogue.text(policy.title),
        document_number=catalogue.text_or_none(policy.number),
        issuer=catalogue.text(policy.issuer),
        rank=policy.rank.value,
        issued=policy.issued,
        effective=effective(policy.effective),
        status=policy.status.value,
        url=policy.url,
        verification=policy.verification,
        clause_count=len(book.articles),
    )


def _named(catalogue: Catalogue, policy: str | None) -> Named | None:
    if policy is None:
        return None
    return Named(code=policy, name=catalogue.text(catalogue.rulebook.policies[policy].policy.title))


def _users(catalogue: Catalogue, book: PolicyBook) -> tuple[list[str], list[str]]:
    """The rules that cite any clause of the policy, and the topics that rest on one, each once."""
    references = [article.reference for article in book.articles.values()]
    rules = dict.fromkeys(rule for ref in references for rule in catalogue.rulebook.rules_citing.get(ref, ()))
    topics = dict.fromkeys(topic for ref in references for topic in catalogue.uses.topics_resting_on.get(ref, ()))
    return list(rules), list(topics)


def _clause(catalogue: Catalogue, article: ArticleBook) -> Clause:
    reference = article.reference
    written = article.part or article.clause
    entry = catalogue.uses.ledger.get(reference)
    return Clause(
        policy=article.policy.code,
        clause=article.code,
        cite=catalogue.text(article.cite),
        title=catalogue.text(article.title),
        effective=effective(article.effective),
        quote=article.quote,
        summary=catalogue.text_or_none(article.summary),
        verification=article.verification,
        part_of=article.clause.id if article.clause and article.part else None,
        kind=written.kind.value if written else None,
        certainty=written.certainty.value if written and written.certainty else None,
        determinate=written.determinate if written else None,
        parts=[part.id for part in article.clause.parts] if article.clause and not article.part else [],
        ledger_status=entry.status if entry else None,
        reason=catalogue.text_or_none(entry.reason) if entry and entry.reference == reference else None,
        rules=catalogue.rules(catalogue.rulebook.rules_citing.get(reference, ())),
        definitions=list(catalogue.uses.definitions_citing.get(reference, ())),
        procedures=catalogue.procedures(catalogue.uses.procedures_citing.get(reference, ())),
        topics=catalogue.topics(catalogue.uses.topics_resting_on.get(reference, ())),
    )
