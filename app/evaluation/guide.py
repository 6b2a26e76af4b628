"""The guide: one decision put together as the contract shows it, key by key, numbers of the scenario left blank."""

from collections.abc import Mapping, Sequence
from functools import partial

from app.engine import (
    CompiledTopic,
    ExtraKind,
    FactCode,
    Path,
    ProcedureCode,
    Value,
    WhatIf,
    Worked,
)
from app.evaluation.blocks import Blocks, Frame, Json
from app.evaluation.confirm import stated_by_rule
from app.evaluation.effects import barrier_entry, barrier_reason, extras_of, notes_of
from app.evaluation.freshness import overdue_notes
from app.evaluation.journey import path_entry
from app.evaluation.procedures import frame_of, procedure_entry
from app.evaluation.questions import confirmation_entry, question_entry
from app.evaluation.scenario import Scenario
from app.evaluation.telling import Telling
from app.evaluation.values import plain
from app.wording import Spoken, spoken_answer


def guide(
    blocks: Blocks,
    compiled: CompiledTopic,
    scenario: Scenario,
    worked: Worked,
    overdue: frozenset[str] = frozenset(),
) -> Json:
    """导办结果. What the law of the day makes of the scenario, with all its reasons.

    Shape: `overdue` are the policies whose review is due on the day of asking; an answer resting on one says so.
    """
    decision, path = worked.decision, worked.path
    telling = Telling(blocks, compiled, decision)
    changes: dict[ProcedureCode, list[WhatIf]] = {}
    for change in worked.changes:
        changes.setdefault(change.procedure, []).append(change)
    frames = [frame_of(telling, item) for item in decision.procedures]
    procedures = [procedure_entry(telling, frame, changes.get(frame.item.code, ())) for frame in frames]
    return {
        **_head(telling),
        "status": decision.status,
        "answer": _answer_aloud(telling, path, frames),
        "facts": _facts(blocks, scenario),
        "assumed": {code: _answered(blocks, code, decision.answers[code]) for code in decision.assumed},
        "definitions": decision.definitions,
        "definition_details": telling.definition_details(),
        "barriers": [barrier_entry(telling, item) for item in decision.barriers],
        "procedures": procedures,
        "entitlements": extras_of(telling, ExtraKind.ENTITLEMENT),
        "obligations": extras_of(telling, ExtraKind.OBLIGATION),
        "questions": [question_entry(telling, item) for item in decision.questions],
        "confirmations": [confirmation_entry(telling, item) for item in decision.confirmations],
        "path": path_entry(telling, path),
        "notes": [*notes_of(telling), *overdue_notes(telling, overdue)],
    }


def _answer_aloud(telling: Telling, path: Path, frames: Sequence[Frame]) -> str:
    decision = telling.decision
    spoken = Spoken(
        decision,
        path,
        [frame.mention for frame in frames],
        {item.code: barrier_reason(telling, item) for item in decision.barriers},
        partial(stated_by_rule, telling),
    )
    return spoken_answer(spoken, telling.names)


def _head(telling: Telling) -> Json:
    rulebook = telling.blocks.rulebook
    return {
        "topic": {"code": telling.book.code, "name": telling.phrases.pick(telling.book.entry.name)},
        "as_of": telling.day,
        "reviewed_until": telling.topic.reviewed_until,
        "release": {"version": rulebook.version, "content_hash": rulebook.content_hash},
        "lang": telling.phrases.lang,
    }


def _facts(blocks: Blocks, scenario: Scenario) -> Mapping[FactCode, object]:
    """The answers as they were given, in the topic's order, shared ones it has no use for at the end."""
    answers = scenario.answers
    given: dict[FactCode, object] = {**answers}
    given.update({code: _answered(blocks, code, answers[code]) for code in blocks.rich if code in answers})
    aside: Mapping[FactCode, Value] = scenario.aside
    given.update({code: plain(blocks.rulebook.shared_facts[code], value) for code, value in aside.items()})
    return given


def _answered(blocks: Blocks, code: FactCode, value: Value) -> object:
    """The answer as JSON shows it, a blank for a number."""
    return blocks.blanks.figure(code) if code in blocks.blanks.places else plain(blocks.book.facts[code], value)
