"""/compare/{topic}: the scenario of the address beside the same one with a single thing changed."""

from dataclasses import dataclass, replace
from typing import Final

from starlette.responses import Response

from app.errors import ScenarioError
from app.web.routing import PageRoute
from app.web.scenarios import AS_OF, CHANGE, TO, ScenarioAddress
from app.web.views.figures import day_words
from app.web.views.links import Scene
from app.web.views.marks import Part
from app.web.views.picks import Picks, picks_of
from app.web.views.side_by_side import SideBySide, side_by_side
from app.web.visit import Visit
from app.wording import problem_text


@dataclass(frozen=True, slots=True)
class Compared:
    """Both scenarios and what differs: `now` and `then` say in words what the changed thing is on each side."""

    name: str
    now: str
    then: str
    sides: SideBySide
    then_address: str
    now_address: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A change that does not fit, and why."""

    messages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompareView:
    """What the page shows: the comparison or why there is none, and what else may be changed."""

    topic: str
    compared: Compared | None
    refused: Refused | None
    picks: Picks
    guide: str
    other: str


async def compare(visit: Visit) -> Response:
    """Two scenarios side by side, or what may be changed."""
    scenario = ScenarioAddress.of(visit, visit.request.path_params["topic"])
    scene = Scene(visit, scenario, visit.phrases)
    answer = await visit.evaluate(scenario.request(visit))
    now = visit.told(answer.guide)
    compared: Compared | None = None
    refused: Refused | None = None
    if visit.value(CHANGE):
        try:
            compared = await _compared(visit, scene, now)
        except ScenarioError as error:
            told = problem_text(error, visit.language)
            refused = Refused(tuple(told.messages) or (told.detail,))
    book = visit.served.rulebook.topics[scenario.topic]
    view = CompareView(
        topic=now["topic"]["name"],
        compared=compared,
        refused=refused,
        picks=picks_of(now, book, scene),
        guide=scene.guide(),
        other=scene.comparing(),
    )
    title = visit.phrases.say("compare.title", topic=view.topic)
    return visit.page("compare.html", view, title=title, law_day=answer.as_of, is_private=True)


async def _compared(visit: Visit, scene: Scene, now: Part) -> Compared:
    """The same scenario with the one thing changed.

    Raises: ScenarioError where the changed scenario contradicts itself or names a fact or day that is none.
    """
    change, texts = visit.value(CHANGE), tuple(visit.query.get(TO, [""]))
    changed = _changed(scene.scenario, change, texts)
    answer = await visit.evaluate(changed.request(visit))
    then, other = visit.told(answer.guide), replace(scene, scenario=changed)
    name, before, after = _words(visit, change, now, then)
    return Compared(name, before, after, side_by_side(now, then, visit.phrases), other.guide(), scene.guide())


def _changed(scenario: ScenarioAddress, change: str, texts: tuple[str, ...]) -> ScenarioAddress:
    if change == AS_OF:
        return replace(scenario, as_of=texts[-1])
    return scenario.answering({change: texts})


def _words(visit: Visit, change: str, now: Part, then: Part) -> tuple[str, str, str]:
    """What is changed, and what it is on each side."""
    if change == AS_OF:
        days = [day_words(guide["as_of"], visit.phrases) for guide in (now, then)]
        return visit.phrases.say("result.law"), days[0], days[1]
    old, new = _answers(now), _answers(then)
    name = (new.get(change) or old.get(change) or (change, ""))[0]
    not_answered = visit.phrases.say("answer.open")
    return name, old.get(change, ("", not_answered))[1], new.get(change, ("", not_answered))[1]


def _answers(guide: Part) -> dict[str, tuple[str, str]]:
    return {item["fact"]: (item["name"], item["answer"]) for item in guide["answers"]}


ROUTES: Final = (PageRoute("/compare/{topic}", compare),)
