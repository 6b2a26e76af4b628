"""POST /keep/{topic}: the result is kept under a reference; where it cannot be just now, the page says what to do."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from app.errors import StorageUnavailable
from app.guides import Draft, IdempotencyKey, Kept, draft_guide, keep, read_key, spoken_groups
from app.web.forms import read_form
from app.web.pages.result import KEY, KeepForm, keep_form
from app.web.routing import PageRoute
from app.web.scenarios import ScenarioAddress
from app.web.visit import Visit


@dataclass(frozen=True, slots=True)
class AwayView:
    """A result that could not be kept: how to try again, and the way back to it."""

    keep: KeepForm
    back: str


async def keep_result(visit: Visit) -> Response:
    """Keep the result of the scenario in the address, once however often the form is sent, and show it."""
    scenario = ScenarioAddress.of(visit, visit.request.path_params["topic"])
    key = read_key((await read_form(visit.request)).get(KEY, [""])[-1])
    try:
        kept = await _kept(visit, scenario, key)
    except StorageUnavailable as error:
        view = AwayView(keep_form(visit, scenario, key), str(scenario.guide(visit)))
        title = visit.phrases.say("kept.away_title")
        response = visit.page("kept_away.html", view, title=title, status=503, is_private=True)
        response.headers["Retry-After"] = str(error.retry_after)
        return response
    return visit.redirect(visit.link(f"/g/{spoken_groups(kept.guide.reference)}"))


async def _kept(visit: Visit, scenario: ScenarioAddress, key: IdempotencyKey) -> Kept:
    """One unit of work, committed before anything is said."""
    request, active = scenario.request(visit), visit.active

    def drafted() -> Draft:
        return draft_guide(visit.served.evaluator, request, visit.today, keyed=True, active=active)

    draft = await visit.work(drafted)
    async with visit.parts.database.writing() as session:
        return await keep(session, draft, key, datetime.now(UTC))


ROUTES: Final = (PageRoute("/keep/{topic}", keep_result, methods=("POST",)),)
