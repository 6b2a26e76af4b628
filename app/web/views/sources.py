"""依据. The sources behind a line of the page, each with its words, quoted or in our own summary."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.web.views.links import Scene
from app.web.views.marks import Part
from app.wording import Phrases, date_text


@dataclass(frozen=True, slots=True)
class Source:
    """One clause.

    Shape: `words` the plan's own text where `is_quote`, else our summary, None where the entry is a short one;
        `seen` how well it was seen; `carries` the treatment it carries where several are possible.
    """

    cite: str
    title: str | None
    words: str | None
    is_quote: bool
    seen: str
    since: str | None
    carries: str | None
    address: str
    link: str | None


def sources_of(basis: Iterable[Part], scene: Scene) -> tuple[Source, ...]:
    """Return the sources, each once, in their order."""
    found = {(entry["policy"], entry["clause"], entry.get("treatment")): entry for entry in basis}
    return tuple(_source(entry, scene) for entry in found.values())


def cite_of(entry: Part, phrases: Phrases) -> str:
    """Return the document's number, else its title, and the article."""
    title = entry.get("title") or entry["policy"]
    act = entry["document_number"] or phrases.say("cite.titled", title=title)
    return phrases.say("cite.article", act=act, article=entry["cite"])


def _since(day: str, precision: str | None, phrases: Phrases) -> str:
    """From which day it is relied on, and how exactly that day is known."""
    words = date_text(date.fromisoformat(day), phrases)
    if precision in (None, "day"):
        return words
    return words + phrases.say("list.group", text=phrases.say(f"precision.{precision}"))


def _source(entry: Part, scene: Scene) -> Source:
    phrases = scene.phrases
    treatment, since = entry.get("treatment"), entry.get("effective_from")
    words = entry.get("quote") or entry.get("summary")
    return Source(
        cite=cite_of(entry, phrases),
        title=entry.get("title"),
        words=words,
        is_quote=bool(entry.get("quote")),
        seen=phrases.say(f"verification.{entry['verification']}"),
        since=None if since is None else _since(since, entry.get("date_precision"), phrases),
        carries=None if treatment is None else phrases.say(f"treatment.{treatment}"),
        address=scene.law("clauses", entry["policy"], entry["clause"]),
        link=entry.get("url"),
    )
