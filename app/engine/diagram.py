"""Reduced ordered decision diagrams with many-valued levels and arbitrary leaves.

A node is an integer. Nodes are hash-consed: equal functions are the same integer. A store grows only while topics are
compiled; what a request builds is taken away again (`scratch`), so that answering never makes the store larger.
"""

import threading
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

#: The level of leaves, below every other one.
TERMINAL: Final = 1 << 30


class Bottom:
    """The leaf of what cannot be: no admissible scenario leads there."""

    def __repr__(self) -> str:
        return "BOTTOM"


BOTTOM: Final = Bottom()


class Store:
    """The nodes of one topic, and the operations on them.

    Cost: each operation is linear in the product of the sizes of the diagrams it reads, by memo.
    """

    def __init__(self) -> None:
        self.level: list[int] = []
        self.children: list[tuple[int, ...]] = []
        self.value: list[Hashable] = []
        self._nodes: dict[tuple[int, tuple[int, ...]], int] = {}
        self._leaves: dict[Hashable, int] = {}
        self._levels: dict[int, frozenset[int]] = {}
        self._lock = threading.RLock()
        self.false = self.leaf(False)
        self.true = self.leaf(True)
        self.bottom = self.leaf(BOTTOM)

    def __len__(self) -> int:
        return len(self.level)

    @contextmanager
    def scratch(self) -> Iterator[None]:
        """Everything built inside is forgotten at the end; only one request at a time builds in a store."""
        with self._lock:
            mark = len(self.level)
            try:
                yield
            finally:
                self._cut_back(mark)

    @contextmanager
    def building(self) -> Iterator[None]:
        """What is built inside stays. Must not be entered inside `scratch`."""
        with self._lock:
            yield

    def _cut_back(self, mark: int) -> None:
        for node in range(mark, len(self.level)):
            self._levels.pop(node, None)
            if self.level[node] == TERMINAL:
                del self._leaves[self._leaf_key(self.value[node])]
            else:
                del self._nodes[self.level[node], self.children[node]]
        del self.level[mark:], self.children[mark:], self.value[mark:]

    @staticmethod
    def _leaf_key(value: Hashable) -> Hashable:
        return (type(value), value)

    def leaf(self, value: Hashable) -> int:
        """The leaf with this value."""
        key = self._leaf_key(value)
        if key not in self._leaves:
            self._leaves[key] = self._append(TERMINAL, (), value)
        return self._leaves[key]

    def node(self, level: int, children: tuple[int, ...]) -> int:
        """The node that branches at `level`; the child itself where all are the same."""
        first = children[0]
        if children.count(first) == len(children):
            return first
        key = (level, children)
        found = self._nodes.get(key)
        if found is None:
            found = self._nodes[key] = self._append(level, children, None)
        return found

    def _append(self, level: int, children: tuple[int, ...], value: Hashable) -> int:
        self.level.append(level)
        self.children.append(children)
        self.value.append(value)
        return len(self.level) - 1

    def test(self, level: int, size: int, cells: frozenset[int]) -> int:
        """True in these cells of the level, false in the others."""
        return self.node(level, tuple(self.true if cell in cells else self.false for cell in range(size)))

    def apply(self, combine: Callable[[Hashable, Hashable], Hashable], left: int, right: int) -> int:
        """The diagram whose leaves are `combine` of both diagrams' leaves."""
        memo: dict[tuple[int, int], int] = {}

        def walk(a: int, b: int) -> int:
            key = (a, b)
            found = memo.get(key)
            if found is None:
                found = memo[key] = step(a, b)
            return found

        def step(a: int, b: int) -> int:
            level_a, level_b = self.level[a], self.level[b]
            if level_a == TERMINAL and level_b == TERMINAL:
                return self.leaf(combine(self.value[a], self.value[b]))
            level = min(level_a, level_b)
            size = len(self.children[a] if level_a == level else self.children[b])
            kids_a = self.children[a] if level_a == level else (a,) * size
            kids_b = self.children[b] if level_b == level else (b,) * size
            return self.node(level, tuple(walk(x, y) for x, y in zip(kids_a, kids_b, strict=True)))

        return walk(left, right)

    def both(self, left: int, right: int) -> int:
        """Conjunction of two boolean diagrams."""
        if left == right or right == self.true:
            return left
        if left == self.true:
            return right
        if self.false in (left, right):
            return self.false
        return self.apply(_and, left, right)

    def either(self, left: int, right: int) -> int:
        """Disjunction of two boolean diagrams."""
        if left == right or right == self.false:
            return left
        if left == self.false:
            return right
        if self.true in (left, right):
            return self.true
        return self.apply(_or, left, right)

    def negation(self, node: int) -> int:
        """The boolean diagram turned round."""
        return self.mapped(node, _not)

    def mapped(self, node: int, change: Callable[[Hashable], Hashable]) -> int:
        """The diagram with every leaf's value changed."""
        memo: dict[int, int] = {}

        def walk(at: int) -> int:
            found = memo.get(at)
            if found is None:
                if self.level[at] == TERMINAL:
                    found = self.leaf(change(self.value[at]))
                else:
                    found = self.node(self.level[at], tuple(walk(child) for child in self.children[at]))
                memo[at] = found
            return found

        return walk(node)

    def restricted(self, node: int, cells: Mapping[int, int]) -> int:
        """The diagram with these levels answered."""
        while self.level[node] in cells:
            node = self.children[node][cells[self.level[node]]]
        if self.level[node] == TERMINAL:
            return node
        memo: dict[int, int] = {}

        def walk(at: int) -> int:
            while self.level[at] in cells:
                at = self.children[at][cells[self.level[at]]]
            if self.level[at] == TERMINAL:
                return at
            found = memo.get(at)
            if found is None:
                found = memo[at] = self.node(self.level[at], tuple(walk(child) for child in self.children[at]))
            return found

        return walk(node)

    def narrowed(self, node: int, allowed: Mapping[int, frozenset[int]]) -> int:
        """The diagram where these levels take only these cells; the others lead to BOTTOM.

        A level whose remaining cells agree is not tested any more.
        """
        memo: dict[int, int] = {}

        def walk(at: int) -> int:
            if self.level[at] == TERMINAL:
                return at
            found = memo.get(at)
            if found is None:
                found = memo[at] = step(at)
            return found

        def step(at: int) -> int:
            level, children = self.level[at], self.children[at]
            cells = allowed.get(level)
            if cells is None or len(cells) == len(children):
                return self.node(level, tuple(walk(child) for child in children))
            kept = {walk(children[cell]) for cell in cells}
            if len(kept) == 1:
                return kept.pop()
            return self.node(
                level,
                tuple(walk(child) if cell in cells else self.bottom for cell, child in enumerate(children)),
            )

        return walk(node)

    def condensed(
        self,
        node: int,
        cells: Mapping[int, int],
        picks: Mapping[int, tuple[int, ...]],
        change: Callable[[Hashable], Hashable],
        memo: dict[int, int],
    ) -> int:
        """The diagram with these levels answered, in others cells taken for others, and every leaf's value changed.

        Shape: `picks` by level the cell to take for each; `memo` what came of each node, for all diagrams read alike.
        """
        level, children = self.level, self.children

        def walk(at: int) -> int:
            place = level[at]
            while place in cells:
                at = children[at][cells[place]]
                place = level[at]
            found = memo.get(at)
            if found is None:
                if place == TERMINAL:
                    found = self.leaf(change(self.value[at]))
                elif place in picks:
                    kids = children[at]
                    found = self.node(place, tuple([walk(kids[cell]) for cell in picks[place]]))
                else:
                    found = self.node(place, tuple([walk(kid) for kid in children[at]]))
                memo[at] = found
            return found

        return walk(node)

    def guarded(self, node: int, admissible: int) -> int:
        """The diagram where the boolean one holds, BOTTOM elsewhere."""
        memo: dict[tuple[int, int], int] = {}

        def walk(at: int, holds: int) -> int:
            if holds == self.true or at == self.bottom:
                return at
            if holds == self.false:
                return self.bottom
            key = (at, holds)
            found = memo.get(key)
            if found is None:
                found = memo[key] = step(at, holds)
            return found

        def step(at: int, holds: int) -> int:
            level_at, level_holds = self.level[at], self.level[holds]
            if level_at < level_holds:
                return self.node(level_at, tuple([walk(child, holds) for child in self.children[at]]))
            if level_holds < level_at:
                return self.node(level_holds, tuple([walk(at, child) for child in self.children[holds]]))
            pairs = zip(self.children[at], self.children[holds], strict=True)
            return self.node(level_at, tuple([walk(child, other) for child, other in pairs]))

        return walk(node, admissible)

    def without(self, node: int, kept: Callable[[int], bool]) -> int:
        """∃: the boolean diagram with every level not kept projected away."""
        memo: dict[int, int] = {}

        def walk(at: int) -> int:
            if self.level[at] == TERMINAL:
                return at
            found = memo.get(at)
            if found is None:
                children = tuple(walk(child) for child in self.children[at])
                if kept(self.level[at]):
                    found = self.node(self.level[at], children)
                else:
                    found = self.false
                    for child in children:
                        found = self.either(found, child)
                memo[at] = found
            return found

        return walk(node)

    def reachable(self, node: int) -> Iterator[int]:
        """Every node below and itself, each once."""
        seen = {node}
        waiting = [node]
        children = self.children
        while waiting:
            at = waiting.pop()
            yield at
            fresh = set(children[at]) - seen
            seen |= fresh
            waiting.extend(fresh)

    def levels_in(self, node: int) -> frozenset[int]:
        """The levels the diagram tests."""
        found = self._levels.get(node)
        if found is None:
            found = frozenset(self.level[at] for at in self.reachable(node)) - {TERMINAL}
            self._levels[node] = found
        return found

    def leaves_in(self, node: int) -> list[Hashable]:
        """The values of the leaves, BOTTOM left out."""
        if self.level[node] == TERMINAL:
            return [self.value[node]]
        return [
            self.value[at] for at in self.reachable(node) if self.level[at] == TERMINAL and self.value[at] is not BOTTOM
        ]

    def leaf_at(self, node: int, cells: Mapping[int, int]) -> Hashable:
        """The leaf that a full answer leads to."""
        while self.level[node] != TERMINAL:
            node = self.children[node][cells[self.level[node]]]
        return self.value[node]


def _and(left: Hashable, right: Hashable) -> Hashable:
    return left is True and right is True


def _or(left: Hashable, right: Hashable) -> Hashable:
    return left is True or right is True


def _not(value: Hashable) -> Hashable:
    return value is not True
