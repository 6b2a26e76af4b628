"""Procedures as the reading routes give them."""

import app.rulebook as law
from app.api.catalogue import Catalogue, effective
from app.api.schemas.base import Span
from app.api.schemas.rulebook import (
    ApplyBefore,
    Condition,
    DatedLimit,
    Fee,
    Limit,
    LimitPart,
    Material,
    Procedure,
    ProcedureLine,
    ProcedureList,
    ProcedureResult,
)
from app.engine import ProcedureCode
from app.errors import NotFound


def procedure_list(catalogue: Catalogue, topic: str | None) -> ProcedureList:
    """Return all procedures, or a topic's.

    Raises: UnknownTopic.
    """
    known = catalogue.topic_book(topic).procedures if topic is not None else catalogue.rulebook.procedures
    lines = [procedure_line(catalogue, entry) for entry in known.values()]
    return ProcedureList(total=len(lines), procedures=lines)


def procedure_line(catalogue: Catalogue, entry: law.ProcedureEntry) -> ProcedureLine:
    """Return a procedure as it stands in a list."""
    return ProcedureLine(
        code=entry.code,
        name=catalogue.text(entry.name),
        everyday_name=catalogue.text(entry.everyday_name),
        kind=entry.kind,
        item_type=catalogue.text(catalogue.rulebook.item_types[entry.item_type].name),
        item_type_code=entry.item_type,
        authority=entry.authority,
        authority_name=catalogue.authority(entry.authority),
        level=catalogue.level(entry.level),
        level_code=entry.level,
        topics=catalogue.topics(catalogue.rulebook.topics_of_procedure.get(ProcedureCode(entry.code), ())),
    )


def procedure_by_code(catalogue: Catalogue, code: str) -> Procedure:
    """Return one procedure as it is without any rule, and the rules that speak of it.

    Raises: NotFound.
    """
    entry = catalogue.rulebook.procedures.get(ProcedureCode(code))
    if entry is None:
        raise NotFound("procedure", code)
    return Procedure(
        **dict(procedure_line(catalogue, entry)),
        effective=effective(entry.effective),
        summary=catalogue.text_or_none(entry.summary),
        has_default=entry.default != "none",
        depends_on=catalogue.procedures(entry.depends_on),
        replaces=catalogue.procedures(entry.replaces),
        filing_timing=entry.filing_timing,
        basis=catalogue.cites(entry.basis),
        limits=[_dated_limit(catalogue, limit) for limit in entry.limits],
        materials=[material_view(catalogue, item) for item in entry.materials.items] if entry.materials else None,
        materials_complete=entry.materials.complete if entry.materials else False,
        conditions=[condition_view(catalogue, condition) for condition in entry.conditions],
        channel=entry.channel,
        visits=entry.visits,
        fee=fee_view(catalogue, entry.fee),
        result=_result(catalogue, entry),
        form_fields=[catalogue.text(field) for field in entry.form_fields],
        apply_before=_apply_before(catalogue, entry),
        optional=entry.optional,
        notes=[catalogue.text(note) for note in entry.notes],
        rules=catalogue.rules(catalogue.uses.rules_of_procedure.get(ProcedureCode(code), ())),
    )


def material_view(catalogue: Catalogue, use: law.MaterialUse) -> Material:
    """Return a paper that is asked for."""
    (named,) = catalogue.materials([use.code])
    return Material(code=named.code, name=named.name, note=catalogue.text_or_none(use.note))


def condition_view(catalogue: Catalogue, entry: law.AcceptanceConditionEntry) -> Condition:
    """Return a 受理条件."""
    return Condition(
        code=entry.code, text=catalogue.text(entry.text), unmet=entry.unmet, basis=catalogue.cites(entry.basis)
    )


def fee_view(catalogue: Catalogue, fee: law.Fee | None) -> Fee | None:
    """Return what it costs, None where that is not known."""
    if fee is None:
        return None
    return Fee(charged=fee.charged, amount_yuan=fee.amount_yuan, text=catalogue.text_or_none(fee.text))


def limit_view(catalogue: Catalogue, limit: law.Limit | None) -> Limit | None:
    """Return a time limit, None where none is known."""
    if limit is None:
        return None
    return Limit(
        value=limit.value,
        unit=limit.unit,
        parts=[LimitPart(name=catalogue.text(part.name), value=part.value, unit=part.unit) for part in limit.parts],
        extension=span(limit.extension),
        note=catalogue.text_or_none(limit.note),
    )


def span(figure: law.Figure | None) -> Span | None:
    """Return a length of time, None where none is known."""
    return None if figure is None else Span(value=figure.value, unit=figure.unit)


def _dated_limit(catalogue: Catalogue, entry: law.LimitEntry) -> DatedLimit:
    return DatedLimit(
        effective=effective(entry.effective),
        statutory=limit_view(catalogue, entry.statutory),
        promised=limit_view(catalogue, entry.promised),
        note=catalogue.text_or_none(entry.note),
        basis=catalogue.cites(entry.basis),
    )


def _result(catalogue: Catalogue, entry: law.ProcedureEntry) -> ProcedureResult | None:
    if entry.result is None:
        return None
    return ProcedureResult(name=catalogue.text(entry.result.name), validity=span(entry.result.validity))


def _apply_before(catalogue: Catalogue, entry: law.ProcedureEntry) -> ApplyBefore | None:
    before = entry.apply_before
    if before is None:
        return None
    return ApplyBefore(value=before.value, unit=before.unit, event=catalogue.text(before.event))
