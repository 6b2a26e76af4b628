"""Facts that are asked and move nothing, in no period: neither an outcome, nor a change, a duty or a note.

A fact that moves nothing itself may still spare a question: being in one zone, a site is not in another one.
"""

from collections.abc import Iterator

from app.engine.compile import CompiledTopic
from app.engine.conditions import Defined, leaves, mentioned_facts
from app.engine.facts import FactCode, Purpose
from app.engine.faults import Fault, FaultKind
from app.engine.sweep import Sweep


def extras_of(compiled: CompiledTopic, periods: tuple[int, ...]) -> tuple[int, ...]:
    """The diagrams of entitlements, obligations and notes in these periods, each once; before the sweep begins."""
    return tuple(dict.fromkeys(compiled.extra(extra, period) for period in periods for extra in compiled.extras))


def useless_questions(swept: Sweep, extras: tuple[int, ...]) -> Iterator[Fault]:
    """Each fact that the topic asks for and that changes nothing in any period, whatever else was answered."""
    moving = moving_facts(swept, extras)
    for code, fact in swept.topic.facts.items():
        if code not in moving and fact.purpose is not Purpose.WHERE:
            yield Fault(FaultKind.USELESS_QUESTION, (code,), swept.day(swept.periods[-1]))


def moving_facts(swept: Sweep, extras: tuple[int, ...]) -> set[FactCode]:
    """The facts that change something in some period, or spare a question about one that does."""
    moving = _read_beside(swept.compiled)
    for root in (*(root for _, _, root in swept.distinct()), *extras):
        diagram = swept.reduced(root)
        places = swept.store.levels_in(diagram)
        if not {code for place in places for code in swept.compiled.levels[place].facts} <= moving:
            moving |= set(swept.view.settling_facts(diagram))
    return moving | {code for code in swept.topic.facts if code not in moving and _spares(swept, code, moving)}


def _spares(swept: Sweep, code: FactCode, moving: set[FactCode]) -> bool:
    """Whether, by the constraints, some answer to the fact rules out an answer to one that moves something."""
    compiled, store = swept.compiled, swept.store
    kept = {place for fact in moving for place in compiled.fact_levels[fact]}
    for component in compiled.components:
        before = store.without(component.whole, kept.__contains__)
        for place in component.levels & set(compiled.fact_levels[code]):
            for cell in range(compiled.levels[place].size):
                after = store.restricted(component.whole, {place: cell})
                if store.without(after, kept.__contains__) not in (before, store.false):
                    return True
    return False


def _read_beside(compiled: CompiledTopic) -> set[FactCode]:
    """Facts that acceptance conditions are tested by, where these bar nothing, and that other questions wait for."""
    topic = compiled.topic
    added = (item for rule in topic.rules.values() for effect in rule.effects for item in effect.conditions_added)
    own = (item for procedure in topic.procedures.values() for item in procedure.conditions)
    read = [item.test for item in (*own, *added) if item.test is not None and not item.is_barrier]
    read += [fact.only_if for fact in topic.facts.values() if fact.only_if is not None]
    found: set[FactCode] = set()
    seen = set()
    while read:
        condition = read.pop()
        found.update(mentioned_facts(condition))
        for leaf in leaves(condition):
            if isinstance(leaf, Defined) and leaf.definition not in seen:
                seen.add(leaf.definition)
                read += [version.when for version in topic.definitions[leaf.definition].versions]
    return found
