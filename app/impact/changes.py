"""The changes of a rulebook in the law's words: each entry with what it was and what it is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from app.impact.values import Values
from app.rulebook import CONDITIONS, Entry, EntryChange, FieldChange, Rulebook, Text, TopicBook, What
from app.wording import Phrases

Json: TypeAlias = dict[str, Any]

#: Kinds whose whole content is told where they come or go; of the others the name is enough.
_TOLD_WHOLE: Final = frozenset({"rule", "definition", "constraint"})
_UNSAID: Final = frozenset({"place", "code", "id", "title", "doubt"})
_NAMES: Final = ("title", "everyday_name", "name", "says", "heading", "text", "notice")


class Changes:
    """Tells changes from one rulebook to another in one language."""

    def __init__(self, before: Rulebook, after: Rulebook, phrases: Phrases) -> None:
        self.before = before
        self.after = after
        self.phrases = phrases
        self.old = Values(before, phrases)
        self.new = Values(after, phrases)

    def told(self, change: EntryChange) -> Json:
        """One entry: what it is, what became of it, and each field before and after."""
        entry = change.after if change.after is not None else change.before
        assert entry is not None
        return {
            "kind": change.kind,
            "kind_name": self.phrases.say(f"impact.kind.{change.kind}"),
            "code": change.code,
            "name": self._name(entry, change.code),
            "home": change.home,
            "what": change.what.value,
            "what_name": self.phrases.say(f"impact.what.{change.what}"),
            "place": {"file": entry.place.file, "line": entry.place.mark.line},
            "fields": [self._field(field, change) for field in self._fields(change)],
        }

    def _name(self, entry: Entry, code: str) -> str:
        for name in _NAMES:
            text = getattr(entry, name, None)
            if isinstance(text, Text):
                return self.phrases.pick(text)
        heading = getattr(entry, "heading", None)
        return heading if isinstance(heading, str) and self.phrases.is_chinese else code

    def _fields(self, change: EntryChange) -> Iterator[FieldChange]:
        """The changed fields, those of law in front; of what came or went whole, all that it says."""
        if change.fields:
            yield from sorted(change.fields, key=lambda field: field.is_wording)
        elif change.kind in _TOLD_WHOLE:
            entry = change.after if change.after is not None else change.before
            assert entry is not None
            for name, field in type(entry).model_fields.items():
                if name in entry.model_fields_set - _UNSAID:
                    value = getattr(entry, name)
                    was, now = (None, value) if change.what is What.ADDED else (value, None)
                    yield FieldChange((field.alias or name,), was, now, is_wording=False)

    def _field(self, field: FieldChange, change: EntryChange) -> Json:
        old_book, new_book = (
            self._book(self.before, change.before, change),
            self._book(self.after, change.after, change),
        )
        was, now, same = self.old.conditions_apart(field.before, field.after)
        before = None if field.before is None else self.old.text(was, old_book)
        after = None if field.after is None else self.new.text(now, new_book)
        if not isinstance(field.before, CONDITIONS):
            same = 0
        return {
            "path": list(field.path),
            "name": self.phrases.say("impact.path").join(filter(None, map(self._label, field.path))),
            "before": before,
            "after": after,
            "unchanged_parts": same,
            "is_wording": field.is_wording,
        }

    def _label(self, step: str) -> str:
        found = self.new.label(step)
        return found if found != step else self.old.label(step)

    def _book(self, rulebook: Rulebook, entry: Entry | None, change: EntryChange) -> TopicBook | None:
        """The topic an entry is read in: its own, or for a module's the first one that uses it."""
        if entry is None:
            return None
        if change.home in rulebook.topics:
            return rulebook.topics[change.home]
        users: Mapping[str, Mapping[Any, Iterable[str]]] = {
            "rule": rulebook.topics_of_rule,
            "procedure": rulebook.topics_of_procedure,
            "fact": rulebook.topics_of_fact,
        }
        named = users.get(change.kind, {}).get(change.code, ())
        if named:
            return rulebook.topics[next(iter(named))]
        return next((book for book in rulebook.topics.values() if change.home in book.modules), None)


def counted(changes: Iterable[EntryChange]) -> dict[str, int]:
    """How many entries of law changed, by what became of them; those of which only words did, apart."""
    found: dict[str, int] = {}
    for change in changes:
        found[change.what] = found.get(change.what, 0) + 1
    return {what.value: found.get(what, 0) for what in What}
