"""Where a conversation stands: the guide for what was answered, what is still to be asked, what does not fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, cast

from app.engine import FactCode
from app.errors import AsOfOutOfRange, Fault, InvalidFact, InvalidRequest
from app.rulebook import TopicBook
from app.web.scenarios import ScenarioAddress
from app.web.visit import Visit
from app.wording import problem_text

Json: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a scenario.

    Shape: `guide` for as much of it as holds together · `faults` what is wrong with its facts, () for nothing ·
        `day_error` what is wrong with its day, None for nothing.
    """

    book: TopicBook
    scenario: ScenarioAddress
    guide: Json
    faults: tuple[Fault, ...] = ()
    day_error: str | None = None

    @property
    def is_sound(self) -> bool:
        """Whether the scenario can be judged as it is."""
        return not self.faults and self.day_error is None

    @property
    def faulty(self) -> tuple[str, ...]:
        """The facts something is wrong with, unknown ones among them."""
        return tuple(dict.fromkeys(fact_of(fault) for fault in self.faults))

    def open_questions(self) -> list[Json]:
        """The guide's questions, best first."""
        return cast("list[Json]", self.guide["questions"])

    def pending(self) -> list[str]:
        """The facts still to be asked, best first: those that matter, or all where details are wanted too."""
        return [
            str(question["fact"])
            for question in self.open_questions()
            if question["fact"] not in self.scenario.skipped and (self.scenario.wants_more or not question["optional"])
        ]

    def pages(self, facts: Iterable[str]) -> list[tuple[str, ...]]:
        """The facts as the pages they are asked on, in the order of each page's first fact."""
        found: dict[str, list[str]] = {}
        for fact in facts:
            found.setdefault(self.page_of(fact), []).append(fact)
        return [tuple(page) for page in found.values()]

    def page_of(self, fact: str) -> str:
        """What the page of a fact is known by: its group, or itself."""
        entry = self.book.facts.get(FactCode(fact))
        # A group and a fact may share a name.
        return fact if entry is None or entry.group is None else f"group {entry.group}"


async def standing_of(visit: Visit, book: TopicBook, scenario: ScenarioAddress) -> Standing:
    """Return where the scenario stands; what does not fit is left out of the guide and told."""
    tried = scenario
    faults: tuple[Fault, ...] = ()
    day_error: str | None = None
    while True:
        try:
            answer = await visit.evaluate(tried.request(visit))
        except InvalidFact as error:
            faults = faults or error.faults
            rest = tried.without(*map(fact_of, error.faults))
            tried = rest if rest != tried else replace(tried, answers={})
        except (AsOfOutOfRange, InvalidRequest) as error:
            told = problem_text(error, visit.language)
            day_error = " ".join(told.messages) or told.detail
            tried = replace(tried, as_of="")
        else:
            return Standing(book, scenario, visit.told(answer.guide), faults, day_error)


def fact_of(fault: Fault) -> str:
    """Return the fact that a fault's pointer names."""
    return fault.pointer.removeprefix("/facts/").replace("~1", "/").replace("~0", "~")
