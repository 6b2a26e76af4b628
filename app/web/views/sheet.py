"""A whole guide as result page and kept page show it. Everything comes from the guide; nothing is decided here."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.web.addresses import Address
from app.web.views.beside import Extra, OpenPoint, extras_of, open_points_of
from app.web.views.card import Card, CardMaker, NamedLink
from app.web.views.checklist import Checklist, checklist_of
from app.web.views.contrast import Contrast, contrast_of
from app.web.views.figures import day_words
from app.web.views.former import FormerPath, common_measure, former_path_of
from app.web.views.links import Scene
from app.web.views.marks import Part
from app.web.views.picture import Stage, Step, picture_of, undrawn
from app.web.views.sources import Source, sources_of
from app.web.views.surety import Surety, surety_of
from app.wording import Language, Phrases

#: What happens to procedures, in the order the page shows it.
_TO_DO: Final = frozenset({"filing", "commitment", "simplified", "standard", "merged"})
_OFFICE_KINDS: Final = frozenset({"internal", "inspection"})
_NOTHING_TO_DO: Final = frozenset({"office", "gone"})
_MOST_SHOWN: Final = 6
GROUPS: Final = ("closed", "todo", "open", "chosen", "office", "gone")


@dataclass(frozen=True, slots=True)
class Barrier:
    """Why it may not be done as described; `is_sure` False where it hangs on something open."""

    reason: str
    is_sure: bool
    procedures: tuple[NamedLink, ...]
    hangs_on: tuple[NamedLink, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class CardGroup:
    """Cards of one sort under a heading; `code` is one of GROUPS."""

    code: str
    heading: str
    meaning: str
    cards: tuple[Card, ...]

    @property
    def is_folded(self) -> bool:
        """Whether the cards are opened on demand: many that the company has nothing to do for would hide the rest."""
        return self.code in _NOTHING_TO_DO and len(self.cards) > _MOST_SHOWN


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer given, or taken by default, and where it is changed."""

    name: str
    words: str
    is_assumed: bool
    address: str


@dataclass(frozen=True, slots=True)
class Law:
    """Which law the guide speaks of, and by which rules."""

    day: str
    as_of: str
    reviewed_until: str
    release: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """导办结果 as a page.

    Shape: `say` speaks the guide's own language, which may be another one than the page's around it · `questions_left`
        counts those that can still change the path, `ask` goes on with them; `ask_more` with those that move details.
    """

    lang: Language
    say: Callable[..., str]
    topic: str
    topic_code: str
    sentences: str
    status: str
    status_words: str
    barriers: tuple[Barrier, ...]
    stages: tuple[Stage, ...]
    undrawn: str | None
    contrast: Contrast | None
    former: FormerPath | None
    groups: tuple[CardGroup, ...]
    checklist: Checklist | None
    entitlements: tuple[Extra, ...]
    obligations: tuple[Extra, ...]
    notes: tuple[Extra, ...]
    questions_left: int
    questions_beside: int
    ask: str
    ask_more: str
    open_points: tuple[OpenPoint, ...]
    answers: tuple[Answer, ...]
    surety: Surety
    law: Law
    other_day: Address
    compare: str

    @property
    def first_steps(self) -> tuple[Step, ...]:
        """The steps that nothing has to wait for."""
        return self.stages[0].steps if self.stages else ()

    @property
    def is_barred(self) -> bool:
        """Whether it may not be done as described."""
        return any(barrier.is_sure for barrier in self.barriers)


def sheet_of(guide: Part, scene: Scene, fact_names: Mapping[str, str], then: Part | None) -> Sheet:
    """Return the page of a guide.

    Shape: `fact_names` names facts that the guide itself does not name · `then` the guide of the same scenario for the
        day before the reform, None where there is none.
    """
    phrases = scene.phrases
    maker = CardMaker(guide, scene, fact_names)
    before = guide["path"]["before"]
    before_address = scene.on(before["day"]).guide() if before else ""
    optional = sum(question["optional"] for question in guide["questions"])
    return Sheet(
        lang=phrases.lang,
        say=phrases.say,
        topic=guide["topic"]["name"],
        topic_code=guide["topic"]["code"],
        sentences=guide["answer"],
        status=guide["status"],
        status_words=phrases.say(f"status.{guide['status']}"),
        barriers=tuple(_barrier(item, maker) for item in guide["barriers"]),
        stages=picture_of(guide, phrases, common_measure(guide, then)),
        undrawn=undrawn(guide, phrases),
        contrast=contrast_of(guide, phrases),
        former=former_path_of(guide, then, phrases, before_address),
        groups=tuple(_groups(guide, maker)),
        checklist=checklist_of(guide, phrases),
        entitlements=extras_of(guide["entitlements"], maker),
        obligations=extras_of(guide["obligations"], maker),
        notes=extras_of(guide["notes"], maker),
        questions_left=len(guide["questions"]) - optional,
        questions_beside=optional,
        ask_more=scene.asking_more(),
        ask=scene.asking(),
        open_points=open_points_of(guide, maker),
        answers=tuple(_answer(item, scene) for item in guide["answers"]),
        surety=surety_of(guide, phrases),
        law=_law(guide, phrases),
        other_day=scene.other_day(),
        compare=scene.comparing(),
    )


def _barrier(item: Part, maker: CardMaker) -> Barrier:
    return Barrier(
        reason=item["reason"],
        is_sure=bool(item["applies"]),
        procedures=maker.procedures(item["procedures"]),
        hangs_on=maker.facts(item["depends_on_facts"]),
        sources=sources_of(item["basis"], maker.scene),
    )


def _groups(guide: Part, maker: CardMaker) -> Iterator[CardGroup]:
    """The procedures by what happens to them; those of the path in its order."""
    place = {code: number for number, code in enumerate(_in_path(guide))}
    ordered = sorted(guide["procedures"], key=lambda item: place.get(item["code"], len(place)))
    sorts = [(_group_of(item), item) for item in ordered]
    for code in GROUPS:
        cards = tuple(maker.card(item) for group, item in sorts if group == code)
        if cards:
            yield CardGroup(code, maker.phrases.say(f"group.{code}"), maker.phrases.say(f"group.{code}_meaning"), cards)


def _in_path(guide: Part) -> Iterable[str]:
    return (code for step in guide["path"]["steps"] for code in step["procedures"])


def _group_of(item: Part) -> str:
    treatment = item["treatment"]
    if treatment == "closed":
        return "closed"
    if treatment == "waived":
        return "gone"
    if treatment == "proactive" or item["kind"] in _OFFICE_KINDS:
        return "office"
    if item["optional"]:
        return "chosen"
    return "todo" if treatment in _TO_DO else "open"


def _answer(item: Part, scene: Scene) -> Answer:
    return Answer(item["name"], item["answer"], item["assumed"], scene.asking(item["fact"]))


def _law(guide: Part, phrases: Phrases) -> Law:
    return Law(
        day=day_words(guide["as_of"], phrases),
        as_of=guide["as_of"],
        reviewed_until=day_words(guide["reviewed_until"], phrases),
        release=guide["release"]["version"],
        content_hash=guide["release"]["content_hash"],
    )
