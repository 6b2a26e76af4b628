"""What the carried rules make of a procedure beside its treatment: force, verification, days, papers, conditions."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.conditions import Defined, leaves
from app.engine.decision import ConditionDecision, LimitDecision, MaterialDecision, MaterialStatus
from app.engine.explain import Reader
from app.engine.facts import DefinitionCode, FactCode, RuleCode, Value
from app.engine.model import (
    AcceptanceCondition,
    Duration,
    Force,
    MaterialChange,
    Outcome,
    Procedure,
    ProcedureEffect,
    Rule,
    Source,
    Treatment,
    Verification,
    weakest,
)

#: Treatments under which the procedure's own limits stand where no rule gives a figure.
_OWN_LIMITS = frozenset({Treatment.SIMPLIFIED, Treatment.STANDARD})
#: Treatments that have no days of their own.
_NO_DAYS = frozenset({Treatment.WAIVED, Treatment.MERGED, Treatment.PROACTIVE, Treatment.CLOSED})


def sources_on(sources: Iterable[Source], day: date) -> tuple[Source, ...]:
    """The sources that carry on the day."""
    return tuple(source for source in sources if source.period.covers(day))


def rule_verification(compiled: CompiledTopic, rule: Rule, day: date) -> Verification | None:
    """The weakest of the rule's sources and of the definitions it uses, nested ones included."""
    marks = [source.verification for source in sources_on(rule.sources, day)]
    marks += [source.verification for source in _definition_sources(compiled, rule, day)]
    return weakest(marks)


def _definition_sources(compiled: CompiledTopic, rule: Rule, day: date) -> Iterator[Source]:
    waiting = [leaf.definition for leaf in leaves(rule.when) if isinstance(leaf, Defined)]
    seen: set[DefinitionCode] = set()
    while waiting:
        code = waiting.pop()
        version = compiled.topic.definitions[code].version_on(day)
        if code in seen or version is None:
            continue
        seen.add(code)
        yield from version.sources
        waiting += [leaf.definition for leaf in leaves(version.when) if isinstance(leaf, Defined)]


def carrying_rules(rules: Iterable[Rule], procedure: Procedure, outcome: Outcome) -> tuple[Rule, ...]:
    """The rules among these that set the outcome's treatment."""
    return tuple(
        rule
        for rule in rules
        if (effect := rule.effect_on(procedure.code)) is not None and effect.treatment is outcome.treatment
    )


def force_and_verification(
    compiled: CompiledTopic, procedure: Procedure, carrying: tuple[Rule, ...], unmet: frozenset[str], day: date
) -> tuple[Force | None, Verification | None]:
    """Those of one carrying rule: strongest force, then best verification. Without one, the procedure's own."""
    closing = [item for item, _ in compiled.barring.conditions[procedure.code] if item.code in unmet]
    if closing and not carrying:
        return Force.BINDING, weakest([source.verification for item in closing for source in item.sources])
    if not carrying:
        own = weakest([source.verification for source in sources_on(procedure.sources, day)])
        return Force.BINDING, own
    forces, marks = list(Force), list(Verification)
    found = [(rule.force_on(day), rule_verification(compiled, rule, day)) for rule in carrying]
    known = [(force, mark) for force, mark in found if force is not None and mark is not None]
    if not known:
        return None, None
    return min(known, key=lambda pair: (forces.index(pair[0]), marks.index(pair[1])))


def effects_on(procedure: Procedure, rules: Iterable[Rule]) -> list[tuple[Rule, ProcedureEffect]]:
    """What these rules say about the procedure, in the rules' order."""
    return [(rule, effect) for rule in rules if (effect := rule.effect_on(procedure.code)) is not None]


def limit_of(
    procedure: Procedure, outcome: Outcome | None, effects: list[tuple[Rule, ProcedureEffect]], day: date
) -> LimitDecision:
    """The figure a rule sets; else, for standard and simplified, promised before statutory; else not known."""
    law = next((limit for limit in procedure.limits if limit.period.covers(day)), None)
    if outcome is None or outcome.treatment in _NO_DAYS or outcome.treatment is None:
        return LimitDecision(None, law, None, None, None, counts_as_unknown=False)
    for rule, effect in effects:
        for figure in effect.limits:
            if figure.period.covers(day):
                sources = figure.sources or sources_on(rule.sources, day)
                mark = weakest([source.verification for source in sources])
                missing = figure.duration is None
                return LimitDecision(figure.duration, law, figure, rule.code, mark, counts_as_unknown=missing)
    own: Duration | None = None
    if law is not None and outcome.treatment in _OWN_LIMITS:
        own = law.promised or law.statutory
    mark = weakest([source.verification for source in law.sources]) if own is not None and law is not None else None
    return LimitDecision(own, law, None, None, mark, counts_as_unknown=own is None)


def materials_of(
    procedure: Procedure, outcome: Outcome | None, effects: list[tuple[Rule, ProcedureEffect]], day: date
) -> tuple[MaterialDecision, ...] | None:
    """The papers and what becomes of each; all dropped where the procedure is waived.

    Unknown: None where no paper of the day is named and the list is not known to be whole.
    """
    changes = [effect.materials for _, effect in effects]
    items = list(procedure.materials or ())
    items += [item for change in changes for item in change.added]
    waived = outcome is not None and outcome.treatment is Treatment.WAIVED
    found: dict[str, MaterialStatus] = {}
    for item in items:
        if item.period.covers(day):
            found[item.code] = MaterialStatus.DROPPED if waived else _material_status(item.code, changes)
    if not found and not procedure.materials_complete:
        return None
    return tuple(MaterialDecision(code, status) for code, status in found.items())


def _material_status(code: str, changes: list[MaterialChange]) -> MaterialStatus:
    if any(code in change.dropped for change in changes):
        return MaterialStatus.DROPPED
    if any(code in change.shared for change in changes):
        return MaterialStatus.SHARED
    if any(code in change.deferred for change in changes):
        return MaterialStatus.DEFERRED
    return MaterialStatus.REQUIRED


def conditions_of_acceptance(
    procedure: Procedure,
    outcome: Outcome | None,
    effects: list[tuple[Rule, ProcedureEffect]],
    reader: Reader,
    answers: Mapping[FactCode, Value],
    day: date,
) -> tuple[ConditionDecision, ...]:
    """The acceptance conditions in force: asked for or dropped, met or not as far as a fact tells.

    Of a waived procedure's own only those that a rule drops are told: there is nothing to accept.
    """
    dropped = {code for _, effect in effects for code in effect.conditions_dropped}
    waived = outcome is not None and outcome.treatment is Treatment.WAIVED
    items: list[AcceptanceCondition] = [item for item in procedure.conditions if not waived or item.code in dropped]
    items += [item for _, effect in effects for item in effect.conditions_added]
    return tuple(
        ConditionDecision(
            item,
            item.code not in dropped,
            None if item.test is None else reader.holds(item.test, answers),
        )
        for item in items
        if item.period.covers(day)
    )


def first_given(effects: list[tuple[Rule, ProcedureEffect]], name: str) -> str | None:
    """The first value a rule gives for a plain field (authority, level, channel), None for none."""
    return next((value for _, effect in effects if (value := getattr(effect, name)) is not None), None)


def visits_of(procedure: Procedure, effects: list[tuple[Rule, ProcedureEffect]]) -> int | None:
    """到现场次数, from a rule before the procedure's own; None where not known."""
    given = next((effect.visits for _, effect in effects if effect.visits is not None), None)
    return procedure.visits if given is None else given


def fee_rule_of(effects: list[tuple[Rule, ProcedureEffect]]) -> RuleCode | None:
    """The rule whose fee stands, None where the procedure's own does."""
    return next((rule.code for rule, effect in effects if effect.has_fee), None)
