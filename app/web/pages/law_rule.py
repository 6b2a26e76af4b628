"""/law/procedures, /law/rules: a procedure with its treatments over time, a rule whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from starlette.responses import Response

from app.engine import Duration, ProcedureCode, RuleCode
from app.errors import NotFound
from app.rulebook import Effective, ProcedureEffectEntry, ProcedureEntry, RuleEntry
from app.web.routing import PageRoute
from app.web.views.law_book import Cited, LawBook, Named
from app.web.views.marks import Mark
from app.web.visit import Visit
from app.wording import duration_text

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Band:
    """When something holds, drawn on a line of years, in hundredths of it."""

    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Treated:
    """What a rule makes of the procedure, from when to when, and when it holds."""

    mark: Mark | None
    says: tuple[str, ...]
    period: str
    band: Band
    when: str
    rule: Named
    force: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class ProcedureView:
    """A procedure as it is without any rule, and what the rules made of it, in the order of time."""

    name: str
    official: str
    summary: str | None
    authority: str
    kind: str
    default: str
    years: tuple[str, ...]
    treatments: tuple[Treated, ...]
    details: tuple[Treated, ...]
    sources: tuple[Cited, ...]
    topics: tuple[Named, ...]


@dataclass(frozen=True, slots=True)
class EffectView:
    """What a rule says about one procedure."""

    procedure: Named
    mark: Mark | None
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExtraView:
    """An entitlement, obligation or note that a rule gives."""

    name: str | None
    text: str


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule whole."""

    title: str
    period: str
    forces: tuple[str, ...]
    when: str
    confirm: str | None
    effects: tuple[EffectView, ...]
    extras: tuple[ExtraView, ...]
    overrides: tuple[Named, ...]
    overridden_by: tuple[Named, ...]
    sources: tuple[Cited, ...]
    topics: tuple[Named, ...]


async def procedure(visit: Visit) -> Response:
    """One procedure over time."""
    book = LawBook(visit)
    code = ProcedureCode(visit.request.path_params["code"])
    entry = book.rulebook.procedures.get(code)
    if entry is None:
        raise NotFound("procedure", code)
    view = _procedure(book, entry, visit.today)
    return visit.page("law_procedure.html", view, title=view.name)


def _procedure(book: LawBook, entry: ProcedureEntry, today: date) -> ProcedureView:
    code, pick, say = ProcedureCode(entry.code), book.phrases.pick, book.phrases.say
    rules = [book.rulebook.rules[rule] for rule in book.uses.rules_of_procedure.get(code, ())]
    told = sorted(
        ((rule, effect) for rule in rules for effect in rule.procedure_effects if effect.procedure == entry.code),
        key=lambda pair: pair[0].effective.start or date.min,
    )
    line = _Years([rule.effective for rule, _ in told], today)
    every = [(effect.treatment is not None, _treated(book, rule, effect, line, today)) for rule, effect in told]
    return ProcedureView(
        name=pick(entry.everyday_name),
        official=pick(entry.name),
        summary=book.phrases.pick_or_none(entry.summary),
        authority=pick(book.rulebook.authorities[entry.authority].name),
        kind=say(f"kind.{entry.kind}"),
        default=say("law.default_none" if entry.default == "none" else "law.default_standard"),
        years=line.names,
        treatments=tuple(one for sets, one in every if sets),
        details=tuple(one for sets, one in every if not sets),
        sources=book.cited(entry.basis),
        topics=book.topics(book.rulebook.topics_of_procedure.get(code, ())),
    )


class _Years:
    """The line of years on which periods are drawn."""

    def __init__(self, periods: list[Effective], today: date) -> None:
        starts = [one.start.year for one in periods if one.start] or [today.year]
        self.first, self.last = min(starts), today.year + 1
        self.names = tuple(str(year) for year in range(self.first, self.last))

    def band(self, period: Effective) -> Band:
        start = self._place(period.start, 0.0)
        end = self._place(period.end, float(_WIDTH))
        return Band(f"{start:.4g}", f"{max(end - start, 1.0):.4g}")

    def _place(self, day: date | None, otherwise: float) -> float:
        if day is None:
            return otherwise
        years = day.year - self.first + (day.timetuple().tm_yday - 1) / 366
        return min(max(years / (self.last - self.first) * _WIDTH, 0.0), float(_WIDTH))


def _treated(book: LawBook, rule: RuleEntry, effect: ProcedureEffectEntry, line: _Years, today: date) -> Treated:
    (named,) = book.rules([rule.code])
    return Treated(
        mark=book.mark(effect.treatment),
        says=tuple(_says(book, effect)),
        period=book.period(rule.effective),
        band=line.band(rule.effective),
        when=book.when(rule),
        rule=named,
        force=book.phrases.say(f"force.{rule.force[-1].force}"),
        is_over=rule.effective.end is not None and rule.effective.end <= today,
    )


def _says(book: LawBook, effect: ProcedureEffectEntry) -> Iterator[str]:
    """What an effect says besides the treatment, each in a few words."""
    say, names = book.phrases.say, book.rulebook.materials
    if effect.merged_into:
        yield say("law.merged_into", target=book.procedure(effect.merged_into))
    if effect.filing_timing:
        yield say(f"filing_timing.{effect.filing_timing}")
    if effect.brings:
        yield say("law.brings")
    if effect.reason:
        yield book.phrases.pick(effect.reason)
    for limit in effect.limit:
        if limit.value is None or limit.unit is None:
            yield say("law.limit_unknown")
        else:
            yield say("law.limit", days=duration_text(Duration(limit.value, limit.unit), book.phrases))
    papers = effect.materials
    if papers:
        added = [use.code for use in papers.add]
        for key, codes in (("add", added), ("drop", papers.drop), ("defer", papers.defer), ("share", papers.share)):
            if codes:
                listed = book.phrases.listed([book.phrases.pick(names[code].name) for code in codes])
                yield say(f"law.papers_{key}", names=listed)
    if effect.channel:
        yield say(f"channel.{effect.channel}")
    if effect.authority:
        yield say("law.authority", name=book.phrases.pick(book.rulebook.authorities[effect.authority].name))
    if effect.parallel_with:
        yield say("law.beside", names=book.phrases.listed([book.procedure(code) for code in effect.parallel_with]))


async def rule(visit: Visit) -> Response:
    """One rule."""
    book = LawBook(visit)
    code = RuleCode(visit.request.path_params["code"])
    entry = book.rulebook.rules.get(code)
    if entry is None:
        raise NotFound("rule", code)
    view = _rule(book, entry)
    return visit.page("law_rule.html", view, title=view.title)


def _rule(book: LawBook, entry: RuleEntry) -> RuleView:
    pick, say, code = book.phrases.pick, book.phrases.say, RuleCode(entry.code)
    asked = entry.confirm_with
    return RuleView(
        title=pick(entry.title),
        period=book.period(entry.effective),
        forces=tuple(
            say("law.force", force=say(f"force.{part.force}"), period=book.period(part.effective))
            for part in entry.force
        ),
        when=book.when(entry),
        confirm=None
        if asked is None
        else say("card.confirm", authority=pick(book.rulebook.authorities[asked.authority].name), why=pick(asked.why)),
        effects=tuple(
            EffectView(book.procedures([one.procedure])[0], book.mark(one.treatment), tuple(_says(book, one)))
            for one in entry.procedure_effects
        ),
        extras=tuple(
            ExtraView(pick(extra.name) if hasattr(extra, "name") else None, pick(extra.text))
            for _, extra in entry.extras
        ),
        overrides=book.rules(entry.overrides),
        overridden_by=book.rules(book.uses.overridden_by.get(code, ())),
        sources=book.cited(entry.basis),
        topics=book.topics(book.rulebook.topics_of_rule.get(code, ())),
    )


ROUTES: Final = (
    PageRoute("/law/procedures/{code}", procedure),
    PageRoute("/law/rules/{code}", rule),
)
