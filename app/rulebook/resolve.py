"""From a rulebook's entries to one frozen `Rulebook`, every topic with the engine's record beside its words."""

from collections.abc import Iterable, Mapping
from typing import TypeVar, cast

from app.engine import DefinitionCode, ExtraKind, FactCode, ProcedureCode, RuleCode, Topic, Verification
from app.rulebook.books import ArticleBook, PolicyBook, Rulebook, TopicBook, WordBook
from app.rulebook.build import build_shared_topic, build_topic
from app.rulebook.files.base import ALL_TIME, Entry, Text
from app.rulebook.files.changelog import ChangelogEntry
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.policies import Article, Clause, ClausePart, PolicyFile
from app.rulebook.files.procedures import AcceptanceConditionEntry, ProcedureEntry
from app.rulebook.files.rules import ExtraEntry, RuleEntry
from app.rulebook.files.shared import (
    AuthorityEntry,
    CalendarYear,
    ConstraintEntry,
    DistrictEntry,
    ItemTypeEntry,
    LevelEntry,
    MaterialEntry,
    ZoneEntry,
)
from app.rulebook.files.topics import ModuleFile
from app.rulebook.folder import Folder, Source
from app.rulebook.names import Kind
from app.rulebook.registry import Registry
from app.rulebook.release import canonical_form, content_hash, files_version
from app.rulebook.scope import Scope

E = TypeVar("E", bound=Entry)


def resolve(source: Source, registry: Registry, scopes: Mapping[str, Scope]) -> Rulebook:
    """Return the rulebook with the topics of `scopes`, all of which have to be sound."""
    policies = _policies(source)

    def verification(reference: str) -> Verification:
        policy, _, article = reference.partition("#")
        return policies[policy].articles[article].verification

    digest = content_hash(canonical_form(source))
    shared = source.shared
    return Rulebook(
        version=files_version(digest),
        content_hash=digest,
        policies=policies,
        topics={code: _topic(scope, build_topic(scope, verification)) for code, scope in scopes.items()},
        modules={
            folder.head.code: folder.head for folder in source.modules.values() if isinstance(folder.head, ModuleFile)
        },
        facts={FactCode(code): entry for code, entry in _known(registry, Kind.FACT, FactEntry).items()},
        shared_facts={FactCode(entry.code): entry for entry in shared.list("facts", FactEntry)},
        shared_topic=build_shared_topic(shared.list("facts", FactEntry), shared.list("constraints", ConstraintEntry)),
        procedures={
            ProcedureCode(code): entry for code, entry in _known(registry, Kind.PROCEDURE, ProcedureEntry).items()
        },
        rules={RuleCode(code): entry for code, entry in _known(registry, Kind.RULE, RuleEntry).items()},
        constraints={entry.code: entry for entry in shared.list("constraints", ConstraintEntry)},
        materials=_known(registry, Kind.MATERIAL, MaterialEntry),
        authorities=_known(registry, Kind.AUTHORITY, AuthorityEntry),
        item_types=_known(registry, Kind.ITEM_TYPE, ItemTypeEntry),
        levels=_known(registry, Kind.LEVEL, LevelEntry),
        districts={entry.code: entry for entry in shared.list("districts", DistrictEntry)},
        zones={entry.code: entry for entry in shared.list("zones", ZoneEntry)},
        calendar={entry.year: entry for entry in shared.list("years", CalendarYear)},
        homes=dict(registry.homes),
        changelog=_changelog(source),
    )


def _changelog(source: Source) -> tuple[ChangelogEntry, ...]:
    entries = source.changelog.list("changelog", ChangelogEntry)
    return tuple(sorted(entries, key=lambda entry: (-entry.start.toordinal(), entry.code)))


def _known(registry: Registry, kind: Kind, model: type[E]) -> dict[str, E]:
    entries = registry.known[kind]
    assert all(isinstance(entry, model) for entry in entries.values())
    return cast(dict[str, E], dict(entries))


# ---- policies ----------------------------------------------------------------------------------------


def _policies(source: Source) -> dict[str, PolicyBook]:
    return {
        folder.head.code: _policy(folder, folder.head, source.texts.get(folder.name))
        for folder in source.policies.values()
        if isinstance(folder.head, PolicyFile)
    }


def _policy(folder: Folder, policy: PolicyFile, text: str | None) -> PolicyBook:
    clauses = tuple(folder.list("clauses", Clause))
    articles = {article.code: _article(policy, article) for article in policy.articles}
    for clause in clauses:
        articles[clause.id] = _clause(policy, clause, clause)
        for part in clause.parts:
            articles[part.id] = _clause(policy, clause, part)
    return PolicyBook(policy, articles, clauses, text)


def _article(policy: PolicyFile, article: Article) -> ArticleBook:
    return ArticleBook(
        policy=policy,
        code=article.code,
        cite=article.cite,
        title=policy.title,
        verification=article.verification,
        effective=policy.effective if article.effective is ALL_TIME else article.effective,
        summary=article.summary,
    )


def _clause(policy: PolicyFile, clause: Clause, part: ClausePart) -> ArticleBook:
    """A clause's own text is stored, so whoever cites it has seen it in full."""
    return ArticleBook(
        policy=policy,
        code=part.id,
        cite=Text(zh=clause.cite, en=clause.cite),
        title=policy.title,
        verification=Verification.FULL_TEXT,
        effective=policy.effective,
        quote=part.text,
        clause=clause,
        part=part if part is not clause else None,
    )


# ---- topics ------------------------------------------------------------------------------------------


def _topic(scope: Scope, topic: Topic) -> TopicBook:
    return TopicBook(
        entry=scope.topic,
        topic=topic,
        facts={FactCode(code): entry for code, entry in scope.facts.items()},
        elsewhere={FactCode(code): options for code, options in scope.elsewhere.items() if options},
        definitions={DefinitionCode(code): entry for code, entry in scope.definitions.items()},
        constraints=scope.constraints,
        procedures={ProcedureCode(code): entry for code, entry in scope.procedures.items()},
        rules={RuleCode(code): entry for code, entry in scope.rules.items()},
        extras=_extras(scope.rules.values()),
        acceptance=_acceptance(scope),
        cases=tuple(scope.cases),
        benchmarks=tuple(scope.benchmarks),
        words=_words(scope),
        modules=tuple(folder.name for folder in scope.modules),
        own=frozenset(ProcedureCode(code) for code, entry in scope.procedures.items() if scope.is_own(entry)),
    )


def _extras(rules: Iterable[RuleEntry]) -> dict[tuple[ExtraKind, str], ExtraEntry]:
    found: dict[tuple[ExtraKind, str], ExtraEntry] = {}
    for rule in rules:
        for kind, extra in rule.extras:
            found.setdefault((kind, extra.code), extra)
    return found


def _acceptance(scope: Scope) -> dict[tuple[ProcedureCode, str], AcceptanceConditionEntry]:
    found: dict[tuple[ProcedureCode, str], AcceptanceConditionEntry] = {}
    for procedure in scope.procedures.values():
        for condition in procedure.conditions:
            found.setdefault((ProcedureCode(procedure.code), condition.code), condition)
    for rule in scope.rules.values():
        for effect in rule.procedure_effects:
            for condition in effect.conditions.add if effect.conditions else ():
                found.setdefault((ProcedureCode(effect.procedure), condition.code), condition)
    return found


def _words(scope: Scope) -> WordBook:
    """The topic's own words first; a module's words for its procedures and facts come after them."""
    topic: list[str] = []
    procedures: dict[str, dict[str, None]] = {}
    facts: dict[str, dict[str, dict[str, None]]] = {}
    for words in scope.words:
        if scope.is_own(words):
            topic.extend(words.topic)
        for code, phrases in words.procedures.items():
            if code in scope.procedures:
                procedures.setdefault(code, {}).update(dict.fromkeys(phrases))
        for code, answers in words.facts.items():
            for answer, phrases in answers.items() if code in scope.facts else ():
                facts.setdefault(code, {}).setdefault(answer, {}).update(dict.fromkeys(phrases))
    return WordBook(
        tuple(dict.fromkeys(topic)),
        {code: tuple(phrases) for code, phrases in procedures.items()},
        {code: {answer: tuple(found) for answer, found in answers.items()} for code, answers in facts.items()},
    )
