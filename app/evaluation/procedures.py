"""One procedure of the guide: its standing data, what becomes of it, on what it rests, and why."""

from collections.abc import Callable, Hashable, Iterable, Sequence

import orjson

from app.engine import (
    Always,
    CarriedRule,
    ConditionDecision,
    MaterialDecision,
    Outcome,
    ProcedureCode,
    ProcedureDecision,
    RuleCode,
    Source,
    Treatment,
    WhatIf,
    weakest,
)
from app.evaluation.blocks import Blocks, Cited, Frame, Json, references, standing, weakest_of
from app.evaluation.changes import what_ifs
from app.evaluation.confirm import confirm_with, reasons_to_ask
from app.evaluation.limits import time_limit
from app.evaluation.pieces import fragment, further_keys, opened, written
from app.evaluation.telling import Telling
from app.evaluation.values import json_number
from app.rulebook import DatePrecision, Fee, MaterialUse, Text
from app.wording import NOT_REQUIRED, mention_of


def procedure_entry(telling: Telling, frame: Frame, changes: Iterable[WhatIf]) -> orjson.Fragment:
    """The procedure as the contract shows it, in its order of keys."""
    pieces, item = telling.blocks.pieces, frame.item
    key = (telling.blocks.serial, "procedure", item.serial, telling.district if frame.asks else None)
    standing = pieces.get(key) or pieces.keep(key, further_keys(_standing(telling, item, frame.bearing)))
    because = b",".join([b"%s%s}" % (head, telling.conditions(block)) for head, block in frame.because])
    required = b"" if frame.required is None else b',"required_because":' + telling.conditions(frame.required)
    authority = telling.authority_written(item.authority or frame.authority)
    told = (frame.head, authority, standing, because, required, what_ifs(telling, changes), frame.tail)
    return orjson.Fragment(b'%s%s%s,"because":[%s]%s,"what_if":%s%s}' % told)


def frame_of(telling: Telling, item: ProcedureDecision) -> Frame:
    """What does not depend on the single answers, made once for each decision of the procedure."""
    frames = telling.blocks.frames
    return frames.get(item.serial) or frames.keep(item.serial, _frame(telling, item))


def _frame(telling: Telling, item: ProcedureDecision) -> Frame:
    blocks, topic, bearing = telling.blocks, telling.topic, _bearing(telling, item)
    because = blocks.lately(
        ("because", item.alike),
        lambda: tuple(
            (_because(telling, item, carried), blocks.rule_conditions(topic.rules[carried.rule])) for carried in bearing
        ),
    )
    when = topic.procedures[item.code].required_when
    always = bool(bearing) or isinstance(when, Always)
    required = None if always else blocks.conjunction(("required", item.code), when)
    is_idle = item.outcome is not None and item.outcome.nothing_to_do
    tail = blocks.kept(("tail", item.code, is_idle), lambda: further_keys(_tail(blocks, item.code, is_idle)))
    return Frame(
        item,
        mention_of(item, blocks.main, telling.names, telling.day),
        blocks.kept(("head", item.code), lambda: opened(_head(blocks, item.code), "authority")),
        telling.book.procedures[item.code].authority,
        any(reasons_to_ask(telling, item)),
        bearing,
        because,
        required,
        tail,
    )


def _standing(telling: Telling, item: ProcedureDecision, bearing: Sequence[CarriedRule]) -> Json:
    """All that the decision of the procedure comes to from its level on, reasons aside."""
    return {
        **_level(telling, item),
        **_outcome(telling, item),
        "confirm_with": confirm_with(telling, item),
        "time_limit": time_limit(telling.blocks, item, telling.day),
        "materials": _alike(telling, item, "materials", lambda: _materials(telling, item)),
        "materials_complete": item.materials_complete,
        "conditions": [_condition(telling, item.code, condition) for condition in item.conditions],
        **_service(telling, item),
        **_grounds(telling, item, bearing),
    }


def _alike(telling: Telling, item: ProcedureDecision, name: str, make: Callable[[], object]) -> object:
    """What is the same for all decisions that are alike but for what conditions are met: made once for these."""
    is_closed = any(outcome.treatment is Treatment.CLOSED for outcome in item.possible)
    if is_closed or not telling.compiled.barring.tests[item.code]:
        return make()
    pieces, key = telling.blocks.pieces, (telling.blocks.serial, name, item.alike)
    return orjson.Fragment(pieces.get(key) or pieces.keep(key, written(make())))


# ---- standing data -------------------------------------------------------------------------------------


def _head(blocks: Blocks, code: ProcedureCode) -> Json:
    entry, pick = blocks.book.procedures[code], blocks.phrases.pick
    item_type = blocks.rulebook.item_types[entry.item_type]
    return {
        "code": code,
        "name": pick(entry.name),
        "everyday_name": pick(entry.everyday_name),
        "kind": entry.kind,
        "item_type": pick(item_type.name),
        "item_type_code": item_type.code,
        **({"optional": True} if entry.optional else {}),
    }


def _tail(blocks: Blocks, code: ProcedureCode, is_idle: bool) -> Json:
    """By when to apply, if there is anything to apply for.

    All else that the catalogue says whatever the scenario is looked up by the procedure's code, so that the largest
    guide stays within its size.
    """
    before = blocks.book.procedures[code].apply_before
    if is_idle or before is None:
        return {}
    event = blocks.phrases.pick(before.event)
    return {"apply_before": {"value": json_number(before.value), "unit": before.unit, "event": event}}


def _level(telling: Telling, item: ProcedureDecision) -> Json:
    """行使层级, a rule's before the procedure's own."""
    level = item.level or telling.book.procedures[item.code].level
    return {
        "level": telling.phrases.pick(telling.blocks.rulebook.levels[level].name),
        "level_code": level,
    }


def _service(telling: Telling, item: ProcedureDecision) -> Json:
    entry = telling.book.procedures[item.code]
    return {"channel": item.channel or entry.channel, "visits": item.visits, "fee": _fee(telling, item)}


def _fee(telling: Telling, item: ProcedureDecision) -> orjson.Fragment | None:
    fee: Fee | None = telling.book.procedures[item.code].fee
    sources = telling.topic.procedures[item.code].sources
    if item.fee_rule is not None:
        sources = telling.topic.rules[item.fee_rule].sources
        effects = telling.book.rules[item.fee_rule].procedure_effects
        fee = next((effect.fee for effect in effects if effect.procedure == item.code and effect.fee), None)
    if fee is None:
        return None
    verification = weakest_of(sources, telling.day)
    if fee.basis is not None:
        marks = [telling.names.article(citation.ref).verification for citation in fee.basis]
        verification = weakest(marks)
    key = ("fee", item.code, item.fee_rule, verification)
    return telling.blocks.kept(key, lambda: fragment(_fee_entry(telling.blocks, fee, verification)))


def _fee_entry(blocks: Blocks, fee: Fee, verification: object) -> Json:
    return {
        "charged": fee.charged,
        "amount_yuan": fee.amount_yuan,
        "text": blocks.phrases.pick_or_none(fee.text),
        "verification": verification,
    }


# ---- what becomes of it --------------------------------------------------------------------------------


def _outcome(telling: Telling, item: ProcedureDecision) -> Json:
    outcome, fallback = item.outcome, item.fallback
    treatment = None if outcome is None else outcome.treatment
    return {
        "required": item.required,
        "decided": item.is_decided,
        "treatment": treatment,
        "treatment_name": None if treatment is None else telling.names.treatment(treatment),
        "possible_treatments": possible_treatments(item.possible),
        "depends_on_facts": item.depends_on,
        **({"detail_facts": item.detail_facts} if item.detail_facts else {}),
        **({"voluntary": item.voluntary} if item.voluntary is not None else {}),
        "fallback": None if fallback is None else fallback.treatment or NOT_REQUIRED,
        "fallback_merged_into": None if fallback is None else fallback.merged_into,
        "fallback_filing_timing": None if fallback is None else fallback.filing_timing,
        "filing_timing": None if outcome is None else outcome.filing_timing,
        "merged_into": None if outcome is None else outcome.merged_into,
        "parallel_with": item.parallel_with,
        "replaces": item.replaces,
        "legal_force": item.force,
        "verification": item.verification,
    }


def possible_treatments(possible: tuple[Outcome, ...]) -> list[str]:
    """The treatments among the outcomes, each once, not required in front, then lightest first."""
    return list(dict.fromkeys(outcome.treatment or NOT_REQUIRED for outcome in possible))


def _materials(telling: Telling, item: ProcedureDecision) -> list[orjson.Fragment] | None:
    """申请材料; null where the list is not known."""
    if item.materials is None:
        return None
    rules = {carried.rule for carried in item.rules if carried.certain}
    return [_material(telling, item.code, rules, paper) for paper in item.materials]


def _material(
    telling: Telling, procedure: ProcedureCode, rules: set[RuleCode], paper: MaterialDecision
) -> orjson.Fragment:
    blocks = telling.blocks
    uses = blocks.kept(("uses", procedure, paper.code), lambda: _uses(blocks, procedure, paper.code))
    note = next(
        (use.note for rule, use in uses if (rule is None or rule in rules) and use.period.covers(telling.day)), None
    )
    key = ("paper", paper.code, paper.status, None if note is None else note.zh)
    return blocks.kept(key, lambda: fragment(_paper(blocks, paper, note)))


def _uses(blocks: Blocks, procedure: ProcedureCode, code: str) -> list[tuple[RuleCode | None, MaterialUse]]:
    """Where the procedure itself (None), or a rule that speaks of it, names the paper."""
    own = blocks.book.procedures[procedure].materials
    found: list[tuple[RuleCode | None, MaterialUse]] = []
    if own is not None:
        found += [(None, use) for use in own.items if use.code == code]
    for rule, entry in blocks.book.rules.items():
        for effect in entry.procedure_effects:
            if effect.procedure == procedure and effect.materials is not None:
                found += [(rule, use) for use in effect.materials.add if use.code == code]
    return found


def _paper(blocks: Blocks, paper: MaterialDecision, note: Text | None) -> Json:
    return {
        "code": paper.code,
        "name": blocks.phrases.pick(blocks.rulebook.materials[paper.code].name),
        "status": paper.status,
        "note": blocks.phrases.pick_or_none(note),
    }


def _condition(telling: Telling, procedure: ProcedureCode, item: ConditionDecision) -> orjson.Fragment:
    """受理条件, and whether the answers meet it."""
    condition = item.condition
    unmet = None if condition.test is None else "barrier" if condition.is_barrier else "confirm"
    own = ("condition", procedure, condition.code, condition.period.start)
    key = (own, item.required, item.met, unmet, telling.day)
    return telling.blocks.lately(key, lambda: fragment(_condition_entry(telling, procedure, item, own, unmet)))


def _condition_entry(
    telling: Telling, procedure: ProcedureCode, item: ConditionDecision, own: Hashable, unmet: str | None
) -> Json:
    return {
        "code": item.condition.code,
        "text": telling.blocks.acceptance(procedure, item.condition),
        "status": "required" if item.required else "dropped",
        "met": item.met,
        **({} if unmet is None else {"unmet_means": unmet}),
        "basis": standing(telling.blocks.in_short(own, item.condition.sources), telling.day),
    }


# ---- on what it rests, and why -------------------------------------------------------------------------


def _grounds(telling: Telling, item: ProcedureDecision, bearing: Sequence[CarriedRule]) -> Json:
    codes = [carried.rule for carried in bearing]
    precision = telling.blocks.start_precision(codes, item.since)
    return {
        "basis": _alike(telling, item, "basis", lambda: _basis(telling, item, bearing)),
        "since": item.since,
        **({} if precision is DatePrecision.DAY else {"date_precision": precision}),
        "rules": codes,
    }


def _bearing(telling: Telling, item: ProcedureDecision) -> tuple[CarriedRule, ...]:
    """The rules to tell of: where certain ones settle the outcome, those that may hold besides change nothing."""
    certain = tuple(carried for carried in item.rules if carried.certain)
    settled = item.is_decided and any(_treatment(telling, item, carried.rule) is not None for carried in certain)
    return certain if settled else item.rules


def _treatment(telling: Telling, item: ProcedureDecision, rule: RuleCode) -> Treatment | None:
    effect = telling.topic.rules[rule].effect_on(item.code)
    return None if effect is None else effect.treatment


def _basis(telling: Telling, item: ProcedureDecision, bearing: Sequence[CarriedRule]) -> list[orjson.Fragment]:
    """The sources of the rules that set the outcome; without any, its own. Then what is quoted for details.

    All other sources of rules that move details alone stand by reference with the rule, among the reasons.
    """
    setting: list[tuple[Treatment | None, tuple[Cited, ...]]] = []
    quoted: list[tuple[Treatment | None, tuple[Cited, ...]]] = []
    for carried in bearing:
        treatment, sources = _treatment(telling, item, carried.rule), telling.topic.rules[carried.rule].sources
        if treatment is None:
            sources = tuple(source for source in sources if telling.names.article(source.reference).quote is not None)
        key = ("rule", carried.rule, treatment is None)
        cited = _cited_for(telling, item, key, sources, treatment)
        (quoted if treatment is None else setting).append((treatment, cited))
    setting += _without_rule(telling, item, {treatment for treatment, _ in setting})
    found: dict[tuple[str, Treatment | None], orjson.Fragment] = {}
    carrying: set[str] = set()
    for treatment, group in (*setting, *quoted):
        for cited_one in group:
            wanted = treatment is not None or cited_one.reference not in carrying
            if wanted and cited_one.period.covers(telling.day):
                carrying.add(cited_one.reference)
                found.setdefault((cited_one.reference, treatment), cited_one.entry)
    return list(found.values())


def _without_rule(
    telling: Telling, item: ProcedureDecision, by_rules: set[Treatment | None]
) -> list[tuple[Treatment | None, tuple[Cited, ...]]]:
    """The sources of possible treatments that no rule sets: the procedure's own, or a barring condition's."""
    found: list[tuple[Treatment | None, tuple[Cited, ...]]] = []
    for treatment in dict.fromkeys(outcome.treatment for outcome in item.possible):
        if treatment is None or treatment in by_rules:
            continue
        if treatment is Treatment.CLOSED:
            for one in item.conditions:
                if one.required and one.condition.is_barrier and one.met is not True:
                    key = ("condition", item.code, one.condition.code, one.condition.period.start)
                    found.append((treatment, _cited_for(telling, item, key, one.condition.sources, treatment)))
        else:
            own = telling.topic.procedures[item.code].sources
            found.append((treatment, _cited_for(telling, item, ("procedure", item.code), own, treatment)))
    return found


def _cited_for(
    telling: Telling, item: ProcedureDecision, key: Hashable, sources: Sequence[Source], treatment: Treatment | None
) -> tuple[Cited, ...]:
    """The sources in full; where the outcome is open, each with the treatment it carries."""
    if item.is_decided:
        return telling.blocks.in_full(key, sources)
    return telling.blocks.in_full_for(key, sources, treatment)


def _because(telling: Telling, item: ProcedureDecision, carried: CarriedRule) -> bytes:
    """What is told of a rule that bears on the procedure, up to its conditions."""
    treatment = _treatment(telling, item, carried.rule)
    # What moves details alone is no part of `basis`.
    cited = references(telling.topic.rules[carried.rule].sources, telling.day) if treatment is None else []
    is_own = item.outcome is not None and treatment is item.outcome.treatment
    return opened(
        {
            "rule": carried.rule,
            **({} if is_own or cited else {"treatment": treatment}),
            **({} if carried.certain else {"certain": False}),
            **({"sources": cited} if cited else {}),
        },
        "conditions",
    )
