"""Where a procedure is handled, how long it takes and what it costs, line by line; what is not known says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.web.views.figures import length_words
from app.web.views.marks import Part
from app.web.views.sources import cite_of
from app.wording import Phrases

#: Treatments under which the company hands something in, so that a time would be expected.
_TIMED: Final = frozenset({"filing", "commitment", "simplified", "standard"})
_KINDS_SHOWN: Final = frozenset({"private_contract", "internal", "inspection", "service", "review"})


@dataclass(frozen=True, slots=True)
class Line:
    """A heading with its value; `is_unknown` where no source gives it, `more` what has to be said beside it."""

    kind: str
    heading: str
    value: str
    is_unknown: bool
    more: tuple[str, ...] = ()


def lines_of(item: Part, phrases: Phrases) -> tuple[Line, ...]:
    """Return the lines of a procedure that is done or may have to be done, none for one that is not needed."""
    if item["treatment"] == "waived":
        return ()
    return tuple(_Lines(item, phrases).lines())


def duration_words(item: Part, phrases: Phrases) -> str | None:
    """Return how long the procedure takes, that no source says so, or None where there is nothing to wait for."""
    applicable = item["time_limit"]["applicable"]
    if applicable is not None:
        return length_words(applicable, phrases)
    return phrases.say("card.days_unknown") if item["treatment"] in _TIMED else None


class _Lines:
    def __init__(self, item: Part, phrases: Phrases) -> None:
        self.item = item
        self.phrases = phrases

    def lines(self) -> Iterator[Line]:
        item, is_done = self.item, self.item["treatment"] not in ("proactive", "closed")
        if item["kind"] in _KINDS_SHOWN:
            yield self._line("kind", self.phrases.say(f"kind.{item['kind']}"))
        if item["authority"]:
            yield self._line("authority", item["authority"], self._level())
        if item["treatment"] in _TIMED or item["treatment"] is None:
            yield self._days()
        if item["treatment"] == "merged":
            return
        if is_done:
            yield self._channel()
            yield self._fee()
        if "apply_before" in item:
            before = item["apply_before"]
            said = self.phrases.say(
                "card.apply_before_event", event=before["event"], days=length_words(before, self.phrases)
            )
            yield self._line("apply_before", said)
        if "result" in item:
            yield self._line("result", item["result"]["name"], *self._validity())

    def _line(self, kind: str, value: str | None, *more: str) -> Line:
        heading = self.phrases.say(f"card.{kind}")
        unknown = value is None
        return Line(kind, heading, value or self.phrases.say("card.unknown"), unknown, tuple(filter(None, more)))

    def _level(self) -> str:
        level = self.item["level"]
        return self.phrases.say("card.level", level=level) if level else ""

    def _days(self) -> Line:
        limit = self.item["time_limit"]
        applicable = limit["applicable"]
        value = None if applicable is None else length_words(applicable, self.phrases)
        more = [] if applicable is None else [self._seen(applicable)]
        taken = applicable["from"] if applicable else None
        for name in ("promised", "statutory"):
            figure = limit[name]
            if figure is None:
                continue
            if name != taken:
                more.append(self._other(name, figure))
            more += self._details(figure)
        if applicable is not None and taken == "rule":
            more += self._details(applicable)
        return self._line("days", value, *dict.fromkeys(more))

    def _other(self, name: str, figure: Part) -> str:
        said = self.phrases.say(f"cli.{name}", days=length_words(figure, self.phrases))
        return said + self.phrases.say("list.group", text=self._seen(figure))

    def _seen(self, figure: Part) -> str:
        mark = figure["verification"]
        return self.phrases.say(f"verification.{mark}") if mark else ""

    def _details(self, figure: Part) -> Iterator[str]:
        parts = [
            self.phrases.say("card.part", name=part["name"], days=length_words(part, self.phrases))
            for part in figure.get("parts", ())
        ]
        if parts:
            yield self.phrases.listed(parts)
        if "extension" in figure:
            yield self.phrases.say("card.extension", days=length_words(figure["extension"], self.phrases))
        if "note" in figure:
            yield figure["note"]
        cites = dict.fromkeys(cite_of(entry, self.phrases) for entry in figure["basis"])
        if cites:
            yield self.phrases.say("card.limit_basis", cites=self.phrases.say("list.clauses").join(cites))

    def _channel(self) -> Line:
        channel, visits = self.item["channel"], self.item["visits"]
        value = None if channel is None else self.phrases.say(f"channel.{channel}")
        if visits is None:
            return self._line("channel", value)
        key = {0: "card.visits_none", 1: "card.visits_one"}.get(visits, "card.visits")
        return self._line("channel", value, self.phrases.say(key, count=visits))

    def _fee(self) -> Line:
        fee = self.item["fee"]
        if fee is None:
            return self._line("fee", None)
        if not fee["charged"]:
            value = self.phrases.say("card.free")
        elif fee["amount_yuan"] is not None:
            value = self.phrases.say("quantity.yuan", count=f"{fee['amount_yuan']:g}")
        else:
            value = self.phrases.say("card.charged")
        return self._line("fee", value, fee["text"] or "", self._seen(fee))

    def _validity(self) -> Iterator[str]:
        validity = self.item["result"]["validity"]
        if validity is not None:
            yield self.phrases.say("card.valid_for", days=length_words(validity, self.phrases))
