"""Scenarios that something can be said of, as few disjoint cubes: each a set of cells for some facts and definitions.

A cube never reaches a scenario it is not true of; what no admissible scenario is like may be inside or outside, which
is what keeps the cubes few.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.diagram import BOTTOM, TERMINAL, Store
from app.engine.impact_joint import Joint, Side, Turn, definition_of

#: Level -> the cells a cube holds; a level that is not named may be anything.
Cells = Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Cube:
    """The scenarios whose facts and definitions lie in these cells."""

    cells: tuple[tuple[int, frozenset[int]], ...]

    @property
    def by_level(self) -> Cells:
        """The cells by level."""
        return dict(self.cells)


class Care:
    """What admissible scenarios can be like, said of any few levels at a time.

    Shape: one for all periods of a joint topic; what it found out is kept.
    """

    def __init__(self, joint: Joint) -> None:
        self.joint = joint
        self.store = joint.compiled.store
        whole = [component.whole for component in joint.compiled.components]
        self._admissible = [part for part in whole if part != self.store.true]
        self._definitions = {
            place: code
            for place, level in enumerate(joint.compiled.levels)
            if (code := definition_of(level.facts[0])) is not None
        }
        self._turns: dict[tuple[int, int], tuple[int, ...]] = {}
        self._tied: dict[tuple[int, int], int] = {}
        self._known: dict[tuple[frozenset[int], tuple[int, ...]], tuple[int, ...]] = {}
        self._sizes: dict[int, int] = {}
        self._expanded: dict[tuple[Cube, tuple[int, ...]], int] = {}

    def guarded(self, diagram: int, period: int) -> int:
        """The diagram with BOTTOM where no admissible scenario of the period is like that."""
        for part in self.about(self.store.levels_in(diagram), period):
            diagram = self.store.guarded(diagram, part)
        return diagram

    def about(self, levels: frozenset[int], period: int) -> tuple[int, ...]:
        """Boolean diagrams over these levels that together hold exactly where some admissible scenario is like that."""
        tied = tuple(self.tied(level, period) for level in sorted(levels & self._definitions.keys()))
        found = self._known.get((levels, tied))
        if found is None:
            found = self._known[levels, tied] = tuple(self._projected([*self._admissible, *tied], levels))
        return found

    def is_definition(self, level: int) -> bool:
        """Whether the level is a definition's variable."""
        return level in self._definitions

    def tied(self, level: int, period: int) -> int:
        """That a definition's variable says what the definition comes to under both versions."""
        found = self._tied.get((level, period))
        if found is None:
            turns = self.turns(level, period)
            found = self.store.false
            for cell, turned in enumerate(turns):
                test = self.store.test(level, len(turns), frozenset({cell}))
                found = self.store.either(found, self.store.both(turned, test))
            self._tied[level, period] = found
        return found

    def turns(self, level: int, period: int) -> tuple[int, ...]:
        """For each cell of a definition's variable the diagram of the scenarios that it stands for."""
        found = self._turns.get((level, period))
        if found is None:
            store, code = self.store, self._definitions[level]
            before, after = (self.joint.truth(side, code, period) for side in Side)
            turned = store.apply(lambda old, new: Turn.of(old is True, new is True), before, after)
            found = self._turns[level, period] = tuple(
                store.mapped(turned, lambda turn, cell=cell: turn in cell)  # type: ignore[misc]
                for cell in self.joint.compiled.levels[level].values
            )
        return found

    def expanded(self, cube: Cube, period: int) -> int:
        """The boolean diagram of the cube over facts alone."""
        store, levels = self.store, self.joint.compiled.levels
        parts = []
        for level, cells in cube.cells:
            if self.is_definition(level):
                turns = self.turns(level, period)
                part = store.false
                for cell in cells:
                    part = store.either(part, turns[cell])
            else:
                part = store.test(level, levels[level].size, cells)
            parts.append(part)
        key = (cube, tuple(parts))
        if key not in self._expanded:
            found = store.true
            for part in sorted(parts, key=self._size):
                found = store.both(found, part)
            self._expanded[key] = found
        return self._expanded[key]

    def _projected(self, parts: list[int], kept: frozenset[int]) -> Iterator[int]:
        """The conjunction of the parts with every other level projected away, in parts again.

        One level after the other, the one first whose parts are the smallest together.
        """
        store = self.store
        relevant = self._connected(parts, kept)
        waiting = set().union(*(store.levels_in(part) for part in relevant)) - kept
        while waiting:
            weights = dict.fromkeys(waiting, 0)
            for part in relevant:
                size = self._size(part)
                for level in store.levels_in(part) & waiting:
                    weights[level] += size
            level = min(weights, key=lambda item: (weights[item], item))
            waiting.discard(level)
            touching = [part for part in relevant if level in store.levels_in(part)]
            relevant = [part for part in relevant if part not in touching]
            joined = store.true
            for part in sorted(touching, key=self._size):
                joined = store.both(joined, part)
            rest = store.without(joined, lambda at, level=level: at != level)  # type: ignore[misc]
            if rest != store.true:
                relevant.append(rest)
        yield from (part for part in dict.fromkeys(relevant) if part != store.true)

    def _connected(self, parts: list[int], kept: frozenset[int]) -> list[int]:
        """The parts that share a level with these, over any number of others; the rest can always be met."""
        reached, found, rest = set(kept), [], list(dict.fromkeys(parts))
        while touching := [part for part in rest if self.store.levels_in(part) & reached]:
            found += touching
            rest = [part for part in rest if part not in touching]
            reached.update(*(self.store.levels_in(part) for part in touching))
        return found

    def _size(self, node: int) -> int:
        found = self._sizes.get(node)
        if found is None:
            found = self._sizes[node] = sum(1 for _ in self.store.reachable(node))
        return found


# ---- cubes -------------------------------------------------------------------------------------------


def cubes_of(store: Store, diagram: int, wanted: Hashable, keep_last: Sequence[int]) -> Iterator[Cube]:
    """Disjoint cubes that cover exactly what the guarded diagram leads to `wanted` in, BOTTOM apart.

    Shape: each as wide as it can be, given those before it; levels in `keep_last` are the last to be given up, the
        first of them last of all.
    Cost: linear in the diagram for each level of each cube.
    """
    open_part = store.mapped(diagram, lambda value: value if value is BOTTOM else value == wanted)
    while True:
        way = _shortest_way(store, open_part)
        if way is None:
            return
        cells = _widened(store, open_part, way, keep_last)
        yield Cube(tuple(sorted(_reached(store, open_part, cells).items())))
        open_part = _without_cube(store, open_part, cells)


def _shortest_way(store: Store, diagram: int) -> dict[int, frozenset[int]] | None:
    """The way to True that tests the fewest levels."""
    best: dict[int, int | None] = {}

    def walk(node: int) -> int | None:
        if store.level[node] == TERMINAL:
            return 0 if store.value[node] is True else None
        if node not in best:
            lengths = [length for child in store.children[node] if (length := walk(child)) is not None]
            best[node] = 1 + min(lengths) if lengths else None
        return best[node]

    if walk(diagram) is None:
        return None
    way: dict[int, frozenset[int]] = {}
    node = diagram
    while store.level[node] != TERMINAL:
        reaching = [child for child in store.children[node] if walk(child) is not None]
        chosen = min(reaching, key=lambda child: walk(child) or 0)
        children = store.children[node]
        way[store.level[node]] = frozenset(cell for cell, child in enumerate(children) if child == chosen)
        node = chosen
    return way


def _widened(
    store: Store, diagram: int, cells: dict[int, frozenset[int]], keep_last: Sequence[int]
) -> dict[int, frozenset[int]]:
    """The cube with every level given up, or given more cells, as far as it does not meet False."""
    rank = {level: place for place, level in enumerate(reversed(keep_last))}
    for level in sorted(cells, key=lambda item: (rank.get(item, -1), -item)):
        without = {other: held for other, held in cells.items() if other != level}
        if not _meets(store, diagram, without, store.false):
            cells = without
    sizes = {store.level[node]: len(store.children[node]) for node in store.reachable(diagram)}
    for level in sorted(cells):
        for cell in range(sizes.get(level, 0)):
            if cell not in cells[level]:
                wider = {**cells, level: cells[level] | {cell}}
                if not _meets(store, diagram, wider, store.false):
                    cells = wider
    return cells


def _meets(store: Store, diagram: int, cells: Cells, leaf: int) -> bool:
    """Whether some way inside the cube leads to the leaf."""
    seen = {diagram}
    waiting = [diagram]
    while waiting:
        node = waiting.pop()
        if node == leaf:
            return True
        children = store.children[node]
        held = cells.get(store.level[node])
        for child in children if held is None else [children[cell] for cell in held]:
            if child not in seen:
                seen.add(child)
                waiting.append(child)
    return False


def _reached(store: Store, diagram: int, cells: Cells) -> dict[int, frozenset[int]]:
    """The cube without the cells that lead to nothing but BOTTOM."""
    return {
        level: frozenset(
            cell for cell in held if _meets(store, diagram, {**cells, level: frozenset({cell})}, store.true)
        )
        for level, held in cells.items()
    }


def _without_cube(store: Store, diagram: int, cells: Cells) -> int:
    """The diagram with True turned False inside the cube."""
    memo: dict[tuple[int, int], int] = {}
    order = sorted(cells)

    def walk(node: int, place: int) -> int:
        level = store.level[node]
        while place < len(order) and order[place] < level:
            if level == TERMINAL and store.value[node] is not True:
                return node
            # The diagram does not test this level, so the cube has to be told apart here.
            return split(node, place)
        if level == TERMINAL:
            return store.false if store.value[node] is True else node
        key = (node, place)
        if key not in memo:
            here = place < len(order) and order[place] == level
            held = cells[level] if here else None
            memo[key] = store.node(
                level,
                tuple(
                    walk(child, place + here) if held is None or cell in held else child
                    for cell, child in enumerate(store.children[node])
                ),
            )
        return memo[key]

    def split(node: int, place: int) -> int:
        key = (node, place)
        if key not in memo:
            level = order[place]
            inside = walk(node, place + 1)
            size = sizes[level]
            memo[key] = store.node(level, tuple(inside if cell in cells[level] else node for cell in range(size)))
        return memo[key]

    sizes = {store.level[node]: len(store.children[node]) for node in store.reachable(diagram)}
    return walk(diagram, 0)
