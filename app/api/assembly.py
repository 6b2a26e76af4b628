"""The API put together: what answers at once, and the rest that is made when the process has time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.types import ASGIApp

from app.api.evaluating import EVALUATE, Evaluate
from app.api.front import Front, Rest
from app.api.later import Later
from app.api.observing import take_over_standard_log
from app.api.parts import Parts
from app.api.standing import standing_routes
from app.api.warming import warmed


def make_api(parts: Parts, *, pages: Callable[[], ASGIApp] | None = None, owns_process: bool = False) -> Front:
    """Return the application that answers from these parts; FastAPI's own stands inside it as `api`.

    Shape: `pages` makes what answers the paths that are not the API's.
    """
    if owns_process:
        take_over_standard_log(parts.log)
    evaluating = Evaluate(parts)

    def make_rest() -> Rest:
        # Here, for these two take longer to load than all that a process needs to be ready.
        from app.api.application import PATHS, make_application

        api = make_application(parts, evaluating, front)
        return Rest.of(api, pages=None if pages is None else pages(), paths=PATHS)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        """The rest and the topics are made ready meanwhile, and the database is left in order."""
        watching = asyncio.create_task(parts.watch.run())
        try:
            async with warmed(parts, front.rest, owns_process=owns_process):
                yield
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
            parts.evaluating.shutdown(wait=False)
            await parts.gate.close()
            await parts.database.close()

    front = Front(
        Later(make_rest),
        direct={("POST", EVALUATE): evaluating, ("GET", EVALUATE): evaluating, **standing_routes(parts)},
        running=running,
        editions=parts.editions,
        figures=parts.figures,
        log=parts.log,
    )
    return front
