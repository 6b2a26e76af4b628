"""Compiled diagrams as nodes that point at each other.

Every scenario walks all diagrams of a day's law, and what-if many ways more. A walk from node to node looks
nothing up, and reads half the memory that one through the store's tables does.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from app.engine.diagram import TERMINAL, Store
from app.engine.facts import DefinitionCode, ProcedureCode
from app.engine.leaf import Leaf
from app.engine.model import Extra, Rule, Treatment

if TYPE_CHECKING:
    from app.engine.compile import CompiledTopic

TREATMENTS: Final[tuple[Treatment | None, ...]] = (None, *Treatment)
#: Each treatment's bit in a mask of several, the lightest lowest; None is of a procedure that is not required.
BITS: Final[Mapping[Treatment | None, int]] = {treatment: 1 << place for place, treatment in enumerate(TREATMENTS)}


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A node of a compiled diagram.

    Shape: `place` its level, for a leaf one past the last; `kids` a node for each cell of it; `number` its own in the
        store; `treatments` the mask of those that the leaves below it have, constraints aside.
    """

    place: int
    kids: tuple["Node", ...]
    number: int
    treatments: int


class Links:
    """The compiled nodes of one topic, linked when first asked for. Safe to share between threads."""

    def __init__(self, store: Store, levels: int) -> None:
        self._store = store
        self._levels = levels
        self._made: list[Node | None] = []
        self._lock = threading.Lock()

    def of(self, number: int) -> Node:
        """The node of that number, which no scratch may have made; the same one each time."""
        if number < len(self._made) and (found := self._made[number]) is not None:
            return found
        with self._lock:
            self._made += [None] * (len(self._store) - len(self._made))
            return self._linked(number)

    def _linked(self, number: int) -> Node:
        found = self._made[number]
        if found is None:
            place, kids = self._store.level[number], tuple([self._linked(kid) for kid in self._store.children[number]])
            if place == TERMINAL:
                leaf = self._store.value[number]
                found = Node(self._levels, (), number, BITS[leaf.outcome.treatment] if isinstance(leaf, Leaf) else 0)
            else:
                treatments = 0
                for kid in kids:
                    treatments |= kid.treatments
                found = Node(place, kids, number, treatments)
            self._made[number] = found
        return found


@dataclass(frozen=True, slots=True)
class LinkedLaw:
    """The diagrams of one period, linked.

    Shape: as `PeriodLaw`; `behind` for each extra that several rules give those in force, each with its condition;
        `histories` as `CompiledTopic.histories_in`.
    """

    procedures: Mapping[ProcedureCode, Node]
    definitions: Mapping[DefinitionCode, Node]
    barriers: Mapping[str, Node]
    extras: Mapping[Extra, Node]
    behind: Mapping[int, tuple[tuple[Rule, Node], ...]]
    histories: Mapping[ProcedureCode, tuple[tuple[date, Node], ...]]


def linked_law(compiled: "CompiledTopic", period: int, *, with_histories: bool) -> LinkedLaw:
    """The law of the period; its histories, if these are not asked for, only where they are known already."""
    known, of = compiled.remembered.laws, compiled.remembered.links.of
    found = known.get(period)
    if found is None or (with_histories and not found.histories):
        law, histories = compiled.law_in(period), compiled.histories_in(period) if with_histories else {}
        found = known[period] = LinkedLaw(
            {code: of(number) for code, number in law.procedures.items()},
            {code: of(number) for code, number in law.definitions.items()},
            {code: of(number) for code, number in law.barriers.items()},
            {extra: of(number) for extra, number in law.extras.items()},
            _behind(compiled, period),
            {code: tuple([(day, of(number)) for day, number in days]) for code, days in histories.items()},
        )
    return found


def _behind(compiled: "CompiledTopic", period: int) -> dict[int, tuple[tuple[Rule, Node], ...]]:
    """By the extra's place among all."""
    of, day = compiled.remembered.links.of, compiled.day_in(period)
    found = {}
    with compiled.store.building():
        for place, giving in enumerate(compiled.extras.values()):
            if len(giving) > 1:
                in_force = [rule for rule in giving if rule.period.covers(day)]
                found[place] = tuple([(rule, of(compiled.condition(rule.when, period))) for rule in in_force])
    return found
