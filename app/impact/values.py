"""What stands in a field of the rulebook, in words: conditions as sentences, codes as names, figures with units."""

import enum
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.rulebook import (
    CONDITIONS,
    AllOf,
    AnyOf,
    Citation,
    Effective,
    Entry,
    Figure,
    Rulebook,
    Text,
    TopicBook,
    canonical,
    condition_of,
)
from app.wording import Phrases, Sentences, date_text, duration_text, number_text

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
#: Groups of phrases in which the word of a choice may be found.
_GROUPS: Final = ("treatment", "force", "verification", "kind", "channel", "filing_timing", "precision", "impact.value")


class Values:
    """Says the values of one rulebook in one language; sentences are made as the topic reads them."""

    def __init__(self, rulebook: Rulebook, phrases: Phrases) -> None:
        self.rulebook = rulebook
        self.phrases = phrases
        self._sentences: dict[str, Sentences] = {}
        self._named: Mapping[str, Callable[[str], str | None]] = {
            "procedure": lambda code: self._picked(rulebook.procedures, code, "everyday_name"),
            "material": lambda code: self._picked(rulebook.materials, code, "name"),
            "authority": lambda code: self._picked(rulebook.authorities, code, "name"),
            "rule": lambda code: self._picked(rulebook.rules, code, "title"),
            "fact": lambda code: self._picked(rulebook.facts, code, "name"),
            "topic": self._topic,
            "module": lambda code: self._picked(rulebook.modules, code, "name"),
            "level": lambda code: self._picked(rulebook.levels, code, "name"),
            "item_type": lambda code: self._picked(rulebook.item_types, code, "name"),
            "policy": self._policy,
        }

    def _picked(self, entries: Mapping[Any, Entry], code: str, field: str) -> str | None:
        """The words in a field that holds a text."""
        return self.phrases.pick(getattr(entries[code], field)) if code in entries else None

    def _topic(self, code: str) -> str | None:
        book = self.rulebook.topics.get(code)
        return None if book is None else self.phrases.pick(book.entry.name)

    def _policy(self, code: str) -> str | None:
        book = self.rulebook.policies.get(code)
        return None if book is None else self.phrases.pick(book.policy.title)

    def name(self, code: str, kinds: Iterable[str] = ()) -> str | None:
        """What the code is called, looked for among these kinds of things, or among all; None where it is unknown."""
        found = (self._named[kind](code) for kind in kinds or self._named)
        return next((name for name in found if name is not None), None)

    def sentences(self, book: TopicBook) -> Sentences:
        """The sentences of a topic."""
        return self._sentences.setdefault(book.code, Sentences(book, self.phrases))

    def text(self, value: object, book: TopicBook | None) -> str:
        """The value in words; what is not there is said to be nothing."""
        match value:
            case None | ():
                return self.phrases.say("impact.nothing")
            case bool():
                return self.phrases.say("answer.yes" if value else "answer.no")
            case Text():
                return self.phrases.pick(value)
            case Effective():
                return self.period(value.start, value.end)
            case Citation():
                return self._citation(value)
            case Figure():
                return self._with_rest(duration_text(value.duration, self.phrases), value, {"value", "unit"}, book)
            case Entry():
                return self.condition(value, book) if isinstance(value, CONDITIONS) else self._entry(value, book)
            case tuple():
                return self.phrases.listed([self.text(item, book) for item in value])
            case dict():
                said = [f"{self.label(str(key))}: {self.text(item, book)}" for key, item in value.items()]
                return self.phrases.say("list.clauses").join(said)
            case date():
                return date_text(value, self.phrases)
            case Decimal() | int():
                return number_text(value, self.phrases)
            case _:
                return self._word(str(value), is_word=isinstance(value, enum.Enum))

    def period(self, start: date | None, end: date | None) -> str:
        """From when to when; the end is the first day no more."""
        values = {"start": start and date_text(start, self.phrases), "end": end and date_text(end, self.phrases)}
        key = ("always", "until", "since", "between")[2 * bool(start) + bool(end)]
        return self.phrases.say(f"impact.period.{key}", **values)

    def label(self, key: str) -> str:
        """What a field is called, or the thing that a code in a path stands for."""
        if self.phrases.has(f"impact.field.{key}"):
            return self.phrases.say(f"impact.field.{key}")
        if _DAY.fullmatch(key):
            return self.period(date.fromisoformat(key), None)
        return self.name(key) or key

    def condition(self, entry: Entry, book: TopicBook | None) -> str:
        """The condition as a sentence of the topic it is read in."""
        if book is None:
            return self.phrases.say("impact.no_sentence")
        try:
            return self.sentences(book).condition(condition_of(book, entry))  # type: ignore[arg-type]  # one of them
        except KeyError:
            return self.phrases.say("impact.no_sentence")

    def conditions_apart(self, old: object, new: object) -> tuple[object, object, int]:
        """Of two conjunctions or two disjunctions the parts that only one of them has, and how many both have."""
        both = AllOf if isinstance(old, AllOf) else AnyOf
        if not (isinstance(old, both) and isinstance(new, both)):
            return old, new, 0
        was, now = ({canonical(part): part for part in side.parts} for side in (old, new))
        shared = was.keys() & now.keys()
        if not shared:
            return old, new, 0
        gone = tuple(part for key, part in was.items() if key not in shared)
        came = tuple(part for key, part in now.items() if key not in shared)
        return _rejoined(both, gone), _rejoined(both, came), len(shared)

    def _word(self, word: str, *, is_word: bool) -> str:
        for group in _GROUPS:
            if self.phrases.has(f"{group}.{word}"):
                return self.phrases.say(f"{group}.{word}")
        return word if is_word else self.name(word) or word

    def _citation(self, value: Citation) -> str:
        policy, _, article = value.ref.partition("#")
        book = self.rulebook.policies.get(policy)
        if book is None or article not in book.articles:
            return value.ref
        number = self.phrases.pick_or_none(book.policy.number) or self.phrases.pick(book.policy.title)
        cite = self.phrases.say("cite.article", act=number, article=self.phrases.pick(book.articles[article].cite))
        return self._with_rest(cite, value, {"ref"}, None)

    def _entry(self, value: Entry, book: TopicBook | None) -> str:
        return self._with_rest("", value, set(), book)

    def _with_rest(self, front: str, value: Entry, said: set[str], book: TopicBook | None) -> str:
        """What is said already, and every other field that was written."""
        names = [name for name in type(value).model_fields if name in value.model_fields_set - said - {"place"}]
        parts = []
        for name in names:
            label, text = (
                self.label(type(value).model_fields[name].alias or name),
                self.text(getattr(value, name), book),
            )
            parts.append(
                text if len(names) == 1 and not front else self.phrases.say("impact.named", name=label, text=text)
            )
        rest = self.phrases.say("list.clauses").join(parts)
        return self.phrases.say("impact.with_rest", front=front, rest=rest) if front and rest else front or rest


def _rejoined(kind: type[AllOf] | type[AnyOf], parts: tuple[object, ...]) -> object:
    if len(parts) < 2:
        return parts[0] if parts else None
    return kind.model_validate({"all" if kind is AllOf else "any": parts})
