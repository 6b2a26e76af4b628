"""For operators: is the process alive, is it ready, what does it count."""

from typing import Literal

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import Field
from starlette.responses import Response

from app.api.deps import parts_of
from app.api.documented import answers
from app.api.schemas.base import Wire
from app.api.standing import LIVEZ, READYZ, alive, readiness
from app.releases import Source, edition_of
from app.storage import DatabaseKind, SchemaState

router = APIRouter(tags=["operations"])


class Alive(Wire):
    """The process answers."""

    status: Literal["alive"]


class ServedRelease(Wire):
    """规则版本. What answers come from."""

    version: str
    content_hash: str
    source: Source
    """database: the active release. kept_copy: the one served last, for the database was away at the start. files: the
    rulebook's folder, for no release was ever activated, or the database was away and nothing was served before."""


class DatabaseReady(Wire):
    """Whether guides can be kept and reopened."""

    kind: DatabaseKind
    reachable: bool
    schema_state: SchemaState | None = Field(serialization_alias="schema")
    """behind: `approval-guide db upgrade` is due; ahead: a newer release migrated it, all is well; null: not known."""
    detail: str | None
    """What is wrong, null where nothing is."""


class Ready(Wire):
    """The rulebook is loaded and can be asked.

    degraded: questions are answered as ever, but no guide can be kept until the database is back, or can be written to
    again; while it is away none can be reopened either. `detail` says which.
    """

    status: Literal["ready", "degraded"]
    release: ServedRelease
    topics: int
    database: DatabaseReady


@router.get(LIVEZ, response_model=Alive, responses=answers(takes_input=False))
async def livez() -> Response:
    """Whether the process is alive: it answers, so it is."""
    return alive()


@router.get(READYZ, response_model=Ready, responses=answers(takes_input=False))
async def readyz(request: Request) -> Response:
    """Whether questions can be answered, and by which release; and how the database is.

    A 200 even with the database away: whoever sends callers here shall go on sending them.
    """
    return await readiness(parts_of(request), edition_of(request.scope))


@router.get("/metrics", response_class=Response, responses=answers(takes_input=False))
async def metrics(request: Request) -> Response:
    """Figures for Prometheus, in its text form."""
    exposition = parts_of(request).figures.exposition()
    return Response(exposition, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
