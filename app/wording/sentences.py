"""Conditions and answers of one topic as sentences, in the words the rulebook gives its facts."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from app.engine import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Defined,
    FactCode,
    FactType,
    IsOneOf,
    Not,
    Requires,
    SetIs,
    Value,
    Within,
)
from app.rulebook import FactEntry, TopicBook
from app.wording.figures import date_text, number_text, quantity_text
from app.wording.phrases import Phrases

#: The order that holds where the other one does not.
_OPPOSITE: Final[Mapping[str, str]] = {
    "below": "at_least",
    "at_most": "above",
    "at_least": "below",
    "above": "at_most",
}
#: (test of a set, whether it has to hold) -> phrase for one option, phrase for several.
_SET_PHRASES: Final[Mapping[tuple[str, bool], tuple[str, str]]] = {
    ("contains_any", True): ("contains", "contains_any"),
    ("contains_any", False): ("contains_none", "contains_none"),
    ("contains_all", True): ("contains", "contains_all"),
    ("contains_all", False): ("contains_none", "contains_not_all"),
    ("only", True): ("only", "only_among"),
    ("only", False): ("not_only", "not_only_among"),
    ("is_exactly", True): ("only", "is_exactly"),
    ("is_exactly", False): ("not_only", "is_not_exactly"),
    ("is_empty", True): ("is_empty", "is_empty"),
    ("is_empty", False): ("is_not_empty", "is_not_empty"),
}


class Sentences:
    """What a topic's conditions and answers say in one language. Sentences are made once and kept."""

    def __init__(self, book: TopicBook, phrases: Phrases) -> None:
        self.book = book
        self.phrases = phrases
        self._made: dict[tuple[Condition, bool], str] = {}
        self._names = {code: phrases.pick(entry.name) for code, entry in book.facts.items()}
        self._labels = {
            code: {option.value: phrases.pick(option.label) for option in entry.options}
            for code, entry in book.facts.items()
        }

    # Answers ------------------------------------------------------------------------------------

    def name(self, fact: FactCode) -> str:
        """The fact's name."""
        return self._names[fact]

    def label(self, fact: FactCode, option: str) -> str:
        """The option's label."""
        return self._labels[fact][option]

    def answer(self, fact: FactCode, value: Value | None) -> str:
        """The answer alone, as it is shown beside its question; None is said to be open."""
        return answer_text(self.book.facts[fact], value, self.phrases)

    def bound(self, fact: FactCode, order: str, bound: int | Decimal | date) -> str:
        """All answers that stand in an order to a boundary, as `Compare` has it, without the fact's name."""
        if isinstance(bound, date):
            return self.phrases.say(f"what_if.day_{order}", bound=date_text(bound, self.phrases))
        words = quantity_text(bound, self.book.facts[fact].unit, self.phrases)
        return self.phrases.say(f"what_if.{order}", bound=words)

    def changed(self, fact: FactCode, answer: Value, words: str) -> str:
        """A changed answer said whole, with what was asked; `words` are the answer's own."""
        if isinstance(answer, bool | str) and self.book.facts[fact].type is not FactType.DATE:
            return self.condition(IsOneOf(fact, frozenset({answer})))
        return self.phrases.say("what_if.named", name=self.name(fact), words=words)

    # Conditions ---------------------------------------------------------------------------------

    def condition(self, condition: Condition, holds: bool = True) -> str:
        """The condition as a sentence, or its contrary."""
        key = (condition, holds)
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = self._condition(condition, holds)
        return found

    def _condition(self, condition: Condition, holds: bool) -> str:
        match condition:
            case Not(part=part):
                return self.condition(part, not holds)
            case All(parts=parts) | Any(parts=parts):
                return self._several(parts, isinstance(condition, All) is holds, holds)
            case Always(holds=always):
                return self.phrases.say("condition.always" if always is holds else "condition.never")
            case Defined(definition=code):
                title = self.phrases.pick(self.book.definitions[code].title)
                return self.phrases.say("condition.defined" if holds else "condition.not_defined", title=title)
            case Requires(procedure=code):
                name = self.phrases.pick(self.book.procedures[code].everyday_name)
                return self.phrases.say("condition.required" if holds else "condition.not_required", name=name)
            case IsOneOf():
                return self._one_of(condition, holds)
            case Compare():
                return self._compared(condition, holds)
            case SetIs():
                return self._set(condition, holds)
            case Within():
                return self._within(condition, holds)

    def _several(self, parts: Iterable[Condition], conjunction: bool, holds: bool) -> str:
        """The parts in one sentence; a part that is itself made of several stands in brackets."""
        said = []
        for part in parts:
            text = self.condition(part, holds)
            inner = part.part if isinstance(part, Not) else part
            grouped = isinstance(inner, All | Any) and len(inner.parts) > 1
            said.append(self.phrases.say("list.group", text=text) if grouped else text)
        return self.phrases.say("list.all" if conjunction else "list.any").join(said)

    def _one_of(self, condition: IsOneOf, holds: bool) -> str:
        entry = self.book.facts[condition.fact]
        if entry.type is FactType.BOOLEAN:
            if len(condition.values) > 1:
                return self.condition(Always(holds))
            said = entry.statement if (True in condition.values) is holds else entry.negation
            assert said is not None  # the rulebook's reader asks for both
            return self.phrases.pick(said)
        chosen = [option for option in entry.options if (option.value in condition.values) is holds]
        others = [option for option in entry.options if (option.value in condition.values) is not holds]
        if len(chosen) == 1 and chosen[0].statement is not None:
            return self.phrases.pick(chosen[0].statement)
        # Said by the shorter side, so that "anything but X" does not become a list of all the rest.
        if len(chosen) > len(others) and others:
            labels = self.phrases.joined([self.phrases.pick(option.label) for option in others], "or")
            return self.phrases.say("condition.is_not", name=self.name(condition.fact), labels=labels)
        labels = self.phrases.joined([self.phrases.pick(option.label) for option in chosen] or ["-"], "or")
        return self.phrases.say("condition.is", name=self.name(condition.fact), labels=labels)

    def _compared(self, condition: Compare, holds: bool) -> str:
        order = condition.order if holds else _OPPOSITE[condition.order]
        name, bound = self.name(condition.fact), condition.bound
        if isinstance(bound, date):
            return self.phrases.say(f"condition.day_{order}", name=name, bound=date_text(bound, self.phrases))
        unit = self.book.facts[condition.fact].unit
        return self.phrases.say(f"condition.{order}", name=name, bound=quantity_text(bound, unit, self.phrases))

    def _set(self, condition: SetIs, holds: bool) -> str:
        one, several = _SET_PHRASES[condition.test, holds]
        labels = [label for option, label in self._labels[condition.fact].items() if option in condition.options]
        key = one if len(labels) < 2 else several
        joined = self.phrases.joined(labels, "or" if key == "contains_none" else "and") if labels else ""
        return self.phrases.say(f"condition.{key}", name=self.name(condition.fact), labels=joined)

    def _within(self, condition: Within, holds: bool) -> str:
        unit = "months" if condition.months else "days"
        return self.phrases.say(
            f"condition.within_{unit}" if holds else f"condition.not_within_{unit}",
            name=self.name(condition.fact),
            after=self.name(condition.after),
            count=number_text(condition.months or condition.days, self.phrases),
        )


def answer_text(entry: FactEntry, value: Value | None, phrases: Phrases) -> str:
    """The answer to a fact in words; None is said to be open."""
    match value:
        case None:
            return phrases.say("answer.open")
        case bool():
            return phrases.say("answer.yes" if value else "answer.no")
        case frozenset():
            labels = [phrases.pick(option.label) for option in entry.options if option.value in value]
            return phrases.listed(labels) if labels else phrases.say("answer.empty")
        case str():
            return next((phrases.pick(option.label) for option in entry.options if option.value == value), value)
        case date():
            return date_text(value, phrases)
        case int() | Decimal():
            return quantity_text(value, entry.unit, phrases)
