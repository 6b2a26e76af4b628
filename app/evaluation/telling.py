"""One decision being told in one language: what the parts of a guide share while it is put together."""

from collections.abc import Hashable, Iterator, Mapping

import orjson

from app.engine import (
    Always,
    CompiledTopic,
    Condition,
    Decision,
    Defined,
    DefinitionCode,
    FactCode,
    Reader,
    Truth,
    facts_read,
)
from app.evaluation.blocks import Blocks, ConditionBlock, ConjunctionBlock, standing
from app.evaluation.pieces import further_keys, opened, written
from app.evaluation.situation import Situation


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
        known = self._known()
        self.reader = Reader(compiled, decision.day, known)
        self.district = blocks.names.district_in(decision.answers)
        self._offices = blocks.offices.setdefault(self.district, {})
        apart = {**decision.answers, **dict(self._apart())}
        self.situation = Situation(apart, known, decision.answers, self.reader)
        self.listed = {item.code: item for item in decision.procedures}
        self._told: dict[int, bytes] = {}
        self._definitions: dict[DefinitionCode, None] = {}

    def authority(self, code: str) -> str:
        """The authority's name, the district's own where the answers name a district."""
        key = ("authority", code, self.district)
        return self.blocks.kept(key, lambda: self.names.authority(code, self.district))

    def authority_written(self, code: str) -> bytes:
        """The same as JSON."""
        found = self._offices.get(code)
        if found is None:
            found = self._offices[code] = written(self.authority(code))
        return found

    def answer(self, fact: FactCode) -> str | None:
        """The answer to a fact in words, a blank for a number's; None where there is none."""
        if fact not in self.decision.answers:
            return None
        if fact in self.blocks.blanks.places:
            return self.blocks.blanks.words(fact)
        return self.blocks.sentences.answer(fact, self.decision.answers[fact])

    def _apart(self) -> Iterator[tuple[FactCode, Hashable]]:
        """What a guide tells of the answers that say more than that: of a number left blank its cell."""
        answers, cells, blocks = self.decision.answers, self.decision.cells, self.blocks
        for fact in blocks.rich:
            value = answers.get(fact)
            if value is None:
                continue
            if fact in blocks.blanks.places:
                levels = self.compiled.fact_levels[fact]
                yield fact, cells[levels[0]] if levels else 0
            else:
                yield fact, blocks.number(fact, value)

    def _known(self) -> Mapping[DefinitionCode, Truth]:
        """The definitions of which the plain reading finds what was decided: none of their facts is open, or all is."""
        decision, facts = self.decision, self.book.facts
        if len(decision.answers) == len(facts):
            return decision.definitions
        still_open = facts.keys() - decision.answers.keys()
        return {
            code: truth
            for code, truth in decision.definitions.items()
            if truth is None or still_open.isdisjoint(self._facts_behind(code))
        }

    def _facts_behind(self, code: DefinitionCode) -> tuple[FactCode, ...]:
        """The facts that a definition hangs on; every fact where these are too many."""
        key = ("facts", code)
        return self.blocks.kept(key, lambda: facts_read(self.topic, Defined(code)) or tuple(self.book.facts))

    # Conditions read against the answers ----------------------------------------------------------

    def conditions(self, block: ConjunctionBlock) -> bytes:
        """The parts of the conjunction: each as a sentence, what was answered, whether it holds.

        Each is told once for all that rests on it: a rule speaks of several procedures.
        """
        found = self._told.get(block.number)
        if found is None:
            for code in block.uses:
                self._definitions.setdefault(code)
            found = self._told[block.number] = b"[%s]" % b",".join(self._parts(block))
        return found

    def _parts(self, block: ConjunctionBlock) -> Iterator[bytes]:
        pieces, situation = self.blocks.pieces, self.situation
        for part in block.parts:
            key = (part.number, part.against(situation))
            yield pieces.get(key) or pieces.keep(key, self._part(part))

    def holds(self, condition: Condition) -> Truth:
        """Whether the condition holds, by plain reading."""
        return self.reader.holds(condition, self.decision.answers)

    def _part(self, block: ConditionBlock) -> bytes:
        answer = None if block.fact is None else self.answer(block.fact)
        return block.start + further_keys({"answer": answer, "holds": self.holds(block.condition)}) + b"}"

    # Definitions --------------------------------------------------------------------------------

    def definition_details(self) -> orjson.Fragment:
        """Each definition that the told conditions use, nested ones included, spelled out once."""
        told: list[bytes] = []
        # Telling one may add those it uses.
        while waiting := list(self._definitions)[len(told) :]:
            told += [self._definition(code) for code in waiting]
        return orjson.Fragment(b"[%s]" % b",".join(told))

    def _definition(self, code: DefinitionCode) -> bytes:
        start, block, end = self.blocks.lately(("definition", code, self.day), lambda: self._frame(code))
        return b"%s%s%s}" % (start, self.conditions(block), end)

    def _frame(self, code: DefinitionCode) -> tuple[bytes, ConjunctionBlock, bytes]:
        """What is told of a definition on the day: its conditions, and the JSON around them."""
        blocks, version = self.blocks, self.topic.definitions[code].version_on(self.day)
        title = self.phrases.pick(self.book.definitions[code].title)
        start = blocks.kept(("definition", code), lambda: opened({"code": code, "text": title}, "conditions"))
        key = ("definition", code, None if version is None else version.period.start)
        basis = [] if version is None else standing(blocks.in_short(key, version.sources), self.day)
        block = blocks.conjunction(key, Always() if version is None else version.when)
        return start, block, further_keys({"basis": basis})
