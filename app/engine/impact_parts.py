"""What a procedure comes to besides its outcome, as far as a company notices it: days, papers, conditions, office."""

import enum
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from app.engine.details import effects_on, first_given, limit_of, materials_of, visits_of
from app.engine.leaf import Leaf
from app.engine.model import Duration, Outcome, Procedure, ProcedureEffect, Rule, Topic


class Facet(enum.StrEnum):
    """What of a procedure, or of the whole answer, can move."""

    OUTCOME = "outcome"
    LIMIT = "limit"
    MATERIALS = "materials"
    CONDITIONS = "conditions"
    OFFICE = "office"
    TRUTH = "truth"


@dataclass(frozen=True, slots=True)
class Papers:
    """The papers asked for and what becomes of each.

    Unknown: `known` False where no list is known.
    """

    known: bool
    items: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Asked:
    """The acceptance conditions in force: those asked for, and those a rule drops."""

    required: frozenset[str]
    dropped: frozenset[str]


@dataclass(frozen=True, slots=True)
class Office:
    """Who handles it and how, where a rule says so; None leaves it as the procedure has it."""

    authority: str | None
    level: str | None
    channel: str | None
    visits: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    """The time that applies, None where none is known or there is none."""

    duration: Duration | None


def told_apart(before: "Part", after: "Part") -> tuple["Part", "Part"]:
    """Both sides without the papers and conditions that they share: those move nothing, and would part classes."""
    if isinstance(before, Papers) and isinstance(after, Papers) and before.known and after.known:
        return Papers(True, before.items - after.items), Papers(True, after.items - before.items)
    if isinstance(before, Asked) and isinstance(after, Asked):
        return (
            Asked(before.required - after.required, before.dropped - after.dropped),
            Asked(after.required - before.required, after.dropped - before.dropped),
        )
    return before, after


Part: TypeAlias = Outcome | Limit | Papers | Asked | Office | bool


def parts_of(topic: Topic, procedure: Procedure, leaf: Leaf, prefix: str, day: date) -> dict[Facet, Part]:
    """What the leaf comes to on the day; `prefix` stands in front of the codes it holds."""
    carried = {str(code).removeprefix(prefix) for code in leaf.carried}
    rules = [rule for rule in topic.rules.values() if rule.code in carried]
    effects = effects_on(procedure, rules)
    return {
        Facet.LIMIT: Limit(limit_of(procedure, leaf.outcome, effects, day).applicable),
        Facet.MATERIALS: _papers(procedure, leaf.outcome, effects, day),
        Facet.CONDITIONS: _conditions(procedure, effects, day),
        Facet.OFFICE: Office(
            first_given(effects, "authority"),
            first_given(effects, "level"),
            first_given(effects, "channel"),
            visits_of(procedure, effects),
        ),
    }


def _papers(procedure: Procedure, outcome: Outcome, effects: list[tuple[Rule, ProcedureEffect]], day: date) -> Papers:
    found = materials_of(procedure, outcome, effects, day)
    return Papers(False) if found is None else Papers(True, frozenset((item.code, str(item.status)) for item in found))


def _conditions(procedure: Procedure, effects: list[tuple[Rule, ProcedureEffect]], day: date) -> Asked:
    dropped = frozenset(code for _, effect in effects for code in effect.conditions_dropped)
    items = [*procedure.conditions, *(item for _, effect in effects for item in effect.conditions_added)]
    here = frozenset(item.code for item in items if item.period.covers(day))
    return Asked(here - dropped, here & dropped)
