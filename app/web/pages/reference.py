"""The way back to a kept result: its reference, typed or read over the phone."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from app.errors import UnknownReference
from app.guides import read_reference
from app.web.addresses import Pair
from app.web.routing import PageRoute
from app.web.visit import Visit
from app.wording import problem_text

_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """The form for a reference; `text` what was entered, `error` what is wrong with it."""

    text: str
    error: str | None
    carried: tuple[Pair, ...]


async def reference(visit: Visit) -> Response:
    """The form, or the way to the result that the reference names."""
    text, error = visit.value("reference").strip()[:_LONGEST], None
    if text:
        try:
            return visit.redirect(visit.link(f"/g/{read_reference(text)}"))
        except UnknownReference as unknown:
            error = problem_text(unknown, visit.language).detail
    view = ReferenceView(text, error, visit.link("/").pairs)
    title = visit.phrases.say("pages.kept.title")
    return visit.page("reference.html", view, title=title, status=422 if error else 200)


ROUTES: Final = (PageRoute("/kept", reference),)
