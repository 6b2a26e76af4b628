"""What stands beside a question: answers given, what is settled already, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.engine import FactCode
from app.web.addresses import Pair
from app.web.conversation import Standing, fact_of
from app.web.visit import Visit
from app.wording import Language, fault_text


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """An answer given, or taken by default, and where it is changed."""

    name: str
    answer: str
    is_assumed: bool
    address: str


@dataclass(frozen=True, slots=True)
class SettledLine:
    """A procedure that is decided already."""

    name: str
    treatment: str
    treatment_name: str


@dataclass(frozen=True, slots=True)
class SideView:
    """What is known so far.

    Shape: `guide` where the result as far as it goes is seen; `is_begun` whether there is anything to show.
    """

    answers: tuple[AnswerLine, ...]
    skipped: tuple[AnswerLine, ...]
    settled: tuple[SettledLine, ...]
    still_open: int
    summary: str
    guide: str
    is_begun: bool


@dataclass(frozen=True, slots=True)
class DayView:
    """The day whose law is asked for; `hidden` keeps the rest of the scenario."""

    value: str
    error: str | None
    hidden: tuple[Pair, ...]
    earliest: str


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something that does not fit, and where it is put right."""

    text: str
    address: str
    action: str


def side_view(visit: Visit, standing: Standing) -> SideView:
    """Return what is known of the scenario so far."""
    scenario, say = standing.scenario, visit.phrases.say
    names = standing.book.facts

    def line(fact: str, name: str, answer: str, is_assumed: bool = False) -> AnswerLine:
        return AnswerLine(name, answer, is_assumed, str(scenario.questions(visit, at=fact)))

    procedures = standing.guide["procedures"]
    decided = [item for item in procedures if item["decided"]]
    answers = tuple(
        line(item["fact"], item["name"], item["answer"], item["assumed"]) for item in standing.guide["answers"]
    )
    still_open = len(procedures) - len(decided)
    return SideView(
        answers=answers,
        skipped=tuple(
            line(fact, visit.phrases.pick(names[FactCode(fact)].name), say("pages.ask.left_open"))
            for fact in scenario.skipped
            if fact in names
        ),
        settled=tuple(
            SettledLine(item["everyday_name"], item["treatment"], item["treatment_name"]) for item in decided
        ),
        still_open=still_open,
        summary=say("pages.ask.settled_summary", settled=len(decided), open=still_open),
        guide=str(scenario.guide(visit)),
        is_begun=bool(scenario.answers or scenario.skipped),
    )


def field_errors(standing: Standing, language: Language) -> dict[str, str]:
    """Return what is wrong, by fact."""
    found: dict[str, str] = {}
    for fault in standing.faults:
        found.setdefault(fact_of(fault), fault_text(fault, language))
    return found


def mistakes(visit: Visit, standing: Standing, errors: Mapping[str, str], shown: Sequence[str]) -> tuple[Mistake, ...]:
    """Return what is wrong as a list, each sentence once, with where to put it right."""
    say, scenario = visit.phrases.say, standing.scenario
    found: dict[str, Mistake] = {}
    for fact, text in errors.items():
        if fact in shown:
            mistake = Mistake(text, f"#field-{fact}", say("pages.ask.to_field"))
        elif fact in standing.book.facts:
            mistake = Mistake(text, str(scenario.questions(visit, at=fact)), say("pages.ask.change"))
        elif fact:
            mistake = Mistake(text, str(scenario.without(fact).questions(visit)), say("pages.ask.go_on_without"))
        else:
            mistake = Mistake(text, f"#field-{shown[0]}", say("pages.ask.to_field"))
        # A contradiction is said once for all its facts; one of this page comes first.
        if text not in found or fact in shown:
            found[text] = mistake
    return tuple(found.values())
