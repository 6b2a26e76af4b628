"""One fact answered otherwise: its nearest other cells, the treatments they lead to, and a value that lies in them."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from app.engine.cells import Level, LevelKind, cell_of, sample_of
from app.engine.compile import CompiledTopic
from app.engine.decision import Decision
from app.engine.diagram import Store
from app.engine.facts import SCALE, Fact, FactType, Value
from app.engine.leaf import Leaf
from app.engine.linked import BITS, TREATMENTS
from app.engine.model import Treatment
from app.engine.view import View

#: Levels of one fact, and another cell for each.
Cells: TypeAlias = tuple[tuple[int, int], ...]


def is_one(treatments: int) -> bool:
    """Whether there is one treatment in the mask, and no other."""
    return treatments != 0 and not treatments & (treatments - 1)


def treatment_in(treatments: int) -> Treatment | None:
    """The one treatment in the mask."""
    return TREATMENTS[treatments.bit_length() - 1]


@dataclass(frozen=True, slots=True)
class Change:
    """Another cell for some levels of one fact; `cost` counts what was changed."""

    cells: Cells
    cost: int


def treatments_below(compiled: CompiledTopic, node: int) -> int:
    """The mask of the treatments that the leaves below a compiled node have, constraints aside."""
    return compiled.remembered.links.of(node).treatments


def changes_of(
    compiled: CompiledTopic, view: View, fact: Fact, wanted: int, decision: Decision, root: int
) -> Iterator[tuple[int, Cells]]:
    """The cheapest change of the fact for each of the treatments in the mask; `view` leaves the fact open."""
    block, store = frozenset(compiled.fact_levels[fact.code]), view.store
    diagram = view.with_whole_block(view.reduced(root), block)
    treatments = {leaf.outcome.treatment for leaf in store.leaves_in(diagram) if isinstance(leaf, Leaf)}
    for treatment in treatments:
        if BITS[treatment] & wanted:
            change = _cheapest(compiled, fact, decision, _settling(store, diagram, block, treatment))
            if change is not None and change.cells:
                yield BITS[treatment], change.cells


def _settling(store: Store, diagram: int, block: frozenset[int], treatment: Treatment | None) -> int:
    """The boolean diagram of the cells of the block that leave this treatment alone, whatever else is answered."""

    def elsewhere(leaf: Hashable) -> bool:
        return isinstance(leaf, Leaf) and leaf.outcome.treatment is not treatment

    other = store.without(store.mapped(diagram, elsewhere), block.__contains__)
    possible = store.without(store.mapped(diagram, lambda leaf: isinstance(leaf, Leaf)), block.__contains__)
    return store.both(store.negation(other), possible)


def _cheapest(compiled: CompiledTopic, fact: Fact, decision: Decision, cells: int) -> Change | None:
    """The change to cells in which the boolean diagram holds that lies nearest; levels not tested keep their cell."""
    store, here, present = compiled.store, _own_cells(compiled, fact, decision), decision.answers[fact.code]
    memo: dict[int, Change | None] = {store.true: Change((), 0), store.false: None}

    def walk(at: int) -> Change | None:
        if at not in memo:
            level, best = store.level[at], None
            for cell, child in enumerate(store.children[at]):
                below, moves = walk(child), cell != here.get(level, cell)
                if below is None:
                    continue
                cost = below.cost + (steps(compiled.levels[level], here[level], cell, present) if moves else 0)
                if best is None or cost < best.cost:
                    best = Change(((level, cell), *below.cells) if moves else below.cells, cost)
            memo[at] = best
        return memo[at]

    return walk(cells)


def _own_cells(compiled: CompiledTopic, fact: Fact, decision: Decision) -> dict[int, int]:
    cells = ((place, cell_of(compiled.levels[place], decision.answers)) for place in compiled.fact_levels[fact.code])
    return {place: cell for place, cell in cells if cell is not None}


def steps(level: Level, here: int, cell: int, present: Value) -> int:
    """How far the cell lies from the present answer: in cells of a number, in options of a set taken back; else one."""
    if level.kind in (LevelKind.RANGE, LevelKind.PAIR):
        return abs(cell - here)
    if isinstance(present, frozenset) and cell == 0:
        return len(present.intersection(level.members))
    return 1


def answer_in(compiled: CompiledTopic, fact: Fact, cells: dict[int, int], decision: Decision) -> tuple[Value, str]:
    """A value of the fact inside the changed cells, and how the cell lies to it: is, above or below."""
    if fact.type is FactType.CHOICES:
        present = decision.answers[fact.code]
        assert isinstance(present, frozenset)
        for place, cell in cells.items():
            members = compiled.levels[place].members
            present = present | {members[0]} if cell else present.difference(members)
        return present, "is"
    place, cell = next(iter(cells.items()))
    level = compiled.levels[place]
    if level.kind is LevelKind.VALUES:
        offered: tuple[bool | str, ...] = (True, False) if fact.type is FactType.BOOLEAN else fact.options
        return next(value for value in offered if value in level.values[cell]), "is"
    if level.kind is LevelKind.PAIR:
        return decision.answers[fact.code], "is"
    return _nearest(level, cell, fact, decision)


def _nearest(level: Level, cell: int, fact: Fact, decision: Decision) -> tuple[Value, str]:
    """The end of the span that is nearest to the present answer, said by its round bound for decimals."""
    present = cell_of(level, decision.answers)
    assert present is not None
    span = level.spans[cell]
    upwards = cell > present
    if fact.type is not FactType.DECIMAL:
        return sample_of(span, fact.type, from_above=not upwards), "is"
    edge = span.low if upwards else span.high
    assert edge is not None
    start = edge if upwards else edge + 1
    bound = level.bounds[level.starts.index(start)]
    if upwards:
        return Decimal(bound) / SCALE, "is" if bound == start else "above"
    return Decimal(bound) / SCALE, "below" if bound == start else "is"
