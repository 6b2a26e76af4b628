"""How the process stands: what answers `/livez` and `/readyz`, whatever else of the API is not loaded yet."""

from typing import Final

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.api.parts import Parts
from app.releases import Edition, Source, edition_of
from app.storage import DatabaseState

LIVEZ: Final = "/livez"
READYZ: Final = "/readyz"


def alive() -> Response:
    """Return the answer that the process is alive: it answers, so it is."""
    return _uncached({"status": "alive"})


async def readiness(parts: Parts, edition: Edition) -> Response:
    """Return the answer whether questions can be answered, by which release, and how the database is."""
    return _uncached(readiness_body(edition, parts.editions.source, await parts.database.state()))


def readiness_body(edition: Edition, source: Source, state: DatabaseState) -> dict[str, object]:
    """Return what is said of a process that answers from this edition, its database being so."""
    book = edition.rulebook
    return {
        "status": "ready" if state.is_ready else "degraded",
        "release": {"version": book.version, "content_hash": book.content_hash, "source": source},
        "topics": len(book.topics),
        "database": {
            "kind": state.kind,
            "reachable": state.reachable,
            "schema": state.schema,
            "detail": state.detail,
        },
    }


def standing_routes(parts: Parts) -> dict[tuple[str, str], ASGIApp]:
    """Return method and path -> the application that answers it."""

    async def livez(scope: Scope, receive: Receive, send: Send) -> None:
        await alive()(scope, receive, send)

    async def readyz(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await readiness(parts, edition_of(scope))
        await answer(scope, receive, send)

    return {("GET", LIVEZ): livez, ("GET", READYZ): readyz}


def _uncached(said: dict[str, object]) -> Response:
    return Response(orjson.dumps(said), media_type="application/json", headers={"Cache-Control": "no-store"})
