"""Orders between two numbers or two days that every scenario keeps (a ≤ b + constant), at the exact answered values.

All values are scaled integers, so that bounds are closed and a group of relations has a solution exactly when the
least one, found by pushing lower bounds along the relations, stays within the upper bounds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.engine.cells import Level, LevelKind, Span
from app.engine.diagram import Store
from app.engine.facts import SCALE, Fact, FactCode, FactType, Value, scaled
from app.engine.model import AtMost


@dataclass(frozen=True, slots=True)
class RelationGroup:
    """Relations that share facts, and those facts in topic order.

    Shape: `levels` the diagram level of each fact that has one; `offsets` each relation's constant, scaled.
    """

    facts: tuple[FactCode, ...]
    relations: tuple[AtMost, ...]
    levels: Mapping[FactCode, int]
    offsets: tuple[int, ...]


def group_relations(
    relations: Sequence[AtMost], facts: Mapping[FactCode, Fact], levels: Sequence[Level]
) -> tuple[RelationGroup, ...]:
    """The relations in groups that share no fact with each other."""
    groups: list[tuple[set[FactCode], list[AtMost]]] = []
    for relation in relations:
        joined = [group for group in groups if group[0] & {relation.lesser, relation.greater}]
        merged = ({relation.lesser, relation.greater}, [relation])
        for group in joined:
            merged[0].update(group[0])
            merged[1].extend(group[1])
            groups.remove(group)
        groups.append(merged)
    places = {level.facts[0]: place for place, level in enumerate(levels) if level.kind is LevelKind.RANGE}
    return tuple(
        RelationGroup(
            tuple(code for code in facts if code in codes),
            tuple(members),
            {code: places[code] for code in codes if code in places},
            tuple(offset_of(relation, facts) for relation in members),
        )
        for codes, members in groups
    )


def relation_diagram(
    store: Store,
    group: RelationGroup,
    facts: Mapping[FactCode, Fact],
    levels: Sequence[Level],
    answers: Mapping[FactCode, Value],
) -> int:
    """The boolean diagram, over the group's open facts, of the cells that the relations leave possible.

    Cost: at most the product of the open facts' cells; branches without a solution are not followed.
    """
    spans = spans_of(group, facts, answers)
    branching = sorted(
        (group.levels[code], code) for code in group.facts if code in group.levels and code not in answers
    )

    def walk(place: int) -> int:
        if least_solution(spans, group.relations, facts) is None:
            return store.false
        if place == len(branching):
            return store.true
        level, code = branching[place]
        whole = spans[code]
        children = []
        for cell in levels[level].spans:
            spans[code] = cell
            children.append(walk(place + 1))
        spans[code] = whole
        return store.node(level, tuple(children))

    return walk(0)


def spans_of(
    group: RelationGroup, facts: Mapping[FactCode, Fact], answers: Mapping[FactCode, Value]
) -> dict[FactCode, Span]:
    """Where each fact of the group may lie: at its answer, else anywhere between its own bounds."""
    return {code: _span(facts[code], answers.get(code)) for code in group.facts}


def _span(fact: Fact, answer: Value | None) -> Span:
    if answer is not None:
        point = scaled(fact.type, answer)
        return Span(point, point)
    return Span(
        None if fact.minimum is None else scaled(fact.type, fact.minimum),
        None if fact.maximum is None else scaled(fact.type, fact.maximum),
    )


def least_solution(
    spans: Mapping[FactCode, Span], relations: Sequence[AtMost], facts: Mapping[FactCode, Fact]
) -> dict[FactCode, int | None] | None:
    """The least values inside the spans that keep all relations, None where no values do.

    Unknown: a value None may be as low as one likes.
    """
    lows = {code: span.low for code, span in spans.items()}
    for _ in range(len(lows) + 1):
        moved = False
        for relation in relations:
            low = lows[relation.lesser]
            if low is None:
                continue
            pushed = low - offset_of(relation, facts)
            known = lows[relation.greater]
            if known is None or known < pushed:
                lows[relation.greater] = pushed
                moved = True
        if not moved:
            return lows if all(_below(lows[code], span.high) for code, span in spans.items()) else None
    return None


def exact_values(
    codes: Iterable[FactCode], facts: Mapping[FactCode, Fact], answers: Mapping[FactCode, Value]
) -> dict[FactCode, int]:
    """The answers to these numbers and days as scaled integers; what is open is left out."""
    return {code: scaled(facts[code].type, answers[code]) for code in codes if code in answers}


def keeps_all(group: RelationGroup, exact: Mapping[FactCode, int]) -> bool:
    """Whether every fact of the group has a value, and these scaled values keep its relations."""
    for code in group.facts:
        if code not in exact:
            return False
    for relation, offset in zip(group.relations, group.offsets, strict=True):
        if exact[relation.lesser] > exact[relation.greater] + offset:
            return False
    return True


def _below(low: int | None, high: int | None) -> bool:
    return low is None or high is None or low <= high


def offset_of(relation: AtMost, facts: Mapping[FactCode, Fact]) -> int:
    """The relation's constant in the scale of its facts."""
    return int(relation.plus * SCALE) if facts[relation.lesser].type is FactType.DECIMAL else int(relation.plus)
