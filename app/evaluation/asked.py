"""A request that was read, and the same request asked again with other numbers."""

from bisect import bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from app.engine import CompiledTopic, FactCode, Memo, Placed, Value, keeps_all
from app.evaluation.blocks import Blocks
from app.evaluation.scenario import Scenario
from app.evaluation.values import WrongValue, typed
from app.wording import Language

# Of one request's numbers, parts of the law's range that were asked about lately.
_MOST_PARTS: Final = 16


class Key:
    """What a guide is found again by; hashed once, for it names every answer."""

    __slots__ = ("_hash", "parts")

    def __init__(self, parts: Hashable) -> None:
        self.parts = parts
        self._hash = hash(parts)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Key) and self._hash == other._hash and self.parts == other.parts


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that was read and found sound, and what its guide is made from.

    Shape: `key` the same only for requests whose guides differ in the scenarios' numbers alone; `is_fixed` as in
        `Answer`.
    """

    blocks: Blocks
    compiled: CompiledTopic
    scenario: Scenario
    placed: Placed
    day: date
    lang: Language
    overdue: frozenset[str]
    is_fixed: bool
    key: Key


class Renumbered:
    """A sound request with a place for each of its numbers: asked again with others, only these are read.

    Shape: `codes` the facts that the numbers answer, in the order in which they are given.
    """

    def __init__(self, asked: Asked, codes: Iterable[FactCode]) -> None:
        compiled, blocks = asked.compiled, asked.blocks
        self._entries = [(code, blocks.book.facts[code]) for code in codes]
        self._facts = compiled.topic.facts
        self._likeness = compiled.likeness
        told = {code for code, _ in self._entries}
        self._cuts = [(code, cuts) for code, (_, cuts) in compiled.finder.numbers.items() if code in told]
        self._exact = [code for code in told if code not in blocks.blanks.places]
        groups = [part.relations for part in compiled.components if part.relations is not None]
        self._orders = [group for group in groups if told.intersection(group.facts)]
        self._full = asked.placed.full
        self._is_assuming = asked.placed.full is not asked.placed.given
        self._known: Memo[Hashable, Asked] = Memo(_MOST_PARTS)
        self.learn(asked)

    def learn(self, asked: Asked) -> None:
        """Answer from this one too where other numbers lie as its own do."""
        self._known.keep(self._place(asked.placed.full), asked)

    def with_numbers(self, numbers: Sequence[int | Decimal]) -> Asked | None:
        """The request with these numbers in place of its own.

        Unknown: None where all of it has to be read: for numbers that lie in cells not asked about before or are not
            allowed, and for orders between them that are not kept or hang on what is open.
        """
        try:
            given = {code: typed(entry, number) for (code, entry), number in zip(self._entries, numbers, strict=True)}
        except WrongValue:
            return None
        full: dict[FactCode, Value] = {**self._full, **given}
        if not all(keeps_all(group, self._facts, full) for group in self._orders):
            return None
        like = self._known.get(self._place(full))
        if like is None:
            return None
        answers = {**like.placed.given, **given} if self._is_assuming else full
        scenario = Scenario(answers, like.scenario.aside, like.scenario.cells)
        place = Placed(answers, full, like.placed.cells, like.placed.alike)
        return replace(like, scenario=scenario, placed=place)

    def _place(self, full: Mapping[FactCode, Value]) -> Hashable:
        """All of the numbers that a guide can hang on, themselves aside."""
        cells = tuple([bisect_right(cuts, full[code]) for code, cuts in self._cuts])
        return cells, self._likeness.places(full), tuple([full[code] for code in self._exact])
