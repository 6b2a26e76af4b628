"""Routes of pages."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from app.web.visit import Visit

Handler: TypeAlias = Callable[[Visit], Awaitable[Response]]


class PageRoute(Route):
    """A route whose handler takes a visit; what is counted and logged is its pattern, never the address."""

    def __init__(self, path: str, handler: Handler, *, methods: tuple[str, ...] = ("GET",)) -> None:
        async def endpoint(request: Request) -> Response:
            visit = Visit(request)
            await visit.take_release()
            return await handler(visit)

        super().__init__(path, endpoint, methods=list(methods), name=handler.__name__)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Return how well the route fits, and itself beside what the path says."""
        match, found = super().matches(scope)
        return match, {**found, "route": self} if match is Match.FULL else found
