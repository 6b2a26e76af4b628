"""Mutants: single small changes of the law, such as a slip of the hand makes, that somebody ought to notice."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, TypeAlias, TypeVar

from app.engine import Treatment
from app.rulebook.files.base import ALL_TIME, Dated, Entry
from app.rulebook.files.conditions import Constant
from app.rulebook.files.procedures import AcceptanceConditionEntry, ProcedureEntry
from app.rulebook.files.rules import EffectEntry, ProcedureEffectEntry, RuleEntry
from app.rulebook.files.topics import DefinitionEntry
from app.rulebook.mutation.conditions import condition_mutants
from app.rulebook.mutation.slips import Slip, changed
from app.rulebook.places import Place

D = TypeVar("D", bound=Dated)
L = TypeVar("L", bound=Entry)

_DAY: Final = timedelta(days=1)
#: One way to slip: its sort, where, in words, the entry with it, and the day it bears on where it is one alone.
Change: TypeAlias = tuple[Slip, Place, str, L, date | None]


class Owner(enum.StrEnum):
    """What sort of entry a mutant changes."""

    RULE = "rule"
    DEFINITION = "definition"
    PROCEDURE = "procedure"


@dataclass(frozen=True, slots=True)
class Mutant:
    """One entry changed in one place.

    Shape: `entry` as it would stand, None where it is left out · `day` the one day a moved date bears on.
    """

    owner: Owner
    code: str
    entry: RuleEntry | DefinitionEntry | ProcedureEntry | None
    slip: Slip
    place: Place
    said: str
    day: date | None = None

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.place.file}:{self.place.mark.line}"


def mutants_of(entry: RuleEntry | DefinitionEntry | ProcedureEntry) -> Iterator[Mutant]:
    """Return every mutant of the entry, in the order of its file."""
    match entry:
        case RuleEntry():
            yield Mutant(Owner.RULE, entry.code, None, Slip.RULE, entry.place, "the rule is left out")
            yield from _mutants(Owner.RULE, entry.code, entry.place, _rule(entry))
        case DefinitionEntry():
            yield from _mutants(Owner.DEFINITION, entry.code, entry.place, _definition(entry))
        case ProcedureEntry():
            yield from _mutants(Owner.PROCEDURE, entry.code, entry.place, _procedure(entry))


def _mutants(owner: Owner, code: str, home: Place, changes: Iterable[Change[Any]]) -> Iterator[Mutant]:
    for slip, place, said, other, day in changes:
        yield Mutant(owner, code, other, slip, place if place.file else home, said, day)


def _rule(entry: RuleEntry) -> Iterator[Change[RuleEntry]]:
    yield from _dates(entry)
    if "when" in entry.model_fields_set and not isinstance(entry.when, Constant):
        for slip, place, said, condition in condition_mutants(entry.when):
            yield slip, place, said, changed(entry, when=condition), None
    if entry.voluntary is not None:
        said = f"`voluntary: {entry.voluntary}` is left out"
        yield Slip.CONDITION, entry.place.at("voluntary"), said, changed(entry, voluntary=None), None
    for index, code in enumerate(entry.overrides):
        others = tuple(other for other in entry.overrides if other != code)
        said, place = f"the override of {code} is left out", entry.place.at("overrides", index)
        yield Slip.OVERRIDE, place, said, changed(entry, overrides=others), None
    for index, effect in enumerate(entry.then):
        for slip, place, said, other in _effect(effect):
            kept = (*entry.then[:index], *((other,) if other is not None else ()), *entry.then[index + 1 :])
            if kept:
                yield slip, place, said, changed(entry, then=kept), None


def _effect(effect: EffectEntry) -> Iterator[tuple[Slip, Place, str, EffectEntry | None]]:
    yield Slip.EFFECT, effect.place, "the effect is left out", None
    if not isinstance(effect, ProcedureEffectEntry):
        return
    if effect.treatment is not None:
        other = Treatment.SIMPLIFIED if effect.treatment is Treatment.STANDARD else Treatment.STANDARD
        said = f"{effect.procedure}: `{effect.treatment}` becomes `{other}`"
        flipped = changed(effect, treatment=other, merged_into=None, reason=None, filing_timing=None)
        yield Slip.EFFECT, effect.place.at("treatment"), said, flipped
    if effect.brings:
        yield Slip.EFFECT, effect.place.at("brings"), "`brings` is left out", changed(effect, brings=False)
    added = effect.conditions.add if effect.conditions is not None else ()
    for index, condition in enumerate(added):
        for slip, place, said, tested in _barrier(condition):
            kept = (*added[:index], tested, *added[index + 1 :])
            yield slip, place, said, changed(effect, conditions=changed(effect.conditions, add=kept))


def _barrier(condition: AcceptanceConditionEntry) -> Iterator[tuple[Slip, Place, str, AcceptanceConditionEntry]]:
    """Acceptance conditions that bar; whether one merely to be confirmed is met decides nothing."""
    if condition.unmet == "barrier" and condition.test is not None:
        for slip, place, said, test in condition_mutants(condition.test):
            yield slip, place, said, changed(condition, test=test)


def _definition(entry: DefinitionEntry) -> Iterator[Change[DefinitionEntry]]:
    for index, version in enumerate(entry.versions):

        def having(*versions: object, at: int = index) -> DefinitionEntry:
            return changed(entry, versions=(*entry.versions[:at], *versions, *entry.versions[at + 1 :]))

        if len(entry.versions) > 1:
            yield Slip.CONDITION, version.place, "the version is left out", having(), None
        for slip, place, said, other, day in _dates(version):
            yield slip, place, said, having(other), day
        for slip, place, said, condition in condition_mutants(version.when):
            yield slip, place, said, having(changed(version, when=condition)), None


def _procedure(entry: ProcedureEntry) -> Iterator[Change[ProcedureEntry]]:
    yield from _dates(entry)
    if "required_when" in entry.model_fields_set and not isinstance(entry.required_when, Constant):
        for slip, place, said, condition in condition_mutants(entry.required_when):
            yield slip, place, said, changed(entry, required_when=condition), None
    for index, acceptance in enumerate(entry.conditions):
        for slip, place, said, other in _barrier(acceptance):
            kept = (*entry.conditions[:index], other, *entry.conditions[index + 1 :])
            yield slip, place, said, changed(entry, conditions=kept), None


def _dates(entry: D) -> Iterator[Change[D]]:
    """Each end of its period a day earlier and a day later; between the two it matters on one day alone."""
    effective = entry.effective
    if effective is ALL_TIME:
        return
    for name, key, day in (("start", "from", effective.start), ("end", "to", effective.end)):
        for other in (day - _DAY, day + _DAY) if day is not None else ():
            moved = changed(effective, **{name: other})
            if moved.start is None or moved.end is None or moved.start < moved.end:
                place = entry.place.at("effective", key)
                said = f"`{key}: {day}` becomes {other}"
                yield Slip.DATE, place, said, changed(entry, effective=moved), min(day or other, other)
