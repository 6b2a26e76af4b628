"""Who uses what: for each fact, procedure, rule and clause, the things of the rulebook that name it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from app.engine import FactCode, ProcedureCode, RuleCode, mentioned_facts
from app.rulebook.books import ArticleBook, Rulebook, citations
from app.rulebook.coverage import LedgerEntry, LedgerStatus, ledger

K = TypeVar("K")
U = TypeVar("U")


class Uses:
    """The rulebook read backwards; each table is made when first asked for."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook

    @cached_property
    def rules_of_fact(self) -> Mapping[FactCode, tuple[RuleCode, ...]]:
        """Fact -> the rules whose own condition mentions it; what a definition mentions is the definition's."""
        return _turned_round(
            (rule.code, mentioned_facts(rule.when))
            for book in self.rulebook.topics.values()
            for rule in book.topic.rules.values()
        )

    @cached_property
    def rules_of_procedure(self) -> Mapping[ProcedureCode, tuple[RuleCode, ...]]:
        """Procedure -> the rules that say something about it."""
        return _turned_round(
            (code, [ProcedureCode(effect.procedure) for effect in rule.procedure_effects])
            for code, rule in self.rulebook.rules.items()
        )

    @cached_property
    def overridden_by(self) -> Mapping[RuleCode, tuple[RuleCode, ...]]:
        """Rule -> the rules that name it as overridden."""
        return _turned_round(
            (code, [RuleCode(name) for name in rule.overrides]) for code, rule in self.rulebook.rules.items()
        )

    @cached_property
    def procedures_citing(self) -> Mapping[str, tuple[ProcedureCode, ...]]:
        """`policy#clause` -> the procedures that rest on it."""
        return _turned_round((code, citations(entry)) for code, entry in self.rulebook.procedures.items())

    @cached_property
    def definitions_citing(self) -> Mapping[str, tuple[str, ...]]:
        """`policy#clause` -> the definitions that rest on it."""
        return _turned_round(
            (code, citations(entry))
            for book in self.rulebook.topics.values()
            for code, entry in book.definitions.items()
        )

    @cached_property
    def ledger(self) -> Mapping[str, LedgerEntry]:
        """`policy#clause` -> what became of it; a clause in several pieces as the piece that came furthest.

        Unknown: the ledger is kept of documents whose every sentence is stored; others' articles are not in it.
        """
        order = list(LedgerStatus)
        found: dict[str, LedgerEntry] = {}
        for entry in ledger(self.rulebook):
            found[entry.reference] = entry
            whole = f"{entry.reference.partition('#')[0]}#{entry.clause.id}"
            so_far = found.get(whole)
            if so_far is None or order.index(entry.status) < order.index(so_far.status):
                found[whole] = entry
        return found

    @cached_property
    def topics_resting_on(self) -> Mapping[str, tuple[str, ...]]:
        """`policy#clause` -> the topics that name it, or decide by a rule that cites it."""
        return _turned_round((code, self._clauses_of(code)) for code in self.rulebook.topics)

    def _clauses_of(self, topic: str) -> Iterator[str]:
        book = self.rulebook.topics[topic]
        for rule in book.rules.values():
            yield from citations(rule)
        for procedure in book.procedures.values():
            yield from citations(procedure)
        yield from (article.reference for article in plan_articles(self.rulebook, topic))


def plan_articles(rulebook: Rulebook, topic: str) -> list[ArticleBook]:
    """Return the plan's clauses that the topic says it rests on.

    A topic names them by their bare id; the plan is the one policy whose text is kept clause by clause.
    """
    wanted = rulebook.topics[topic].entry.clauses
    plans = [policy for policy in rulebook.policies.values() if policy.clauses]
    return [policy.articles[code] for code in wanted for policy in plans if code in policy.articles]


def _turned_round(pairs: Iterable[tuple[U, Iterable[K]]]) -> Mapping[K, tuple[U, ...]]:
    found: dict[K, dict[U, None]] = {}
    for user, used in pairs:
        for name in used:
            found.setdefault(name, {})[user] = None
    return {name: tuple(users) for name, users in found.items()}
