"""改革前怎么走. The same scenario's path under the law before the reform, and what has become of each procedure.

It is drawn from a guide for that day, made as every guide is; where it cannot be drawn the page says why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from app.web.views.card import anchor_of
from app.web.views.figures import day_words
from app.web.views.marks import Mark, Part, mark_of
from app.web.views.picture import Bar, Member, Stage, picture_of, whole_of
from app.wording import NOT_REQUIRED, Phrases

#: How many procedures that are not settled are named; the page of that day has them all.
_MOST_NAMED: Final = 6


@dataclass(frozen=True, slots=True)
class Former:
    """A procedure of the earlier path: where it is told, how it was treated, and what it has become."""

    code: str
    name: str
    address: str
    was: Mark
    now: Mark


@dataclass(frozen=True, slots=True)
class FormerStep:
    """One step of the earlier path; `bar` is drawn to the same measure as the present path's."""

    number: int
    leader: Former
    within: tuple[Former, ...]
    days: str
    is_unknown: bool
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class FormerStage:
    """Steps that could run at the same time."""

    steps: tuple[FormerStep, ...]

    @property
    def is_parallel(self) -> bool:
        """Whether there was more than one."""
        return len(self.steps) > 1


@dataclass(frozen=True, slots=True)
class FormerPath:
    """The path before the reform.

    Shape: `stages` none where it cannot be drawn · `notes` what is not drawn and why, or why nothing is.
    """

    day: str
    address: str
    stages: tuple[FormerStage, ...]
    notes: tuple[str, ...]

    @property
    def has_bars(self) -> bool:
        """Whether the length of any of its steps is drawn."""
        return any(step.bar for stage in self.stages for step in stage.steps)


def common_measure(now: Part, then: Part | None) -> Decimal:
    """Return the longer of two paths in working days: the measure that the bars of both are drawn to."""
    return max(whole_of(now), whole_of(then)) if then is not None else whole_of(now)


def former_path_of(now: Part, then: Part | None, phrases: Phrases, address: str) -> FormerPath | None:
    """Return the path before the reform, None where there is nothing to set beside it, for a barrier holds now.

    Shape: `then` is the guide of the same scenario for that day, None where the rules cannot make it any more.
    """
    totals = now["path"]["before"]
    if totals is None:
        return None
    day = day_words(totals["day"], phrases)
    if totals["day"] >= now["as_of"]:
        key = "former.same_day" if totals["day"] == now["as_of"] else "former.earlier_day"
        return FormerPath(day, address, (), (phrases.say(key),))
    if then is None:
        return FormerPath(day, address, (), (phrases.say("former.rules_moved"),))
    fate = {item["code"]: item for item in now["procedures"]}
    measure = common_measure(now, then)
    stages = tuple(_stage(stage, fate, phrases, address) for stage in picture_of(then, phrases, measure))
    return FormerPath(day, address, stages, tuple(_notes(then, phrases)))


def _stage(stage: Stage, fate: Mapping[str, Part], phrases: Phrases, address: str) -> FormerStage:
    def former(member: Member) -> Former:
        item = fate.get(member.code)
        # What this scenario does not meet any more has no card on this page; the page of that day has one.
        place = f"#{anchor_of(member.code)}"
        now = NOT_REQUIRED if item is None else item["treatment"]
        return Former(
            member.code, member.name, place if item else f"{address}{place}", member.mark, mark_of(now, phrases)
        )

    return FormerStage(
        tuple(
            FormerStep(
                step.number,
                former(step.leader),
                tuple(map(former, step.within)),
                step.days,
                step.is_unknown,
                step.bar,
            )
            for step in stage.steps
        )
    )


def _notes(then: Part, phrases: Phrases) -> Iterator[str]:
    barred = [item["reason"] for item in then["barriers"] if item["applies"]]
    if barred:
        yield phrases.say("former.barred", reason=barred[0])
        return
    drawn = {code for step in then["path"]["steps"] for code in step["procedures"]}
    undecided = [
        item["everyday_name"] for item in then["procedures"] if not item["decided"] and item["code"] not in drawn
    ]
    if len(undecided) > _MOST_NAMED:
        yield phrases.say("former.open_many", names=phrases.listed(undecided[:_MOST_NAMED]), count=len(undecided))
    elif undecided:
        yield phrases.say("former.open", names=phrases.listed(undecided))
    elif not then["path"]["steps"]:
        yield phrases.say("former.nothing")
