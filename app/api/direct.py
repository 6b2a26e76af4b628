"""Routes that FastAPI documents and leaves alone."""

from collections.abc import Callable
from typing import Any

from fastapi.routing import APIRoute
from starlette.types import ASGIApp


def operation_name(route: APIRoute) -> str:
    """Return what clients made from the OpenAPI document call the route: the name of its function."""
    return route.name


class DirectRoute(APIRoute):
    """Found and documented like any other route, answered by a plain ASGI application.

    Shape: `documented` is a function whose parameters and types are shown in the OpenAPI document; never called.
    """

    def __init__(self, path: str, documented: Callable[..., Any], *, answering: ASGIApp, **shown: Any) -> None:
        super().__init__(path, documented, generate_unique_id_function=operation_name, **shown)
        self.app = answering
