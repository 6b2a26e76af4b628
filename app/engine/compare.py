"""What-if: one scenario with one answer changed, and the treatments that another answer would lead to."""

from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.engine.cells import Level, LevelKind, cell_of, sample_of
from app.engine.compile import CompiledTopic
from app.engine.components import admissible
from app.engine.decision import Decision, ProcedureDecision, WhatIf
from app.engine.diagram import TERMINAL
from app.engine.facts import SCALE, AskedOf, Fact, FactCode, FactType, Value
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
    Cost: where the answers alone settle a procedure, the facts on its way through the diagram; else one view for each
        answered fact that it tests.
    """
    law = compiled.law_in(compiled.period_of(decision.day)).procedures
    found: list[WhatIf] = []
    with compiled.store.scratch():
        changing = _Changing(compiled, decision)
        for item in decision.procedures:
            if item.is_decided:
                found += changing.nearest(item, law[item.code])
    return tuple(found)


class _Changing:
    """The search for single different answers in one decision. Lives inside one `Store.scratch`."""

    def __init__(self, compiled: CompiledTopic, decision: Decision) -> None:
        self.compiled = compiled
        self.decision = decision
        self.store = compiled.store
        self.whole = View(compiled, decision.answers, decision.cells)
        self._opened: dict[FactCode, View] = {}
        self._possible: dict[tuple[int, int], bool] = {}
        self._tying: dict[FactCode, list[int]] = {}

    def nearest(self, item: ProcedureDecision, root: int) -> tuple[WhatIf, ...]:
        """The changes shown for one procedure; the same for every scenario that is alike in all that bears on it."""
        known = self.compiled.remembered.changes
        key = (item.code, root, self._bearing(root))
        found = known.get(key)
        if found is None:
            changes = sorted(self.changes(item, root), key=lambda change: _weight(change.treatment))
            found = known.keep(key, tuple(changes[:MOST_SHOWN]))
        return found

    def _bearing(self, root: int) -> Hashable:
        """The cells of all levels that can matter, and the whole value where it is named or compared with another."""
        reach, answers = self.compiled.reach(root), self.decision.answers
        cells = tuple([self.whole.cells.get(level) for level in reach.levels])
        return (
            cells,
            tuple([answers.get(code) for code in reach.exact]),
            tuple([answers.get(code) for code in reach.sets]),
        )

    def changes(self, item: ProcedureDecision, root: int) -> list[WhatIf]:
        """The changes for one procedure, facts in topic order."""
        assert item.outcome is not None
        trail = self._trail(root)
        if trail is None:
            return [
                change
                for fact in self._facts(self.store.levels_in(root))
                for change in self._searched(item, fact, root)
            ]
        found: list[WhatIf] = []
        done: set[FactCode] = set()
        alone = frozenset({item.outcome.treatment})
        single, asked = self.compiled.single_level, self.compiled.asked_levels
        for level, node in trail:
            if treatments_below(self.compiled, node) == alone:
                break
            if level in single:
                if level in asked:
                    found += self._beside(item, single[level], level, node)
                continue
            for fact in self._facts((level,)):
                if fact.code not in done:
                    done.add(fact.code)
                    found += self._changed(item, fact, level, node, root)
        if done:
            order = self.compiled.fact_order
            found.sort(key=lambda change: order[change.fact])
        return found

    def _facts(self, levels: Collection[int]) -> list[Fact]:
        """The answered facts of the company that have one of the levels, in topic order."""
        codes = {code for level in levels for code in self.compiled.levels[level].facts}
        facts = (self.compiled.topic.facts[code] for code in sorted(codes, key=self.compiled.fact_order.__getitem__))
        return [fact for fact in facts if fact.asked_of is AskedOf.COMPANY and fact.code in self.decision.answers]

    def _changed(self, item: ProcedureDecision, fact: Fact, level: int, node: int, root: int) -> Iterable[WhatIf]:
        """The changes of the fact, which the way to the leaf first tests at the node."""
        if self.compiled.levels[level].kind is LevelKind.PAIR or len(self.compiled.levels[level].facts) > 1:
            return self._searched(item, fact, root)
        if fact.type is FactType.CHOICES:
            return self._other_sets(item, fact, node, root)
        return self._searched(item, fact, root)

    def _trail(self, root: int) -> list[tuple[int, int]] | None:
        """The levels on the way to the leaf with their nodes; None where the answers alone do not lead to one."""
        level, children, cells = self.store.level, self.store.children, self.whole.cells
        trail = []
        place = level[root]
        while place in cells:
            trail.append((place, root))
            root = children[root][cells[place]]
            place = level[root]
        return trail if place == TERMINAL else None

    def _beside(self, item: ProcedureDecision, fact: Fact, level: int, node: int) -> list[WhatIf]:
        """The nearest other cell of a fact with one level, for each other treatment."""
        assert item.outcome is not None
        here, present = self.whole.cells[level], item.outcome.treatment
        has_order = self.compiled.levels[level].kind is LevelKind.RANGE
        best: dict[Treatment | None, int] = {}
        for cell, child in enumerate(self.store.children[node]):
            if cell == here:
                continue
            below = treatments_below(self.compiled, child)
            if len(below) > 1:
                below = self._treatments(child, fact)
            if len(below) != 1 or present in below:
                continue
            (treatment,) = below
            near = best.get(treatment)
            if near is not None and (not has_order or abs(near - here) <= abs(cell - here)):
                continue
            if self._is_possible(fact, level, cell):
                best[treatment] = cell
        return [
            WhatIf(item.code, fact.code, *_answer(self.compiled, fact, {level: cell}, self.decision), treatment)
            for treatment, cell in best.items()
        ]

    def _treatments(self, node: int, fact: Fact) -> frozenset[Treatment | None]:
        """The treatments that the other answers leave possible from here on."""
        end = self.whole.walked(node)
        if self.store.level[end] == TERMINAL:
            return treatments_below(self.compiled, end)
        leaves = self.store.leaves_in(self._view(fact).reduced(end))
        return frozenset(leaf.outcome.treatment for leaf in leaves if isinstance(leaf, Leaf))

    def _is_possible(self, fact: Fact, level: int, cell: int) -> bool:
        """Whether the constraints leave the fact this cell under the other answers."""
        if fact.code not in self.compiled.tied_facts:
            return True
        found = self._possible.get((level, cell))
        if found is None:
            found = self._possible[level, cell] = self._is_admissible(fact, {level: cell})
        return found

    def _view(self, fact: Fact) -> View:
        found = self._opened.get(fact.code)
        if found is None:
            found = self._opened[fact.code] = self.whole.opened(fact.code)
        return found

    def _other_sets(self, item: ProcedureDecision, fact: Fact, node: int, root: int) -> Iterable[WhatIf]:
        """The nearest other set of options for each other treatment."""
        assert item.outcome is not None
        best: dict[Treatment | None, _Change] = {}
        missed: set[Treatment | None] = set()
        for treatment, cells in self._ways(item.outcome.treatment, fact, node):
            changed = self._nearest_set(fact, cells)
            if changed is None:
                missed.add(treatment)
            elif treatment not in best or self._cost(changed) < best[treatment].cost:
                best[treatment] = _Change(changed, treatment, self._cost(changed))
        if missed - best.keys():
            # More options would have to change than this way tests: the constraints have to be searched.
            return self._searched(item, fact, root)
        return [
            WhatIf(item.code, fact.code, *_answer(self.compiled, fact, dict(change.cells), self.decision), treatment)
            for treatment, change in best.items()
        ]

    def _ways(
        self, present: Treatment | None, fact: Fact, node: int
    ) -> Iterator[tuple[Treatment | None, dict[int, int]]]:
        """The ways through the set's options to one other treatment, each with the cells of the options it tests."""
        store, block = self.store, frozenset(self.compiled.fact_levels[fact.code])

        def walk(at: int, cells: dict[int, int]) -> Iterator[tuple[Treatment | None, dict[int, int]]]:
            if treatments_below(self.compiled, at) == {present}:
                return
            if store.level[at] in block:
                for cell, child in enumerate(store.children[at]):
                    yield from walk(child, {**cells, store.level[at]: cell})
                return
            treatments = self._treatments(at, fact)
            if len(treatments) == 1 and present not in treatments:
                yield next(iter(treatments)), cells

        return walk(node, {})

    def _nearest_set(self, fact: Fact, cells: dict[int, int]) -> tuple[tuple[int, int], ...] | None:
        """The levels to change for these cells; if the constraints forbid that alone, with one more changed.

        Unknown: None where more than one would have to change besides.
        """
        here = self.whole.cells
        changed = tuple((level, cell) for level, cell in cells.items() if here[level] != cell)
        if not changed:
            return None
        others = [level for level in self.compiled.fact_levels[fact.code] if level not in cells]
        tries = sorted(((*changed, (level, 1 - here[level])) for level in others), key=self._cost)
        return next((one for one in (changed, *tries) if self._is_admissible(fact, dict(one))), None)

    def _cost(self, changed: Iterable[tuple[int, int]]) -> int:
        """How many options change with these cells."""
        levels, here, answers = self.compiled.levels, self.whole.cells, self.decision.answers
        return sum(_steps(levels[at], here[at], cell, answers[levels[at].facts[0]]) for at, cell in changed)

    def _is_admissible(self, fact: Fact, changed: dict[int, int]) -> bool:
        """Whether the constraints allow the fact these cells under the other answers."""
        if fact.code not in self.compiled.tied_facts:
            return True
        cells = {**self.whole.cells, **changed}
        return all(self.store.restricted(diagram, cells) != self.store.false for diagram in self._constraints(fact))

    def _constraints(self, fact: Fact) -> list[int]:
        """The diagrams of the constraints on the fact, relations at the other facts' exact values."""
        found = self._tying.get(fact.code)
        if found is None:
            compiled = self.compiled
            others = {code: value for code, value in self.decision.answers.items() if code != fact.code}
            found = self._tying[fact.code] = [
                admissible(component, compiled.topic, self.store, compiled.levels, others)
                for component in compiled.components
                if fact.code in component.facts
            ]
        return found

    def _searched(self, item: ProcedureDecision, fact: Fact, root: int) -> Iterator[WhatIf]:
        """The changes of the fact, searched in the diagram with that fact open."""
        return _changed(self.compiled, self._view(fact), fact, item, self.decision, root)


def treatments_below(compiled: CompiledTopic, node: int) -> frozenset[Treatment | None]:
    """The treatments that the leaves below a compiled node have, constraints aside."""
    known = compiled.remembered.below
    found = known.get(node)
    if found is None:
        store = compiled.store
        if store.level[node] == TERMINAL:
            leaf = store.value[node]
            found = frozenset({leaf.outcome.treatment}) if isinstance(leaf, Leaf) else frozenset()
        else:
            found = frozenset().union(*(treatments_below(compiled, child) for child in store.children[node]))
        known[node] = found
    return found


def _weight(treatment: Treatment | None) -> int:
    return -1 if treatment is None else treatment.weight


def _changed(
    compiled: CompiledTopic, view: View, fact: Fact, item: ProcedureDecision, decision: Decision, root: int
) -> Iterator[WhatIf]:
    """The cheapest change of the fact for each treatment other than the present one."""
    diagram = view.with_whole_block(view.reduced(root), frozenset(compiled.fact_levels[fact.code]))
    here = _own_cells(compiled, fact, decision)
    best: dict[Treatment | None, _Change] = {}
    for change in _walk(compiled, view, fact, here, diagram, decision.answers[fact.code]):
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


def _walk(
    compiled: CompiledTopic, view: View, fact: Fact, here: dict[int, int], node: int, present: Value
) -> Iterator[_Change]:
    """Every way through the fact's levels to a part where the treatment is settled; `present` is its answer now.

    Cost: the paths through the block; levels not tested keep their present cell.
    """
    store = view.store
    block = frozenset(compiled.fact_levels[fact.code])

    def walk(at: int, changed: tuple[tuple[int, int], ...]) -> Iterator[_Change]:
        level = store.level[at]
        if level not in block:
            treatments = {leaf.outcome.treatment for leaf in store.leaves_in(at) if isinstance(leaf, Leaf)}
            if len(treatments) == 1:
                levels = compiled.levels
                cost = sum(_steps(levels[place], here.get(place, cell), cell, present) for place, cell in changed)
                yield _Change(changed, treatments.pop(), cost)
            return
        for cell, child in enumerate(store.children[at]):
            moved = changed if cell == here.get(level) else (*changed, (level, cell))
            yield from walk(child, moved)

    yield from walk(node, ())


def _steps(level: Level, here: int, cell: int, present: Value) -> int:
    """How far the cell lies from the present answer: in cells of a number, in options of a set taken back; else one."""
    if level.kind in (LevelKind.RANGE, LevelKind.PAIR):
        return abs(cell - here)
    if isinstance(present, frozenset) and cell == 0:
        return len(present.intersection(level.members))
    return 1


def _answer(compiled: CompiledTopic, fact: Fact, cells: dict[int, int], decision: Decision) -> tuple[Value, str]:
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
