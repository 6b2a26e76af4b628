"""Barriers, entitlements, obligations and notes: what the rules give besides procedures."""

from collections.abc import Collection, Iterable
from typing import Final

import orjson

from app.engine import (
    BarrierDecision,
    ExtraDecision,
    ExtraKind,
    Force,
    ProcedureCode,
    ProcedureDecision,
    RuleCode,
    Treatment,
    Verification,
)
from app.evaluation.blocks import Cited, Json, standing, weakest_of
from app.evaluation.pieces import written
from app.evaluation.telling import Telling
from app.evaluation.values import json_number
from app.rulebook import Due, EntitlementEntry, ExtraEntry, NoteEntry, ObligationEntry
from app.wording import date_text

#: The code of the note we add where the day lies after the law was last read.
AFTER_REVIEW: Final = "after_review"
_FORCES: Final = tuple(Force)
_MARKS: Final = tuple(Verification)


# ---- barriers ------------------------------------------------------------------------------------------


def barrier_entry(telling: Telling, item: BarrierDecision) -> Json:
    """Why it may not be done as described."""
    return {
        "code": item.code,
        "applies": item.applies,
        "reason": barrier_reason(telling, item),
        "depends_on_facts": item.depends_on,
        "procedures": item.procedures,
        "basis": standing(telling.blocks.in_full(("barrier", item.sources), item.sources), telling.day),
    }


def barrier_reason(telling: Telling, item: BarrierDecision) -> str:
    """The reason a closing rule gives, or the acceptance condition that is not met."""
    if item.rule is not None:
        for effect in telling.book.rules[item.rule].procedure_effects:
            if effect.treatment is Treatment.CLOSED and effect.reason is not None:
                return telling.phrases.pick(effect.reason)
    for procedure in item.procedures:
        entry = telling.book.acceptance.get((procedure, item.code))
        if entry is not None:
            return telling.phrases.say("barrier.condition", text=telling.phrases.pick(entry.text))
    return item.code


# ---- entitlements, obligations, notes --------------------------------------------------------------------


def extras_of(telling: Telling, kind: ExtraKind) -> list[orjson.Fragment]:
    """The entitlements, obligations or notes that apply or may."""
    return [_piece(telling, item) for item in telling.decision.extras if item.extra.kind is kind]


def _piece(telling: Telling, item: ExtraDecision) -> orjson.Fragment:
    entry = telling.book.extras[item.extra.kind, item.extra.code]
    own = _procedures(telling, entry, item.rules) if isinstance(entry, ObligationEntry) else ()
    pieces = telling.blocks.pieces
    key = (telling.blocks.serial, "extra", item.serial, telling.day, own)
    return orjson.Fragment(pieces.get(key) or pieces.keep(key, written(_extra(telling, item, entry, own))))


def _procedures(telling: Telling, entry: ObligationEntry, rules: Collection[RuleCode]) -> tuple[ProcedureCode, ...]:
    """The procedures of the guide that the obligation comes with; none only where it belongs to the whole matter.

    One that leaves nothing to do is left out where the rules behind the obligation have no part in that.
    """
    named = tuple(map(ProcedureCode, entry.procedures))
    listed = [telling.listed[code] for code in named if code in telling.listed]
    live = {item.code for item in listed if not _is_idle(item) or any(one.rule in rules for one in item.rules)}
    return tuple(code for code in named if code in (live or {item.code for item in listed})) or named


def _is_idle(item: ProcedureDecision) -> bool:
    return item.outcome is not None and item.outcome.nothing_to_do


def _extra(telling: Telling, item: ExtraDecision, entry: ExtraEntry, own: tuple[ProcedureCode, ...]) -> Json:
    sources = [cited for rule in item.rules for cited in _cited(telling, rule)]
    shared: Json = {
        "applies": item.applies,
        "depends_on_facts": item.depends_on,
        "legal_force": strongest_force(telling, item.rules),
        **({} if isinstance(entry, NoteEntry) else _seen(telling, item.rules)),
        "basis": standing(sources, telling.day),
    }
    pick = telling.phrases.pick
    match entry:
        case NoteEntry():
            return {"code": entry.code, "text": pick(entry.text), **shared}
        case EntitlementEntry():
            return {"code": entry.code, "name": pick(entry.name), "text": pick(entry.text), **shared}
        case ObligationEntry():
            due = entry.due
            return {
                "code": entry.code,
                "name": pick(entry.name),
                "text": pick(entry.text),
                "due": None if due is None else _due(due, pick(due.after)),
                "kind": entry.kind,
                "procedures": own,
                **shared,
            }


def _due(due: Due, after: str) -> Json:
    """By when it has to be met, and the procedure from whose end that runs, if it is one's."""
    own = {} if due.after_procedure is None else {"after_procedure": due.after_procedure}
    return {"value": json_number(due.value), "unit": due.unit, "after": after, **own}


def _cited(telling: Telling, rule: RuleCode) -> tuple[Cited, ...]:
    return telling.blocks.in_short(("rule", rule), telling.topic.rules[rule].sources)


def strongest_force(telling: Telling, rules: Iterable[RuleCode]) -> Force | None:
    """The strongest force among the rules on the day."""
    forces = [telling.topic.rules[rule].force_on(telling.day) for rule in rules]
    known = [force for force in forces if force is not None]
    return min(known, key=_FORCES.index) if known else None


def _seen(telling: Telling, rules: Iterable[RuleCode]) -> Json:
    """How well it was seen, where better than its weakest source: as the rule whose weakest source is best."""
    marks = [weakest_of(telling.topic.rules[rule].sources, telling.day) for rule in rules]
    known = sorted([mark for mark in marks if mark is not None], key=_MARKS.index)
    return {"verification": known[0]} if known and known[0] is not known[-1] else {}


def notes_of(telling: Telling) -> list[Json | orjson.Fragment]:
    """The rules' notes, and ours where the day lies after the law was last read."""
    notes: list[Json | orjson.Fragment] = [*extras_of(telling, ExtraKind.NOTE)]
    if telling.day > telling.topic.reviewed_until:
        notes.append(_after_review(telling))
    return notes


def _after_review(telling: Telling) -> Json:
    reviewed = date_text(telling.topic.reviewed_until, telling.phrases)
    day = date_text(telling.day, telling.phrases)
    return {
        "code": AFTER_REVIEW,
        "text": telling.phrases.say("note.after_review", reviewed=reviewed, day=day),
        "applies": True,
        "depends_on_facts": [],
        "legal_force": None,
        "basis": [],
    }
