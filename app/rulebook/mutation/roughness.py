"""Whether a mutant makes a day look better or worse known than it is: an outcome begins as roughly as its rule does."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date

from app.engine import Leaf, Original, ProcedureCode, RuleCode
from app.rulebook.books import TopicBook
from app.rulebook.files.rules import RuleEntry
from app.rulebook.mutation.mutants import Mutant


def with_entry(book: TopicBook, mutant: Mutant) -> TopicBook:
    """The topic with the mutant's rule in place of the one as it stands."""
    if not isinstance(mutant.entry, RuleEntry):
        return book
    return replace(book, rules={**book.rules, RuleCode(mutant.code): mutant.entry})


def known_otherwise(original: Original, book: TopicBook, mutant: Mutant, period: int) -> Iterator[int]:
    """Diagrams that are true where an outcome of the period holds since a day that would be known otherwise."""
    if not isinstance(mutant.entry, RuleEntry):
        return
    code, changed = RuleCode(mutant.code), with_entry(book, mutant)
    starts = {topic.rules[code].effective.start for topic in (book, changed)}
    if len(starts) < 2:
        return
    for effect in original.topic.rules[code].effects:
        root = original.procedure(effect.procedure, period)
        unbroken = original.store.true
        for since, before in original.histories_in(period)[effect.procedure]:
            begun = original.store.apply(_another_outcome, before, root)
            if since in starts:
                other = _where_other(original, effect.procedure, root, since, (book, changed))
                yield original.store.both(original.store.both(unbroken, begun), other)
            unbroken = original.store.both(unbroken, original.store.negation(begun))


def _another_outcome(before: Hashable, now: Hashable) -> bool:
    return isinstance(before, Leaf) and isinstance(now, Leaf) and before.outcome != now.outcome


def _where_other(
    original: Original, procedure: ProcedureCode, root: int, since: date, books: tuple[TopicBook, TopicBook]
) -> int:
    """True where the rules carried tell otherwise how exactly the day is known."""

    def other(leaf: Hashable) -> bool:
        if not isinstance(leaf, Leaf) or not leaf.outcome.required:
            return False
        codes = [rule.code for rule in original.by_procedure[procedure] if rule.code in leaf.carried]
        return len({book.start_precision(codes, since) for book in books}) > 1

    return original.store.mapped(root, other)
