"""材料清单. Every paper of the guide once, over all procedures: what to bring, what may follow, what is gone."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from app.web.views.marks import Part
from app.wording import Phrases

#: What becomes of a paper, in the order of the list; the first that some procedure asks for stands.
GROUPS: Final = ("bring", "later", "maybe", "shared", "gone")
_MOST_SHOWN: Final = 6
_GROUP_OF: Final = {"required": "bring", "deferred": "later", "shared": "shared", "dropped": "gone"}


@dataclass(frozen=True, slots=True)
class Item:
    """One paper: for which procedures, and what has to be known of it."""

    name: str
    used_for: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Papers that the same becomes of; `code` is one of GROUPS."""

    code: str
    heading: str
    meaning: str
    items: tuple[Item, ...]

    @property
    def is_folded(self) -> bool:
        """Whether the list is opened on demand: what is only possible, or not to be brought, would hide what is."""
        return self.code in ("maybe", "shared") or (self.is_gone and len(self.items) > _MOST_SHOWN)

    @property
    def is_gone(self) -> bool:
        """Whether these are no longer asked for."""
        return self.code == "gone"


@dataclass(frozen=True, slots=True)
class Checklist:
    """The papers in groups, empty ones left out.

    Unknown: `not_listed` names procedures of the path whose list is not known at all, `not_complete` those that may ask
        for more; `is_open` while procedures are open that may ask for papers.
    """

    groups: tuple[Group, ...]
    to_bring: int
    is_open: bool
    not_listed: str | None
    not_complete: str | None


@dataclass(slots=True)
class _Paper:
    name: str
    uses: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)
    waived: set[str] = field(default_factory=set)

    @property
    def group(self) -> str:
        return next(group for group in GROUPS if group in self.uses)


def checklist_of(guide: Part, phrases: Phrases) -> Checklist | None:
    """Return the checklist, None while a barrier holds, for then nothing can be handed in."""
    if any(barrier["applies"] for barrier in guide["barriers"]):
        return None
    papers, steps = _papers(guide), _steps(guide)
    groups = [_group(code, papers, phrases) for code in GROUPS]
    decided = [item for item in guide["procedures"] if item["decided"] and item["code"] in steps]
    unlisted = [item["everyday_name"] for item in decided if item["materials"] is None]
    partly = [item["everyday_name"] for item in decided if item["materials"] and not item["materials_complete"]]
    return Checklist(
        groups=tuple(group for group in groups if group.items),
        to_bring=sum(paper.group in ("bring", "later") for paper in papers.values()),
        is_open=any(not item["decided"] for item in guide["procedures"]),
        not_listed=phrases.say("checklist.not_listed", names=phrases.listed(unlisted)) if unlisted else None,
        not_complete=phrases.say("checklist.not_complete", names=phrases.listed(partly)) if partly else None,
    )


def paper_groups(guide: Part) -> dict[str, tuple[str, str]]:
    """Return each paper of the guide by code: its name, and the group of the list it stands in."""
    return {code: (paper.name, paper.group) for code, paper in _papers(guide).items()}


def _steps(guide: Part) -> frozenset[str]:
    return frozenset(code for step in guide["path"]["steps"] for code in step["procedures"])


def _papers(guide: Part) -> dict[str, _Paper]:
    steps = _steps(guide)
    found: dict[str, _Paper] = {}
    for item in guide["procedures"]:
        for one in item["materials"] or ():
            paper = found.setdefault(one["code"], _Paper(one["name"]))
            paper.uses.setdefault(_group_of(item, one, steps), []).append(item["everyday_name"])
            if _is_gone(item):
                paper.waived.add(item["everyday_name"])
            if one["note"]:
                paper.notes.setdefault(one["note"])
    return found


def _group_of(item: Part, one: Part, steps: frozenset[str]) -> str:
    """What one procedure makes of the paper; one that is open, or a service beside the path, may ask for it."""
    if one["status"] == "dropped" or _is_gone(item):
        return "gone"
    if item["decided"] and item["code"] in steps:
        return _GROUP_OF[one["status"]]
    return "shared" if one["status"] == "shared" else "maybe"


def _is_gone(item: Part) -> bool:
    """Whether the company hands in nothing for it at all."""
    return item["decided"] and item["treatment"] in ("waived", "proactive")


def _group(code: str, papers: dict[str, _Paper], phrases: Phrases) -> Group:
    items = tuple(_item(code, paper, phrases) for paper in papers.values() if paper.group == code)
    return Group(code, phrases.say(f"checklist.{code}"), phrases.say(f"checklist.{code}_meaning"), items)


def _item(code: str, paper: _Paper, phrases: Phrases) -> Item:
    used = phrases.say(f"checklist.{code}_for", names=phrases.listed(paper.uses[code]))
    return Item(paper.name, used, tuple(_notes(code, paper, phrases)))


def _notes(code: str, paper: _Paper, phrases: Phrases) -> Iterator[str]:
    yield from (note for note in paper.notes if note != paper.name)
    for other in GROUPS:
        # A paper that one procedure takes and another does without; what is waived as a whole need not be named again.
        names = [name for name in paper.uses.get(other, ()) if other != code and name not in paper.waived]
        if names and code != "gone":
            yield phrases.say(f"checklist.also_{other}", names=phrases.listed(names))
