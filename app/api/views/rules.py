"""Rules as the reading routes give them."""

import app.rulebook as law
from app.api.catalogue import Catalogue, effective
from app.api.schemas.base import Named
from app.api.schemas.rulebook import (
    ConfirmWith,
    DatedForce,
    Effect,
    EffectLimit,
    Extra,
    Limit,
    LimitPart,
    Rule,
    RuleLine,
    RuleList,
)
from app.api.views.procedures import condition_view, fee_view, material_view, span
from app.engine import ExtraKind, RuleCode
from app.errors import NotFound


def rule_list(catalogue: Catalogue, topic: str | None) -> RuleList:
    """Return all rules, or a topic's.

    Raises: UnknownTopic.
    """
    known = catalogue.topic_book(topic).rules if topic is not None else catalogue.rulebook.rules
    lines = [rule_line(catalogue, entry) for entry in known.values()]
    return RuleList(total=len(lines), rules=lines)


def rule_line(catalogue: Catalogue, entry: law.RuleEntry) -> RuleLine:
    """Return a rule as it stands in a list."""
    return RuleLine(
        code=entry.code,
        name=catalogue.text(entry.title),
        effective=effective(entry.effective),
        force=_forces(entry),
        procedures=catalogue.procedures(dict.fromkeys(effect.procedure for effect in entry.procedure_effects)),
        clauses=[citation.ref for citation in entry.basis],
        topics=_topics(catalogue, entry),
    )


def rule_by_code(catalogue: Catalogue, code: str) -> Rule:
    """Return one rule whole: condition, effects, sources.

    Raises: NotFound.
    """
    entry = catalogue.rulebook.rules.get(RuleCode(code))
    if entry is None:
        raise NotFound("rule", code)
    (voluntary,) = catalogue.facts([entry.voluntary]) if entry.voluntary else (None,)
    return Rule(
        code=entry.code,
        name=catalogue.text(entry.title),
        effective=effective(entry.effective),
        force=_forces(entry),
        when=_when(catalogue, RuleCode(code)),
        voluntary=voluntary,
        overrides=catalogue.rules(entry.overrides),
        overridden_by=catalogue.rules(catalogue.uses.overridden_by.get(RuleCode(code), ())),
        confirm_with=_confirm_with(catalogue, entry),
        effects=[_effect(catalogue, effect) for effect in entry.procedure_effects],
        entitlements=_extras(catalogue, entry, ExtraKind.ENTITLEMENT),
        obligations=_extras(catalogue, entry, ExtraKind.OBLIGATION),
        notes=_extras(catalogue, entry, ExtraKind.NOTE),
        basis=catalogue.cites(entry.basis),
        topics=_topics(catalogue, entry),
    )


def _topics(catalogue: Catalogue, entry: law.RuleEntry) -> list[Named]:
    return catalogue.topics(catalogue.rulebook.topics_of_rule.get(RuleCode(entry.code), ()))


def _forces(entry: law.RuleEntry) -> list[DatedForce]:
    return [DatedForce(effective=effective(part.effective), force=part.force) for part in entry.force]


def _when(catalogue: Catalogue, code: RuleCode) -> str:
    """The condition as a sentence, in the words of the first topic the rule decides in."""
    books = [catalogue.rulebook.topics[topic] for topic in catalogue.rulebook.topics_of_rule.get(code, ())]
    return catalogue.sentences(books[0]).condition(books[0].topic.rules[code].when) if books else ""


def _confirm_with(catalogue: Catalogue, entry: law.RuleEntry) -> ConfirmWith | None:
    asked = entry.confirm_with
    if asked is None:
        return None
    return ConfirmWith(
        authority=asked.authority,
        authority_name=catalogue.authority(asked.authority),
        why=catalogue.text(asked.why),
    )


def _effect(catalogue: Catalogue, effect: law.ProcedureEffectEntry) -> Effect:
    (procedure,) = catalogue.procedures([effect.procedure])
    (merged_into,) = catalogue.procedures([effect.merged_into]) if effect.merged_into else (None,)
    materials, conditions = effect.materials, effect.conditions
    return Effect(
        procedure=procedure,
        treatment=effect.treatment,
        treatment_name=catalogue.treatment(effect.treatment) if effect.treatment else None,
        brings=effect.brings,
        merged_into=merged_into,
        filing_timing=effect.filing_timing,
        parallel_with=catalogue.procedures(effect.parallel_with),
        reason=catalogue.text_or_none(effect.reason),
        limits=[_limit(catalogue, limit) for limit in effect.limit],
        materials_added=[material_view(catalogue, use) for use in materials.add] if materials else [],
        materials_dropped=catalogue.materials(materials.drop) if materials else [],
        materials_deferred=catalogue.materials(materials.defer) if materials else [],
        materials_shared=catalogue.materials(materials.share) if materials else [],
        conditions_added=[condition_view(catalogue, entry) for entry in conditions.add] if conditions else [],
        conditions_dropped=list(conditions.drop) if conditions else [],
        authority=effect.authority,
        authority_name=catalogue.authority(effect.authority) if effect.authority else None,
        level=catalogue.level(effect.level) if effect.level else None,
        level_code=effect.level,
        channel=effect.channel,
        visits=effect.visits,
        fee=fee_view(catalogue, effect.fee),
    )


def _limit(catalogue: Catalogue, entry: law.EffectLimit) -> EffectLimit:
    if entry.value is None or entry.unit is None:
        return EffectLimit(effective=effective(entry.effective), limit=None)
    parts = [LimitPart(name=catalogue.text(part.name), value=part.value, unit=part.unit) for part in entry.parts]
    return EffectLimit(
        effective=effective(entry.effective),
        limit=Limit(
            value=entry.value,
            unit=entry.unit,
            parts=parts,
            extension=span(entry.extension),
            note=catalogue.text_or_none(entry.note),
        ),
    )


def _extras(catalogue: Catalogue, entry: law.RuleEntry, wanted: ExtraKind) -> list[Extra]:
    return [
        Extra(
            code=extra.code,
            name=None if isinstance(extra, law.NoteEntry) else catalogue.text(extra.name),
            text=catalogue.text(extra.text),
        )
        for kind, extra in entry.extras
        if kind is wanted
    ]
