"""Two guides side by side: what differs between them, procedure by procedure, paper by paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.web.views.card_lines import duration_words
from app.web.views.checklist import paper_groups
from app.web.views.contrast import Figure, figures_between
from app.web.views.marks import Mark, Part, mark_of, marks_of
from app.wording import NOT_REQUIRED, Phrases

_IN_HAND: Final = frozenset({"bring", "later"})


@dataclass(frozen=True, slots=True)
class Cell:
    """What becomes of a procedure on one side: how it is treated, or the ways that are possible, and how long."""

    ways: tuple[Mark, ...]
    days: str | None
    within: str | None
    authority: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A procedure that differs."""

    code: str
    name: str
    now: Cell
    then: Cell


@dataclass(frozen=True, slots=True)
class Difference:
    """Things that come in or go away, under a heading."""

    heading: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two guides.

    Shape: `figures` what each path comes to, empty where one of them is barred · `unchanged` names procedures that stay
        the same · `count` how many procedures, papers and other things differ.
    """

    now_sentences: str
    then_sentences: str
    figures: tuple[Figure, ...]
    rows: tuple[Row, ...]
    papers: tuple[Difference, ...]
    others: tuple[Difference, ...]
    unchanged: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many things differ."""
        return len(self.rows) + sum(len(part.items) for part in (*self.papers, *self.others))


def side_by_side(now: Part, then: Part, phrases: Phrases) -> SideBySide:
    """Return what differs between two guides of one topic."""
    old, new = _by_code(now), _by_code(then)
    every = dict.fromkeys([*old, *new])
    rows = tuple(
        Row(code, (new.get(code) or old[code])["everyday_name"], before, after)
        for code in every
        if (before := _cell(old.get(code), old, phrases)) != (after := _cell(new.get(code), new, phrases))
    )
    differing = {row.code for row in rows}
    return SideBySide(
        now_sentences=now["answer"],
        then_sentences=then["answer"],
        figures=figures_between(now["path"]["after"], then["path"]["after"], phrases),
        rows=rows,
        papers=tuple(_papers(now, then, phrases)),
        others=tuple(_others(now, then, phrases)),
        unchanged=tuple(new[code]["everyday_name"] for code in every if code not in differing),
    )


def _by_code(guide: Part) -> dict[str, Part]:
    return {item["code"]: item for item in guide["procedures"]}


def _cell(item: Part | None, procedures: Mapping[str, Part], phrases: Phrases) -> Cell:
    if item is None:
        return Cell((mark_of(NOT_REQUIRED, phrases),), None, None, None)
    target = item["merged_into"]
    ways = (mark_of(item["treatment"], phrases),) if item["decided"] else marks_of(item["possible_treatments"], phrases)
    timing, is_done = item["filing_timing"], item["treatment"] != "waived"
    return Cell(
        ways=ways,
        days=duration_words(item, phrases),
        within=procedures[target]["everyday_name"] if target in procedures else None,
        authority=_where(item, timing, phrases) if is_done else None,
    )


def _where(item: Part, timing: str | None, phrases: Phrases) -> str | None:
    """The authority, and when it has to be filed."""
    said = [item["authority"] or ""]
    if timing and item["treatment"]:
        said.append(phrases.say(f"filing_timing.{timing}"))
    return phrases.say("list.clauses").join(filter(None, said)) or None


def _papers(now: Part, then: Part, phrases: Phrases) -> Iterator[Difference]:
    old, new = paper_groups(now), paper_groups(then)
    gone = [name for code, (name, group) in old.items() if group in _IN_HAND and code not in new]
    come = [name for code, (name, group) in new.items() if group in _IN_HAND and code not in old]
    moved = [
        phrases.say(
            "compare.paper_moved",
            name=name,
            before=phrases.say(f"checklist.{old[code][1]}"),
            after=phrases.say(f"checklist.{group}"),
        )
        for code, (name, group) in new.items()
        if code in old and old[code][1] != group
    ]
    for key, items in (("only_now", gone), ("only_then", come), ("paper_changes", moved)):
        if items:
            yield Difference(phrases.say(f"compare.{key}"), tuple(items))


def _others(now: Part, then: Part, phrases: Phrases) -> Iterator[Difference]:
    """Barriers, entitlements and obligations that come in or go away."""
    old, new = dict(_beside(now)), dict(_beside(then))
    gained = tuple(words for code, words in new.items() if code not in old)
    lost = tuple(words for code, words in old.items() if code not in new)
    for key, items in (("gained", gained), ("lost", lost)):
        if items:
            yield Difference(phrases.say(f"compare.{key}"), items)


def _beside(guide: Part) -> Iterator[tuple[tuple[str, str], str]]:
    for item in guide["barriers"]:
        yield ("barriers", item["code"]), item["reason"]
    for part in ("entitlements", "obligations"):
        for item in guide[part]:
            yield (part, item["code"]), item["name"]
