"""The path as the guide shows it: steps, what they come to before the reform and now, official totals beside them."""

from collections.abc import Iterator

import orjson

from app.engine import Condition, Duration, Path, Period, Step, Totals, Unit, Verification, weakest
from app.evaluation.blocks import Json
from app.evaluation.limits import duration_entry
from app.evaluation.telling import Telling
from app.evaluation.values import json_number
from app.rulebook import BenchmarkEntry, condition_of


def path_entry(telling: Telling, path: Path) -> Json | orjson.Fragment:
    """办事路径."""
    spoken_of = tuple(_spoken_of(telling))
    if path.serials is None:
        return _path(telling, path, spoken_of)
    key = ("path", path.serials, telling.day, spoken_of)
    return orjson.Fragment(telling.blocks.piece(key, lambda: _path(telling, path, spoken_of)))


def _path(telling: Telling, path: Path, spoken_of: tuple[int, ...]) -> Json:
    return {
        "steps": [_step(step) for step in path.steps],
        "before": None if path.before is None else _totals(path.before),
        "after": None if path.after is None else _totals(path.after),
        "benchmarks": [_benchmark(telling, telling.book.benchmarks[place], path) for place in spoken_of],
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


def _spoken_of(telling: Telling) -> Iterator[int]:
    """The places of the official totals that speak of this scenario on the days compared."""
    for place, entry in enumerate(telling.book.benchmarks):
        day = telling.topic.before_day if entry.side == "before" else telling.day
        if Period(entry.start, entry.end).covers(day) and _speaks_of(telling, place, entry):
            yield place


def _speaks_of(telling: Telling, place: int, entry: BenchmarkEntry) -> bool:
    when = entry.when
    if when is None:
        return True
    key = ("benchmark", place)
    condition: Condition = telling.blocks.kept(key, lambda: condition_of(telling.book, when))
    return telling.holds(key, condition) is not False


def _benchmark(telling: Telling, entry: BenchmarkEntry, path: Path) -> Json:
    agrees = _agrees(entry, path.before if entry.side == "before" else path.after)
    marks: list[Verification] = [telling.names.article(citation.ref).verification for citation in entry.basis]
    return {
        "code": entry.code,
        "side": entry.side,
        "text": telling.phrases.pick(entry.text),
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
    if totals is None or not totals.complete:
        return None
    compared = []
    if entry.steps is not None:
        compared.append(entry.steps == totals.procedures)
    if entry.value is not None and entry.unit is Unit.WORKING_DAY and totals.days_complete:
        compared.append(Duration(entry.value, entry.unit) == totals.days)
    return all(compared) if compared else None
