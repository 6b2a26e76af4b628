"""Facts as fields of a page: what is asked, the answers to choose from, what was entered, what is wrong with it."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.engine import FactCode, FactType, Purpose
from app.rulebook import FactEntry, Rulebook, TopicBook, ZoneEntry
from app.wording import Phrases

YES: Final = "true"
NO: Final = "false"
NOT_KNOWN: Final = "?"
"""What a form sends for "I don't know"; no option is called so."""
_NUMBERS: Final = frozenset({FactType.INTEGER, FactType.DECIMAL})


class Layout(enum.StrEnum):
    """How the facts of a page are asked: answers that are buttons, a list to tick, fields one after the other."""

    BUTTONS = "buttons"
    TICKS = "ticks"
    FIELDS = "fields"


@dataclass(frozen=True, slots=True)
class OptionView:
    """One answer to choose."""

    value: str
    label: str
    help: str | None
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class FieldView:
    """情形要素. One fact as it is asked.

    Shape: `kind` boolean, choice, choices, number or date, which names the template · `text` what stands in the field ·
        `unit` in words, None for none · `zero` what the answer 0 is called, None where it is not offered · `where` the
        districts a zone lies in and its extent, None for other facts · `error` what is wrong, None where nothing is.
    """

    fact: str
    kind: str
    name: str
    question: str
    statement: str | None
    help: str | None
    options: tuple[OptionView, ...]
    text: str
    unit: str | None
    is_whole: bool
    has_none: bool
    none_is_chosen: bool
    zero: str | None
    where: "WhereView | None"
    error: str | None


@dataclass(frozen=True, slots=True)
class WhereView:
    """What is known of a zone."""

    districts: str | None
    extent: str


def layout_of(entries: Sequence[FactEntry]) -> Layout:
    """Return how these facts are asked together."""
    if len(entries) == 1:
        return Layout.BUTTONS if entries[0].type in (FactType.BOOLEAN, FactType.CHOICE) else Layout.FIELDS
    return Layout.TICKS if all(entry.type is FactType.BOOLEAN for entry in entries) else Layout.FIELDS


def nothing_of(entry: FactEntry) -> str | None:
    """Return the answer that says there is nothing of the kind, as the address writes it; None where there is none."""
    match entry.type:
        case FactType.BOOLEAN:
            return NO
        case FactType.CHOICES if entry.empty_allowed:
            return ""
        case FactType.CHOICE:
            return next((option.value for option in entry.options if option.nothing), None)
    return None


def where_fact(book: TopicBook) -> FactEntry | None:
    """Return the fact that names the place, None where the topic asks none."""
    return next((entry for entry in book.facts.values() if entry.purpose is Purpose.WHERE), None)


def page_facts(book: TopicBook, fact: str) -> tuple[str, ...]:
    """Return the facts that are asked on one page with this one, itself included, in the topic's order."""
    entry = book.facts[FactCode(fact)]
    if entry.group is None:
        return (fact,)
    return tuple(
        code for code, other in book.facts.items() if other.group == entry.group and other.asked_of == entry.asked_of
    )


class Fields:
    """Makes fields from the rulebook's facts, in the words of one language."""

    def __init__(self, rulebook: Rulebook, phrases: Phrases) -> None:
        self.rulebook = rulebook
        self.phrases = phrases

    def field(
        self, entry: FactEntry, entered: Sequence[str] | None, *, error: str | None = None, is_open: bool = False
    ) -> FieldView:
        """The field of a fact.

        Shape: `entered` what the address holds for it, None where nothing; `is_open` where it was left open on purpose.
        """
        pick = self.phrases.pick_or_none
        texts = tuple(entered or ())
        return FieldView(
            fact=entry.code,
            kind="number" if entry.type in _NUMBERS else str(entry.type),
            name=self.phrases.pick(entry.name),
            question=self.phrases.pick(entry.question),
            statement=pick(entry.statement),
            help=pick(entry.help),
            options=self._options(entry, texts, is_open),
            text=texts[-1] if texts else "",
            unit=self._unit(entry),
            is_whole=entry.type is FactType.INTEGER,
            has_none=entry.type is FactType.CHOICES and entry.empty_allowed,
            none_is_chosen=entered is not None and not any(texts),
            zero=pick(entry.zero),
            where=self._where(self.rulebook.zones.get(entry.code)),
            error=error,
        )

    def _options(self, entry: FactEntry, entered: tuple[str, ...], is_open: bool) -> tuple[OptionView, ...]:
        pick, say = self.phrases.pick, self.phrases.say
        if entry.type is FactType.BOOLEAN:
            labels: Mapping[str, str] = {YES: say("answer.yes"), NO: say("answer.no")}
            found = [OptionView(value, label, None, value in entered) for value, label in labels.items()]
        else:
            chosen = {part for text in entered for part in text.split(",")}
            found = [
                OptionView(
                    option.value, pick(option.label), self.phrases.pick_or_none(option.help), option.value in chosen
                )
                for option in entry.options
            ]
        if entry.type in (FactType.BOOLEAN, FactType.CHOICE):
            found.append(OptionView(NOT_KNOWN, say("pages.ask.left_open"), None, is_open and not entered))
        return tuple(found)

    def _unit(self, entry: FactEntry) -> str | None:
        if entry.unit is None:
            return None
        return self.phrases.say(f"quantity.{entry.unit}", count="").strip()

    def _where(self, zone: ZoneEntry | None) -> WhereView | None:
        if zone is None:
            return None
        pick = self.phrases.pick
        names = [pick(self.rulebook.districts[code].name) for code in zone.districts]
        return WhereView(self.phrases.joined(names) if names else None, pick(zone.extent))
