"""The report laid out for reading: what a page or terminal shows of it, in which order, and how much at most."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from app.wording import Phrases

Json: TypeAlias = dict[str, Any]
#: Classes of one part and stretch that are shown; the others are counted, and stand in full in the JSON.
SHOWN: Final = 8

#: Items of one group that stand open; where there are more, each is a line that opens.
UNFOLDED: Final = 4


@dataclass(frozen=True, slots=True)
class Row:
    """One class: from what to what, for whom, with an example.

    Shape: `when` all of these hold; `share` of the situations told apart, as text; `idle` where there is nothing to do
        either way.
    """

    before: str
    after: str
    when: tuple[str, ...]
    example_day: str
    example: tuple[str, ...]
    share: str
    idle: bool


@dataclass(frozen=True, slots=True)
class Days:
    """The classes of one stretch of days, as many as are shown; `more` counts the others.

    Shape: `common` the conditions that every class of the stretch has; its rows leave them out.
    """

    days: str
    is_past: bool
    common: tuple[str, ...]
    rows: tuple[Row, ...]
    more: int
    share: str
    moved: int
    situations: int


@dataclass(frozen=True, slots=True)
class Item:
    """A definition, procedure … that moves in one respect."""

    name: str
    facet: str
    current: tuple[Days, ...]
    past: tuple[Days, ...]

    @property
    def classes(self) -> int:
        """How many classes of scenarios move, those that are only counted included."""
        return sum(len(days.rows) + days.more for days in (*self.current, *self.past))

    @property
    def ways(self) -> tuple[tuple[str, str, bool], ...]:
        """From what to what, each way once, in the law of today and later or else of the past; idle ones marked."""
        rows = [row for days in self.current or self.past for row in days.rows]
        return tuple(dict.fromkeys((row.before, row.after, row.idle) for row in rows))


@dataclass(frozen=True, slots=True)
class Group:
    """Items under one heading; the treatments of procedures are told in an overview first."""

    title: str
    items: tuple[Item, ...]
    has_overview: bool

    @property
    def is_folded(self) -> bool:
        """Whether there are so many that each opens on its own, below the overview or the names alone."""
        return len(self.items) > UNFOLDED


@dataclass(frozen=True, slots=True)
class TopicPart:
    """A topic's part of the page."""

    code: str
    name: str
    changes: tuple[Json, ...]
    groups: tuple[Group, ...]
    cases: tuple[Json, ...]

    @property
    def has_many_cases(self) -> bool:
        """Whether each example that moves is a line that opens."""
        return len(self.cases) > UNFOLDED


@dataclass(frozen=True, slots=True)
class Laid:
    """The whole page from top to bottom.

    Shape: `figures` (number, what it counts); `elsewhere` changes that stand in modules, shared lists and policies;
        `beside` and `wording` those of the whole rulebook.
    """

    title: str
    versions: str
    summary: str
    figures: tuple[tuple[str, str], ...]
    has_impact: bool
    news: tuple[str, ...]
    topics: tuple[TopicPart, ...]
    elsewhere: tuple[Json, ...]
    beside: tuple[Json, ...]
    wording: tuple[Json, ...]
    guides: Json | None


def laid_out(report: Json, phrases: Phrases) -> Laid:
    """Return the report as it is shown; of a plain diff the changes alone."""
    has_impact = "topics" in report
    homes = {home["code"]: home for home in report["homes"]}
    moved = {topic["code"]: topic for topic in report.get("topics", [])}
    topics = tuple(
        _topic(code, homes.get(code), moved.get(code), phrases)
        for code in dict.fromkeys([*moved, *(code for code, home in homes.items() if _is_topic(home))])
        if code in moved or homes[code]["changes"]
    )
    others = [home for home in report["homes"] if not _is_topic(home)]
    return Laid(
        title=phrases.say(f"impact.page.{'impact' if has_impact else 'diff'}_title"),
        versions=phrases.say(
            "impact.page.from_to", before=report["before"]["version"], after=report["after"]["version"]
        ),
        summary=report["summary"]["text"],
        figures=tuple(_figures(report, phrases)),
        has_impact=has_impact,
        news=tuple(_news(report, phrases)),
        topics=topics,
        elsewhere=tuple(home for home in others if home["changes"]),
        beside=tuple(item for home in report["homes"] for item in home["beside"]),
        wording=tuple(item for home in report["homes"] for item in home["wording"]),
        guides=report.get("guides"),
    )


def _is_topic(home: Json) -> bool:
    return bool(home["topics"] == [home["code"]])


def _figures(report: Json, phrases: Phrases) -> Iterable[tuple[str, str]]:
    law = sum(count for what, count in report["counts"].items() if what != "wording")
    yield str(law), phrases.say("impact.page.count_changes")
    if "topics" in report:
        summary = report["summary"]
        yield str(len(summary["topics"])), phrases.say("impact.page.count_topics")
        yield str(summary["procedures_with_other_outcome"]), phrases.say("impact.page.count_procedures")
        yield str(summary["classes"]), phrases.say("impact.page.count_classes")


def _news(report: Json, phrases: Phrases) -> Iterable[str]:
    for key in ("added", "removed"):
        if report.get(key):
            names = phrases.listed([topic["name"] for topic in report[key]])
            yield phrases.say(f"impact.page.{key}_topics", topics=names)


def _topic(code: str, home: Json | None, moved: Json | None, phrases: Phrases) -> TopicPart:
    groups: list[Group] = []
    if moved is not None:
        outcomes = [item for item in moved["procedures"] if item["facet"] == "outcome"]
        parts = [item for item in moved["procedures"] if item["facet"] != "outcome"]
        wanted = (
            ("definitions", [item for item in moved["definitions"] if item["reworded"]]),
            ("procedures", outcomes),
            ("parts", parts),
            *((key, moved[key]) for key in ("barriers", "entitlements", "obligations", "notes")),
            ("derived", [item for item in moved["definitions"] if not item["reworded"]]),
        )
        groups = [
            Group(phrases.say(f"impact.page.{key}"), tuple(_item(item) for item in items), key == "procedures")
            for key, items in wanted
            if items
        ]
    name = (moved or home or {})["name"]
    changes = () if home is None else tuple(home["changes"])
    return TopicPart(code, name, changes, tuple(groups), () if moved is None else tuple(moved["cases"]))


def _item(item: Json) -> Item:
    days = [_days(stretch) for stretch in item["stretches"]]
    current, past = [each for each in days if not each.is_past], [each for each in days if each.is_past]
    return Item(item["name"], item["facet_name"], tuple(current), tuple(past))


def _days(stretch: Json) -> Days:
    ordered = sorted(stretch["classes"], key=lambda each: each["nothing_to_do"])
    common = _common([each["when"] for each in ordered])
    rows = tuple(_row(each, common) for each in ordered[:SHOWN])
    return Days(
        stretch["days"],
        stretch["is_past"],
        common,
        rows,
        len(ordered) - len(rows),
        _percent(stretch["share"]),
        stretch["moved"],
        stretch["situations"],
    )


def _common(whens: list[list[str]]) -> tuple[str, ...]:
    """The conditions that all classes have; none where there is one class alone."""
    shared = set.intersection(*(set(when) for when in whens))
    if len(whens) < 2:
        return ()
    return tuple(said for said in whens[0] if said in shared)


def _row(each: Json, common: tuple[str, ...]) -> Row:
    example = each["example"]
    return Row(
        before=each["before_name"],
        after=each["after_name"],
        when=tuple(said for said in each["when"] if said not in common),
        example_day=str(example["as_of"]),
        example=tuple(example["text"]),
        share=_percent(each["share"]),
        idle=each["nothing_to_do"],
    )


def _percent(share: float) -> str:
    """The share with two digits that count, never rounded to nothing."""
    text = f"{share * 100:.2g}" if share < 0.1 else f"{share * 100:.0f}"
    return f"{float(text):.10f}".rstrip("0").rstrip(".") + "%"
