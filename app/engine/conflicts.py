"""Answers that cannot be true together: the smallest set of them, and the constraints they break."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from app.engine.compile import CompiledTopic
from app.engine.components import Component, admissible
from app.engine.facts import FactCode, Value
from app.engine.model import AtMost
from app.engine.relations import exact_values, keeps_all, least_solution, spans_of


@dataclass(frozen=True, slots=True)
class Conflict:
    """Answers that cannot be true together.

    Shape: `facts` one smallest conflicting set in topic order, `constraints` the codes of those it breaks.
    """

    facts: tuple[FactCode, ...]
    constraints: tuple[str, ...]


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
    if group is None or keeps_all(group, exact_values(group.facts, compiled.topic.facts, answers)):
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
    """The constraints that the answers break each by itself, else the fewest orders they break together.

    Unknown: all of the component where only constraints of both kinds together are broken.
    """
    store, cells = compiled.store, compiled.finder.cells(answers)
    alone = tuple(name for name, diagram in component.diagrams if store.restricted(diagram, cells) == store.false)
    return (
        alone
        or _broken_orders(compiled, component, answers)
        or (
            *component.related,
            *(name for name, _ in component.diagrams),
        )
    )


def _broken_orders(compiled: CompiledTopic, component: Component, answers: Mapping[FactCode, Value]) -> tuple[str, ...]:
    """The fewest orders between numbers that the answers break together, () where they break none."""
    if component.relations is None:
        return ()
    facts, topic = compiled.topic.facts, compiled.topic
    orders = [(item.code, item.holds) for item in topic.constraints if isinstance(item.holds, AtMost)]
    orders = [(code, order) for code, order in orders if order in component.relations.relations]
    for size in range(1, len(orders) + 1):
        for some in combinations(orders, size):
            spans = spans_of(component.relations, facts, answers)
            if least_solution(spans, [order for _, order in some], facts) is None:
                return tuple(code for code, _ in some)
    return ()
