"""/guide/{topic}: what has to be done in the scenario the address holds."""

from dataclasses import dataclass, replace
from datetime import date
from secrets import token_urlsafe
from typing import Final

from starlette.responses import Response

from app.errors import InvalidFact
from app.evaluation import EvaluateRequest
from app.web.addresses import Pair
from app.web.routing import PageRoute
from app.web.scenarios import VIEW, ScenarioAddress
from app.web.views.links import Scene
from app.web.views.marks import Part
from app.web.views.sheet import Sheet, sheet_of
from app.web.visit import Visit

#: The view of a page in which every detail stands open, on the screen and on paper.
WHOLE: Final = "whole"
KEY: Final = "key"


@dataclass(frozen=True, slots=True)
class KeepForm:
    """The form that keeps a guide: where it goes, and its hidden fields, among them a key of its own, so that sending
    it twice keeps one guide."""

    action: str
    fields: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class ResultView:
    """What the result page shows."""

    sheet: Sheet
    keep: KeepForm
    is_whole: bool
    other_view: str


async def result(visit: Visit) -> Response:
    """The result of the scenario in the address; where its answers do not fit, the questions that mend them."""
    scenario = ScenarioAddress.of(visit, visit.request.path_params["topic"])
    try:
        asked = scenario.request(visit)
        answer = await visit.evaluate(asked)
    except InvalidFact:
        if "text/html" not in visit.request.headers.get("accept", ""):
            raise
        # The questions show what does not fit, each with the way to mend it.
        return visit.redirect(scenario.questions(visit))
    scene = Scene(visit, scenario, visit.phrases)
    guide = visit.told(answer.guide)
    then = await before_reform(visit, asked, guide)
    view = ResultView(
        sheet=sheet_of(guide, scene, fact_names(visit, scenario.topic), then),
        keep=keep_form(visit, scenario),
        is_whole=is_whole(visit),
        other_view=other_view(visit),
    )
    title = visit.phrases.say("result.title", topic=view.sheet.topic)
    response = visit.page("result.html", view, title=title, law_day=answer.as_of, is_private=True)
    response.headers["X-As-Of"] = answer.as_of.isoformat()
    return response


async def before_reform(visit: Visit, asked: EvaluateRequest, guide: Part) -> Part | None:
    """Return the guide of the same scenario for the day before the reform, None where the page needs none.

    Raises: what `Evaluator.evaluate` raises.
    """
    totals = guide["path"]["before"]
    if totals is None or totals["day"] >= guide["as_of"]:
        return None
    return visit.told((await visit.evaluate(replace(asked, as_of=date.fromisoformat(totals["day"])))).guide)


def fact_names(visit: Visit, topic: str) -> dict[str, str]:
    """Return what the facts of a topic are called; none where the rulebook does not know it any more."""
    book = visit.served.rulebook.topics.get(topic)
    return {} if book is None else {code: visit.phrases.pick(fact.name) for code, fact in book.facts.items()}


def keep_form(visit: Visit, scenario: ScenarioAddress, key: str | None = None) -> KeepForm:
    """Return the form that keeps the scenario's guide; `key` that of an attempt that failed."""
    action = visit.link(f"/keep/{scenario.topic}", *scenario.pairs)
    return KeepForm(str(action), ((KEY, key or token_urlsafe(16)),))


def is_whole(visit: Visit) -> bool:
    """Return whether every detail is to stand open."""
    return visit.value(VIEW) == WHOLE


def other_view(visit: Visit) -> str:
    """Return this page with its details closed where they are open, and the other way round."""
    bare = visit.here.without(VIEW)
    return str(visit.link(bare.path, *(bare if is_whole(visit) else bare.adding((VIEW, WHOLE))).pairs))


ROUTES: Final = (PageRoute("/guide/{topic}", result),)
