"""Where pages about one scenario are found; the answers stand in the addresses, so that they can be shared."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from app.web.addresses import Address
from app.web.scenarios import CHANGE, TO, ScenarioAddress
from app.web.visit import Visit
from app.wording import Phrases


@dataclass(frozen=True, slots=True)
class Scene:
    """A scenario, the visit whose language and size of type its links carry on, and the language it is told in."""

    visit: Visit
    scenario: ScenarioAddress
    phrases: Phrases

    def asking(self, fact: str | None = None) -> str:
        """Return where its questions go on, or where one of them is answered anew."""
        return str(self.scenario.questions(self.visit, fact))

    def asking_more(self) -> str:
        """Return where the questions go on that move only days, papers or the office."""
        return str(replace(self.scenario, wants_more=True).questions(self.visit))

    def guide(self) -> str:
        """Return where its result is."""
        return str(self.scenario.guide(self.visit))

    def on(self, day: str) -> "Scene":
        """Return the scene under the law of another day, "" standing for today."""
        return replace(self, scenario=replace(self.scenario, as_of=day))

    def other_day(self) -> Address:
        """Return the result's address without its day, for a form that names another one."""
        return self.on("").scenario.guide(self.visit)

    def changed(self, fact: str, texts: tuple[str, ...]) -> "Scene":
        """Return the scene with one answer given otherwise, written as a query has it."""
        return replace(self, scenario=self.scenario.answering({fact: texts}))

    def law(self, *parts: str) -> str:
        """Return where the law side tells of something."""
        return str(self.visit.link("/".join(["/law", *parts])))

    def comparing(self, fact: str | None = None, value: object = None) -> str:
        """Return where it is set beside the same with one other answer; without a fact, where one is chosen."""
        change = () if fact is None else ((CHANGE, fact), *((TO, text) for text in texts_of(value)))
        return str(self.visit.link(f"/compare/{self.scenario.topic}", *self.scenario.pairs, *change))


def scenario_of_facts(topic: str, facts: Mapping[str, Any], as_of: str) -> ScenarioAddress:
    """Return the scenario of facts as a guide echoes them."""
    return ScenarioAddress(topic, {fact: texts_of(value) for fact, value in facts.items()}, as_of=as_of)


def texts_of(value: object) -> tuple[str, ...]:
    """Return an answer as a query writes it: a set as its options, the empty one as nothing at all.

    >>> texts_of(12500.5), texts_of([]), texts_of(True)
    (('12500.5',), ('',), ('true',))
    """
    match value:
        case bool():
            return ("true" if value else "false",)
        case int() | float() | Decimal():
            return (f"{Decimal(str(value)):f}",)
        case list() | tuple():
            return tuple(map(str, value)) or ("",)
    return (str(value),)
