"""The path as the guide shows it: steps, what they come to before the reform and now, official totals beside them."""

from collections.abc import Mapping

import orjson

from app.engine import (
    All,
    Always,
    Condition,
    Duration,
    Path,
    Period,
    ProcedureCode,
    Step,
    Totals,
    Unit,
    Verification,
    weakest,
)
from app.evaluation.blocks import Json
from app.evaluation.limits import duration_entry
from app.evaluation.pieces import fragment
from app.evaluation.situation import Against, against
from app.evaluation.telling import Telling
from app.evaluation.values import json_number
from app.rulebook import BenchmarkEntry, condition_of


def path_entry(telling: Telling, path: Path) -> Json:
    """办事路径."""
    return {
        "steps": [_step(step) for step in path.steps],
        "before": None if path.before is None else _totals(path.before),
        "after": None if path.after is None else _totals(path.after),
        "benchmarks": [_benchmark(telling, place, path) for place in _spoken_of(telling)],
    }


def _step(step: Step) -> Json:
    return {
        "number": step.number,
        "procedures": step.procedures,
        "starts_after": step.starts_after,
        "days": duration_entry(step.days),
    }


def _totals(totals: Totals) -> Json:
    return {
        "day": totals.day,
        "procedures": totals.procedures,
        "days": {
            "value": json_number(totals.days.value),
            "unit": totals.days.unit,
            "complete": totals.days_complete,
            "unknown": totals.unknown_days,
            "other_units": [
                {"procedure": code, "value": json_number(duration.value), "unit": duration.unit}
                for code, duration in totals.other_units
            ],
            "computed": True,
            "verification": totals.verification,
        },
        "materials": totals.materials,
        "materials_complete": totals.materials_complete,
        "visits": totals.visits,
        "complete": totals.complete,
    }


# ---- official totals -------------------------------------------------------------------------------------


def _spoken_of(telling: Telling) -> tuple[int, ...]:
    """The places of the official totals that speak of this scenario for certain, on the days compared."""
    blocks, day = telling.blocks, telling.day
    compared, read_against = blocks.lately(("benchmarks", day), lambda: _compared(telling))
    return blocks.lately(
        ("spoken of", day, read_against(telling.situation)),
        lambda: tuple(place for place, condition in compared.items() if telling.holds(condition)),
    )


def _compared(telling: Telling) -> tuple[Mapping[int, Condition], Against]:
    """Of which scenarios the official totals of the days compared speak, by their places; what that is read against."""
    found: dict[int, Condition] = {}
    for place, entry in enumerate(telling.book.benchmarks):
        day = telling.topic.before_day if entry.side == "before" else telling.day
        if Period(entry.start, entry.end).covers(day):
            found[place] = Always() if entry.when is None else condition_of(telling.book, entry.when)
    return found, against(All(tuple(found.values())))


def _benchmark(telling: Telling, place: int, path: Path) -> orjson.Fragment:
    entry = telling.book.benchmarks[place]
    agrees = _agrees(entry, path.before if entry.side == "before" else path.after)
    return telling.blocks.kept(("benchmark", place, agrees), lambda: fragment(_compared_entry(telling, entry, agrees)))


def _compared_entry(telling: Telling, entry: BenchmarkEntry, agrees: bool | None) -> Json:
    marks: list[Verification] = [telling.names.article(citation.ref).verification for citation in entry.basis]
    return {
        "code": entry.code,
        "side": entry.side,
        "text": telling.phrases.pick(entry.text),
        "procedures": entry.procedures,
        "steps": entry.steps,
        "value": None if entry.value is None else json_number(entry.value),
        "unit": entry.unit,
        "from": entry.start,
        "to": entry.end,
        "verification": weakest(marks),
        "basis": [telling.blocks.short_entry(citation.ref) for citation in entry.basis],
        "agrees": agrees,
        "why": None if agrees else telling.phrases.pick_or_none(entry.why),
    }


def _agrees(entry: BenchmarkEntry, totals: Totals | None) -> bool | None:
    """Whether our figures say the same; None where there is nothing to compare, or ours are not complete."""
    if totals is not None and entry.procedures:
        return _agrees_alone(entry, totals)
    if totals is None or not totals.complete:
        return None
    compared = []
    if entry.steps is not None:
        compared.append(entry.steps == totals.procedures)
    if entry.value is not None and entry.unit is Unit.WORKING_DAY and totals.days_complete:
        compared.append(Duration(entry.value, entry.unit) == totals.days)
    return all(compared) if compared else None


def _agrees_alone(entry: BenchmarkEntry, totals: Totals) -> bool | None:
    """Whether the one procedure spoken of comes to the same; None for several, and where the units are not the same."""
    alone = {code: days for code, days in totals.each if code in entry.procedures}
    own = alone.get(ProcedureCode(entry.procedures[0])) if len(entry.procedures) == 1 else None
    if own is None or entry.value is None or own.unit is not entry.unit:
        return None
    return own.value == entry.value
