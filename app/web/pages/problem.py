"""What went wrong, in words, and the way onward: the same page for every error on every path."""

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from app.errors import AccessError, AppError, ProblemCode, UnavailableError, UnknownError
from app.web.visit import Visit
from app.wording import problem_text

_MOST_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class ProblemView:
    """An error as it is told.

    Shape: `messages` each single fault, [] where there is none to list; `onward` what to do about it; `number` the
        one to name when asking for help, None where the caller's own request explains itself.
    """

    title: str
    detail: str
    messages: tuple[str, ...]
    onward: str
    number: str | None
    home: str
    search: str


def problem_page(visit: Visit, error: AppError) -> Response:
    """Return the page for an error, with its status."""
    problems = visit.parts.problems
    title, detail, messages = problem_text(error, visit.language)
    view = ProblemView(
        title=title,
        detail=detail,
        messages=messages[:_MOST_SHOWN],
        onward=visit.phrases.say(f"pages.problem.{_onward(error)}"),
        number=problems.request_id(visit.request.scope) if error.code == ProblemCode.INTERNAL_ERROR else None,
        home=str(visit.link("/")),
        search=str(visit.link("/search")),
    )
    response = visit.page("problem.html", view, title=title, status=problems.status_of(error), is_private=True)
    response.headers["Cache-Control"] = "no-store"
    for name, value in problems.headers_of(error):
        response.headers[name.decode()] = value.decode("latin-1")
    return response


def _onward(error: AppError) -> str:
    """Which advice fits."""
    match error:
        case UnknownError():
            return "lost"
        case UnavailableError() | AccessError():
            return "later"
    return "unforeseen" if error.code == ProblemCode.INTERNAL_ERROR else "again"
