"""Time limits of a procedure: what the law gives, what the office promises, what applies under the outcome."""

from datetime import date
from typing import Final

import orjson

from app.engine import (
    Duration,
    LimitDecision,
    ProcedureDecision,
    ProcedureLimit,
    RuleCode,
    Source,
    Treatment,
)
from app.evaluation.blocks import Blocks, Json, references, weakest_of
from app.evaluation.pieces import fragment
from app.evaluation.values import json_number
from app.rulebook import EffectLimit, Figure, Limit, ProcedureEffectEntry

_NOTHING_TO_WAIT_FOR: Final = frozenset({Treatment.WAIVED, Treatment.PROACTIVE, Treatment.MERGED, Treatment.CLOSED})


def duration_entry(duration: Duration | None) -> Json | None:
    """A length of time as the contract shows it."""
    return None if duration is None else {"value": json_number(duration.value), "unit": duration.unit}


def time_limit(blocks: Blocks, item: ProcedureDecision, day: date) -> orjson.Fragment:
    """法定办结时限, 承诺办结时限, and the one that applies; each null where no source gives it."""
    limit = item.limit
    law = None if limit.law is None else limit.law.index
    figure = None if limit.figure is None else limit.figure.index
    known = (limit.applicable is None, _is_waited_for(item))
    key = ("limit", item.code, law, limit.rule, figure, known, _carrying(blocks, limit, day))
    return blocks.kept(key, lambda: fragment(_time_limit(blocks, item, day)))


def _is_waited_for(item: ProcedureDecision) -> bool:
    """Whether there is, or may be, an office's decision to wait for."""
    return item.outcome is None or item.outcome.treatment not in _NOTHING_TO_WAIT_FOR


def _carrying(blocks: Blocks, limit: LimitDecision, day: date) -> tuple[bool, ...]:
    """Which of the figures' sources are in force: two days of one period may differ in them."""
    sources = () if limit.law is None else limit.law.sources
    if limit.figure is not None and limit.rule is not None:
        sources = (*sources, *(limit.figure.sources or blocks.topic.rules[limit.rule].sources))
    return tuple(source.period.covers(day) for source in sources)


def _time_limit(blocks: Blocks, item: ProcedureDecision, day: date) -> Json:
    limit = item.limit
    statutory = _of_law(blocks, item, limit.law, day, promised=False)
    promised = _of_law(blocks, item, limit.law, day, promised=True)
    if promised is not None and statutory is not None:
        # Both are of one entry, and so are their sources.
        promised = {key: value for key, value in promised.items() if key != "sources"}
    applicable: Json | None = None
    if limit.applicable is not None and limit.rule is not None:
        figure = _of_rule(blocks, item, limit.rule, limit, day)
        applicable = None if figure is None else {**figure, "rule": limit.rule}
    elif limit.applicable is not None:
        figure = statutory if promised is None else promised
        assert figure is not None  # the engine took it from there
        # Its parts, note and sources stand with the figure it is taken from.
        applicable = {key: figure[key] for key in ("value", "unit", "verification")}
    return {"statutory": statutory, "promised": promised, "applicable": applicable}


def _of_law(
    blocks: Blocks, item: ProcedureDecision, law: ProcedureLimit | None, day: date, *, promised: bool
) -> Json | None:
    if law is None:
        return None
    entry = blocks.book.procedures[item.code].limits[law.index]
    limit = entry.promised if promised else entry.statutory
    if limit is None:
        return None
    if not _is_waited_for(item):
        bare = _bare(limit, law.sources, day)
        return None if bare is None else {key: value for key, value in bare.items() if key != "sources"}
    note = limit.note or entry.note
    return _figure(blocks, limit, law.sources, day, blocks.phrases.pick_or_none(note))


def _of_rule(blocks: Blocks, item: ProcedureDecision, rule: RuleCode, limit: LimitDecision, day: date) -> Json | None:
    """The figure a rule sets, with the sources of the figure, else the rule's own."""
    assert limit.figure is not None
    effect = _effect_entry(blocks, item, rule)
    entry = effect.limit[limit.figure.index]
    sources = limit.figure.sources or blocks.topic.rules[rule].sources
    return _figure(blocks, entry, sources, day, blocks.phrases.pick_or_none(entry.note))


def _effect_entry(blocks: Blocks, item: ProcedureDecision, rule: RuleCode) -> ProcedureEffectEntry:
    effects = blocks.book.rules[rule].procedure_effects
    return next(effect for effect in effects if effect.procedure == item.code)


def _figure(
    blocks: Blocks, entry: Limit | EffectLimit, sources: tuple[Source, ...], day: date, note: str | None
) -> Json | None:
    figure = _bare(entry, sources, day)
    if figure is None:
        return None
    if entry.parts:
        figure["parts"] = [{"name": blocks.phrases.pick(part.name), **_plain(part)} for part in entry.parts]
    if entry.extension is not None:
        figure["extension"] = _plain(entry.extension)
    if note is not None:
        figure["note"] = note
    return figure


def _bare(entry: Limit | EffectLimit, sources: tuple[Source, ...], day: date) -> Json | None:
    """The figure and where it is from; of one that nobody waits for only how well it was seen is told."""
    if entry.value is None or entry.unit is None:
        return None
    return {
        "value": json_number(entry.value),
        "unit": entry.unit,
        "verification": weakest_of(sources, day),
        "sources": references(sources, day),
    }


def _plain(figure: Figure) -> Json:
    return {"value": json_number(figure.value), "unit": figure.unit}
