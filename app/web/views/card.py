"""One procedure of a guide as its card shows it: what becomes of it, what to bring, where, how long, why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.web.views.card_lines import Line, duration_words, lines_of
from app.web.views.figures import day_words
from app.web.views.links import Scene
from app.web.views.marks import Mark, Part, asks_less, mark_of, marks_of
from app.web.views.reasons import Reason, reasons_of
from app.web.views.sources import Source, sources_of
from app.wording import Phrases

#: Treatments whose card needs no sentence that says what they mean.
_SAYS_ITSELF: Final = frozenset({"standard", "merged", "waived", None})
#: Kinds that are no business of the company.
_OF_OFFICES: Final = frozenset({"internal", "inspection"})
_TRUTH: Final = {True: "met", False: "unmet", None: "unclear"}


@dataclass(frozen=True, slots=True)
class NamedLink:
    """A name with the place that tells more; `address` None where there is none."""

    name: str
    address: str | None


@dataclass(frozen=True, slots=True)
class Paper:
    """申请材料 of one procedure: `status` is required, deferred, shared or dropped, `word` says it."""

    code: str
    name: str
    status: str
    word: str
    note: str | None


@dataclass(frozen=True, slots=True)
class Acceptance:
    """受理条件. `state` is met, unmet, unclear or dropped, `word` says it."""

    text: str
    state: str
    word: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Another answer, what it would lead to, and the page that sets both side by side."""

    text: str
    mark: Mark
    address: str


@dataclass(frozen=True, slots=True)
class Card:
    """One procedure.

    Shape: `within` what it is merged into · `fallback` what applies if the company declines the voluntary way ·
        `ways` and `hangs_on` only where it is undecided · `lighter` and `heavier` other answers.
    Unknown: `papers` None where the list is not known; `papers_complete` False where there may be more.
    """

    code: str
    name: str
    official: str
    summary: str | None
    mark: Mark
    meaning: str | None
    timing: str | None
    is_decided: bool
    within: NamedLink | None
    beside: tuple[NamedLink, ...]
    replaces: tuple[str, ...]
    ways: tuple[Mark, ...]
    hangs_on: tuple[NamedLink, ...]
    fallback: str | None
    lines: tuple[Line, ...]
    days: str | None
    is_time_unknown: bool
    papers: tuple[Paper, ...] | None
    papers_complete: bool
    conditions: tuple[Acceptance, ...]
    reasons: tuple[Reason, ...]
    lighter: tuple[Change, ...]
    heavier: tuple[Change, ...]
    confirm: str | None
    sources: tuple[Source, ...]
    sure: str | None
    since: str | None
    remarks: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Where the page shows it."""
        return anchor_of(self.code)


def anchor_of(procedure: str) -> str:
    """Return the place of a procedure's card in its page."""
    return f"p-{procedure}"


class CardMaker:
    """Makes the cards of one guide: what they share is looked up once."""

    def __init__(self, guide: Part, scene: Scene, fact_names: Mapping[str, str]) -> None:
        self.guide = guide
        self.scene = scene
        self.phrases: Phrases = scene.phrases
        self.names = {item["code"]: item["everyday_name"] for item in guide["procedures"]}
        self.asked = {item["fact"]: item["name"] for item in (*guide["questions"], *guide["answers"])}
        self.confirmed = {item["fact"]: item["name"] for item in guide["confirmations"]}
        self.fact_names = fact_names

    def card(self, item: Part) -> Card:
        """Return the card of one procedure."""
        pick, timing = self.phrases, item["filing_timing"]
        lighter, heavier = self._changes(item)
        return Card(
            code=item["code"],
            name=item["everyday_name"],
            official=item["name"],
            summary=item["summary"],
            mark=mark_of(item["treatment"], pick),
            meaning=self._meaning(item),
            timing=pick.say(f"filing_timing.{timing}") if timing and item["treatment"] else None,
            is_decided=item["decided"],
            within=self._procedure(item["merged_into"]),
            beside=self.procedures(item["parallel_with"]),
            replaces=tuple(self.names[code] for code in item["replaces"] if code in self.names),
            ways=() if item["decided"] else marks_of(item["possible_treatments"], pick),
            hangs_on=self.facts(item["depends_on_facts"]),
            fallback=self._fallback(item),
            lines=lines_of(item, pick),
            days=duration_words(item, pick),
            is_time_unknown=item["time_limit"]["applicable"] is None,
            papers=self._papers(item),
            papers_complete=item["materials_complete"],
            conditions=tuple(self._acceptance(one) for one in item["conditions"]),
            reasons=reasons_of(item, self.scene),
            lighter=lighter,
            heavier=heavier,
            confirm=self._confirm(item),
            sources=sources_of(item["basis"], self.scene),
            sure=self._sure(item),
            since=self._since(item),
            remarks=tuple(item.get("notes", ())),
        )

    def procedures(self, codes: Iterable[str]) -> tuple[NamedLink, ...]:
        """Return procedures of the guide by name, each leading to its card."""
        return tuple(link for code in codes if (link := self._procedure(code)))

    def facts(self, codes: Iterable[str]) -> tuple[NamedLink, ...]:
        """Return open facts by name: the company's lead to their question, an authority's to whom to ask."""
        return tuple(self._fact(code) for code in codes)

    def _fact(self, code: str) -> NamedLink:
        if code in self.confirmed:
            return NamedLink(self.confirmed[code], f"#ask-{code}")
        name = self.asked.get(code) or self.fact_names.get(code, code)
        return NamedLink(name, self.scene.asking(code))

    def _procedure(self, code: str | None) -> NamedLink | None:
        if code is None:
            return None
        return NamedLink(self.names.get(code, code), f"#{anchor_of(code)}" if code in self.names else None)

    def _meaning(self, item: Part) -> str | None:
        """What the treatment means to the company, where the card does not say so by itself."""
        if item["treatment"] in _SAYS_ITSELF or item["kind"] in _OF_OFFICES:
            return None
        return mark_of(item["treatment"], self.phrases).meaning

    def _fallback(self, item: Part) -> str | None:
        """What applies if the voluntary way is declined; None where the way is not voluntary."""
        if item["fallback"] is None:
            return None
        timing, target = item["fallback_filing_timing"], item["fallback_merged_into"]
        way = self.phrases.say(f"treatment.{item['fallback']}")
        if target is not None:
            return self.phrases.say("card.fallback_merged", target=self.names.get(target, target))
        if timing is not None:
            way = self.phrases.say("card.timed", way=way, timing=self.phrases.say(f"filing_timing.{timing}"))
        return self.phrases.say("card.fallback", way=way)

    def _papers(self, item: Part) -> tuple[Paper, ...] | None:
        if item["materials"] is None:
            return None
        return tuple(
            Paper(one["code"], one["name"], one["status"], self.phrases.say(f"material.{one['status']}"), one["note"])
            for one in item["materials"]
        )

    def _acceptance(self, one: Part) -> Acceptance:
        state = "dropped" if one["status"] == "dropped" else _TRUTH[one["met"]]
        cites = tuple(source.cite for source in sources_of(one["basis"], self.scene))
        return Acceptance(one["text"], state, self.phrases.say(f"acceptance.{state}"), cites)

    def _changes(self, item: Part) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
        lighter: list[Change] = []
        heavier: list[Change] = []
        for one in item["what_if"]:
            way = mark_of(one["treatment"], self.phrases)
            change = Change(one["text"], way, self.scene.comparing(one["fact"], one["answer"]))
            (lighter if asks_less(one["treatment"], item) else heavier).append(change)
        return tuple(lighter), tuple(heavier)

    def _confirm(self, item: Part) -> str | None:
        confirm = item["confirm_with"]
        if confirm is None:
            return None
        return self.phrases.say("card.confirm", authority=confirm["authority"], why=confirm["why"])

    def _sure(self, item: Part) -> str | None:
        marks = list(self._sure_marks(item))
        return self.phrases.listed(marks) if marks else None

    def _sure_marks(self, item: Part) -> Iterator[str]:
        if item["legal_force"]:
            yield self.phrases.say(f"force.{item['legal_force']}")
        if item["verification"]:
            yield self.phrases.say(f"verification.{item['verification']}")

    def _since(self, item: Part) -> str | None:
        if not item["since"] or not item["rules"]:
            return None
        return self.phrases.say("card.since", day=day_words(item["since"], self.phrases), more=self._precision(item))

    def _precision(self, item: Part) -> str:
        precision = item["date_precision"]
        if precision in (None, "day"):
            return ""
        return self.phrases.say("list.group", text=self.phrases.say(f"precision.{precision}"))
