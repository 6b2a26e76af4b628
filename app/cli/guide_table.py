"""A guide laid out for a terminal: the answer, what has to be done, what is open, the path, notes and sources."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from app.engine import Duration, Unit
from app.evaluation import limit_sources
from app.wording import Phrases, date_text, duration_text, total_days_text, total_text

Guide: TypeAlias = Mapping[str, Any]
Part: TypeAlias = Mapping[str, Any]

_MARKS = {True: "✓", False: "✗", None: "?"}
_BARRED = {True: "✗", None: "?"}
#: Sources named in a procedure's row; the rest stands in the list at the end.
_MOST_CITED = 3


def guide_parts(guide: Guide, phrases: Phrases) -> Iterator[RenderableType]:
    """The parts of the page from top to bottom, those without content left out."""
    layout = _Layout(guide, phrases)
    yield layout.heading()
    for title, content in layout.sections():
        yield Text("")
        yield Text(title, style="bold")
        yield content
    yield Text("")
    yield layout.footer()


class _Layout:
    def __init__(self, guide: Guide, phrases: Phrases) -> None:
        self.guide = guide
        self.phrases = phrases
        self.names = {item["code"]: item["everyday_name"] for item in guide["procedures"]}
        self.facts = {item["fact"]: item["name"] for item in guide["answers"]}
        self.facts |= {item["fact"]: item["name"] for item in (*guide["questions"], *guide["confirmations"])}

    def say(self, key: str, **values: object) -> str:
        return self.phrases.say(f"cli.{key}", **values)

    def listed(self, codes: Iterable[str], names: Mapping[str, str]) -> str:
        return self.phrases.listed([names.get(code, code) for code in codes])

    def heading(self) -> RenderableType:
        title = self.say("heading", topic=self.guide["topic"]["name"], day=self.day(self.guide["as_of"]))
        status = self.say("status", status=self.phrases.say(f"status.{self.guide['status']}"))
        return Panel(Text(self.guide["answer"]), title=title, subtitle=status, box=box.ROUNDED)

    def sections(self) -> Iterator[tuple[str, RenderableType]]:
        made = {
            "barriers": self.barriers(),
            "procedures": self.procedures(),
            "questions": self.questions(),
            "confirmations": self.confirmations(),
            "path": self.path(),
            "benchmarks": self.benchmarks(),
            "entitlements": self.extras("entitlements"),
            "obligations": self.extras("obligations"),
            "notes": self.extras("notes"),
            "facts": self.answers(),
            "sources": self.sources(),
        }
        for name, content in made.items():
            if content is not None:
                yield self.say(name), content

    def footer(self) -> RenderableType:
        version, reviewed = self.guide["release"]["version"], self.day(self.guide["reviewed_until"])
        return Text(self.say("release", version=version, reviewed=reviewed), style="dim")

    def day(self, text: str) -> str:
        return date_text(date.fromisoformat(text), self.phrases)

    # What has to be done --------------------------------------------------------------------------

    def barriers(self) -> RenderableType | None:
        lines: list[RenderableType] = []
        for item in self.guide["barriers"]:
            may_be = "" if item["applies"] else f"{self.say('barrier_open')}: "
            text = Text(f"{may_be}{item['reason']}{self.hangs_on(item)}", style="red" if item["applies"] else "yellow")
            lines.append(_line(_BARRED[item["applies"]], text, self.cites(item["basis"])))
        return Group(*lines) if lines else None

    def procedures(self) -> RenderableType | None:
        if not self.guide["procedures"]:
            return None
        table = Table(box=box.SIMPLE_HEAD, show_lines=True, expand=True)
        table.add_column(self.say("procedure"), ratio=3, overflow="fold")
        table.add_column(self.say("treatment"), ratio=3, overflow="fold")
        table.add_column(self.say("days"), ratio=2, overflow="fold")
        table.add_column(f"{self.say('basis')} / {self.say('why')}", ratio=6, overflow="fold")
        for item in self.guide["procedures"]:
            table.add_row(
                Group(Text(item["everyday_name"], style="bold"), Text(item["name"], style="dim")),
                self.treatment(item),
                self.limit(item),
                self.grounds(item),
            )
        return table

    def treatment(self, item: Part) -> RenderableType:
        if not item["decided"]:
            possible = [self.phrases.say(f"treatment.{code}") for code in item["possible_treatments"]]
            open_between = self.say("possible", names=self.phrases.listed(possible))
            return Group(Text(open_between, style="yellow"), Text(self.hangs_on(item).strip(), style="dim"))
        lines = [Text(item["treatment_name"], style="bold green")]
        if item["filing_timing"]:
            lines.append(Text(self.phrases.say(f"filing_timing.{item['filing_timing']}")))
        if item["merged_into"]:
            lines.append(Text(f"→ {self.names.get(item['merged_into'], item['merged_into'])}"))
        if item["fallback"]:
            name = self.phrases.say(f"treatment.{item['fallback']}")
            lines.append(Text(self.say("fallback", name=name), style="dim"))
        if item["since"]:
            lines.append(Text(self.say("since", day=self.day(item["since"])), style="dim"))
        return Group(*lines)

    def limit(self, item: Part) -> RenderableType:
        limit = item["time_limit"]
        lines: list[RenderableType] = []
        if limit["applicable"]:
            mark = self.phrases.say(f"verification.{limit['applicable']['verification']}")
            lines = [Text(self.span(limit["applicable"]), style="bold"), Text(mark, style="dim")]
        elif item["treatment"] in ("filing", "commitment", "simplified", "standard"):
            lines = [Text(self.say("unknown_days"), style="dim")]
        else:
            lines = [Text(self.say("no_days"), style="dim")]
        for name in ("statutory", "promised"):
            if limit[name] and limit["applicable"] and limit["applicable"]["from"] != name:
                lines.append(Text(self.say(name, days=self.span(limit[name])), style="dim"))
        return Group(*lines)

    def span(self, figure: Part) -> str:
        return duration_text(_length(figure), self.phrases)

    def grounds(self, item: Part) -> RenderableType:
        lines: list[RenderableType] = [Text(self.cites(item["basis"][:_MOST_CITED]))]
        if item["verification"]:
            force = self.phrases.say(f"force.{item['legal_force']}")
            mark = self.phrases.say(f"verification.{item['verification']}")
            lines.append(Text(self.phrases.listed([force, mark]), style="dim"))
        for rule in item["because"]:
            if rule["treatment"] is not None or not item["decided"]:
                lines.append(_line("•", rule["title"]))
                lines += [
                    _line(f" {_MARKS[one['holds']]}", Text(one["text"], style="dim")) for one in rule["conditions"]
                ]
        confirm = item["confirm_with"]
        if confirm:
            text = self.say("confirm_with", authority=confirm["authority"], why=confirm["why"])
            lines.append(Text(text, style="yellow"))
        return Group(*lines)

    def hangs_on(self, item: Part) -> str:
        facts = item["depends_on_facts"]
        if not facts:
            return ""
        return " " + self.phrases.say("list.group", text=self.say("hangs_on", names=self.listed(facts, self.facts)))

    def cites(self, basis: Iterable[Part]) -> str:
        cited = dict.fromkeys(self.cite(entry) for entry in basis)
        return self.phrases.say("list.clauses").join(cited)

    def cite(self, entry: Part) -> str:
        act = entry["document_number"] or self.phrases.say("cite.titled", title=entry["title"])
        return self.phrases.say("cite.article", act=act, article=entry["cite"])

    # What is open -----------------------------------------------------------------------------------

    def questions(self) -> RenderableType | None:
        lines: list[RenderableType] = []
        for number, item in enumerate(self.guide["questions"], start=1):
            optional = self.say("optional") if item["optional"] else ""
            options = [f"{option['value']} = {option['label']}" for option in item["options"]]
            told = self.phrases.say("list.clauses").join([item["fact"], *options])
            lines.append(_line(f"{number}.", f"{item['question']}{optional}", told))
        return Group(*lines) if lines else None

    def confirmations(self) -> RenderableType | None:
        lines = [
            Text(f"• {item['authority'] or ''}: {item['ask']} ({item['fact']})") for item in self.guide["confirmations"]
        ]
        return Group(*lines) if lines else None

    # The path ---------------------------------------------------------------------------------------

    def path(self) -> RenderableType | None:
        path = self.guide["path"]
        if not path["steps"] and path["after"] is None:
            return None
        table = Table(box=box.SIMPLE_HEAD)
        table.add_column(self.say("step"))
        table.add_column(self.say("procedure"), overflow="fold")
        table.add_column(self.say("days"))
        table.add_column("")
        for step in path["steps"]:
            after = self.phrases.listed([str(number) for number in step["starts_after"]])
            when = self.say("after_steps", numbers=after) if after else self.say("at_once")
            table.add_row(str(step["number"]), self.listed(step["procedures"], self.names), self.days(step), when)
        return Group(table, *self.totals())

    def days(self, step: Part) -> str:
        return self.duration(step["days"]) if step["days"] else self.say("unknown_days")

    def duration(self, days: Part) -> str:
        return duration_text(_length(days), self.phrases)

    def _total(self, kind: str, count: int, is_whole: bool) -> str:
        return total_text(kind, count, self.phrases, is_whole=is_whole)

    def totals(self) -> Iterator[RenderableType]:
        for side in ("before", "after"):
            totals = self.guide["path"][side]
            if totals is None:
                continue
            figures = self.say(
                "figures",
                procedures=self._total("procedures", totals["procedures"], totals["complete"]),
                days=total_days_text(
                    _length(totals["days"]), self.phrases, is_whole=totals["days"]["complete"] and totals["complete"]
                ),
                papers=self._total("papers", totals["materials"], totals["materials_complete"] and totals["complete"]),
            )
            open_things = "" if totals["complete"] else f" {self.say('figures_open')}"
            yield Text(f"{self.say(side, day=self.day(totals['day']))}: {figures}{open_things}")

    def benchmarks(self) -> RenderableType | None:
        lines = [
            _line("•", f"{item['text']} ({self.cites(item['basis'])})", item["why"] or "")
            for item in self.guide["path"]["benchmarks"]
        ]
        return Group(*lines) if lines else None

    # Beside -----------------------------------------------------------------------------------------

    def extras(self, name: str) -> RenderableType | None:
        lines: list[RenderableType] = []
        for item in self.guide[name]:
            title = f"{item['name']}: " if "name" in item else ""
            open_mark = "" if item["applies"] else self.say("may_apply")
            lines.append(_line("•", f"{title}{item['text']}{open_mark}"))
        return Group(*lines) if lines else None

    def answers(self) -> RenderableType | None:
        lines: list[RenderableType] = []
        for item in self.guide["answers"]:
            text = f"{item['name']}: {item['answer']}"
            lines.append(Text(self.say("default_of", text=text) if item["assumed"] else text))
        return Group(*lines) if lines else None

    def sources(self) -> RenderableType | None:
        found: dict[tuple[str, str], Part] = {}
        procedures = self.guide["procedures"]
        bases = (item["basis"] for item in (*procedures, *self.guide["barriers"]))
        for basis in (*bases, *map(limit_sources, procedures)):
            for entry in basis:
                found.setdefault((entry["policy"], entry["clause"]), entry)
        lines: list[RenderableType] = []
        for entry in found.values():
            mark = self.phrases.say(f"verification.{entry['verification']}")
            text = f"{self.cite(entry)} {self.phrases.say('list.group', text=mark)}"
            lines.append(_line("•", text, entry["quote"] or entry["summary"] or ""))
        return Group(*lines) if lines else None


def _length(days: Part) -> Duration:
    return Duration(Decimal(str(days["value"])), Unit(days["unit"]))


def _line(mark: str, text: str | Text, below: str = "") -> RenderableType:
    """A marked line whose text keeps its indent when it is folded, and a dim one under it."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(mark, text)
    if below:
        grid.add_row("", Text(below, style="dim"))
    return grid
