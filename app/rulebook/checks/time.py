"""Time: dated lists without overlaps, forces without holes, definitions in force with the rules that use them."""

from collections.abc import Sequence

from app.engine import Period
from app.rulebook.checks.context import Context
from app.rulebook.checks.days import days_to_try, first_overlap, uncovered_day
from app.rulebook.files.base import Dated, Entry
from app.rulebook.files.procedures import ProcedureEntry
from app.rulebook.files.rules import ProcedureEffectEntry, RuleEntry
from app.rulebook.files.topics import DefinitionEntry
from app.rulebook.names import Kind
from app.rulebook.places import Place
from app.rulebook.scope import Scope


def check_time(context: Context) -> None:
    """What holds for a period holds for one only, and never on a day without what it needs."""
    for definition, _ in context.all_inside(DefinitionEntry):
        _check_apart(context, definition.versions, definition.place.at("versions"), f"versions of {definition.code}")
    for procedure, _ in context.all_inside(ProcedureEntry):
        _check_apart(context, procedure.limits, procedure.place.at("limits"), f"limits of {procedure.code}")
    for effect, _ in context.all_inside(ProcedureEffectEntry):
        _check_apart(context, effect.limit, effect.place.at("limit"), "limits")
    for rule, _ in context.all_inside(RuleEntry):
        _check_apart(context, rule.force, rule.place.at("force"), "forces")
        _check_force(context, rule)
    for scope in context.scopes.values():
        _check_cover(context, scope)
        _check_definitions(context, scope)


def _check_apart(context: Context, entries: Sequence[Dated], place: Place, what: str) -> None:
    clash = first_overlap([entry.period for entry in entries])
    if clash is not None:
        first, second = (place.at(index) for index in clash)
        context.findings.add(
            second,
            "period_clash",
            f"two {what} hold on one day: this one and that of line {first.mark.line}; end one where the other begins",
        )


def _check_force(context: Context, rule: RuleEntry) -> None:
    day = uncovered_day(rule.period, [part.period for part in rule.force])
    if day is not None:
        message = f"{rule.code} is in force on {day} and has no `force` then; date the list without a hole"
        context.findings.add(rule.place.at("force"), "force_gap", message)


def _check_cover(context: Context, scope: Scope) -> None:
    topic = scope.topic
    if topic.covers_from > topic.before_day:
        context.findings.add(
            topic.place.at("covers_from"),
            "covers_from_late",
            f"covers_from {topic.covers_from} lies after before_day {topic.before_day}; cover the day before, too",
        )
    if topic.reviewed_until < topic.covers_from:
        message = f"reviewed_until {topic.reviewed_until} lies before covers_from {topic.covers_from}; one is mistaken"
        context.findings.add(topic.place.at("reviewed_until"), "period_clash", message)


def _check_definitions(context: Context, scope: Scope) -> None:
    """What is in force should not use a definition that has no version then; it would be false in silence."""
    for rule in scope.rules.values():
        _check_used(context, scope, rule, rule.period, rule.code)
    for definition in scope.definitions.values():
        for version in definition.versions:
            _check_used(context, scope, version, version.period, definition.code)


def _check_used(context: Context, scope: Scope, entry: Entry, period: Period, name: str) -> None:
    covered = Period(scope.topic.covers_from)
    for mention in context.mentions(entry):
        definition = scope.definitions.get(mention.name) if mention.kind is Kind.DEFINITION else None
        if definition is None:
            continue
        versions = [version.period for version in definition.versions]
        tried = days_to_try(period, [*versions, covered])
        day = next((d for d in tried if covered.covers(d) and not any(v.covers(d) for v in versions)), None)
        if day is not None:
            context.findings.add(
                mention.place,
                "definition_not_in_force",
                f"{name} is in force on {day} and `{mention.name}` has no version then, so it is false; date one of"
                " them, if that is not meant",
                warning=True,
            )
