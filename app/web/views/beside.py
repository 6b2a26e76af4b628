"""What stands beside the path: what a company may claim, has to keep to or should know, and what is open."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.web.views.card import CardMaker, NamedLink
from app.web.views.figures import length_words
from app.web.views.marks import Mark, Part, marks_of
from app.web.views.sources import Source, sources_of


@dataclass(frozen=True, slots=True)
class Extra:
    """An entitlement 惠企政策, an obligation or a note; `is_sure` False where it hangs on something open."""

    name: str | None
    text: str
    is_sure: bool
    hangs_on: tuple[NamedLink, ...]
    due: str | None
    sure: str | None
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A procedure that hangs on an open point, and the ways that are possible."""

    procedure: NamedLink
    ways: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something only an authority can say: whom to ask, in which words, and what hangs on the answer."""

    anchor: str
    name: str
    ask: str
    authority: str | None
    help: str | None
    outcomes: tuple[Outcome, ...]


def extras_of(items: Iterable[Part], maker: CardMaker) -> tuple[Extra, ...]:
    """Return the entitlements, obligations or notes, those that surely apply in front."""
    return tuple(_extra(item, maker) for item in sorted(items, key=lambda item: not item["applies"]))


def open_points_of(guide: Part, maker: CardMaker) -> tuple[OpenPoint, ...]:
    """Return what has to be asked of an authority."""
    possible = {item["code"]: item for item in guide["procedures"]}
    return tuple(
        OpenPoint(
            anchor=f"ask-{item['fact']}",
            name=item["name"],
            ask=item["ask"],
            authority=item["authority"],
            help=item["help"],
            outcomes=tuple(_outcomes(item["decides"], possible, maker)),
        )
        for item in guide["confirmations"]
    )


def _outcomes(decides: Iterable[str], procedures: dict[str, Part], maker: CardMaker) -> Iterator[Outcome]:
    for code in decides:
        if code in procedures:
            ways = marks_of(procedures[code]["possible_treatments"], maker.phrases)
            yield from (Outcome(link, ways) for link in maker.procedures([code]))


def _extra(item: Part, maker: CardMaker) -> Extra:
    phrases, due = maker.phrases, item.get("due")
    force, mark = item["legal_force"], item["verification"]
    sure = [phrases.say(f"force.{force}")] if force else []
    sure += [phrases.say(f"verification.{mark}")] if mark else []
    return Extra(
        name=item.get("name"),
        text=item["text"],
        is_sure=bool(item["applies"]),
        hangs_on=maker.facts(item["depends_on_facts"]),
        due=None if due is None else phrases.say("beside.due", days=length_words(due, phrases), after=due["after"]),
        sure=phrases.listed(sure) if sure else None,
        sources=sources_of(item["basis"], maker.scene),
    )
