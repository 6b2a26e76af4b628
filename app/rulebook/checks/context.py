"""What every check is handed: the files, the names, the topics, and where findings go."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from app.rulebook.files.base import Entry
from app.rulebook.findings import Findings
from app.rulebook.folder import Folder, Source
from app.rulebook.mentions import Item, Mention, items, mentions
from app.rulebook.registry import Registry
from app.rulebook.scope import Scope

E = TypeVar("E", bound=Entry)


@dataclass(slots=True)
class Context:
    """One run of the checks. Entries are walked once and kept, for most checks look at all of them."""

    source: Source
    registry: Registry
    scopes: dict[str, Scope]
    findings: Findings
    _items: dict[int, tuple[Item, ...]] = field(default_factory=dict)
    _mentions: dict[int, tuple[Mention, ...]] = field(default_factory=dict)

    def folders(self) -> tuple[Folder, ...]:
        """Every folder: policies, the shared lists, modules, topics, the changelog."""
        source = self.source
        return (
            *source.policies.values(),
            source.shared,
            *source.modules.values(),
            *source.topics.values(),
            source.changelog,
        )

    def entries(self) -> Iterator[Entry]:
        """Every entry of every file."""
        for folder in self.folders():
            if folder.head is not None:
                yield folder.head
            yield from chain.from_iterable(folder.entries.values())

    def is_flawed(self, scope: Scope) -> bool:
        """Whether something the topic is built on could not be read: what is missed may stand there."""
        return any(folder.holds(file) for folder in scope.folders for file in self.source.flawed)

    def items(self, entry: Entry) -> tuple[Item, ...]:
        """The entry and all entries inside it."""
        found = self._items.get(id(entry))
        if found is None:
            found = self._items[id(entry)] = tuple(items(entry))
        return found

    def inside(self, entry: Entry, kind: type[E]) -> Iterator[tuple[E, Item]]:
        """The entries of one kind inside the entry, itself included."""
        for item in self.items(entry):
            if isinstance(item.entry, kind):
                yield item.entry, item

    def all_inside(self, kind: type[E]) -> Iterator[tuple[E, Item]]:
        """The entries of one kind in the whole rulebook."""
        for entry in self.entries():
            yield from self.inside(entry, kind)

    def mentions(self, entry: Entry) -> tuple[Mention, ...]:
        """Every code the entry and the entries inside it name."""
        found = self._mentions.get(id(entry))
        if found is None:
            found = tuple(chain.from_iterable(mentions(item) for item in self.items(entry)))
            self._mentions[id(entry)] = found
        return found
