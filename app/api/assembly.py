"""The API as one application: routes, the layer in front of them, errors, documents."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
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
from app.api.deps import Parts, language_of_request, parts_of
from app.api.direct import operation_name
from app.api.exchange import Prepared, PreparedResponse
from app.api.front import Front
from app.api.observing import take_over_standard_log
from app.api.openapi import describe, openapi_document
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
from app.api.warming import warmed
from app.errors import AppError
from app.releases import edition_of

_DOCUMENT: Final = "/openapi.json"
TITLE: Final = "审批路径导办 · approval-path-guide"


def make_api(parts: Parts, *, pages: ASGIApp | None = None, owns_process: bool = False) -> Front:
    """Return the application that answers from these parts; FastAPI's own stands inside it as `api`.

    Shape: `pages` answers the paths that are not the API's.
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
        lifespan=_running,
    )
    app.state.parts = parts
    app.state.document = None
    app.state.owns_process = owns_process
    if owns_process:
        take_over_standard_log(parts.log)
    evaluating = evaluate_routes(parts)
    app.router.routes.extend(evaluating)
    app.router.routes.extend(guide_routes(parts))
    app.router.routes.extend(feedback_routes(parts))
    reading = (topics, facts, procedures, rules, policies, changes, release_diffs, search)
    routers = [module.router for module in (*reading, guides, documents, releases, operations, docs)]
    for router in routers:
        app.include_router(router)
    app.add_api_route(_DOCUMENT, _openapi_json, include_in_schema=False)
    for kind in (AppError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _problem)
    describe(app)
    front = Front(
        app,
        direct={(method, route.path): route.app for route in evaluating for method in sorted(route.methods or ())},
        editions=parts.editions,
        pages=pages,
        paths=[_DOCUMENT, *(route.path for router in routers for route in router.routes if isinstance(route, Route))],
        figures=parts.figures,
        log=parts.log,
    )
    app.state.front = front
    return front


@asynccontextmanager
async def _running(app: FastAPI) -> AsyncIterator[None]:
    """Run the application: topics are made ready meanwhile, and the database is left in order."""
    parts: Parts = app.state.parts
    watching = asyncio.create_task(parts.watch.run())
    try:
        async with warmed(app):
            yield
    finally:
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching
        parts.evaluating.shutdown(wait=False)
        await parts.gate.close()
        await parts.database.close()


async def _openapi_json(request: Request) -> Response:
    """The OpenAPI document, with examples made by the running product."""
    app: FastAPI = request.app
    edition, state = edition_of(request.scope), app.state
    if state.document is None or state.document[0] != edition.key:
        body = await openapi_document(app, state.front, parts_of(request), edition)
        state.document = edition.key, Prepared.of(body)
    return PreparedResponse(state.document[1])


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
