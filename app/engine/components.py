"""Constraints compiled: in components that share no fact, so that each is read against the answers by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.engine.cells import Level, LevelKind
from app.engine.conditions import Condition, Not, SetIs
from app.engine.diagram import Store
from app.engine.facts import FactCode, FactType, Value
from app.engine.model import AtMost, Topic
from app.engine.relations import RelationGroup, group_relations, relation_diagram


@dataclass(frozen=True, slots=True)
class Component:
    """Constraints that share facts.

    Shape: `diagrams` one boolean diagram a constraint, under its code; `relations` the orders between facts, with
        their codes in `related`; `levels` those it tests, relations' ones included; `plain` the conjunction of the
        diagrams, `whole` also of the relations, as long as none of their facts is answered.
    """

    plain: int
    whole: int

    diagrams: tuple[tuple[str, int], ...]
    related: tuple[str, ...]
    relations: RelationGroup | None
    levels: frozenset[int]
    facts: frozenset[FactCode]


@dataclass(frozen=True, slots=True)
class Reach:
    """What bears on a diagram: the levels it tests and those tied to them.

    Shape: `exact` the facts tied at their exact value, `sets` the sets of options with a level among them.
    """

    levels: tuple[int, ...]
    exact: tuple[FactCode, ...]
    sets: tuple[FactCode, ...]


def reach_of(tested: frozenset[int], components: Sequence[Component], levels: Sequence[Level]) -> Reach:
    """The reach of a diagram that tests these levels."""
    places = set(tested)
    exact = {code for place in tested if levels[place].kind is LevelKind.PAIR for code in levels[place].facts}
    for component in components:
        if component.levels & tested:
            places |= component.levels
            if component.relations is not None:
                exact.update(component.relations.facts)
    sets = {levels[place].facts[0] for place in places if levels[place].kind is LevelKind.MEMBER}
    return Reach(tuple(sorted(places)), tuple(sorted(exact)), tuple(sorted(sets)))


def build_components(
    topic: Topic, store: Store, levels: Sequence[Level], compiled: Callable[[Condition], int]
) -> tuple[Component, ...]:
    """Constraints grouped by shared facts.

    Shape: `compiled` gives a condition's boolean diagram. A set that must not be empty counts as a constraint.
    """
    relations = [item.holds for item in topic.constraints if isinstance(item.holds, AtMost)]
    parts: list[Component] = []
    for group in group_relations(relations, topic.facts, levels):
        names = tuple(item.code for item in topic.constraints if item.holds in group.relations)
        whole = relation_diagram(store, group, topic.facts, levels, {})
        places = frozenset(group.levels.values())
        parts.append(Component(store.true, whole, (), names, group, places, frozenset(group.facts)))
    tested = {code for level in levels for code in level.facts}
    for name, condition in _plain_constraints(topic, tested):
        diagram = compiled(condition)
        places = store.levels_in(diagram)
        facts = frozenset(code for place in places for code in levels[place].facts)
        parts.append(Component(diagram, diagram, ((name, diagram),), (), None, places, facts))
    return tuple(_joined(parts, store))


def _plain_constraints(topic: Topic, tested: set[FactCode]) -> Iterator[tuple[str, Condition]]:
    for item in topic.constraints:
        if not isinstance(item.holds, AtMost):
            yield item.code, item.holds
    for fact in topic.facts.values():
        if fact.type is FactType.CHOICES and not fact.empty_allowed and fact.code in tested:
            yield fact.code, Not(SetIs(fact.code, "is_empty", frozenset()))


def admissible(
    component: Component,
    topic: Topic,
    store: Store,
    levels: Sequence[Level],
    answers: Mapping[FactCode, Value],
) -> int:
    """The boolean diagram of the component, its relations taken at the exact answered values."""
    if component.relations is None or not any(code in answers for code in component.relations.facts):
        return component.whole
    return store.both(relation_diagram(store, component.relations, topic.facts, levels, answers), component.plain)


def _joined(parts: list[Component], store: Store) -> list[Component]:
    """Components that share no fact with each other; relation groups are merged by their own making."""
    done: list[Component] = []
    for part in parts:
        touching = [other for other in done if other.facts & part.facts]
        for other in touching:
            done.remove(other)
        done.append(_merged([*touching, part], store))
    return done


def _merged(parts: list[Component], store: Store) -> Component:
    groups = [part.relations for part in parts if part.relations is not None]
    plain = whole = store.true
    for part in parts:
        plain, whole = store.both(plain, part.plain), store.both(whole, part.whole)
    return Component(
        plain,
        whole,
        tuple(named for part in parts for named in part.diagrams),
        tuple(name for part in parts for name in part.related),
        _one_group(groups),
        frozenset().union(*(part.levels for part in parts)),
        frozenset().union(*(part.facts for part in parts)),
    )


def _one_group(groups: list[RelationGroup]) -> RelationGroup | None:
    if not groups:
        return None
    return RelationGroup(
        tuple(dict.fromkeys(code for group in groups for code in group.facts)),
        tuple(relation for group in groups for relation in group.relations),
        {code: place for group in groups for code, place in group.levels.items()},
        tuple(offset for group in groups for offset in group.offsets),
    )
