"""Everything that a guide tells of a scenario, worked out once for all scenarios that lie in the same cells."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from app.engine.compare import what_if
from app.engine.compile import CompiledTopic
from app.engine.decide import decide_in
from app.engine.decision import Decision, Path, Status, WhatIf
from app.engine.facts import FactCode, Value, with_defaults
from app.engine.likeness import Placed
from app.engine.path import build_path


@dataclass(frozen=True, slots=True)
class Worked:
    """A decision, its path, and which single answers would change it."""

    decision: Decision
    path: Path
    changes: tuple[WhatIf, ...]


def placed(compiled: CompiledTopic, answers: Mapping[FactCode, Value], cells: Mapping[int, int]) -> Placed:
    """The scenario of the answers, which must be admissible, and where it lies; `cells` are those of the answers."""
    full: Mapping[FactCode, Value] = answers
    assumed = {code: value for code, value in compiled.defaults.items() if code not in answers}
    if assumed:
        full = with_defaults(compiled.topic.facts, answers)
        cells = {**cells, **compiled.finder.cells(assumed)}
    return Placed(answers, full, cells, compiled.likeness.of(answers, full, cells))


def work_out(compiled: CompiledTopic, scenario: Placed, day: date) -> Worked:
    """The decision, the path and the what-if of the scenario on the day.

    Scenarios that leave something open are remembered, for the first answers of a conversation are the same for many
    and cost most; what is complete is quicker walked than found.
    """
    key = (day, scenario.alike)
    known = compiled.remembered.worked
    found = known.get(key)
    if found is None:
        assumed = [code for code in scenario.full if code not in scenario.given]
        decision = decide_in(compiled, scenario.full, scenario.cells, day, assumed=assumed)
        found = Worked(decision, build_path(compiled, decision), what_if(compiled, decision))
        if decision.status is not Status.COMPLETE or decision.questions:
            known.keep(key, found)
        return found
    if found.decision.answers == scenario.full:
        return found
    return replace(found, decision=replace(found.decision, answers=scenario.full))
