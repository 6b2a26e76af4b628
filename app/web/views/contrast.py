"""改革前与现在. What the path comes to before the reform and now, figure by figure; what is not known is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.engine import Status
from app.web.views.figures import day_words, length_of, length_words
from app.web.views.marks import Part
from app.web.views.sources import cite_of
from app.wording import Phrases, total_days_text, total_text

_SIDES: Final = ("before", "after")
_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Side:
    """One of two figures: in words, and as a bar in hundredths of the longer one."""

    words: str
    width: str


@dataclass(frozen=True, slots=True)
class Figure:
    """What is counted, before and now."""

    kind: str
    heading: str
    before: Side
    after: Side


@dataclass(frozen=True, slots=True)
class Benchmark:
    """An official total beside ours, and why the two differ where they do."""

    text: str
    cite: str
    seen: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Contrast:
    """Both days with their figures, and what has to be known to read them rightly."""

    before_day: str
    after_day: str
    figures: tuple[Figure, ...]
    cautions: tuple[str, ...]
    benchmarks: tuple[Benchmark, ...]


def contrast_of(guide: Part, phrases: Phrases) -> Contrast | None:
    """Return the contrast of a guide's path, None while a barrier holds or nothing is settled to be counted."""
    path = guide["path"]
    is_bare = not path["steps"] and guide["status"] != Status.COMPLETE
    if path["before"] is None or path["after"] is None or is_bare:
        return None
    names = {item["code"]: item["everyday_name"] for item in guide["procedures"]}
    reading = _Reading([path[side] for side in _SIDES], phrases, names)
    return Contrast(
        before_day=day_words(path["before"]["day"], phrases),
        after_day=day_words(path["after"]["day"], phrases),
        figures=tuple(reading.figures()),
        cautions=tuple(reading.cautions()),
        benchmarks=tuple(_benchmark(one, phrases) for one in path["benchmarks"]),
    )


def figures_between(now: Part | None, then: Part | None, phrases: Phrases) -> tuple[Figure, ...]:
    """Return the totals of two paths figure by figure, none where one of them is barred."""
    if now is None or then is None:
        return ()
    return tuple(_Reading([now, then], phrases, {}).figures())


class _Reading:
    def __init__(self, sides: list[Part], phrases: Phrases, names: dict[str, str]) -> None:
        self.sides = sides
        self.phrases = phrases
        self.names = names

    def figures(self) -> Iterator[Figure]:
        counts = [Decimal(side["procedures"]) for side in self.sides]
        yield self._figure(
            "procedures", counts, [self._count("procedures", side["procedures"], side, True) for side in self.sides]
        )
        days = [Decimal(str(side["days"]["value"])) for side in self.sides]
        yield self._figure("days", days, [self._days(side) for side in self.sides])
        papers = [Decimal(side["materials"]) for side in self.sides]
        said = [self._count("papers", side["materials"], side, side["materials_complete"]) for side in self.sides]
        yield self._figure("materials", papers, said)
        if all(side["visits"] is not None for side in self.sides):
            visits = [Decimal(side["visits"]) for side in self.sides]
            yield self._figure(
                "visits", visits, [self._count("visits", side["visits"], side, True) for side in self.sides]
            )

    def _figure(self, kind: str, values: list[Decimal], words: list[str]) -> Figure:
        longest = max(*values, Decimal(1))
        before, after = (
            Side(said, f"{value / longest * _WIDTH:.4g}") for value, said in zip(values, words, strict=True)
        )
        return Figure(kind, self.phrases.say(f"contrast.{kind}"), before, after)

    def _count(self, kind: str, count: int, side: Part, is_known: bool) -> str:
        # While something is open only what is settled is counted.
        return total_text(kind, count, self.phrases, is_whole=is_known and side["complete"])

    def _days(self, side: Part) -> str:
        days = side["days"]
        return total_days_text(length_of(days), self.phrases, is_whole=days["complete"] and side["complete"])

    def cautions(self) -> Iterator[str]:
        for name, side in zip(_SIDES, self.sides, strict=True):
            heading = self.phrases.say(f"contrast.{name}_short")
            unknown = [self.names[code] for code in side["days"]["unknown"] if code in self.names]
            gone = len(side["days"]["unknown"]) - len(unknown)
            if unknown or gone:
                listed = self.phrases.listed(
                    [*unknown, *([self.phrases.say("contrast.others", count=gone)] * bool(gone))]
                )
                yield self.phrases.say("contrast.unknown", side=heading, names=listed)
            others = [
                self.phrases.say(
                    "card.part", name=self.names.get(one["procedure"], ""), days=length_words(one, self.phrases)
                )
                for one in side["days"]["other_units"]
            ]
            if others:
                yield self.phrases.say("contrast.other_units", side=heading, names=self.phrases.listed(others))
            if not side["materials_complete"]:
                yield self.phrases.say("contrast.papers_open", side=heading)
            if not side["complete"]:
                yield self.phrases.say("contrast.open", side=heading)


def _benchmark(one: Part, phrases: Phrases) -> Benchmark:
    cites = [cite_of(entry, phrases) for entry in one["basis"]]
    return Benchmark(
        one["text"],
        phrases.say("list.clauses").join(cites),
        phrases.say(f"verification.{one['verification']}"),
        one["why"],
    )
