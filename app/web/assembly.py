"""The pages as one application: routes, compression, and errors told in the same look."""

from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import AppError
from app.web import static_files
from app.web.pages import (
    ask,
    compare,
    feedback,
    home,
    keep,
    kept,
    law,
    law_changes,
    law_clause,
    law_rule,
    problem,
    reference,
    result,
    search,
)
from app.web.parts import PageParts
from app.web.visit import Visit

#: Where a page is reached and by whom it is made; each module lists its own.
_PAGES: Final = (
    home,
    ask,
    search,
    reference,
    result,
    keep,
    kept,
    compare,
    feedback,
    law,
    law_clause,
    law_rule,
    law_changes,
)
_WORTH_CODING: Final = 1_024
_GZIP_LEVEL: Final = 5


def make_pages(parts: PageParts) -> ASGIApp:
    """Return the application that answers every path of the pages from these parts."""
    app = Starlette(
        routes=[*static_files.ROUTES, *(route for module in _PAGES for route in module.ROUTES)],
        middleware=[Middleware(GZipMiddleware, minimum_size=_WORTH_CODING, compresslevel=_GZIP_LEVEL)],
        exception_handlers={AppError: _app_problem, HTTPException: _problem, Exception: _problem},
    )
    app.state.parts = parts
    return app


async def _app_problem(request: Request, error: Exception) -> Response:
    """Answer an error that a reader can do something about.

    Raises: any other one, which is recorded then, like one of no known kind.
    """
    if Visit(request).parts.problems.translate(error, request.scope) is not error:
        raise error
    return await _problem(request, error)


async def _problem(request: Request, error: Exception) -> Response:
    """A page for whoever reads pages; problem data, as on every route of the API, for everybody else."""
    visit = Visit(request)
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        error.headers = {"Allow": ", ".join(_methods_of(request))}
    told = visit.parts.problems.translate(error, request.scope)
    if "text/html" in request.headers.get("accept", ""):
        return problem.problem_page(visit, told)
    return _ProblemData(told, visit)


def _methods_of(request: Request) -> list[str]:
    """The methods that some route takes at this address; the framework names those of the first route alone."""
    routes = [route for route in request.app.routes if isinstance(route, Route)]
    fitting = [route for route in routes if route.matches(request.scope)[0] is not Match.NONE]
    return sorted({method for route in fitting for method in route.methods or ()})


class _ProblemData(Response):
    """Sends a problem as data."""

    def __init__(self, error: AppError, visit: Visit) -> None:
        super().__init__()
        self.error = error
        self.visit = visit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.visit.parts.problems.send(self.error, self.visit.language, scope, send)
