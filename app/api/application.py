"""The FastAPI application: every route of the API with its documentation, and errors told in one shape.

It takes as long to put together as all the rest, and most callers ask what is answered without it: a process makes it
when it is ready, or when somebody asks (`app/api/later.py`).
"""

from http import HTTPStatus
from importlib.metadata import version
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api import docs, operations
from app.api.deps import parts_of
from app.api.direct import operation_name
from app.api.evaluating import Evaluate
from app.api.exchange import Prepared, PreparedResponse
from app.api.openapi import describe, openapi_document
from app.api.parts import Parts, language_of_request
from app.api.problems import MethodNotAllowed, as_app_error, send_problem
from app.api.v1 import (
    changes,
    documents,
    facts,
    guides,
    policies,
    procedures,
    release_diffs,
    releases,
    rules,
    search,
    topics,
)
from app.api.v1.evaluate import evaluate_routes
from app.api.v1.feedback import feedback_routes
from app.api.v1.guides import guide_routes
from app.errors import AppError
from app.releases import edition_of

_DOCUMENT: Final = "/openapi.json"
TITLE: Final = "审批路径导办 · approval-path-guide"
_ROUTERS: Final = tuple(
    module.router
    for module in (
        topics,
        facts,
        procedures,
        rules,
        policies,
        changes,
        release_diffs,
        search,
        guides,
        documents,
        releases,
        operations,
        docs,
    )
)
#: The paths of the API, which owns whatever begins with the same step.
PATHS: Final = (_DOCUMENT, *(route.path for router in _ROUTERS for route in router.routes if isinstance(route, Route)))


def make_application(parts: Parts, evaluating: Evaluate, front: ASGIApp) -> FastAPI:
    """Return the application that answers from these parts.

    Shape: `evaluating` answers the routes it documents · `front` is the whole as a server sees it, which the examples
        of the OpenAPI document are asked of.
    """
    app = FastAPI(
        title=TITLE,
        version=version("approval-path-guide"),
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=operation_name,
        # Once somebody sets a provider, FastAPI would log validation failures with their values: a company's facts.
        telemetry={"logs": False},
    )
    app.state.parts = parts
    app.state.document = None
    app.state.front = front
    app.router.routes.extend(evaluate_routes(evaluating))
    app.router.routes.extend(guide_routes(parts))
    app.router.routes.extend(feedback_routes(parts))
    for router in _ROUTERS:
        app.include_router(router)
    app.add_api_route(_DOCUMENT, _openapi_json, include_in_schema=False)
    for kind in (RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _problem)
    app.add_exception_handler(AppError, _app_problem)
    describe(app)
    return app


async def _openapi_json(request: Request) -> Response:
    """The OpenAPI document, with examples made by the running product."""
    app: FastAPI = request.app
    edition, state = edition_of(request.scope), app.state
    if state.document is None or state.document[0] != edition.key:
        body = await openapi_document(app, state.front, parts_of(request), edition)
        state.document = edition.key, Prepared.of(body)
    return PreparedResponse(state.document[1])


async def _app_problem(request: Request, error: Exception) -> Response:
    """Answer an error that a caller can do something about.

    Raises: any other one, which is recorded then, like one of no known kind.
    """
    if as_app_error(error, request.scope) is not error:
        raise error
    return await _problem(request, error)


async def _problem(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return _ProblemResponse(MethodNotAllowed(request.method, ", ".join(_methods_of(request))))
    return _ProblemResponse(as_app_error(error, request.scope))


def _methods_of(request: Request) -> list[str]:
    """The methods some route takes at this address; the framework names those of the first route alone."""
    routes = request.app.router.routes
    found = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
    return [*found, "HEAD"] if "GET" in found else found


class _ProblemResponse(Response):
    """Sends a problem; the shape is `app/api/problems.py`'s."""

    def __init__(self, error: AppError) -> None:
        super().__init__()
        self.error = error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send_problem(self.error, language_of_request(scope), scope, send)
