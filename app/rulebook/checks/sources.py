"""Sources: quotes letter by letter, and what weak sources may not carry."""

import re
from collections.abc import Container, Iterable
from datetime import date
from typing import Final

from app.engine import Force, Period, Treatment, Verification
from app.rulebook.checks.context import Context
from app.rulebook.checks.days import days_to_try, uncovered_day
from app.rulebook.files.base import Citation, Dated, Entry
from app.rulebook.files.policies import Article, Clause, ClausePart, PolicyFile
from app.rulebook.files.procedures import AcceptanceConditionEntry, LimitEntry
from app.rulebook.files.rules import EffectLimit, NoteEffect, ProcedureEffectEntry, RuleEntry
from app.rulebook.files.topics import DefinitionVersionEntry
from app.rulebook.folder import TEXT_FILE, Folder
from app.rulebook.names import Kind
from app.rulebook.places import Place

_WEAK: Final = frozenset({Verification.SECONDARY, Verification.UNVERIFIED})
_FREES: Final = frozenset({Treatment.WAIVED, Treatment.CLOSED})


def check_sources(context: Context) -> None:
    """Quotes are the documents' own letters, and each thing rests on a source that is good enough for it."""
    for folder in context.source.policies.values():
        if folder.entries.get("clauses"):
            _check_document(context, folder)
    for citation, item in context.all_inside(Citation):
        if citation.quote is not None:
            _check_quote(context, citation, item.place.at("quote"))
    for rule, _ in context.all_inside(RuleEntry):
        _check_unverified(context, rule)
        _check_intent(context, rule)
    for condition, _ in context.all_inside(AcceptanceConditionEntry):
        _check_barrier(context, condition)
    _check_always_sourced(context)


# ---- quotes ------------------------------------------------------------------------------------------


def squeeze(text: str) -> str:
    """The text without white space, which documents break lines by and mean nothing with."""
    return re.sub(r"\s+", "", text)


def _check_document(context: Context, folder: Folder) -> None:
    """The clauses in their order are the stored text, letter by letter, and so are the parts of each."""
    text = context.source.texts.get(folder.name)
    if text is None:
        message = f"the clauses need the document's text beside them; add {TEXT_FILE}"
        context.findings.add(folder.place, "missing_file", message, harmless=True)
        return
    whole, at = squeeze(text), 0
    for clause in folder.list("clauses", Clause):
        wanted = squeeze(clause.text)
        if not whole.startswith(wanted, at):
            context.findings.add(clause.place.at("text"), "quote_not_found", _where(clause, whole, at), harmless=True)
        else:
            at += len(wanted)
        if (
            squeeze(clause.text) in whole
            and clause.parts
            and "".join(part.text for part in clause.parts) != clause.text
        ):
            message = f"the parts of {clause.id} do not make up its text; copy them from it in order"
            context.findings.add(clause.place.at("parts"), "quote_not_found", message, harmless=True)


def _where(clause: Clause, whole: str, at: int) -> str:
    wanted = squeeze(clause.text)
    if wanted in whole:
        return f"the text of {clause.id} stands elsewhere in the document; put the clauses in its order"
    same = next((i for i, (a, b) in enumerate(zip(wanted, whole[at:], strict=False)) if a != b), len(wanted))
    here, there = wanted[same : same + 8], whole[at + same : at + same + 8]
    return f"the text of {clause.id} differs from the document: {here!r}, there {there!r}; copy it letter by letter"


def _check_quote(context: Context, citation: Citation, place: Place) -> None:
    cited = context.registry.known[Kind.ARTICLE].get(citation.ref)
    if cited is None or citation.quote is None:
        return
    text = cited.text if isinstance(cited, ClausePart) else ""
    if squeeze(citation.quote) not in squeeze(text):
        cure = "copy it letter by letter" if text else "only clauses of the plan are quoted: take it out"
        message = f"{citation.ref} does not say {citation.quote!r}; {cure}"
        context.findings.add(place, "quote_not_found", message, harmless=True)


# ---- what a source may carry -------------------------------------------------------------------------


def _only_on(context: Context, basis: Iterable[Citation], period: Period, weak: Container[Verification]) -> date | None:
    """The first day of the period on which all that carries it is so weak, None for no such day."""
    known = context.registry.known[Kind.ARTICLE]
    cited = [(citation.period, _verification(known[citation.ref])) for citation in basis if citation.ref in known]
    for day in days_to_try(period, [carried for carried, _ in cited]):
        marks = [mark for carried, mark in cited if carried.covers(day)]
        if marks and all(mark in weak for mark in marks):
            return day
    return None


def _verification(cited: Entry) -> Verification:
    return cited.verification if isinstance(cited, Article) else Verification.FULL_TEXT


def _on(day: date) -> str:
    return "" if day == date.min else f" on {day}"


def _check_unverified(context: Context, rule: RuleEntry) -> None:
    day = _only_on(context, rule.basis, rule.period, {Verification.UNVERIFIED})
    if day is None:
        return
    for effect in rule.procedure_effects:
        if effect.treatment in _FREES:
            context.findings.add(
                effect.place.at("treatment"),
                "unverified_decision",
                f"{rule.code} rests on unverified sources alone{_on(day)} and sets `{effect.treatment}`; make it a fact"
                " asked of an authority or a note, or find a source",
                harmless=True,
            )


def _check_intent(context: Context, rule: RuleEntry) -> None:
    if all(part.force is not Force.PLAN_INTENT for part in rule.force):
        return
    for effect in rule.then:
        if not isinstance(effect, NoteEffect):
            sets = isinstance(effect, ProcedureEffectEntry) and effect.treatment
            what = f"sets `{sets}`" if sets else "gives more than a note"
            context.findings.add(
                effect.place,
                "intent_decides",
                f"{rule.code} is a mere intention of the plan and {what}; make it a note, or name a source that binds",
                harmless=True,
            )


def _check_barrier(context: Context, condition: AcceptanceConditionEntry) -> None:
    if condition.unmet != "barrier":
        return
    day = _only_on(context, condition.basis, condition.period, _WEAK)
    if day is not None:
        context.findings.add(
            condition.place.at("unmet"),
            "barrier_on_weak_source",
            f"{condition.code} bars and rests on secondary sources or worse alone{_on(day)}; write `unmet: confirm`, or"
            " find a source that was read",
            harmless=True,
        )


def _check_always_sourced(context: Context) -> None:
    """On every day that something is in force one of its sources carries it."""
    kinds: tuple[type[Dated], ...] = (
        RuleEntry,
        DefinitionVersionEntry,
        AcceptanceConditionEntry,
        LimitEntry,
        EffectLimit,
    )
    for kind in kinds:
        for entry, item in context.all_inside(kind):
            basis: tuple[Citation, ...] | None = getattr(entry, "basis", None)
            if not basis:
                continue
            day = uncovered_day(entry.period, [citation.period for citation in basis])
            if day is not None:
                context.findings.add(
                    item.place.at("basis"),
                    "missing_source",
                    f"none of the sources carries it{_on(day)}; add one, or shorten `effective`",
                    harmless=True,
                )
            else:
                _check_alive(context, entry.period, basis, item.place.at("basis"))


def _check_alive(context: Context, period: Period, basis: tuple[Citation, ...], place: Place) -> None:
    """What outlives all of its sources would be told as law that nobody made."""
    carried = [_carried(context, citation) for citation in basis]
    day = uncovered_day(period, carried)
    if day is not None:
        named = ", ".join(f"`{citation.ref}`" for citation in basis)
        later = dict.fromkeys(filter(None, (_replaced_by(context, citation) for citation in basis)))
        cite = f"cite what took its place ({', '.join(later)})" if later else "cite what is in force then"
        message = f"by {day} all of its sources have ended ({named}); {cite}, or end it with `to`"
        context.findings.add(place, "source_ended", message, harmless=True)


def _carried(context: Context, citation: Citation) -> Period:
    """The days a citation carries what rests on it: its own, up to the end of the article and of the document."""
    article, document = context.registry.known[Kind.ARTICLE].get(citation.ref), _document(context, citation)
    held = [one.period.end for one in (citation, article, document) if isinstance(one, Dated)]
    return Period(citation.period.start, min(filter(None, held), default=None))


def _document(context: Context, citation: Citation) -> PolicyFile | None:
    folder = context.source.policies.get(citation.ref.partition("#")[0])
    return folder.head if folder and isinstance(folder.head, PolicyFile) else None


def _replaced_by(context: Context, citation: Citation) -> str | None:
    document = _document(context, citation)
    return document.replaced_by if document else None
