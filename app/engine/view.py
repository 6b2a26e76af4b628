"""A scenario read against the constraints: what its answers force, and what they leave of a diagram.

Construction: answers restrict each constraint component first; what it then says about single facts narrows the
diagrams, and where it ties several of a diagram's facts together it guards the diagram. Only so are alternatives exact.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from app.engine.compile import CompiledTopic
from app.engine.components import Component, admissible
from app.engine.diagram import BOTTOM, TERMINAL, Store
from app.engine.facts import FactCode, Value
from app.engine.relations import keeps_all


@dataclass(frozen=True, slots=True)
class Conflict:
    """Answers that cannot be true together.

    Shape: `facts` one smallest conflicting set in topic order, `constraints` the codes of those it breaks.
    """

    facts: tuple[FactCode, ...]
    constraints: tuple[str, ...]


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
        self._tied: _Tied | None = None

    def again(self) -> "View":
        """The same view for another `Store.scratch`; what it says of single facts holds on, diagrams are made anew."""
        view = View(self.compiled, self.answers, self.cells)
        if self._tied is not None and not self._tied.live:
            view._tied = _Tied(self._tied.allowed)
        return view

    def opened(self, fact: FactCode) -> "View":
        """The same scenario with this fact unanswered."""
        others = {code: value for code, value in self.answers.items() if code != fact}
        cells = {level: cell for level, cell in self.cells.items() if fact not in self.compiled.levels[level].facts}
        view = View(self.compiled, others, cells)
        if fact not in self.compiled.tied_facts:
            view._tied = self.tied
        return view

    def answering(self, fact: FactCode, value: Value) -> "View":
        """The same scenario with this other answer to the fact."""
        view = View(self.compiled, {**self.answers, fact: value})
        if fact not in self.compiled.tied_facts:
            view._tied = self._tied
        return view

    @property
    def tied(self) -> "_Tied":
        """What the constraints say under the answers."""
        if self._tied is None:
            self._tied = _Tied({})
            for component in self.compiled.components:
                self._tied.take_in(component, self)
        return self._tied

    def walked(self, root: int) -> int:
        """The node that the answers lead to: a leaf, or the first that asks what is not answered."""
        level, children, cell_at = self.store.level, self.store.children, self.cells.get
        cell = cell_at(level[root])
        while cell is not None:
            root = children[root][cell]
            cell = cell_at(level[root])
        return root

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

    def with_whole_block(self, diagram: int, block: frozenset[int]) -> int:
        """A reduced diagram guarded by what constraints say among the levels of one fact, tested by it or not."""
        store = self.store
        for levels, component in self.tied.live:
            if levels & block:
                diagram = store.guarded(diagram, self.tied.guard(store, component, block))
        return diagram

    def settling_facts(self, diagram: int) -> tuple[FactCode, ...]:
        """The open facts that settle a reduced diagram: sufficient, and none can be left out.

        Shape: in topic order. First the facts that can alone turn one admissible scenario's leaf into another; where
            constraints tie facts together so that these do not settle it, facts are added, earlier ones kept.
        """
        if self.store.level[diagram] == TERMINAL or len(self.store.leaves_in(diagram)) < 2:
            return ()
        shape = _Shape(self.store, diagram)
        mentioned = [
            code
            for code, places in self.compiled.fact_levels.items()
            if code not in self.answers and any(place in shape.by_level for place in places)
        ]
        if not shape.is_guarded:
            # Reduced, and nothing impossible in it: each level it tests can alone turn some scenario's leaf.
            return tuple(mentioned)
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


class _Tied:
    """What the constraints leave under some answers.

    Shape: `allowed` the cells of single levels that are narrowed; `live` the diagrams of components that tie several
        levels together, each with its levels.
    """

    def __init__(self, allowed: dict[int, frozenset[int]]) -> None:
        self.allowed = allowed
        self.live: list[tuple[frozenset[int], int]] = []
        self._guards: dict[tuple[int, frozenset[int]], int] = {}

    def take_in(self, component: Component, view: View) -> None:
        compiled, store = view.compiled, view.store
        diagram = admissible(component, compiled.topic, store, compiled.levels, view.answers)
        diagram = store.restricted(diagram, view.cells)
        if diagram == store.false:
            raise ValueError("contradicting answers")
        if diagram == store.true:
            return
        product = store.true
        for level, cells in sorted(_allowed_cells(store, diagram).items(), reverse=True):
            size = compiled.levels[level].size
            if len(cells) < size:
                self.allowed[level] = cells
                product = store.both(store.test(level, size, cells), product)
        if product != diagram:
            self.live.append((store.levels_in(diagram), diagram))

    def guard(self, store: Store, component: int, levels: frozenset[int]) -> int:
        """What the component says about these levels, the others projected away."""
        found = self._guards.get((component, levels))
        if found is None:
            found = self._guards[component, levels] = store.without(component, levels.__contains__)
        return found


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


class _Shape:
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


_NOT_TRIED: Final = Conflict((), ())


def conflicting_facts(
    compiled: CompiledTopic, answers: Mapping[FactCode, Value], cells: Mapping[int, int] | None = None
) -> Conflict | None:
    """One smallest set of answers that cannot be true together, None where all can.

    Shape: `cells` those of the answers, where they are known.
    Cost: a restriction a component, remembered by its answers; only a contradiction is searched by growing subsets.
    """
    known = compiled.remembered.conflicts
    if cells is None:
        cells = compiled.finder.cells(answers)
    for place, component in enumerate(compiled.components):
        key = (place, _bearing(compiled, place, answers, cells))
        conflict = known.get(key, _NOT_TRIED)
        if conflict is _NOT_TRIED:
            given = {code: answers[code] for code in compiled.component_facts[place] if code in answers}
            with compiled.store.scratch():
                conflict = known.keep(key, _conflict(compiled, component, given))
        if conflict is not None:
            return conflict
    return None


def _bearing(
    compiled: CompiledTopic, place: int, answers: Mapping[FactCode, Value], cells: Mapping[int, int]
) -> Hashable:
    """All of the answers that a contradiction in a component can hang on: the cells, and numbers not yet in order."""
    component, facts = compiled.components[place], compiled.component_facts[place]
    group = component.relations
    if group is None or keeps_all(group, compiled.topic.facts, answers):
        return True, tuple([cells.get(level) for level in component.levels])
    return False, tuple([answers.get(code) for code in facts])


def _conflict(compiled: CompiledTopic, component: Component, answered: Mapping[FactCode, Value]) -> Conflict | None:
    """One smallest set among the answers to a component's facts that cannot be true together."""
    if _possible(compiled, component, answered):
        return None
    for size in range(1, len(answered) + 1):
        for chosen in combinations(answered, size):
            part = {code: answered[code] for code in chosen}
            if not _possible(compiled, component, part):
                return Conflict(chosen, _broken(compiled, component, part))
    return None


def _possible(compiled: CompiledTopic, component: Component, answers: Mapping[FactCode, Value]) -> bool:
    store = compiled.store
    diagram = admissible(component, compiled.topic, store, compiled.levels, answers)
    return store.restricted(diagram, compiled.finder.cells(answers)) != store.false


def _broken(compiled: CompiledTopic, component: Component, answers: Mapping[FactCode, Value]) -> tuple[str, ...]:
    """The constraints that the answers break each by itself; all of the component where only together."""
    store, cells = compiled.store, compiled.finder.cells(answers)
    alone = tuple(name for name, diagram in component.diagrams if store.restricted(diagram, cells) == store.false)
    return alone or (*component.related, *(name for name, _ in component.diagrams))
