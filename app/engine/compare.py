"""What-if: one scenario with one answer changed, and the treatments that another answer would lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.engine.cells import Level, LevelKind, cell_of, sample_of
from app.engine.compile import CompiledTopic
from app.engine.decision import Decision, ProcedureDecision, WhatIf
from app.engine.facts import SCALE, AskedOf, Fact, FactType, Value
from app.engine.leaf import Leaf
from app.engine.model import Treatment
from app.engine.view import View

#: Nearest different answers named per procedure.
MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class _Change:
    """Another cell for some levels of one fact, and the treatment it leads to; `cost` counts what was changed."""

    cells: tuple[tuple[int, int], ...]
    treatment: Treatment | None
    cost: int


def what_if(compiled: CompiledTopic, decision: Decision) -> tuple[WhatIf, ...]:
    """For each decided procedure, single different answers of the company that lead to another treatment.

    Shape: grouped by procedure in its listed order; at most three each, lighter first, then topic order, the smallest
        change for each treatment.
    Cost: one view per answered fact that any decided procedure tests.
    """
    period = compiled.period_of(decision.day)
    decided = [item for item in decision.procedures if item.is_decided]
    roots = {item.code: compiled.procedure(item.code, period) for item in decided}
    found: dict[str, list[WhatIf]] = {item.code: [] for item in decided}
    with compiled.store.scratch():
        whole = View(compiled, decision.answers)
        tested = {code: compiled.store.levels_in(root) for code, root in roots.items()}
        for fact in compiled.topic.facts.values():
            block = compiled.fact_levels[fact.code]
            concerned = [item for item in decided if any(level in tested[item.code] for level in block)]
            if fact.code not in decision.answers or fact.asked_of is not AskedOf.COMPANY or not concerned:
                continue
            view = whole.opened(fact.code)
            for item in concerned:
                found[item.code].extend(_changed(compiled, view, fact, item, decision, roots[item.code]))
    return tuple(
        change
        for changes in found.values()
        for change in sorted(changes, key=lambda item: _weight(item.treatment))[:MOST_SHOWN]
    )


def _weight(treatment: Treatment | None) -> int:
    return -1 if treatment is None else treatment.weight


def _changed(
    compiled: CompiledTopic, view: View, fact: Fact, item: ProcedureDecision, decision: Decision, root: int
) -> Iterator[WhatIf]:
    """The cheapest change of the fact for each treatment other than the present one."""
    diagram = view.with_whole_block(view.reduced(root), frozenset(compiled.fact_levels[fact.code]))
    here = _own_cells(compiled, fact, decision)
    best: dict[Treatment | None, _Change] = {}
    for change in _walk(compiled, view, fact, here, diagram):
        known = best.get(change.treatment)
        if known is None or change.cost < known.cost:
            best[change.treatment] = change
    assert item.outcome is not None
    for treatment, change in best.items():
        if treatment is not item.outcome.treatment and change.cells:
            answer, side = _answer(compiled, fact, dict(change.cells), decision)
            yield WhatIf(item.code, fact.code, answer, side, treatment)


def _own_cells(compiled: CompiledTopic, fact: Fact, decision: Decision) -> dict[int, int]:
    cells = ((place, cell_of(compiled.levels[place], decision.answers)) for place in compiled.fact_levels[fact.code])
    return {place: cell for place, cell in cells if cell is not None}


def _walk(compiled: CompiledTopic, view: View, fact: Fact, here: dict[int, int], node: int) -> Iterator[_Change]:
    """Every way through the fact's levels to a part where the treatment is settled.

    Cost: the paths through the block; levels not tested keep their present cell.
    """
    store = view.store
    block = frozenset(compiled.fact_levels[fact.code])

    def walk(at: int, changed: tuple[tuple[int, int], ...]) -> Iterator[_Change]:
        level = store.level[at]
        if level not in block:
            treatments = {leaf.outcome.treatment for leaf in store.leaves_in(at) if isinstance(leaf, Leaf)}
            if len(treatments) == 1:
                yield _Change(
                    changed,
                    treatments.pop(),
                    sum(_steps(compiled.levels[place], here.get(place, cell), cell) for place, cell in changed),
                )
            return
        for cell, child in enumerate(store.children[at]):
            moved = changed if cell == here.get(level) else (*changed, (level, cell))
            yield from walk(child, moved)

    yield from walk(node, ())


def _steps(level: Level, here: int, cell: int) -> int:
    """How far the cell lies from the present one: cells of a number have an order, others count one."""
    return abs(cell - here) if level.kind in (LevelKind.RANGE, LevelKind.PAIR) else 1


def _answer(compiled: CompiledTopic, fact: Fact, cells: dict[int, int], decision: Decision) -> tuple[Value, str]:
    """A value of the fact inside the changed cells, and how the cell lies to it: is, above or below."""
    if fact.type is FactType.CHOICES:
        present = decision.answers[fact.code]
        assert isinstance(present, frozenset)
        for place, cell in cells.items():
            member = frozenset({compiled.levels[place].member})
            present = present | member if cell else present - member
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
