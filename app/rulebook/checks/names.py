"""Names: every code that stands for nothing, in its own file and in each topic that merges it in."""

from collections.abc import Container, Iterator
from typing import Final

from app.rulebook.checks.context import Context
from app.rulebook.files.base import Entry
from app.rulebook.files.policies import Clause
from app.rulebook.files.rules import ProcedureEffectEntry
from app.rulebook.files.topics import ModuleFile
from app.rulebook.files.words import WordsEntry
from app.rulebook.findings import did_you_mean
from app.rulebook.mentions import Mention
from app.rulebook.names import Kind
from app.rulebook.registry import Registry
from app.rulebook.scope import Scope, definitions_of

_SCOPED: Final = frozenset({Kind.DEFINITION, Kind.PROCEDURE, Kind.RULE})
#: Where a module names something that only other topics have, nothing is lost: it cannot matter here.
_LOOSE: Final = frozenset({"depends_on", "replaces", "overrides", "parallel_with"})
#: Things whose absence leaves a topic fit to be tried.
_HARMLESS: Final = frozenset({Kind.MATERIAL, Kind.AUTHORITY, Kind.LEVEL, Kind.ITEM_TYPE, Kind.TOPIC, Kind.POLICY})
_HOMES: Final = {
    Kind.FACT: "rules/shared/facts.yaml, a module or the topic",
    Kind.MATERIAL: "materials.yaml",
    Kind.AUTHORITY: "rules/shared/authorities.yaml",
    Kind.ITEM_TYPE: "rules/shared/item_types.yaml",
    Kind.LEVEL: "rules/shared/levels.yaml",
    Kind.DISTRICT: "rules/shared/places.yaml",
    Kind.POLICY: "rules/policies",
    Kind.TOPIC: "rules/topics",
    Kind.MODULE: "rules/shared",
}


def check_names(context: Context) -> None:
    """Every code has to stand for something, in the whole rulebook and in each topic."""
    defined = _all_definitions(context)
    for entry in context.entries():
        for mention in context.mentions(entry):
            _check_known(context, mention, defined)
    for scope in context.scopes.values():
        _check_clauses(context, scope)
        _check_needs(context, scope)
        _check_scope(context, scope, defined)


def _all_definitions(context: Context) -> set[str]:
    source = context.source
    folders = (*source.modules.values(), *source.topics.values())
    written = {entry.code for folder in folders for entry in definitions_of(folder)}
    heads = (folder.head for folder in source.modules.values())
    return written | {code for head in heads if isinstance(head, ModuleFile) for code in head.needs}


def _check_known(context: Context, mention: Mention, defined: set[str]) -> None:
    kind, name, registry = mention.kind, mention.name, context.registry
    known = defined if kind is Kind.DEFINITION else registry.known[kind].keys()
    if name in known:
        return
    if _is_broken(registry, kind, name):
        context.findings.block(mention.place)  # what is wrong with it is said already
        return
    if kind is Kind.ARTICLE:
        message = _no_article(name, registry)
    else:
        home = _HOMES.get(kind, "the topic or one of its modules")
        message = f"there is no {kind} `{name}`{did_you_mean(name, known) or f'; write it in {home}'}"
    context.findings.add(mention.place, "unknown_name", message, harmless=kind in _HARMLESS)


def _is_broken(registry: Registry, kind: Kind, name: str) -> bool:
    if kind is Kind.ARTICLE:
        return (Kind.POLICY, name.partition("#")[0]) in registry.broken
    return (kind, name) in registry.broken


def _no_article(reference: str, registry: Registry) -> str:
    policy, _, article = reference.partition("#")
    if not registry.has(Kind.POLICY, policy):
        near = did_you_mean(policy, registry.known[Kind.POLICY])
        return f"there is no policy `{policy}`{near or f'; write rules/policies/{policy}/policy.yaml'}"
    codes = [ref.partition("#")[2] for ref in registry.known[Kind.ARTICLE] if ref.startswith(f"{policy}#")]
    near = did_you_mean(article, codes)
    return f"the policy `{policy}` has no article or clause `{article}`{near or '; write it in its policy.yaml'}"


# ---- inside a topic ----------------------------------------------------------------------------------


def _check_clauses(context: Context, scope: Scope) -> None:
    folders = context.source.policies.values()
    clauses = [clause for folder in folders for clause in folder.list("clauses", Clause)]
    known = {part.id for clause in clauses for part in (clause, *clause.parts)}
    broken = {code for key, code in context.source.broken if key in {"clauses", "parts"}}
    for index, code in enumerate(scope.topic.clauses):
        if code not in known | broken:
            place = scope.topic.place.at("clauses", index)
            message = f"the plan has no clause `{code}`{did_you_mean(code, known) or '; take it out'}"
            context.findings.add(place, "unknown_name", message, harmless=True)


def _check_needs(context: Context, scope: Scope) -> None:
    for module in scope.modules:
        for code in module.head.needs if isinstance(module.head, ModuleFile) else ():
            if code not in scope.definitions and (Kind.DEFINITION, code) not in context.registry.broken:
                context.findings.add(
                    scope.topic.place.at("uses"),
                    "missing_definition",
                    f"the module {module.name} needs the definition `{code}`; write it under `definitions` of"
                    f" {scope.topic.code}",
                )


def _check_scope(context: Context, scope: Scope, defined: set[str]) -> None:
    for entry in _law(scope):
        own = scope.is_own(entry)
        for mention in context.mentions(entry):
            if not own and (_is_loose(mention) or isinstance(mention.owner, WordsEntry)):
                continue
            if mention.kind is Kind.FACT:
                _check_listed(context, mention, scope)
            elif mention.kind in _SCOPED:
                _check_in_topic(context, mention, scope, defined)


def _law(scope: Scope) -> Iterator[Entry]:
    yield from scope.entries()
    yield from scope.constraints.values()
    yield from scope.cases
    yield from scope.benchmarks
    yield from scope.words


def _is_loose(mention: Mention) -> bool:
    is_effect = isinstance(mention.owner, ProcedureEffectEntry) and mention.key == "procedure"
    is_required = mention.kind is Kind.PROCEDURE and mention.key == "procedure" and not is_effect
    return mention.key in _LOOSE or is_effect or is_required


def _check_in_topic(context: Context, mention: Mention, scope: Scope, defined: set[str]) -> None:
    kind, name, registry = mention.kind, mention.name, context.registry
    here: dict[Kind, Container[str]] = {
        Kind.DEFINITION: scope.definitions,
        Kind.PROCEDURE: scope.procedures,
        Kind.RULE: scope.rules,
    }
    if name in here[kind]:
        return
    elsewhere = name in defined if kind is Kind.DEFINITION else name in registry.known[kind]
    if (kind, name) in registry.broken or not elsewhere:
        return  # it cannot be read, or stands for nothing anywhere: said already
    home = registry.homes.get((kind, name), "another topic or module")
    context.findings.add(
        mention.place,
        "unknown_name",
        f"the topic {scope.topic.code} has no {kind} `{name}`, it stands in {home}; name its module in `uses`,"
        " or take the mention out",
    )


def _check_listed(context: Context, mention: Mention, scope: Scope) -> None:
    """A fact that the topic's law mentions has to be among the topic's facts."""
    if mention.name in scope.facts or mention.name not in context.registry.facts():
        return
    context.findings.add(
        mention.place,
        "unlisted_fact",
        f"the topic {scope.topic.code} does not list the fact `{mention.name}`; add it to `facts` in its topic.yaml",
    )
