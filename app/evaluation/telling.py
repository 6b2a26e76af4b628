"""One decision being told in one language: what the parts of a guide share while it is put together."""

from collections.abc import Hashable, Iterator
from typing import Final

import orjson

from app.engine import (
    CompiledTopic,
    Condition,
    Decision,
    DefinitionCode,
    FactCode,
    Reader,
    RuleCode,
    Truth,
    Value,
    facts_read,
    full_condition,
)
from app.evaluation.blocks import Blocks, ConditionBlock, ConjunctionBlock, Json, standing

_TRUTHS: Final = {True: b"true", False: b"false", None: b"null"}


class Telling:
    """A decision, and the words to tell it with."""

    def __init__(self, blocks: Blocks, compiled: CompiledTopic, decision: Decision) -> None:
        self.blocks = blocks
        self.compiled = compiled
        self.decision = decision
        self.topic = blocks.topic
        self.book = blocks.book
        self.names = blocks.names
        self.phrases = blocks.phrases
        self.day = decision.day
        self.reader = Reader(compiled, decision.day)
        self.district = blocks.names.district_in(decision.answers)
        self._answers: dict[FactCode, str] = {}
        self._written: dict[FactCode | None, bytes] = {}
        self.numbers = {code: blocks.number(code, self._apart(code, value)) for code, value in decision.answers.items()}
        self._period = compiled.period_of(decision.day)
        self._readings: dict[RuleCode, bytes] = {}
        self._definitions: dict[DefinitionCode, None] = {}

    def authority(self, code: str) -> str:
        """The authority's name, the district's own where the answers name a district."""
        key = ("authority", code, self.district)
        return self.blocks.kept(key, lambda: self.names.authority(code, self.district))

    def answer(self, fact: FactCode) -> str | None:
        """The answer to a fact in words, a blank for a number's; None where there is none."""
        if fact not in self.decision.answers:
            return None
        if fact in self.blocks.blanks.places:
            return self.blocks.blanks.words(fact)
        found = self._answers.get(fact)
        if found is None:
            found = self._answers[fact] = self.blocks.sentences.answer(fact, self.decision.answers[fact])
        return found

    def _apart(self, fact: FactCode, value: Value) -> Value:
        """All of an answer that the guide tells apart: the cell of a number that is left blank."""
        if fact not in self.blocks.blanks.places:
            return value
        levels = self.compiled.fact_levels[fact]
        return self.decision.cells[levels[0]] if levels else 0

    # Conditions read against the answers ----------------------------------------------------------

    def conditions_of(self, rule: RuleCode) -> bytes:
        """The rule's conditions, one by one, read once for all procedures it speaks of."""
        found = self._readings.get(rule)
        if found is None:
            condition = self.blocks.kept(("when", rule), lambda: full_condition(self.topic.rules[rule]))
            found = self._readings[rule] = self.conditions(("rule", rule), condition)
        return found

    def conditions(self, key: Hashable, condition: Condition) -> bytes:
        """The parts of the conjunction under the key: each as a sentence, what was answered, whether it holds."""
        block = self.blocks.conjunction(key, condition)
        for code in block.uses:
            self._definitions.setdefault(code)
        if block.facts is None:
            return self._all_told(block)
        return self.blocks.ready(("told", key, *self._read_from(block.facts)), lambda: self._all_told(block))

    def holds(self, key: Hashable, condition: Condition) -> Truth:
        """Whether the condition under the key holds, by plain reading."""
        facts = self.blocks.kept(("facts", key), lambda: (facts_read(self.topic, condition),))[0]
        if facts is None:
            return self.reader.holds(condition, self.decision.answers)
        read_from = ("holds", key, *self._read_from(facts))
        return self.blocks.lately(read_from, lambda: self.reader.holds(condition, self.decision.answers))

    def _read_from(self, facts: tuple[FactCode, ...]) -> tuple[Hashable, ...]:
        """All that a reading of these facts hangs on: the period of the law, and the answers to them."""
        numbers = self.numbers
        return (self._period, *[numbers.get(code) for code in facts])

    def _all_told(self, block: ConjunctionBlock) -> bytes:
        return b"[%s]" % b",".join([self._told(part) for part in block.parts])

    def _told(self, block: ConditionBlock) -> bytes:
        holds = _TRUTHS[self.reader.holds(block.condition, self.decision.answers)]
        return b'%s,"answer":%s,"holds":%s}' % (block.start, self._answer_bytes(block.fact), holds)

    def _answer_bytes(self, fact: FactCode | None) -> bytes:
        found = self._written.get(fact)
        if found is None:
            found = self._written[fact] = orjson.dumps(None if fact is None else self.answer(fact))
        return found

    # Definitions --------------------------------------------------------------------------------

    def definition_details(self) -> Iterator[orjson.Fragment]:
        """Each definition that the told conditions use, nested ones included, spelled out once."""
        told: set[DefinitionCode] = set()
        while waiting := [code for code in self._definitions if code not in told]:
            for code in waiting:
                told.add(code)
                yield self._definition(code)

    def _definition(self, code: DefinitionCode) -> orjson.Fragment:
        version = self.topic.definitions[code].version_on(self.day)
        key = ("definition", code, None if version is None else version.period.start)
        holds = self.decision.definitions.get(code, False)
        conditions = b"[]" if version is None else self.conditions(key, version.when)

        def entry() -> Json:
            return {
                "code": code,
                "text": self.phrases.pick(self.book.definitions[code].title),
                "conditions": orjson.Fragment(conditions),
                "basis": [] if version is None else standing(self.blocks.in_short(key, version.sources), self.day),
            }

        return orjson.Fragment(self.blocks.piece(("definition", code, self.day, holds, conditions), entry))
