"""The changelog: each fragment tells a change that happens, and each day the law moves on has a fragment."""

from collections.abc import Iterable, Iterator
from datetime import date

from app.engine import change_days
from app.rulebook.checks.context import Context
from app.rulebook.files.base import Dated, Entry
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.files.procedures import LimitEntry, ProcedureEntry
from app.rulebook.files.rules import RuleEntry
from app.rulebook.files.topics import DefinitionEntry
from app.rulebook.names import Kind
from app.rulebook.places import Place
from app.rulebook.scope import Scope


def check_changelog(context: Context) -> None:
    """Fragments are named after their day, tell true changes, and leave no day out on which the law moves."""
    fragments = context.source.changelog.list("changelog", ChangelogEntry)
    seen: dict[str, ChangelogEntry] = {}
    for fragment in fragments:
        _check_file(context, fragment)
        first = seen.setdefault(fragment.code, fragment)
        if first is not fragment:
            message = f"`{fragment.code}` stands in {first.place.file} already; give one of them another code"
            context.findings.add(fragment.place.at("code"), "duplicate_code", message, harmless=True)
        _check_named(context, fragment)
    if fragments:
        _check_unrecorded(context, fragments)


def _check_file(context: Context, fragment: ChangelogEntry) -> None:
    if not fragment.place.file.endswith(f"/{fragment.file_name}"):
        message = f"the file is not named after what it holds; name it {fragment.file_name}, or mend `from` or `code`"
        context.findings.add(fragment.place.at("code"), "wrong_file_name", message, harmless=True)


# ---- what a fragment names ---------------------------------------------------------------------------


def _check_named(context: Context, fragment: ChangelogEntry) -> None:
    """Everything named belongs to a topic named, and changes on the day."""
    scopes = [context.scopes[code] for code in fragment.topics if code in context.scopes]
    held, all_known = set[str](), True
    for key, kind in (("rules", Kind.RULE), ("procedures", Kind.PROCEDURE)):
        for index, code in enumerate(getattr(fragment, key)):
            having = [scope for scope in scopes if code in (scope.rules if kind is Kind.RULE else scope.procedures)]
            held |= {scope.topic.code for scope in having}
            place = fragment.place.at(key, index)
            if (kind, code) in context.registry.broken:
                all_known = False  # what is wrong with it is said already
            elif having:
                _check_day(context, fragment, having, kind, code, place)
            elif not context.registry.has(kind, code):
                all_known = False  # said already
            elif len(scopes) == len(fragment.topics):
                message = (
                    f"none of {', '.join(fragment.topics)} has the {kind} `{code}`; name its topic, or take it out"
                )
                context.findings.add(place, "unknown_name", message, harmless=True)
    for index, code in enumerate(fragment.topics):
        if all_known and code in context.scopes and code not in held:
            message = f"nothing that is named here belongs to `{code}`; name what changes there, or take the topic out"
            context.findings.add(fragment.place.at("topics", index), "nothing_changes", message, harmless=True)


def _check_day(
    context: Context, fragment: ChangelogEntry, scopes: list[Scope], kind: Kind, code: str, place: Place
) -> None:
    days = {day for scope in scopes for day in _days(context, scope, kind, code)}
    if fragment.start not in days and not any(context.is_flawed(scope) for scope in scopes):
        known = ", ".join(str(day) for day in sorted(days)) or "on no day"
        message = f"the {kind} `{code}` does not change on {fragment.start}; it changes {known}: mend one of them"
        context.findings.add(place, "nothing_changes", message, harmless=True)


def _days(context: Context, scope: Scope, kind: Kind, code: str) -> Iterator[date]:
    """The days on which anything about a rule or a procedure changes: itself, its definitions, its rules."""
    if kind is Kind.RULE:
        yield from _all_days(context, scope, scope.rules[code])
        return
    yield from _all_days(context, scope, scope.procedures[code])
    for rule in scope.rules.values():
        if any(effect.procedure == code for effect in rule.procedure_effects):
            yield from _all_days(context, scope, rule)


def _all_days(context: Context, scope: Scope, entry: Entry) -> tuple[date, ...]:
    entries = (entry, *_definitions(context, scope, entry))
    dated = (item.entry for one in entries for item in context.items(one))
    return change_days(one.period for one in dated if isinstance(one, Dated))


def _definitions(context: Context, scope: Scope, entry: Entry) -> Iterable[DefinitionEntry]:
    """The definitions that the entry uses, those that they use included."""
    found: dict[str, DefinitionEntry] = {}
    waiting = [entry]
    while waiting:
        for mention in context.mentions(waiting.pop()):
            used = scope.definitions.get(mention.name) if mention.kind is Kind.DEFINITION else None
            if used is not None and mention.name not in found:
                found[mention.name] = used
                waiting.append(used)
    return found.values()


# ---- what no fragment names --------------------------------------------------------------------------


def _check_unrecorded(context: Context, fragments: list[ChangelogEntry]) -> None:
    for scope in context.scopes.values():
        told = {fragment.start for fragment in fragments if scope.topic.code in fragment.topics}
        moved: dict[date, dict[str, Place]] = {}
        for code, entry in _deciding(context, scope):
            for day in entry.period.days():
                if day > scope.topic.covers_from:
                    moved.setdefault(day, {}).setdefault(code, entry.place.at("effective"))
        for procedure in scope.procedures.values():
            for limit in _other_limits(procedure):
                if limit.period.start is not None and limit.period.start > scope.topic.covers_from:
                    moved.setdefault(limit.period.start, {}).setdefault(procedure.code, limit.place.at("effective"))
        for day, places in sorted(moved.items()):
            if day not in told:
                _say_unrecorded(context, scope, day, places)


def _say_unrecorded(context: Context, scope: Scope, day: date, places: dict[str, Place]) -> None:
    message = (
        f"the law of {scope.topic.code} changes on {day} ({', '.join(places)}) and no fragment says so; write"
        f" changelog/{day}-<code>.yaml with what a company will notice"
    )
    context.findings.add(next(iter(places.values())), "unrecorded_change", message, warning=True)


def _other_limits(procedure: ProcedureEntry) -> Iterator[LimitEntry]:
    """The time limits that give another figure than the one before; a mere change of source is nothing to notice."""
    dated = sorted(procedure.limits, key=lambda limit: limit.period.start or date.min)
    before: tuple[object, ...] | None = _figures(None) if dated and dated[0].period.start else None
    for limit in dated:
        if before is not None and _figures(limit) != before:
            yield limit
        before = _figures(limit)


def _figures(limit: LimitEntry | None) -> tuple[object, ...]:
    given = (limit.statutory, limit.promised) if limit else (None, None)
    return tuple(one and (one.value, one.unit) for one in given)


def _deciding(context: Context, scope: Scope) -> Iterator[tuple[str, Dated]]:
    """All that says something about a procedure, each with its period: rules, definitions they use, procedures."""
    rules = (
        rule
        for rule in scope.rules.values()
        if any(one.procedure in scope.procedures for one in rule.procedure_effects)
    )
    entries: list[RuleEntry | ProcedureEntry] = [*scope.procedures.values(), *rules]
    for entry in entries:
        yield entry.code, entry
        for definition in _definitions(context, scope, entry):
            yield from ((definition.code, version) for version in definition.versions)
