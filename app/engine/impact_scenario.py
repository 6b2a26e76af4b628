"""One scenario held against an impact: whether it may move, and what each version makes of it."""

from collections.abc import Iterable, Mapping
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.conditions import Defined, Truth
from app.engine.explain import Reader
from app.engine.facts import FactCode, ProcedureCode, Value, with_defaults
from app.engine.impact import Moved, MovedClass
from app.engine.impact_joint import Turn
from app.engine.impact_words import Turned
from app.engine.leaf import Leaf
from app.engine.model import Outcome
from app.engine.settle import outcomes_of
from app.engine.view import View


def may_move(
    item: Moved, before: CompiledTopic, after: CompiledTopic, answers: Mapping[FactCode, Value], day: date
) -> bool:
    """Whether some way of answering what is open leads into a class of the day; False is certain.

    Unknown: an open fact may be answered in any way, so the answer may be True for a scenario that does not move.
    """
    given = with_defaults(after.topic.facts, answers)
    readers = Reader(before, day), Reader(after, day)
    return any(
        _may_lie_in(each, readers, given)
        for stretch in item.stretches
        if stretch.start <= day and (stretch.end is None or day < stretch.end)
        for each in stretch.classes
    )


def _may_lie_in(each: MovedClass, readers: tuple[Reader, Reader], answers: Mapping[FactCode, Value]) -> bool:
    for part in each.conditions:
        if isinstance(part, Turned):
            was, now = (_truth(reader, part, answers) for reader in readers)
            if not any(Turn.of(old, new) in part.turns for old in _possible(was) for new in _possible(now)):
                return False
        elif readers[1].holds(part, answers) is False:
            return False
    return True


def _truth(reader: Reader, part: Turned, answers: Mapping[FactCode, Value]) -> Truth:
    if part.definition not in reader.topic.definitions:
        return False
    return reader.holds(Defined(part.definition), answers)


def _possible(truth: Truth) -> tuple[bool, ...]:
    return (False, True) if truth is None else (truth,)


def outcomes_under(
    compiled: CompiledTopic, codes: Iterable[ProcedureCode], answers: Mapping[FactCode, Value], day: date
) -> dict[ProcedureCode, tuple[Outcome, ...]]:
    """The possible outcomes of these procedures, exact; one the topic does not have is not required.

    Cost: builds the diagrams of these procedures alone.
    """
    period = compiled.period_of(day)
    roots = {code: compiled.procedure(code, period) for code in codes if code in compiled.topic.procedures}
    with compiled.store.scratch():
        view = View(compiled, with_defaults(compiled.topic.facts, answers))
        found = {
            code: outcomes_of(leaf for leaf in view.store.leaves_in(view.reduced(root)) if isinstance(leaf, Leaf))
            for code, root in roots.items()
        }
    return {code: found.get(code, (Outcome(None),)) for code in codes}
