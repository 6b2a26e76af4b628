"""Which facts can alone turn the leaf of a diagram that constraints guard."""

from itertools import combinations

from app.engine.diagram import TERMINAL, Store


class Shape:
    """A diagram's nodes by level, for asking of many facts whether they alone can turn its leaf."""

    def __init__(self, store: Store, diagram: int) -> None:
        self.store = store
        self.diagram = diagram
        self.nodes = list(store.reachable(diagram))
        self.is_guarded = store.bottom in self.nodes
        self.by_level: dict[int, list[int]] = {}
        for node in self.nodes:
            self.by_level.setdefault(store.level[node], []).append(node)
        self._memo: dict[tuple[int, int], bool] = {}

    def flips(self, block: frozenset[int]) -> bool:
        """Two admissible scenarios differ in the block of one fact's levels alone, and in the leaf."""
        return any(
            differ(self.store, one, other, self._memo)
            for entry in self._entries(block)
            for one, other in combinations(_exits(self.store, entry, block), 2)
        )

    def _entries(self, block: frozenset[int]) -> set[int]:
        """The nodes of the block that are reached from outside it."""
        inside = [node for level in block for node in self.by_level.get(level, ())]
        if len(block) == 1:
            return set(inside)
        level = self.store.level
        entries = {self.diagram} if level[self.diagram] in block else set()
        for node in self.nodes:
            if level[node] not in block:
                entries.update(child for child in self.store.children[node] if level[child] in block)
        return entries


def _exits(store: Store, entry: int, block: frozenset[int]) -> set[int]:
    """The nodes first reached after the block's levels."""
    exits: set[int] = set()
    waiting, seen = [entry], {entry}
    while waiting:
        for child in store.children[waiting.pop()]:
            if store.level[child] not in block:
                exits.add(child)
            elif child not in seen:
                seen.add(child)
                waiting.append(child)
    return exits


def differ(store: Store, one: int, other: int, memo: dict[tuple[int, int], bool]) -> bool:
    """Whether some assignment below leads the two to different leaves, neither of them BOTTOM."""
    if one == other or store.bottom in (one, other):
        return False
    key = (one, other) if one < other else (other, one)
    found = memo.get(key)
    if found is None:
        level = min(store.level[one], store.level[other])
        if level == TERMINAL:
            found = True
        else:
            size = len(store.children[one if store.level[one] == level else other])
            left = store.children[one] if store.level[one] == level else (one,) * size
            right = store.children[other] if store.level[other] == level else (other,) * size
            found = any(differ(store, x, y, memo) for x, y in zip(left, right, strict=True))
        memo[key] = found
    return found
