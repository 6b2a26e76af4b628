"""Makes every topic ready in the background, so that no caller waits for the first compilation."""

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date

from fastapi import FastAPI

from app.api.deps import Parts


@asynccontextmanager
async def warmed(app: FastAPI) -> AsyncIterator[None]:
    """Run the application, warming its topics meanwhile; the service is ready at once and quick a little later."""
    parts: Parts = app.state.parts
    stop = threading.Event()
    given = (parts, parts.today(), stop, app.state.owns_process)
    thread = threading.Thread(target=warm, args=given, name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def warm(parts: Parts, today: date, stop: threading.Event, owns_process: bool = False) -> None:
    """Make the active edition ready; `stop` ends it between two topics."""
    try:
        parts.editions.active().make_ready(today, lambda: stop.is_set() or parts.watch.is_changing)
        if owns_process:
            # The law in memory lives as long as the process; looking through it for garbage stops all answers for
            # a fifth of a second.
            gc.freeze()
    except Exception:
        # Whoever asks will meet the same fault, and is told; the service itself goes on.
        parts.log.exception("not everything could be made ready")
