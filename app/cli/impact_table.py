"""A comparison of two rulebooks laid out for a terminal: in short, then topic by topic."""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.impact import Days, Item, Laid, Row, TopicPart
from app.wording import Phrases

Json: TypeAlias = dict[str, Any]


def impact_parts(page: Laid, phrases: Phrases) -> Iterator[RenderableType]:
    """The parts from top to bottom, those without content left out."""
    layout = _Layout(phrases)
    yield Panel(Text(page.summary), title=page.title, subtitle=page.versions, box=box.ROUNDED)
    yield from (Text(line) for line in page.news)
    if page.guides:
        yield Text(layout.guides(page.guides))
    for topic in page.topics:
        yield from layout.topic(topic)
    for home in page.elsewhere:
        yield Text("")
        yield Text(home["name"], style="bold underline")
        yield from layout.changes(home["changes"])
    for key, changes in (("beside", page.beside), ("wording", page.wording)):
        if changes:
            yield Text("")
            yield Text(phrases.say(f"impact.page.{key}"), style="bold underline")
            yield from layout.changes(changes)


class _Layout:
    def __init__(self, phrases: Phrases) -> None:
        self.phrases = phrases

    def worded(self, key: str, **values: object) -> str:
        return self.phrases.say(f"impact.page.{key}", **values)

    def guides(self, guides: Json) -> str:
        said = self.phrases.say("impact.summary.guides", moved=guides["moved"], checked=guides["checked"])
        if not guides["references"]:
            return said
        return f"{said} {self.worded('references', references=', '.join(guides['references']))}"

    def topic(self, topic: TopicPart) -> Iterator[RenderableType]:
        yield Text("")
        yield Text(topic.name, style="bold underline")
        yield from self.changes(topic.changes)
        for group in topic.groups:
            yield Text("")
            yield Text(f"{group.title} ({len(group.items)})", style="bold")
            for item in group.items:
                yield from self.item(item)
        if topic.cases:
            yield Text("")
            yield Text(f"{self.worded('cases')} ({len(topic.cases)})", style="bold")
            yield from (self.case(case) for case in topic.cases)

    def changes(self, changes: Iterable[Json]) -> Iterator[RenderableType]:
        for change in changes:
            heading = f"{change['what_name']} · {change['kind_name']} · {change['name']} ({change['code']})"
            yield Padding(Text(heading, style="cyan"), (0, 0, 0, 1))
            table = _table()
            for field in change["fields"]:
                table.add_row(Text(field["name"], style="dim"), self.both(field))
            if change["fields"]:
                yield Padding(table, (0, 0, 0, 3))

    def both(self, field: Json) -> Text:
        text = Text()
        if field["before"] is not None:
            text.append(f"- {field['before']}", style="red")
        if field["after"] is not None:
            text.append("\n" if text else "").append(f"+ {field['after']}", style="green")
        if field["unchanged_parts"]:
            text.append(f"  ({self.worded('others_stay', count=field['unchanged_parts'])})", style="dim")
        return text

    def item(self, item: Item) -> Iterator[RenderableType]:
        yield Padding(Text.assemble((item.name, "cyan"), f"  {item.facet}"), (0, 0, 0, 1))
        for days in item.current:
            yield Padding(self.days(days), (0, 0, 0, 3))
        for days in item.past:
            # Past law is counted here; the page and the JSON tell it in full.
            heading = f"{self.worded('past', days=days.days)}  {self.worded('more', count=len(days.rows) + days.more)}"
            yield Padding(Text(heading, style="dim"), (0, 0, 0, 3))

    def days(self, days: Days) -> RenderableType:
        parts: list[RenderableType] = [Text(f"{days.days}  {self.worded('share', share=days.share)}")]
        if days.common:
            clauses = self.phrases.say("list.clauses").join(days.common)
            parts.append(Text(f"{self.worded('common')}{clauses}", style="dim"))
        table = _table()
        for row in days.rows:
            table.add_row(self.way(row), self.who(row))
        parts.append(table)
        if days.more:
            parts.append(Text(self.worded("more", count=days.more), style="bold"))
        return Group(*parts)

    def way(self, row: Row) -> Text:
        return Text(f"{row.before} → {row.after}", style="dim" if row.idle else "bold")

    def who(self, row: Row) -> Text:
        said = self.phrases.say("list.clauses").join(row.when) or self.worded("common_alone")
        example = self.phrases.say("list.clauses").join(row.example)
        return Text.assemble(said, "\n", (f"{self.worded('example')} {row.example_day}: {example}", "dim"))

    def case(self, case: Json) -> RenderableType:
        fits = {True: "expectation_kept", False: "expectation_failed"}.get(case["as_expected"])
        moves = self.phrases.say("list.clauses").join(
            f"{move['name']} {move['before_name']} → {move['after_name']}" for move in case["moves"]
        )
        mark = f"  [{self.worded(fits)}]" if fits else ""
        return Padding(Text.assemble((case["case"], "cyan"), f" {case['as_of']}{mark}\n", moves), (0, 0, 0, 1))


def _table() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(ratio=1, overflow="fold")
    table.add_column(ratio=3, overflow="fold")
    return table
