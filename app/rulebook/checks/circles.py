"""Circles: procedures that wait for each other, definitions that use each other, and their like; per topic."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from app.rulebook.checks.context import Context
from app.rulebook.files.base import Entry
from app.rulebook.files.conditions import DefinitionHolds, ProcedureRequired
from app.rulebook.places import Place
from app.rulebook.scope import Scope


def check_circles(context: Context) -> None:
    """Nothing hangs on itself."""
    for scope in context.scopes.values():
        _check(
            context,
            {code: entry.depends_on for code, entry in scope.procedures.items()},
            lambda code, scope=scope: scope.procedures[code].place.at("depends_on"),  # type: ignore[misc]
            ("dependency_cycle", "these procedures wait for each other", "take out one `depends_on`"),
        )
        _check(
            context,
            {code: _definitions(context, entry) for code, entry in scope.definitions.items()},
            lambda code, scope=scope: scope.definitions[code].place,  # type: ignore[misc]
            ("definition_cycle", "these definitions use each other", "write one of them out"),
        )
        _check(
            context,
            {code: entry.overrides for code, entry in scope.rules.items()},
            lambda code, scope=scope: scope.rules[code].place.at("overrides"),  # type: ignore[misc]
            ("override_cycle", "these rules override each other", "one of them has to give way"),
        )
        _check(
            context,
            _required(context, scope),
            lambda code, scope=scope: scope.procedures[code].place.at("required_when"),  # type: ignore[misc]
            ("required_cycle", "whether these procedures are required hangs on each other", "spell one condition out"),
        )


def _check(
    context: Context,
    edges: Mapping[str, Iterable[str]],
    place: Callable[[str], Place],
    words: tuple[str, str, str],
) -> None:
    code, what, cure = words
    for circle in _circles(edges):
        shown = " → ".join((*circle, circle[0]))
        context.findings.add(place(circle[0]), code, f"{what}: {shown}; {cure}")


def _circles(edges: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """One circle through each group of nodes that reach each other, in the order of the edges."""
    done: set[str] = set()
    for start in edges:
        if start in done:
            continue
        path: list[str] = [start]
        ways: list[Iterator[str]] = [iter(edges[start])]
        while path:
            step = next(ways[-1], None)
            if step is None:
                done.add(path.pop())
                ways.pop()
            elif step in path:
                yield tuple(path[path.index(step) :])
            elif step in edges and step not in done:
                path.append(step)
                ways.append(iter(edges[step]))


def _definitions(context: Context, entry: Entry) -> tuple[str, ...]:
    return tuple(found.definition for found, _ in context.inside(entry, DefinitionHolds))


def _required(context: Context, scope: Scope) -> dict[str, tuple[str, ...]]:
    """Procedure -> the procedures its being required is asked of.

    A procedure exists by its own condition, or because a rule brings it, which in turn others may override.
    """
    whens: dict[str, list[Entry]] = {code: [entry.required_when] for code, entry in scope.procedures.items()}
    for rule in scope.rules.values():
        for effect in rule.procedure_effects:
            if effect.brings and effect.procedure in whens:
                whens[effect.procedure].append(rule.when)
                whens[effect.procedure].extend(
                    other.when
                    for other in scope.rules.values()
                    if rule.code in other.overrides
                    and any(own.procedure == effect.procedure for own in other.procedure_effects)
                )
    return {code: tuple(_asked(context, scope, entries)) for code, entries in whens.items()}


def _asked(context: Context, scope: Scope, entries: Iterable[Entry]) -> Iterator[str]:
    waiting, seen = list(entries), set[str]()
    while waiting:
        entry = waiting.pop(0)
        yield from (found.procedure for found, _ in context.inside(entry, ProcedureRequired))
        for code in _definitions(context, entry):
            if code in scope.definitions and code not in seen:
                seen.add(code)
                waiting.append(scope.definitions[code])
