"""Blocks of words that every guide of a topic is put together from, made once for each language and kept.

What never changes between two guides is kept as ready JSON (`orjson.Fragment`); a request only joins pieces. Keys are
made of codes: hashing a whole condition or source costs more than finding its words.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Final, TypeAlias, TypeVar

import orjson

from app.engine import (
    AcceptanceCondition,
    Always,
    CarriedRule,
    Condition,
    Defined,
    DefinitionCode,
    FactCode,
    FactType,
    Memo,
    Period,
    ProcedureCode,
    ProcedureDecision,
    Requires,
    Rule,
    RuleCode,
    Source,
    Treatment,
    Value,
    Verification,
    flattened,
    full_condition,
    leaves,
    mentioned_facts,
)
from app.evaluation.blanks import Blanks
from app.evaluation.pieces import Pieces, fragment
from app.evaluation.situation import Against, against
from app.rulebook import DatePrecision, Rulebook, TopicBook
from app.wording import Mention, Names, Phrases, Sentences

T = TypeVar("T")
Json: TypeAlias = dict[str, object]
_MARKS: Final = tuple(Verification)
_MOST_BYTES: Final = 8 * 1024 * 1024
_MOST_NUMBERS: Final = 2_048
_MOST_FRAMES: Final = 2_048
_MOST_LATELY: Final = 4_096
_NOTHING: Final = object()
# Numbers what keys are made of: topics, languages and releases share their pieces.
_COUNTED: Final = count(1)


@dataclass(frozen=True, slots=True)
class Cited:
    """One source of a list, ready to be shown on the days it carries."""

    period: Period
    reference: str
    entry: orjson.Fragment


def standing(cited: Iterable[Cited], day: date) -> list[orjson.Fragment]:
    """The entries of the sources in force on the day, each source once."""
    found: dict[str, orjson.Fragment] = {}
    for item in cited:
        if item.reference not in found and item.period.covers(day):
            found[item.reference] = item.entry
    return list(found.values())


def references(sources: Iterable[Source], day: date) -> list[str]:
    """The sources in force on the day as `policy#clause`, each once."""
    return list(dict.fromkeys(source.reference for source in sources if source.period.covers(day)))


@dataclass(frozen=True, slots=True)
class ConditionBlock:
    """A part of a conjunction in words.

    Shape: `number` is its own; `fact` the one it speaks of alone; `against` picks all that it is read against out of a
        `Situation`; `start` the JSON object up to what the answers make of it.
    """

    number: int
    condition: Condition
    fact: FactCode | None
    against: Against
    start: bytes


@dataclass(frozen=True, slots=True)
class ConjunctionBlock:
    """A whole conjunction in words.

    Shape: `number` is its own; `uses` every definition it names.
    """

    number: int
    parts: tuple[ConditionBlock, ...]
    uses: tuple[DefinitionCode, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What is told of a procedure's decision around its reasons, whatever the single answers.

    Shape: `head` the JSON up to the authority, which is `authority` where no rule names another; `asks` whether
        somebody has to be asked; `bearing` the rules told of; `because` for each the JSON as far as its conditions, and
        these; `required` why the procedure exists at all, where no rule bears on it and it does not always; `tail`
        further keys.
    """

    item: ProcedureDecision
    mention: Mention
    head: bytes
    authority: str
    asks: bool
    bearing: tuple[CarriedRule, ...]
    because: tuple[tuple[bytes, ConjunctionBlock], ...]
    required: ConjunctionBlock | None
    tail: bytes


class Blocks:
    """The words of one topic in one language, as pieces of JSON.

    Cost: each piece is made when first asked for; there are as many as the topic has sources, papers and figures.
    """

    def __init__(self, rulebook: Rulebook, book: TopicBook, phrases: Phrases, pieces: Pieces | None = None) -> None:
        self.rulebook = rulebook
        self.book = book
        self.topic = book.topic
        self.phrases = phrases
        self.names = Names(rulebook, book, phrases)
        self.sentences = Sentences(book, phrases)
        self.blanks = Blanks(book, phrases)
        self.main = _main_procedures(rulebook, book)
        self._kept: dict[Hashable, object] = {}
        self._numbers: Memo[tuple[FactCode, Value], int] = Memo(_MOST_NUMBERS)
        self.serial = next(_COUNTED)
        plain = (FactType.BOOLEAN, FactType.CHOICE)
        #: The facts whose answers are more than one of a few words.
        self.rich = tuple(code for code, fact in book.facts.items() if fact.type not in plain)
        #: Answers in words as they stand under the key of their fact, by what a guide tells apart of them.
        self._lately: Memo[Hashable, object] = Memo(_MOST_LATELY)
        self.pieces = Pieces(_MOST_BYTES) if pieces is None else pieces
        #: The authorities' names as JSON, by district.
        self.offices: dict[str | None, dict[str, bytes]] = {}
        #: What is told of a procedure's decision around its reasons, by the decision's serial.
        self.frames: Memo[int, Frame] = Memo(_MOST_FRAMES)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under the key before, or is made now."""
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = make()
        return found  # type: ignore[return-value]  # a key always stands for one kind of block

    def lately(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made under the key lately, or is made now.

        Unlike `kept`, for what hangs on answers or decisions and is not JSON.
        """
        found = self._lately.get(key, _NOTHING)
        return self._lately.keep(key, make()) if found is _NOTHING else found  # type: ignore[return-value]

    def number(self, fact: FactCode, answer: Value) -> int:
        """A number that stands for this answer alone; quicker to hash than the answer."""
        key = (fact, answer)
        return self._numbers.get(key) or self._numbers.keep(key, next(_COUNTED))

    # Sources ------------------------------------------------------------------------------------

    def in_full(self, key: Hashable, sources: Sequence[Source]) -> tuple[Cited, ...]:
        """依据. The sources under the key with all that the contract shows of them."""
        return self.kept(("full", key), lambda: _cited(sources, self._full_entry))

    def in_full_for(self, key: Hashable, sources: Sequence[Source], treatment: Treatment | None) -> tuple[Cited, ...]:
        """The same, with the treatment they carry; None where they carry only details."""
        return self.kept(
            ("full", key, treatment),
            lambda: _cited(sources, lambda source: {**self._full_entry(source), "treatment": treatment}),
        )

    def in_short(self, key: Hashable, sources: Sequence[Source]) -> tuple[Cited, ...]:
        """The sources by document and article, without their text.

        What stands many times in a guide cites in short, so that the largest one stays within its size.
        """
        return self.kept(("short", key), lambda: _cited(sources, self._short_entry))

    def _full_entry(self, source: Source) -> Json:
        article = self.names.article(source.reference)
        effective = article.effective
        rough = {} if effective.precision is DatePrecision.DAY else {"date_precision": effective.precision}
        return {
            "policy": source.policy,
            "clause": source.article,
            "cite": self.phrases.pick(article.cite),
            "title": self.phrases.pick(article.title),
            "document_number": self.names.document_number(source.reference),
            "quote": article.quote,
            "summary": self.phrases.pick_or_none(article.summary),
            "effective_from": effective.start or source.period.start,
            "effective_to": effective.end or source.period.end,
            "url": article.policy.url,
            "verification": source.verification,
            **rough,
        }

    def _short_entry(self, source: Source) -> Json:
        return self.short_entry(source.reference)

    def short_entry(self, reference: str) -> Json:
        """`policy#clause` by document number and article; its title is looked up by code."""
        article = self.names.article(reference)
        return {
            "policy": article.policy.code,
            "clause": article.code,
            "cite": self.phrases.pick(article.cite),
            "document_number": self.names.document_number(reference),
            "verification": article.verification,
        }

    # Conditions ---------------------------------------------------------------------------------

    def conjunction(self, key: Hashable, condition: Condition) -> ConjunctionBlock:
        """The conjunction under the key, what always holds left out."""
        return self.kept(("conditions", key), lambda: self._conjunction(condition))

    def rule_conditions(self, rule: Rule) -> ConjunctionBlock:
        """The rule's conditions, the choice of a voluntary way included."""
        return self.conjunction(("rule", rule.code), full_condition(rule))

    def _conjunction(self, condition: Condition) -> ConjunctionBlock:
        parts = [part for part in flattened(condition) if not isinstance(part, Always)]
        uses = dict.fromkeys(leaf.definition for leaf in leaves(condition) if isinstance(leaf, Defined))
        return ConjunctionBlock(next(_COUNTED), tuple(map(self._part, parts)), tuple(uses))

    def _part(self, condition: Condition) -> ConditionBlock:
        """The same one for conditions that are alike."""
        return self.kept(("condition", condition), lambda: self._block(condition))

    def _block(self, condition: Condition) -> ConditionBlock:
        fact = _subject(condition)
        start = orjson.dumps({"fact": fact, "text": self.sentences.condition(condition)})
        return ConditionBlock(next(_COUNTED), condition, fact, against(condition), start[:-1])

    def acceptance(self, procedure: ProcedureCode, condition: AcceptanceCondition) -> str:
        """受理条件 in words; one code has one text in a procedure."""
        return self.phrases.pick(self.book.acceptance[procedure, condition.code].text)

    # Rules --------------------------------------------------------------------------------------

    def start_precision(self, codes: Sequence[RuleCode], start: date | None) -> DatePrecision:
        """How exactly the first day of an outcome is known: as roughly as the rule that begins on it."""
        return self.book.start_precision(codes, start)


def _main_procedures(rulebook: Rulebook, book: TopicBook) -> frozenset[ProcedureCode]:
    """What the topic is about: the procedures whose treatment rests on the clauses of the plan that it names."""
    clauses = {
        (policy, clause)
        for policy, content in rulebook.policies.items()
        if content.clauses
        for clause in book.entry.clauses
    }
    return frozenset(
        effect.procedure
        for rule in book.topic.rules.values()
        if any((source.policy, source.article) in clauses for source in rule.sources)
        for effect in rule.effects
    )


def weakest_of(sources: Iterable[Source], day: date) -> Verification | None:
    """The weakest verification among the sources in force, None where there are none."""
    marks = {source.verification for source in sources if source.period.covers(day)}
    return max(marks, key=_MARKS.index) if marks else None


def _cited(sources: Iterable[Source], entry: Callable[[Source], Json]) -> tuple[Cited, ...]:
    return tuple(Cited(source.period, source.reference, fragment(entry(source))) for source in sources)


def _subject(condition: Condition) -> FactCode | None:
    """The one fact it speaks of; None where it speaks of several, or of a definition or procedure."""
    facts = set(mentioned_facts(condition))
    if len(facts) != 1 or any(isinstance(leaf, Defined | Requires) for leaf in leaves(condition)):
        return None
    return facts.pop()
