"""Worked examples: what they expect exists, so that a misspelt `…_exclude` does not pass in silence."""

from collections.abc import Collection

from app.engine import ExtraKind, Treatment
from app.rulebook.checks.context import Context
from app.rulebook.files.cases import PLURALS, CaseEntry, ExpectedProcedure
from app.rulebook.files.procedures import AcceptanceConditionEntry
from app.rulebook.findings import did_you_mean
from app.rulebook.places import Place
from app.rulebook.scope import Scope


def check_examples(context: Context) -> None:
    """Every code a case expects or rules out belongs to its topic, and its day is covered."""
    for scope in context.scopes.values():
        is_flawed = context.is_flawed(scope)
        extras = _extras(scope)
        conditions = _conditions(context, scope)
        barriers = _barriers(scope) | {item.code for held in conditions.values() for item in held if item.unmet}
        for case in scope.cases:
            _check_day(context, scope, case)
            if is_flawed:
                continue  # what is expected may stand in what could not be read
            for kind, codes in extras.items():
                for ending in ("include", "open_include", "exclude"):
                    _check_codes(context, case, f"{PLURALS[kind]}_{ending}", codes)
            _check_given(context, case, frozenset().union(*extras.values()))
            _check_codes(context, case, "barriers", barriers)
            _check_codes(context, case, "barriers_open", barriers)
            for code, wanted in case.expect.procedures.items():
                if isinstance(wanted, ExpectedProcedure):
                    known = {item.code for item in conditions.get(code, ())}
                    _check_conditions(context, wanted, known, case.place.at("expect", "procedures", code))


def _extras(scope: Scope) -> dict[ExtraKind, set[str]]:
    found: dict[ExtraKind, set[str]] = {kind: set() for kind in ExtraKind}
    for rule in scope.rules.values():
        for kind, extra in rule.extras:
            found[kind].add(extra.code)
    return found


def _conditions(context: Context, scope: Scope) -> dict[str, list[AcceptanceConditionEntry]]:
    found = {code: list(entry.conditions) for code, entry in scope.procedures.items()}
    for rule in scope.rules.values():
        for effect in rule.procedure_effects:
            held = found.setdefault(effect.procedure, [])
            held.extend(item for item, _ in context.inside(effect, AcceptanceConditionEntry))
    return found


def _barriers(scope: Scope) -> set[str]:
    return {
        rule.code
        for rule in scope.rules.values()
        if any(effect.treatment is Treatment.CLOSED for effect in rule.procedure_effects)
    }


def _check_day(context: Context, scope: Scope, case: CaseEntry) -> None:
    first = scope.topic.covers_from
    if case.as_of < first:
        message = f"{case.as_of} lies before {first}, the first day {scope.topic.code} covers; take a later day"
        context.findings.add(case.place.at("as_of"), "day_not_covered", message, harmless=True)


def _check_codes(context: Context, case: CaseEntry, key: str, known: Collection[str]) -> None:
    for index, code in enumerate(getattr(case.expect, key) or ()):
        if code not in known:
            _say(context, case.place.at("expect", key, index), key, code, known)


def _check_given(context: Context, case: CaseEntry, known: Collection[str]) -> None:
    for code in case.expect.given_by:
        if code not in known:
            _say(context, case.place.at("expect", "given_by", code), "given_by", code, known)


def _check_conditions(context: Context, wanted: ExpectedProcedure, known: Collection[str], place: Place) -> None:
    for key in ("conditions_include", "conditions_exclude", "conditions_dropped"):
        for index, code in enumerate(getattr(wanted, key) or ()):
            if code not in known:
                _say(context, place.at(key, index), key, code, known)


def _say(context: Context, place: Place, key: str, code: str, known: Collection[str]) -> None:
    near = did_you_mean(code, known) or "; name one that a rule or procedure of the topic has"
    context.findings.add(place, "unknown_name", f"`{key}`: the topic has no `{code}`{near}", harmless=True)
