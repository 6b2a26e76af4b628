"""Finds whatever a code stands for, and everything in the rulebook that names it."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from app.rulebook.books import Rulebook, TopicBook
from app.rulebook.files.base import Entry
from app.rulebook.mentions import items, mentions
from app.rulebook.names import Kind
from app.rulebook.places import NOWHERE


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that a code stands for.

    Shape: `used_by` what sort of thing -> the codes of those that name it, in the order of the files.
    """

    kind: str
    code: str
    entry: Entry
    used_by: Mapping[str, tuple[str, ...]]


def find(rulebook: Rulebook, code: str) -> tuple[Found, ...]:
    """Return everything the code stands for: one thing as a rule, more where kinds share a code, none where unknown.

    Shape: a clause is found by `policy#article`, and one of a document kept clause by clause by its number alone.
    Cost: linear in the rulebook.
    """
    things = [(kind, name, entry) for kind, name, entry in _things(rulebook) if _is(kind, name, code, rulebook)]
    users = list(_users(rulebook)) if things else []
    return tuple(Found(kind, name, entry, _used_by(kind, name, users)) for kind, name, entry in things)


def codes(rulebook: Rulebook) -> tuple[str, ...]:
    """Return every code there is something behind."""
    return tuple(dict.fromkeys(name for _, name, _ in _things(rulebook)))


def _is(kind: Kind, name: str, code: str, rulebook: Rulebook) -> bool:
    if name == code:
        return True
    policy, _, article = name.partition("#")
    return kind is Kind.ARTICLE and article == code and bool(rulebook.policies[policy].clauses)


def _things(rulebook: Rulebook) -> Iterator[tuple[Kind, str, Entry]]:
    known: tuple[tuple[Kind, Mapping[str, Entry]], ...] = (
        (Kind.TOPIC, {code: book.entry for code, book in rulebook.topics.items()}),
        (Kind.MODULE, dict(rulebook.modules)),
        (Kind.RULE, {str(code): entry for code, entry in rulebook.rules.items()}),
        (Kind.PROCEDURE, {str(code): entry for code, entry in rulebook.procedures.items()}),
        (Kind.FACT, {str(code): entry for code, entry in rulebook.facts.items()}),
        (Kind.MATERIAL, dict(rulebook.materials)),
        (Kind.AUTHORITY, dict(rulebook.authorities)),
        (Kind.ITEM_TYPE, dict(rulebook.item_types)),
        (Kind.LEVEL, dict(rulebook.levels)),
        (Kind.DISTRICT, dict(rulebook.districts)),
        (Kind.POLICY, {code: book.policy for code, book in rulebook.policies.items()}),
    )
    for kind, entries in known:
        yield from ((kind, code, entry) for code, entry in entries.items())
    written: dict[int, None] = {}
    for book in rulebook.topics.values():
        for code, definition in book.definitions.items():
            if id(definition) not in written:
                written[id(definition)] = None
                yield Kind.DEFINITION, code, definition
    yield from _articles(rulebook)


def _articles(rulebook: Rulebook) -> Iterator[tuple[Kind, str, Entry]]:
    for book in rulebook.policies.values():
        written = {article.code: article for article in book.policy.articles}
        for code, article in book.articles.items():
            yield Kind.ARTICLE, article.reference, article.part or article.clause or written[code]


# ---- who names it ------------------------------------------------------------------------------------


def _users(rulebook: Rulebook) -> Iterator[tuple[str, str, Entry]]:
    yield from ((kind, code, entry) for kind, code, entry in _things(rulebook) if kind is not Kind.POLICY)
    yield from (("constraint", code, entry) for code, entry in rulebook.constraints.items())
    yield from chain.from_iterable(_of_topic(book) for book in rulebook.topics.values())


def _of_topic(book: TopicBook) -> Iterator[tuple[str, str, Entry]]:
    yield from (("constraint", code, entry) for code, entry in book.constraints.items())
    yield from (("case", f"{book.code}::{case.code}", case) for case in book.cases)
    yield from (("benchmark", f"{book.code}::{mark.code}", mark) for mark in book.benchmarks)


def _used_by(kind: Kind, name: str, users: list[tuple[str, str, Entry]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for user, code, entry in users:
        named = (mention for item in items(entry) for mention in mentions(item))
        if any(mention.kind is kind and mention.name == name for mention in named):
            found.setdefault(str(user), {})[code] = None
    return {user: tuple(codes) for user, codes in found.items()}


def plain(entry: Entry) -> dict[str, object]:
    """Return the entry as its file writes it: its keys in the file's order, what was left out left out."""
    written = {_key(entry, name): getattr(entry, name) for name in entry.model_fields_set - {"place"}}
    order = list(entry.place.mark.children or ())
    keys = sorted(written, key=lambda key: order.index(key) if key in order else len(order))
    return {key: _as_written(entry, key, _plain(written[key])) for key in keys}


def _as_written(entry: Entry, key: str, value: object) -> object:
    """A list of one that the file writes without a list, bare."""
    mark = entry.place.mark.child(key)
    is_bare = mark is not None and not isinstance(mark.children, list)
    return value[0] if is_bare and isinstance(value, list) and len(value) == 1 else value


def _key(entry: Entry, name: str) -> str:
    return type(entry).model_fields[name].alias or name


def _plain(value: object) -> object:
    if isinstance(value, Entry):
        # An entry that stands nowhere was written as a bare code.
        fields = plain(value)
        return next(iter(fields.values())) if value.place is NOWHERE and len(fields) == 1 else fields
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value
