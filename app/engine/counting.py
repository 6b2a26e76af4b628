"""How many scenarios there are, counted exactly from the diagrams.

Scenarios that no condition of the topic can tell apart count as one: one for each combination of the facts' cells.
"""

from collections.abc import Callable, Collection, Hashable
from math import prod

from app.engine.compile import CompiledTopic
from app.engine.diagram import TERMINAL, Store


def admissible_scenarios(compiled: CompiledTopic) -> int:
    """The number of scenarios that keep every constraint.

    Cost: linear in the constraints' diagrams; they share no facts, so their numbers multiply.
    """
    store, sizes = compiled.store, _sizes(compiled)
    tied: set[int] = set()
    found = 1
    for component in compiled.components:
        found *= ways(store, component.whole, component.levels, sizes, lambda value: value is True)
        tied |= component.levels
    return found * prod(size for place, size in sizes.items() if place not in tied)


def admissible_over(compiled: CompiledTopic, places: Collection[int]) -> int:
    """The number of combinations of these levels' cells that some admissible scenario has.

    Shape: to be called inside `Store.scratch` or `Store.building`; what the constraints say of other levels is
        projected away.
    """
    store, sizes = compiled.store, _sizes(compiled)
    tied: set[int] = set()
    found = 1
    for component in compiled.components:
        own = component.levels & frozenset(places)
        guard = store.without(component.whole, own.__contains__)
        found *= ways(store, guard, own, sizes, lambda value: value is True)
        tied |= own
    return found * prod(sizes[place] for place in places if place not in tied)


def ways(
    store: Store,
    diagram: int,
    places: Collection[int],
    sizes: dict[int, int],
    wanted: Callable[[Hashable], bool],
) -> int:
    """The number of combinations of these levels' cells that lead to a wanted leaf.

    Shape: `places` holds at least the levels that the diagram tests.
    Cost: linear in the diagram.
    """
    order = sorted(places)
    depth = {place: at for at, place in enumerate(order)}
    # between[n] is the number of combinations of all levels from the n-th on.
    between = [1]
    for place in reversed(order):
        between.append(between[-1] * sizes[place])
    between.reverse()
    memo: dict[int, int] = {}

    def below(node: int) -> int:
        """Combinations of the node's own level and all later ones."""
        found = memo.get(node)
        if found is None:
            if store.level[node] == TERMINAL:
                found = int(wanted(store.value[node]))
            else:
                start = depth[store.level[node]] + 1
                found = sum(below(child) * (between[start] // between[_depth(child)]) for child in store.children[node])
            memo[node] = found
        return found

    def _depth(node: int) -> int:
        return len(order) if store.level[node] == TERMINAL else depth[store.level[node]]

    return below(diagram) * (between[0] // between[_depth(diagram)])


def _sizes(compiled: CompiledTopic) -> dict[int, int]:
    return {place: level.size for place, level in enumerate(compiled.levels)}
