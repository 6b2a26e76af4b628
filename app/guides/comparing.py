"""A kept guide beside one made now: what moved, and whether by the rules or by the law."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final, Literal, TypeAlias

import orjson

from app.errors import ScenarioError, UnknownError
from app.evaluation import Evaluator
from app.guides.records import Cause, Comparison, OtherChange, TreatmentChange
from app.guides.requests import AskedFor
from app.wording import NOT_REQUIRED, language_of, phrases_in

Guide: TypeAlias = Mapping[str, Any]
Procedure: TypeAlias = Mapping[str, Any]

# What of a procedure moves a company's steps, beside its treatment. Words, cites and reasons do not: they are mended
# without anything having to be done differently.
_PLAIN_PARTS: Final = ("filing_timing", "merged_into", "fallback", "authority", "level_code", "channel", "visits")
_COVERS: Final = ("barriers", "entitlements", "obligations")


def compare(
    evaluator: Evaluator, asked: AskedFor, body: bytes, *, as_of: date, release_hash: str, today: date
) -> Comparison:
    """Return how a guide stands to the active release, and to the law of today where it named no day.

    Source: semantics 31. Cost: two evaluations at most, both from the cache when asked lately; none where neither
        release nor day differ.
    """
    active = evaluator.rulebook
    day = as_of if asked.as_of is not None else today
    same_release = release_hash == active.content_hash
    if same_release and day == as_of:
        return Comparison(False, None, (), (), active.version, day)
    kept: Guide = orjson.loads(body)
    try:
        by_release = kept if same_release else _guide(evaluator, asked, as_of, today)
        by_law = by_release if day == as_of else _guide(evaluator, asked, day, today)
    except (ScenarioError, UnknownError):
        # The active release no longer knows the topic or takes these facts.
        return Comparison(None, None, (), (), active.version, day)
    moved = [*_moves(kept, by_release, "release", asked.lang), *_moves(by_release, by_law, "law", asked.lang)]
    return Comparison(
        outdated=bool(moved),
        because=_because(moved),
        changes=tuple(one for one in moved if isinstance(one, TreatmentChange)),
        other_changes=tuple(one for one in moved if isinstance(one, OtherChange)),
        release=active.version,
        as_of=day,
    )


def _guide(evaluator: Evaluator, asked: AskedFor, day: date, today: date) -> Guide:
    guide: Guide = orjson.loads(evaluator.evaluate(asked.again(release=None, as_of=day), today).body)
    return guide


def _because(moved: Iterable[TreatmentChange | OtherChange]) -> Literal["release", "law", "both"] | None:
    causes = {one.cause for one in moved}
    if len(causes) > 1:
        return "both"
    return next(iter(causes), None)


def _moves(before: Guide, after: Guide, cause: Cause, lang: str) -> Iterator[TreatmentChange | OtherChange]:
    if before is after:
        return
    old, new = _by_code(before["procedures"]), _by_code(after["procedures"])
    for code in dict.fromkeys([*old, *new]):
        was, now = old.get(code), new.get(code)
        if _treated(was) != _treated(now):
            yield _change(code, was, now, cause, lang)
        if was is not None and now is not None:
            old_parts, new_parts = _parts(was), _parts(now)
            # A guide kept by older software may lack a part that is told of today.
            common = [part for part in old_parts if part in new_parts and old_parts[part] != new_parts[part]]
            yield from (OtherChange(part, code, cause) for part in common)
    for cover in _COVERS:
        if _applying(before[cover]) != _applying(after[cover]):
            yield OtherChange(cover, None, cause)


def _by_code(records: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {str(record["code"]): record for record in records}


def _treated(procedure: Procedure | None) -> tuple[str | None, tuple[str, ...]]:
    """The treatment, None while undecided, and the possible ones."""
    if procedure is None:
        return NOT_REQUIRED, (NOT_REQUIRED,)
    return procedure["treatment"], tuple(procedure["possible_treatments"])


def _change(code: str, was: Procedure | None, now: Procedure | None, cause: Cause, lang: str) -> TreatmentChange:
    before, before_possible = _treated(was)
    after, after_possible = _treated(now)
    return TreatmentChange(
        procedure=code,
        name=str((now or was or {})["name"]),
        cause=cause,
        before=before,
        before_name=_treatment_name(was, lang),
        before_possible=before_possible,
        after=after,
        after_name=_treatment_name(now, lang),
        after_possible=after_possible,
    )


def _treatment_name(procedure: Procedure | None, lang: str) -> str | None:
    if procedure is None:
        return phrases_in(language_of(lang)).say(f"treatment.{NOT_REQUIRED}")
    return None if procedure["treatment_name"] is None else str(procedure["treatment_name"])


def _parts(procedure: Procedure) -> dict[str, object]:
    """What is compared of a procedure beside its treatment, by name."""
    limit, fee = procedure["time_limit"]["applicable"], procedure["fee"]
    return {
        **{part: procedure[part] for part in _PLAIN_PARTS if part in procedure},
        "time_limit": limit and (limit["value"], limit["unit"]),
        "materials": _statuses(procedure["materials"]),
        "conditions": _statuses(procedure["conditions"]),
        "fee": fee and (fee["charged"], fee["amount_yuan"]),
    }


def _statuses(records: Iterable[Mapping[str, Any]] | None) -> frozenset[tuple[object, object]] | None:
    return None if records is None else frozenset((record["code"], record["status"]) for record in records)


def _applying(records: Iterable[Mapping[str, Any]]) -> frozenset[tuple[object, object]]:
    return frozenset((record["code"], record["applies"]) for record in records)
