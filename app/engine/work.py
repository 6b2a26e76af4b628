"""Everything that a guide tells of a scenario, worked out once for all scenarios that lie in the same cells."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.engine.compare import what_if
from app.engine.compile import CompiledTopic
from app.engine.decide import decide_in
from app.engine.decision import Decision, Path, Status, WhatIf
from app.engine.facts import FactCode, Value, with_defaults
from app.engine.path import build_path


@dataclass(frozen=True, slots=True)
class Worked:
    """A decision, its path, and which single answers would change it."""

    decision: Decision
    path: Path
    changes: tuple[WhatIf, ...]


def work_out(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> Worked:
    """The decision, the path and the what-if of the answers on the day.

    Answers must be admissible. Scenarios that leave something open are remembered by their cells, for the first answers
    of a conversation are the same for many and cost most; what is complete is quicker walked than found.
    """
    full = with_defaults(compiled.topic.facts, answers)
    cells = compiled.finder.cells(full)
    key = (day, _cells(compiled, answers, cells))
    known = compiled.remembered.worked
    found = known.get(key)
    if found is None:
        decision = decide_in(compiled, full, cells, day, assumed=[code for code in full if code not in answers])
        found = Worked(decision, build_path(compiled, decision), what_if(compiled, decision))
        if decision.status is not Status.COMPLETE or decision.questions:
            known.keep(key, found)
        return found
    if found.decision.answers == answers:
        return found
    own = {code: answers.get(code, value) for code, value in found.decision.answers.items()}
    return replace(found, decision=replace(found.decision, answers=own))


def _cells(compiled: CompiledTopic, answers: Mapping[FactCode, Value], cells: Mapping[int, int]) -> Hashable:
    """What a decision knows of the answers: their cells; exact values where facts are compared with each other.

    Shape: a set is taken as it is, for what-if names the whole of it.
    """
    exact = tuple((code, answers[code]) for code in compiled.exact_facts if code in answers)
    return tuple(answers), tuple(cells.items()), exact
