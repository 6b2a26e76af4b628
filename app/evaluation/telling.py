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
    full_condition,
)
from app.evaluation.blocks import Blocks, ConditionBlock, Json, standing

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
        self._readings: dict[RuleCode, bytes] = {}
        self._definitions: dict[DefinitionCode, None] = {}

    def authority(self, code: str) -> str:
        """The authority's name, the district's own where the answers name a district."""
        key = ("authority", code, self.district)
        return self.blocks.kept(key, lambda: self.names.authority(code, self.district))

    def answer(self, fact: FactCode) -> str | None:
        """The answer to a fact in words, None where there is none."""
        if fact not in self.decision.answers:
            return None
        found = self._answers.get(fact)
        if found is None:
            found = self._answers[fact] = self.blocks.sentences.answer(fact, self.decision.answers[fact])
        return found

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
        told = [self._told(block) for block in self.blocks.conditions(key, condition)]
        return b"[%s]" % b",".join(told)

    def _told(self, block: ConditionBlock) -> bytes:
        for code in block.uses:
            self._definitions.setdefault(code)
        holds = _TRUTHS[self.reader.holds(block.condition, self.decision.answers)]
        return b'%s,"answer":%s,"holds":%s}' % (block.start, self._answer_bytes(block.fact), holds)

    def _answer_bytes(self, fact: FactCode | None) -> bytes:
        found = self._written.get(fact)
        if found is None:
            found = self._written[fact] = orjson.dumps(None if fact is None else self.answer(fact))
        return found

    # Definitions --------------------------------------------------------------------------------

    def definition_details(self) -> Iterator[Json]:
        """Each definition that the told conditions use, nested ones included, spelled out once."""
        told: set[DefinitionCode] = set()
        while waiting := [code for code in self._definitions if code not in told]:
            for code in waiting:
                told.add(code)
                yield self._definition(code)

    def _definition(self, code: DefinitionCode) -> Json:
        version = self.topic.definitions[code].version_on(self.day)
        key = ("definition", code, None if version is None else version.period.start)
        return {
            "code": code,
            "text": self.phrases.pick(self.book.definitions[code].title),
            "holds": self.decision.definitions.get(code, False),
            "conditions": [] if version is None else orjson.Fragment(self.conditions(key, version.when)),
            "basis": [] if version is None else standing(self.blocks.in_short(key, version.sources), self.day),
        }
