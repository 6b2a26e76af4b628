"""办事路径 as a picture: stages one below the other, what runs at the same time side by side, days as bars.

It is a list all the same, so whoever cannot see it hears the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.engine import ProcedureKind, Treatment, Unit
from app.web.views.card import anchor_of
from app.web.views.card_lines import duration_words
from app.web.views.figures import length_words
from app.web.views.marks import Mark, Part, mark_of
from app.wording import NOT_REQUIRED, Phrases

#: How wide the bars of days are drawn, in units of their own picture.
_WIDTH: Final = 100
#: The least a day's bar shows of itself.
_LEAST: Final = Decimal("1.5")
#: How many procedures that are not settled are named; their own cards tell of all.
_MOST_NAMED: Final = 6
_BEHIND_THE_COUNTER: Final = (ProcedureKind.INTERNAL, ProcedureKind.INSPECTION)
_NOTHING_TO_DO: Final = frozenset({NOT_REQUIRED, Treatment.WAIVED, Treatment.PROACTIVE})


@dataclass(frozen=True, slots=True)
class Member:
    """A procedure of a step."""

    code: str
    name: str
    anchor: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Bar:
    """When a step runs within the whole, in hundredths of it."""

    start: str
    width: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is, what is handled within it, after which steps it starts, how long it takes.

    Unknown: `bar` None where no source gives working days, or the whole has none.
    """

    number: int
    leader: Member
    within: tuple[Member, ...]
    authority: str
    after: str
    days: str
    is_unknown: bool
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Stage:
    """Steps that can run at the same time."""

    steps: tuple[Step, ...]

    @property
    def is_parallel(self) -> bool:
        """Whether there is more than one."""
        return len(self.steps) > 1


def picture_of(guide: Part, phrases: Phrases, measure: Decimal | None = None) -> tuple[Stage, ...]:
    """Return the stages of a guide's path; none while a barrier holds or nothing is certain to be handed in.

    Shape: `measure` the working days that a bar of full width stands for; the path's own length where none is given.
    """
    drawn = _Drawing(guide, phrases, measure)
    stages: dict[int, list[Step]] = {}
    for step in guide["path"]["steps"]:
        stages.setdefault(drawn.stage[step["number"]], []).append(drawn.step(step))
    return tuple(Stage(tuple(steps)) for _, steps in sorted(stages.items()))


def undrawn(guide: Part, phrases: Phrases) -> str | None:
    """Return what may have to be done but is not settled and so not drawn, what is certain to be there first.

    Unknown: None where all of it is drawn.
    """
    drawn = {code for step in guide["path"]["steps"] for code in step["procedures"]}
    waiting = [
        item
        for item in guide["procedures"]
        if not item["decided"] and item["code"] not in drawn and _may_be_a_step(item)
    ]
    if not waiting:
        return None
    names = [item["everyday_name"] for item in sorted(waiting, key=lambda item: item["required"] is not True)]
    key = "picture.open" if len(names) <= _MOST_NAMED else "picture.open_many"
    return phrases.say(key, names=phrases.listed(names[:_MOST_NAMED]), count=len(names))


def _may_be_a_step(item: Part) -> bool:
    return item["kind"] not in _BEHIND_THE_COUNTER and not _NOTHING_TO_DO.issuperset(item["possible_treatments"])


def whole_of(guide: Part) -> Decimal:
    """Return how many working days a guide's path takes from its first step to its last, as far as they are known."""
    ends: dict[int, Decimal] = {}
    for step in guide["path"]["steps"]:
        ends[step["number"]] = _start(step, ends) + (_working_days(step) or 0)
    return max(ends.values(), default=Decimal(0))


class _Drawing:
    def __init__(self, guide: Part, phrases: Phrases, measure: Decimal | None) -> None:
        self.phrases = phrases
        self.procedures: Mapping[str, Part] = {item["code"]: item for item in guide["procedures"]}
        steps = guide["path"]["steps"]
        self.stage: dict[int, int] = {}
        self.ends: dict[int, Decimal] = {}
        reached = 1
        for step in steps:
            # Never above an earlier number: whoever reads from top to bottom meets 5, 6, 7.
            after = 1 + max((self.stage[number] for number in step["starts_after"]), default=0)
            reached = self.stage[step["number"]] = max(reached, after)
            self.ends[step["number"]] = _start(step, self.ends) + (_working_days(step) or 0)
        self.whole = measure or max(self.ends.values(), default=Decimal(0))

    def step(self, step: Part) -> Step:
        """One step as it is drawn."""
        leader, *within = (self.procedures[code] for code in step["procedures"])
        days = length_words(step["days"], self.phrases) if step["days"] else duration_words(leader, self.phrases)
        return Step(
            number=step["number"],
            leader=self._member(leader),
            within=tuple(map(self._member, within)),
            authority=leader["authority"] or "",
            after=self._after(step["starts_after"]),
            days=days or self.phrases.say("card.days_unknown"),
            is_unknown=step["days"] is None,
            bar=self._bar(step),
        )

    def _member(self, item: Part) -> Member:
        mark = mark_of(item["treatment"], self.phrases)
        return Member(item["code"], item["everyday_name"], f"#{anchor_of(item['code'])}", mark)

    def _after(self, numbers: Iterable[int]) -> str:
        listed = self.phrases.listed([str(number) for number in numbers]) if numbers else ""
        return self.phrases.say("picture.after", numbers=listed) if listed else self.phrases.say("picture.at_once")

    def _bar(self, step: Part) -> Bar | None:
        own = _working_days(step)
        if own is None or not self.whole:
            return None
        start = _start(step, self.ends) / self.whole * _WIDTH
        width = max(own / self.whole * _WIDTH, _LEAST)
        return Bar(f"{min(start, _WIDTH - width):.4g}", f"{width:.4g}")


def _start(step: Part, ends: Mapping[int, Decimal]) -> Decimal:
    return max((ends[number] for number in step["starts_after"]), default=Decimal(0))


def _working_days(step: Part) -> Decimal | None:
    days = step["days"]
    return Decimal(str(days["value"])) if days and days["unit"] == Unit.WORKING_DAY else None
