"""为什么. The rules behind an outcome, condition by condition, against what was answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.web.views.links import Scene
from app.web.views.marks import Part
from app.wording import Phrases

_STATES: Final = {True: "holds", False: "fails", None: "open"}


@dataclass(frozen=True, slots=True)
class ReadCondition:
    """A condition as a sentence; `state` is holds, fails or open, `word` says it."""

    text: str
    answer: str | None
    state: str
    word: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule and its conditions; `carries` the treatment it sets where several are possible.

    Shape: `title` None where no rule is behind it, only the circumstance that makes the procedure necessary.
    """

    title: str | None
    address: str | None
    carries: str | None
    conditions: tuple[ReadCondition, ...]


def reasons_of(item: Part, scene: Scene) -> tuple[Reason, ...]:
    """Return the reasons of a procedure: the rules that set its treatment first, then those that change details."""
    rules = sorted(item["because"], key=lambda rule: rule["treatment"] is None)
    found = [_reason(rule, bool(item["decided"]), scene) for rule in rules]
    needed = tuple(_conditions(item.get("required_because", ()), scene.phrases))
    if needed:
        found.insert(0, Reason(None, None, None, needed))
    return tuple(found)


def _reason(rule: Part, is_decided: bool, scene: Scene) -> Reason:
    phrases = scene.phrases
    carries = None if is_decided or rule["treatment"] is None else phrases.say(f"treatment.{rule['treatment']}")
    return Reason(
        rule["title"], scene.law("rules", rule["rule"]), carries, tuple(_conditions(rule["conditions"], phrases))
    )


def _conditions(conditions: list[Part] | tuple[Part, ...], phrases: Phrases) -> Iterator[ReadCondition]:
    for one in conditions:
        state = _STATES[one["holds"]]
        yield ReadCondition(one["text"], one["answer"], state, phrases.say(f"reason.{state}"))
