"""From a topic's entries to the engine's records: words left behind, names and sources resolved."""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from datetime import date

from app.engine import (
    AcceptanceCondition,
    All,
    Any,
    AtMost,
    Condition,
    Constraint,
    Definition,
    DefinitionCode,
    DefinitionVersion,
    Duration,
    Extra,
    Fact,
    FactCode,
    FactType,
    LimitFigure,
    MaterialChange,
    MaterialItem,
    Not,
    Procedure,
    ProcedureCode,
    ProcedureEffect,
    ProcedureLimit,
    Rule,
    RuleCode,
    Source,
    Topic,
    Verification,
)
from app.rulebook.conditions import tree
from app.rulebook.files.base import Citation, Entry
from app.rulebook.files.conditions import ConditionEntry
from app.rulebook.files.facts import FactEntry
from app.rulebook.files.procedures import (
    AcceptanceConditionEntry,
    Limit,
    MaterialUse,
    ProcedureEntry,
)
from app.rulebook.files.rules import EffectLimit, ProcedureEffectEntry, RuleEntry
from app.rulebook.files.shared import ConstraintEntry
from app.rulebook.files.topics import DefinitionEntry
from app.rulebook.mentions import names_only
from app.rulebook.names import Kind
from app.rulebook.scope import Scope


def build_topic(scope: Scope, verification: Callable[[str], Verification]) -> Topic:
    """Return the engine's topic; `verification` says how well a `policy#article` was seen.

    Raises: KeyError where a name stands for nothing; the checks say so before.
    """
    builder = Builder(scope.facts, scope.definitions, scope.procedures, scope.rules, verification)
    return Topic(
        code=scope.topic.code,
        facts={FactCode(code): builder.fact(fact) for code, fact in scope.facts.items()},
        procedures={ProcedureCode(code): builder.procedure(entry) for code, entry in scope.procedures.items()},
        rules={RuleCode(code): builder.rule(entry) for code, entry in scope.rules.items()},
        before_day=scope.topic.before_day,
        covers_from=scope.topic.covers_from,
        reviewed_until=scope.topic.reviewed_until,
        definitions={DefinitionCode(code): builder.definition(entry) for code, entry in scope.definitions.items()},
        constraints=tuple(builder.constraint(entry) for entry in scope.constraints.values()),
    )


def build_shared_topic(facts: Iterable[FactEntry], constraints: Iterable[ConstraintEntry]) -> Topic:
    """Return a topic of the shared facts and what they can never be together, without law, of every day."""
    known = {fact.code: fact for fact in facts}
    builder = Builder(known, {}, {}, {}, lambda _: Verification.UNVERIFIED)
    return Topic(
        code="shared",
        facts={FactCode(code): builder.fact(fact) for code, fact in known.items()},
        procedures={},
        rules={},
        before_day=date.min,
        covers_from=date.min,
        reviewed_until=date.max,
        constraints=tuple(builder.constraint(entry) for entry in constraints if builder.knows(entry)),
    )


class Builder:
    """What the parts of one topic are built with: the names they may use."""

    def __init__(
        self,
        facts: Mapping[str, FactEntry],
        definitions: Container[str],
        procedures: Collection[str],
        rules: Container[str],
        verification: Callable[[str], Verification],
    ) -> None:
        self.facts = {FactCode(code): entry for code, entry in facts.items()}
        self.definitions = definitions
        self.procedures = procedures
        self.rules = rules
        self.verification = verification

    def knows(self, entry: Entry) -> bool:
        """Whether all facts and definitions the entry names are part of the topic."""
        return names_only(entry, {Kind.FACT: self.facts, Kind.DEFINITION: self.definitions})

    # Parts --------------------------------------------------------------------------------------

    def condition(self, entry: ConditionEntry) -> Condition:
        return tree(entry, self.facts, self.procedures)

    def sources(self, basis: Iterable[Citation] | None) -> tuple[Source, ...]:
        found = []
        for citation in basis or ():
            policy, _, article = citation.ref.partition("#")
            found.append(Source(policy, article, self.verification(citation.ref), citation.period))
        return tuple(found)

    def here(self, codes: Iterable[str]) -> tuple[ProcedureCode, ...]:
        """The procedures among the codes that the topic has; a module may name others."""
        return tuple(ProcedureCode(code) for code in codes if code in self.procedures)

    def fact(self, entry: FactEntry) -> Fact:
        only_if = entry.only_if if entry.only_if is not None and self.knows(entry.only_if) else None
        whole = entry.type is FactType.INTEGER
        return Fact(
            code=FactCode(entry.code),
            type=entry.type,
            asked_of=entry.asked_of,
            options=entry.values,
            minimum=int(entry.minimum) if whole and entry.minimum is not None else entry.minimum,
            maximum=int(entry.maximum) if whole and entry.maximum is not None else entry.maximum,
            default=entry.default,
            ask_last=entry.ask == "last",
            purpose=entry.purpose,
            group=entry.group,
            only_if=self.condition(only_if) if only_if is not None else None,
            empty_allowed=entry.empty_allowed,
        )

    def definition(self, entry: DefinitionEntry) -> Definition:
        return Definition(
            DefinitionCode(entry.code),
            tuple(
                DefinitionVersion(self.condition(version.when), version.period, self.sources(version.basis))
                for version in entry.versions
            ),
        )

    def constraint(self, entry: ConstraintEntry) -> Constraint:
        return Constraint(entry.code, self.holds(entry))

    def holds(self, entry: ConstraintEntry) -> Condition | AtMost:
        if entry.at_most is not None:
            order = entry.at_most
            return AtMost(FactCode(order.fact), FactCode(order.than), order.plus)
        if entry.never is not None:
            return Not(self.condition(entry.never))
        if entry.given is not None and entry.then is not None:
            return Any((Not(self.condition(entry.given)), self.condition(entry.then)))
        assert entry.iff is not None
        left, right = (self.condition(side) for side in entry.iff)
        return Any((All((left, right)), All((Not(left), Not(right)))))

    # Procedures ---------------------------------------------------------------------------------

    def procedure(self, entry: ProcedureEntry) -> Procedure:
        return Procedure(
            code=ProcedureCode(entry.code),
            kind=entry.kind,
            required_when=self.condition(entry.required_when),
            period=entry.period,
            has_default=entry.default == "standard",
            depends_on=self.here(entry.depends_on),
            replaces=self.here(entry.replaces),
            filing_timing=entry.filing_timing,
            optional=entry.optional,
            limits=tuple(
                ProcedureLimit(
                    limit.period,
                    _duration(limit.statutory),
                    _duration(limit.promised),
                    self.sources(limit.basis),
                    index,
                )
                for index, limit in enumerate(entry.limits)
            ),
            materials=_materials(entry.materials.items) if entry.materials else None,
            materials_complete=entry.materials.complete if entry.materials else False,
            conditions=tuple(self.acceptance(condition) for condition in entry.conditions),
            visits=entry.visits,
            sources=self.sources(entry.basis),
        )

    def acceptance(self, entry: AcceptanceConditionEntry) -> AcceptanceCondition:
        return AcceptanceCondition(
            entry.code,
            self.sources(entry.basis),
            entry.period,
            self.condition(entry.test) if entry.test is not None else None,
            entry.unmet == "barrier",
        )

    # Rules --------------------------------------------------------------------------------------

    def rule(self, entry: RuleEntry) -> Rule:
        effects = (effect for effect in entry.procedure_effects if effect.procedure in self.procedures)
        return Rule(
            code=RuleCode(entry.code),
            when=self.condition(entry.when),
            sources=self.sources(entry.basis),
            forces=tuple((force.period, force.force) for force in entry.force),
            period=entry.period,
            voluntary=FactCode(entry.voluntary) if entry.voluntary is not None else None,
            overrides=frozenset(RuleCode(code) for code in entry.overrides if code in self.rules),
            effects=tuple(self.effect(effect) for effect in effects),
            extras=tuple(Extra(kind, extra.code) for kind, extra in entry.extras),
            needs_confirmation=entry.confirm_with is not None,
        )

    def effect(self, entry: ProcedureEffectEntry) -> ProcedureEffect:
        changed = entry.materials
        return ProcedureEffect(
            procedure=ProcedureCode(entry.procedure),
            treatment=entry.treatment,
            brings=entry.brings,
            merged_into=ProcedureCode(entry.merged_into) if entry.merged_into is not None else None,
            filing_timing=entry.filing_timing,
            parallel_with=frozenset(self.here(entry.parallel_with)),
            limits=tuple(self.figure(limit, index) for index, limit in enumerate(entry.limit)),
            materials=MaterialChange(
                _materials(changed.add),
                frozenset(changed.drop),
                frozenset(changed.defer),
                frozenset(changed.share),
            )
            if changed
            else MaterialChange(),
            conditions_added=tuple(self.acceptance(item) for item in entry.conditions.add) if entry.conditions else (),
            conditions_dropped=frozenset(entry.conditions.drop) if entry.conditions else frozenset(),
            authority=entry.authority,
            level=entry.level,
            channel=entry.channel,
            visits=entry.visits,
            has_fee=entry.fee is not None,
        )

    def figure(self, entry: EffectLimit, index: int) -> LimitFigure:
        known = entry.value is not None and entry.unit is not None
        duration = Duration(entry.value, entry.unit) if known else None  # type: ignore[arg-type]  # both are there
        return LimitFigure(entry.period, duration, self.sources(entry.basis), index)


def _duration(limit: Limit | None) -> Duration | None:
    return limit.duration if limit is not None else None


def _materials(uses: Iterable[MaterialUse]) -> tuple[MaterialItem, ...]:
    return tuple(MaterialItem(use.code, use.period) for use in uses)
