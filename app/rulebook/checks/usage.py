"""Usage: what is listed, overridden, dropped, chosen or said twice makes sense in its topic."""

from collections.abc import Iterator

from app.engine import FactType, Purpose
from app.rulebook.checks.context import Context
from app.rulebook.files.conditions import FactTest
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.procedures import AcceptanceConditionEntry
from app.rulebook.files.rules import ExtraEntry, RuleEntry
from app.rulebook.lookup import plain
from app.rulebook.names import Kind
from app.rulebook.scope import Scope

#: Facts that choose a voluntary way are named so; no other fact may be taken by default.
_CHOOSES = "choose_"


def check_usage(context: Context) -> None:
    """Facts are asked for a reason, overrides can bite, drops have something to drop, extras say one thing."""
    for fact, _ in context.all_inside(FactEntry):
        _check_default(context, fact)
    for rule, _ in context.all_inside(RuleEntry):
        _check_voluntary(context, rule)
        _check_once(context, rule)
    for scope in context.scopes.values():
        if not any(folder.holds(file) for folder in scope.folders for file in context.findings.blocking):
            _check_useless(context, scope)
        _check_overrides(context, scope)
        _check_drops(context, scope)
        _check_dates(context, scope)
        _check_extras(context, scope)
        _check_acceptance(context, scope)


def _check_default(context: Context, fact: FactEntry) -> None:
    if fact.default is not None and not (fact.default and fact.code.startswith(_CHOOSES)):
        context.findings.add(
            fact.place.at("default"),
            "default_not_allowed",
            f"`{fact.code}` has a default; only facts `{_CHOOSES}…` are taken as true where nothing is answered",
        )


def _check_voluntary(context: Context, rule: RuleEntry) -> None:
    fact = context.registry.facts().get(rule.voluntary or "")
    if fact is not None and not fact.default:
        context.findings.add(
            rule.place.at("voluntary"),
            "default_not_allowed",
            f"`{fact.code}` does not choose a way: `voluntary` names a fact with `default: true`",
        )


def _check_once(context: Context, rule: RuleEntry) -> None:
    seen: set[str] = set()
    for effect in rule.procedure_effects:
        if effect.procedure in seen:
            message = f"{rule.code} speaks of `{effect.procedure}` twice; say all in one effect"
            context.findings.add(effect.place.at("procedure"), "duplicate_code", message)
        seen.add(effect.procedure)


def _check_useless(context: Context, scope: Scope) -> None:
    entries = (*scope.entries(), *scope.constraints.values(), *scope.benchmarks)
    used = {mention.name for entry in entries for mention in context.mentions(entry) if mention.kind is Kind.FACT}
    for fact in scope.facts.values():
        if fact.only_if is not None:
            used.update(mention.name for mention in context.mentions(fact.only_if) if mention.kind is Kind.FACT)
    for index, listed in enumerate(scope.topic.facts):
        code = listed.code if isinstance(listed, FactEntry) else listed.use
        taken = scope.facts.get(code)
        if taken is not None and taken.purpose is not Purpose.WHERE and code not in used:
            context.findings.add(
                scope.topic.place.at("facts", index),
                "useless_fact",
                f"{scope.topic.code} asks for `{code}` and nothing in it mentions the fact; take it out",
                warning=True,
            )


def _check_overrides(context: Context, scope: Scope) -> None:
    for rule in scope.rules.values():
        about = {effect.procedure for effect in rule.procedure_effects}
        for index, code in enumerate(rule.overrides):
            other = scope.rules.get(code)
            if other is None:
                continue
            why = None
            if not about & {effect.procedure for effect in other.procedure_effects}:
                why = "they speak of no procedure together"
            elif not rule.period.overlaps(other.period):
                why = "they are never in force together"
            if why:
                place = rule.place.at("overrides", index)
                context.findings.add(
                    place,
                    "idle_override",
                    f"{rule.code} can never override `{code}`: {why}; take it out",
                    harmless=True,
                )


def _check_drops(context: Context, scope: Scope) -> None:
    conditions: dict[str, set[str]] = {
        code: {condition.code for condition in entry.conditions} for code, entry in scope.procedures.items()
    }
    effects = [effect for rule in scope.rules.values() for effect in rule.procedure_effects if effect.conditions]
    for effect in effects:
        added = effect.conditions.add if effect.conditions else ()
        conditions.setdefault(effect.procedure, set()).update(condition.code for condition in added)
    broken = {code for kind, code in context.registry.broken if kind is Kind.PROCEDURE}
    for effect in (one for one in effects if one.procedure not in broken):
        for index, code in enumerate(effect.conditions.drop if effect.conditions else ()):
            if code not in conditions[effect.procedure]:
                context.findings.add(
                    effect.place.at("conditions", "drop", index),
                    "unknown_condition",
                    f"`{effect.procedure}` has no condition `{code}` to drop; write it under its `conditions`",
                )


def _check_dates(context: Context, scope: Scope) -> None:
    """Two days compared are one variable: neither may be compared with anything else."""
    pairs: dict[str, set[frozenset[str]]] = {}
    fixed: set[str] = set()
    entries = (*scope.entries(), *scope.constraints.values())
    tests = [found for entry in entries for found in context.inside(entry, FactTest)]
    for test, _ in tests:
        if test.within is not None:
            pair = frozenset({test.fact, test.within.after})
            for code in pair:
                pairs.setdefault(code, set()).add(pair)
        elif test.fact in scope.facts and scope.facts[test.fact].type is FactType.DATE:
            fixed.add(test.fact)
    for test, item in tests:
        if test.within is None:
            continue
        for code in (test.fact, test.within.after):
            if len(pairs[code]) > 1 or code in fixed:
                other = "a fixed day" if code in fixed else "another day"
                message = f"`{code}` is compared with a day of the scenario and with {other} too; use two facts"
                context.findings.add(item.place, "date_chain", message)


def _check_extras(context: Context, scope: Scope) -> None:
    """A note, obligation or entitlement that several rules give says the same each time."""
    first: dict[tuple[str, str], ExtraEntry] = {}
    for kind, extra in _extras(scope):
        known = first.setdefault((kind, extra.code), extra)
        if _said(known) != _said(extra):
            context.findings.add(
                extra.place.at("code"),
                "duplicate_code",
                f"the {kind} `{extra.code}` says something else in {known.place.file}:{known.place.mark.line}; give it"
                " another code, or the same words",
            )


def _check_acceptance(context: Context, scope: Scope) -> None:
    """A condition's code stands for one wording in each procedure, whoever adds it."""
    first: dict[tuple[str, str], AcceptanceConditionEntry] = {}
    found = [(code, condition) for code, entry in scope.procedures.items() for condition in entry.conditions]
    for rule in scope.rules.values():
        for effect in rule.procedure_effects:
            added = effect.conditions.add if effect.conditions else ()
            found.extend((effect.procedure, condition) for condition in added)
    for procedure, condition in found:
        known = first.setdefault((procedure, condition.code), condition)
        if (known.text.zh, known.text.en) != (condition.text.zh, condition.text.en):
            context.findings.add(
                condition.place.at("code"),
                "duplicate_code",
                f"`{procedure}` has a condition `{condition.code}` with other words in {known.place.file}:"
                f"{known.place.mark.line}; give one of them another code",
            )


def _extras(scope: Scope) -> Iterator[tuple[str, ExtraEntry]]:
    for rule in scope.rules.values():
        yield from rule.extras


def _said(extra: ExtraEntry) -> object:
    return plain(extra)
