"""What may be changed to compare: one answer at a time, in the ways its kind allows, and the day of the law."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.engine import FactType
from app.rulebook import FactEntry, TopicBook
from app.web.addresses import Pair
from app.web.scenarios import AS_OF, CHANGE, TO
from app.web.views.figures import day_words
from app.web.views.links import Scene
from app.web.views.marks import Mark, Part, asks_less, mark_of

_INPUTS: Final = {FactType.INTEGER: "number", FactType.DECIMAL: "number", FactType.DATE: "date"}
#: Options that are offered one by one before a list to choose from is easier.
_MOST_LINKS: Final = 4
_SUGGESTED: Final = 6
_MOST_LED_TO: Final = 3


@dataclass(frozen=True, slots=True)
class Pick:
    """Another answer, one tap away; `leads_to` what it would do to procedures where that is known, `more` how many
    besides those named."""

    words: str
    address: str
    leads_to: tuple[tuple[str, Mark], ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One of many answers."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An answer to be typed or chosen; `kind` is number, date or select."""

    id: str
    kind: str
    label: str
    action: str
    fields: tuple[Pair, ...]
    options: tuple[Option, ...]
    step: str


@dataclass(frozen=True, slots=True)
class Changeable:
    """An answered fact, what was answered, and what it can be changed to: links, or a form."""

    name: str
    answer: str
    picks: tuple[Pick, ...]
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class Picks:
    """All that can be changed."""

    suggested: tuple[Pick, ...]
    choices: tuple[Changeable, ...]
    answered: tuple[Changeable, ...]
    days: Changeable


def picks_of(guide: Part, book: TopicBook, scene: Scene) -> Picks:
    """Return what may be changed in the scenario of a guide."""
    return _Picking(guide, book, scene).picks()


class _Picking:
    def __init__(self, guide: Part, book: TopicBook, scene: Scene) -> None:
        self.guide = guide
        self.book = book
        self.scene = scene
        self.phrases = scene.phrases
        self.values: Mapping[str, Any] = {**guide["facts"], **guide["assumed"]}

    def picks(self) -> Picks:
        chosen = [item for item in self.guide["answers"] if self._is_choice(item["fact"])]
        others = [item for item in self.guide["answers"] if item not in chosen]
        return Picks(
            suggested=tuple(self._suggested())[:_SUGGESTED],
            choices=tuple(map(self._changeable, chosen)),
            answered=tuple(map(self._changeable, others)),
            days=self._days(),
        )

    def _entry_of(self, fact: str) -> FactEntry:
        return next(entry for code, entry in self.book.facts.items() if code == fact)

    def _is_choice(self, fact: str) -> bool:
        """Whether the company chooses it freely, so that it has a default."""
        return self._entry_of(fact).default is not None

    def _suggested(self) -> Iterator[Pick]:
        """What the guide itself names, ways that ask less in front; one answer may change several procedures."""
        found: dict[tuple[str, str], list[tuple[bool, str, Mark]]] = {}
        words: dict[tuple[str, str], tuple[str, str]] = {}
        for item in self.guide["procedures"]:
            for one in item["what_if"]:
                key = one["fact"], repr(one["answer"])
                mark = mark_of(one["treatment"], self.phrases)
                lighter = asks_less(one["treatment"], item)
                found.setdefault(key, []).append((lighter, item["everyday_name"], mark))
                words[key] = one["text"], self.scene.comparing(one["fact"], one["answer"])
        for key in sorted(found, key=lambda key: not any(lighter for lighter, *_ in found[key])):
            led = [(name, mark) for _, name, mark in sorted(found[key], key=lambda one: not one[0])]
            yield Pick(*words[key], tuple(led[:_MOST_LED_TO]), max(0, len(led) - _MOST_LED_TO))

    def _changeable(self, item: Part) -> Changeable:
        entry = self._entry_of(item["fact"])
        links, form = tuple(self._links(entry)), self._form(entry)
        return Changeable(item["name"], item["answer"], links, form)

    def _links(self, entry: FactEntry) -> Iterator[Pick]:
        value = self.values[entry.code]
        match entry.type:
            case FactType.BOOLEAN:
                answer = self.phrases.say("answer.no" if value else "answer.yes")
                yield self._pick(entry, self.phrases.say("compare.to", words=answer), not value)
            case FactType.CHOICE if len(entry.options) <= _MOST_LINKS:
                for option in entry.options:
                    if option.value != value:
                        label = self.phrases.pick(option.label)
                        yield self._pick(entry, self.phrases.say("compare.to", words=label), option.value)
            case FactType.CHOICES:
                yield from self._sets(entry, value)

    def _sets(self, entry: FactEntry, value: list[str]) -> Iterator[Pick]:
        for option in entry.options:
            is_in = option.value in value
            changed = [one.value for one in entry.options if (one.value in value) != (one is option)]
            if changed or entry.empty_allowed:
                label = self.phrases.pick(option.label)
                yield self._pick(
                    entry, self.phrases.say("compare.remove" if is_in else "compare.add", label=label), changed
                )

    def _pick(self, entry: FactEntry, words: str, value: object) -> Pick:
        return Pick(words, self.scene.comparing(entry.code, value))

    def _form(self, entry: FactEntry) -> Entry | None:
        is_long = entry.type is FactType.CHOICE and len(entry.options) > _MOST_LINKS
        kind = "select" if is_long else _INPUTS.get(entry.type)
        if kind is None:
            return None
        others = [one for one in entry.options if is_long and one.value != self.values[entry.code]]
        options = [Option(one.value, self.phrases.pick(one.label)) for one in others]
        label = self.phrases.say("compare.number_label", name=self.phrases.pick(entry.name))
        step = "1" if entry.type is FactType.INTEGER else "any"
        return self._entry(entry.code, kind, label, tuple(options), step)

    def _entry(self, fact: str, kind: str, label: str, options: tuple[Option, ...] = (), step: str = "any") -> Entry:
        address = self.scene.visit.link(f"/compare/{self.book.code}", *self.scene.scenario.pairs, (CHANGE, fact))
        return Entry(f"to-{fact}", kind, label, address.path, address.pairs, options, step)

    def _days(self) -> Changeable:
        before = self.book.topic.before_day.isoformat()
        words = self.phrases.say("compare.day_before", day=day_words(before, self.phrases))
        address = self.scene.visit.link(
            f"/compare/{self.book.code}", *self.scene.scenario.pairs, (CHANGE, AS_OF), (TO, before)
        )
        entry = self._entry(AS_OF, "date", self.phrases.say("compare.day_label"))
        day = self.phrases.say("compare.law_day", day=day_words(self.guide["as_of"], self.phrases))
        return Changeable(self.phrases.say("compare.day"), day, (Pick(words, str(address)),), entry)
