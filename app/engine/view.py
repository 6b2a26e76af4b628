"""A scenario read against the constraints: what its answers force, and what they leave of a diagram.

Construction: answers restrict each constraint component first; what it then says about single facts narrows the
diagrams, and where it ties several of a diagram's facts together it guards the diagram. Only so are alternatives exact.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.engine.cells import Level
from app.engine.compile import CompiledTopic
from app.engine.components import Component, admissible
from app.engine.diagram import BOTTOM, TERMINAL, Store
from app.engine.facts import FactCode, Value
from app.engine.linked import Node
from app.engine.shape import Shape


class View:
    """What a scenario's answers leave open. Lives inside one `Store.scratch`.

    The constraints are read only once a diagram is not settled by the answers alone: where all is answered, never.
    Raises: ValueError for answers that contradict each other, once a diagram is open under them;
        `conflicting_facts` finds them beforehand.
    """

    def __init__(
        self, compiled: CompiledTopic, answers: Mapping[FactCode, Value], cells: Mapping[int, int] | None = None
    ) -> None:
        self.compiled = compiled
        self.store = compiled.store
        self.answers = answers
        self.cells: Mapping[int, int] = compiled.finder.cells(answers) if cells is None else cells
        self._row: list[int | None] | None = None
        self._tied: _Tied | None = None
        self._parts: dict[int, _Part] = {}
        self._guards: dict[frozenset[int], int] = {}
        self._condensed: dict[Callable[[Hashable], Hashable], dict[int, int]] = {}

    def again(self) -> "View":
        """The same view for another `Store.scratch`; what it says of single facts holds on, diagrams are made anew."""
        view = View(self.compiled, self.answers, self.cells)
        if self._tied is not None and not self._tied.live:
            view._parts = self._parts
        return view

    def opened(self, fact: FactCode) -> "View":
        """The same scenario with this fact unanswered."""
        others = {code: value for code, value in self.answers.items() if code != fact}
        cells = {level: cell for level, cell in self.cells.items() if fact not in self.compiled.levels[level].facts}
        return self._sharing(View(self.compiled, others, cells), fact, self.tied)

    def answering(self, fact: FactCode, value: Value) -> "View":
        """The same scenario with this other answer to the fact."""
        compiled, answers = self.compiled, {**self.answers, fact: value}
        is_paired = not compiled.paired_levels.isdisjoint(compiled.fact_levels[fact])
        cells = None if is_paired else {**self.cells, **compiled.finder.cells({fact: value})}
        return self._sharing(View(compiled, answers, cells), fact, self._tied)

    def _sharing(self, view: "View", changed: FactCode, tied: "_Tied | None") -> "View":
        """The view with what is known already: what constraints say that are not on the changed fact."""
        if changed not in self.compiled.tied_facts:
            view._tied, view._guards = tied, self._guards
        components = self.compiled.components
        view._parts = {place: part for place, part in self._parts.items() if changed not in components[place].facts}
        return view

    @property
    def tied(self) -> "_Tied":
        """What the constraints say under the answers."""
        if self._tied is None:
            for place, component in enumerate(self.compiled.components):
                if place not in self._parts:
                    self._parts[place] = _part(component, self)
            parts = [self._parts[place] for place in range(len(self.compiled.components))]
            self._tied = _Tied(parts, self.compiled.levels)
        return self._tied

    def walked(self, root: int) -> int:
        """The node that the answers lead to: a leaf, or the first that asks what is not answered."""
        level, children, cell_at = self.store.level, self.store.children, self.cells.get
        while (cell := cell_at(level[root])) is not None:
            root = children[root][cell]
        return root

    @property
    def row(self) -> Sequence[int | None]:
        """The cell of each level, None where it is open; and None for leaves, where a walk ends."""
        found = self._row
        if found is None:
            found = self._row = [None] * (len(self.compiled.levels) + 1)
            for level, cell in self.cells.items():
                found[level] = cell
        return found

    def walked_all(self, roots: Iterable[Node]) -> list[Node]:
        """The nodes that the answers lead to, one for each root."""
        row = self.row
        found = []
        # Every scenario comes by here with all diagrams of a day's law: a call for each would cost more than its walk.
        for node in roots:
            while (cell := row[node.place]) is not None:
                node = node.kids[cell]
            found.append(node)
        return found

    def reduced(self, root: int) -> int:
        """The diagram under the answers and constraints: its leaves, BOTTOM aside, are exactly the possible ones."""
        store = self.store
        diagram = self.walked(root)
        if store.level[diagram] == TERMINAL:
            return diagram
        diagram = store.restricted(diagram, self.cells)
        if store.level[diagram] == TERMINAL:
            return diagram
        tied = self.tied
        if tied.allowed:
            diagram = store.narrowed(diagram, tied.allowed)
        for levels, component in tied.live:
            shared = store.levels_in(diagram) & levels
            if len(shared) > 1:
                guard = tied.guard(store, component, shared)
                if guard != store.true:
                    diagram = store.guarded(diagram, guard)
        return diagram

    def leaves(self, root: int) -> list[int]:
        """The possible leaves of a diagram, as nodes, in an order that its form alone gives.

        Cost: a visit of what the answers leave of the diagram, together with what the constraints say of its levels.
        """
        node = self.walked(root)
        if self.store.level[node] == TERMINAL:
            return [node]
        guard = self._guard(self.store.levels_in(node))
        return self._visited(node) if guard == self.store.true else self._visited_with(node, guard)

    def tested(self, root: int) -> tuple[dict[int, list[int]], set[int], list[int]]:
        """The levels that a compiled diagram tests on the ways that the answers leave, constraints aside.

        Shape: answered ones with the nodes that test them; open ones; the leaves that the ways end in.
        """
        level, children, cells = self.store.level, self.store.children, self.cells
        answered: dict[int, list[int]] = {}
        still_open, leaves, seen, waiting = set(), [], {root}, [root]
        while waiting:
            at = waiting.pop()
            place = level[at]
            if place in cells:
                answered.setdefault(place, []).append(at)
                kid = children[at][cells[place]]
                if kid not in seen:
                    seen.add(kid)
                    waiting.append(kid)
            elif place == TERMINAL:
                leaves.append(at)
            else:
                still_open.add(place)
                for kid in children[at]:
                    if kid not in seen:
                        seen.add(kid)
                        waiting.append(kid)
        return answered, still_open, leaves

    def inside(self, level: int, cell: int) -> "View":
        """The same scenario with another cell of one level, which no constraint is on."""
        view = View(self.compiled, self.answers, {**self.cells, level: cell})
        view._tied, view._guards = self.tied, self._guards
        return view

    def telling_facts(self, root: int, by: Callable[[Hashable], Hashable]) -> tuple[FactCode, ...]:
        """The open facts that settle what `by` makes of a compiled diagram's leaves; see `settling_facts`."""
        store = self.store
        diagram = store.condensed(root, self.cells, self.tied.picks, by, self._condensed.setdefault(by, {}))
        if store.level[diagram] == TERMINAL:
            return ()
        levels = store.levels_in(diagram)
        guard = self._guard(levels)
        # Reduced, and nothing impossible in it: each level it tests can alone turn some scenario's leaf.
        return self._open_facts(levels) if guard == store.true else self.settling_facts(store.guarded(diagram, guard))

    def _open_facts(self, levels: Iterable[int]) -> tuple[FactCode, ...]:
        """The open facts that have one of the levels, in topic order."""
        of, answers = self.compiled.levels, self.answers
        facts = {code for level in levels for code in of[level].facts if code not in answers}
        return tuple(sorted(facts, key=self.compiled.fact_order.__getitem__))

    def _guard(self, levels: frozenset[int]) -> int:
        """What the constraints say of these levels together; true where they tie no two of them."""
        store, tied = self.store, self.tied
        bound = levels & tied.levels
        found = self._guards.get(bound)
        if found is None:
            found = store.true
            for own, component in tied.live:
                shared = bound & own
                if len(shared) > 1:
                    found = store.both(found, tied.guard(store, component, shared))
            self._guards[bound] = found
        return found

    def _visited(self, node: int) -> list[int]:
        level, children, cells, picks = self.store.level, self.store.children, self.cells, self.tied.picks
        found, seen, waiting = [], {node}, [node]
        while waiting:
            at = waiting.pop()
            place, kids = level[at], children[at]
            if place == TERMINAL:
                found.append(at)
            elif place in cells:
                kids = (kids[cells[place]],)
            elif place in picks:
                kids = tuple([kids[cell] for cell in picks[place]])
            for kid in kids:
                if kid not in seen:
                    seen.add(kid)
                    waiting.append(kid)
        return found

    def _visited_with(self, node: int, guard: int) -> list[int]:
        store, cells, picks = self.store, self.cells, self.tied.picks
        level, children, false = store.level, store.children, store.false
        found: dict[int, None] = {}
        start = (node, guard)
        seen, waiting = {start}, [start]
        while waiting:
            at, holds = waiting.pop()
            place, tied, kids = level[at], level[holds], children[at]
            if place == TERMINAL:
                found[at] = None
                continue
            if place in cells:
                pairs = [(kids[cells[place]], holds)]
            elif place < tied:
                pairs = (
                    [(kids[cell], holds) for cell in picks[place]] if place in picks else [(kid, holds) for kid in kids]
                )
            elif place == tied:
                pairs = [pair for pair in zip(kids, children[holds], strict=True) if pair[1] != false]
            else:
                pairs = [(at, child) for child in children[holds] if child != false]
            for pair in pairs:
                if pair not in seen:
                    seen.add(pair)
                    waiting.append(pair)
        return list(found)

    def with_whole_block(self, diagram: int, block: frozenset[int]) -> int:
        """A reduced diagram guarded by what constraints say of the levels of one fact, tested by it or not."""
        store = self.store
        tested = store.levels_in(diagram)
        for levels, component in self.tied.live:
            if levels & block:
                diagram = store.guarded(diagram, self.tied.guard(store, component, (tested | block) & levels))
        return diagram

    def settling_facts(self, diagram: int) -> tuple[FactCode, ...]:
        """The open facts that settle a reduced diagram: sufficient, and none can be left out.

        Shape: in topic order. First the facts that can alone turn one admissible scenario's leaf into another; where
            constraints tie facts together so that these do not settle it, facts are added, earlier ones kept.
        """
        if self.store.level[diagram] == TERMINAL:
            return ()
        shape = Shape(self.store, diagram)
        if len(shape.by_level[TERMINAL]) - shape.is_guarded < 2:
            return ()
        mentioned = self._open_facts(shape.by_level.keys() - {TERMINAL})
        if not shape.is_guarded:
            return mentioned
        flipping = {fact for fact in mentioned if shape.flips(frozenset(self.compiled.fact_levels[fact]))}
        if len(flipping) == len(mentioned) or self._settles(diagram, flipping):
            return tuple(fact for fact in mentioned if fact in flipping)
        kept = set(mentioned)
        for fact in reversed(mentioned):
            if fact not in flipping and self._settles(diagram, kept - {fact}):
                kept.discard(fact)
        return tuple(fact for fact in mentioned if fact in kept)

    def _settles(self, diagram: int, facts: set[FactCode]) -> bool:
        """Whatever admissible answers to the facts: at most one leaf is left."""
        store = self.store
        kept = frozenset(place for fact in facts for place in self.compiled.fact_levels[fact])
        memo: dict[int, int] = {}

        def union(left: Hashable, right: Hashable) -> Hashable:
            assert isinstance(left, frozenset)
            assert isinstance(right, frozenset)
            return left | right

        def walk(node: int) -> int:
            found = memo.get(node)
            if found is not None:
                return found
            if store.level[node] == TERMINAL:
                value = store.value[node]
                found = store.leaf(frozenset() if value is BOTTOM else frozenset({value}))
            else:
                children = tuple(walk(child) for child in store.children[node])
                if store.level[node] in kept:
                    found = store.node(store.level[node], children)
                else:
                    found = children[0]
                    for child in children[1:]:
                        found = store.apply(union, found, child)
            memo[node] = found
            return found

        sets = store.leaves_in(walk(diagram))
        return all(isinstance(left, frozenset) and len(left) < 2 for left in sets)


@dataclass(frozen=True, slots=True)
class _Part:
    """What one component of constraints leaves under some answers.

    Shape: `allowed` the cells of its levels that are narrowed, `live` its diagram where that ties several of its
        levels together, with these.
    """

    allowed: Mapping[int, frozenset[int]]
    live: tuple[frozenset[int], int] | None


def _part(component: Component, view: View) -> _Part:
    compiled, store = view.compiled, view.store
    diagram = admissible(component, compiled.topic, store, compiled.levels, view.answers)
    diagram = store.restricted(diagram, view.cells)
    if diagram == store.false:
        raise ValueError("contradicting answers")
    if diagram == store.true:
        return _NOTHING
    allowed: dict[int, frozenset[int]] = {}
    product = store.true
    for level, cells in sorted(_allowed_cells(store, diagram).items(), reverse=True):
        size = compiled.levels[level].size
        if len(cells) < size:
            allowed[level] = cells
            product = store.both(store.test(level, size, cells), product)
    return _Part(allowed, None if product == diagram else (store.levels_in(diagram), diagram))


_NOTHING: Final = _Part({}, None)


class _Tied:
    """What the constraints leave under some answers.

    Shape: `allowed` the cells of single levels that are narrowed, `picks` for each of their cells itself or, where it
        cannot be, the first that can; `live` the diagrams of components that tie several levels together, each with
        its levels, which together are `levels`.
    """

    def __init__(self, parts: Sequence[_Part], levels: Sequence[Level]) -> None:
        self.allowed = {level: cells for part in parts for level, cells in part.allowed.items()}
        self.picks = {level: _picks(cells, levels[level].size) for level, cells in self.allowed.items()}
        self.live = [part.live for part in parts if part.live is not None]
        self.levels: frozenset[int] = frozenset().union(*(levels for levels, _ in self.live))
        self._guards: dict[tuple[int, frozenset[int]], int] = {}

    def guard(self, store: Store, component: int, levels: frozenset[int]) -> int:
        """What the component says about these levels, the others projected away."""
        found = self._guards.get((component, levels))
        if found is None:
            found = self._guards[component, levels] = store.without(component, levels.__contains__)
        return found


def _picks(cells: frozenset[int], size: int) -> tuple[int, ...]:
    first = min(cells)
    return tuple([cell if cell in cells else first for cell in range(size)])


def _allowed_cells(store: Store, diagram: int) -> dict[int, frozenset[int]]:
    """For each level that every way to true of the boolean diagram tests: the cells on some way.

    Every node but false leads to true. A level that some way passes by has all its cells and is left out.
    """
    levels = store.levels_in(diagram)
    found: dict[int, set[int]] = {level: set() for level in levels}
    passed: set[int] = {level for level in levels if level < store.level[diagram]}
    for node in store.reachable(diagram):
        level = store.level[node]
        if level == TERMINAL:
            continue
        for cell, child in enumerate(store.children[node]):
            if child != store.false:
                found[level].add(cell)
                passed.update(other for other in levels if level < other < store.level[child])
    return {level: frozenset(cells) for level, cells in found.items() if level not in passed}
