"""Makes ready in the background what a process can be ready without, so that no caller waits for it."""

import gc
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import date
from typing import Final

from app.api.front import Rest
from app.api.later import Later
from app.api.parts import Parts
from app.collector import collector_at_rest, give_memory_back

# Whoever waits for the process hears first that it is ready.
_PAUSE_SECONDS: Final = 0.2


@asynccontextmanager
async def warmed(parts: Parts, rest: Later[Rest], *, owns_process: bool = False) -> AsyncIterator[None]:
    """Run the application, warming it meanwhile; the service is ready at once and quick a little later."""
    stop = threading.Event()
    given = (parts, rest, parts.today(), stop, owns_process)
    thread = threading.Thread(target=warm, args=given, name="warming", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()


def warm(parts: Parts, rest: Later[Rest], today: date, stop: threading.Event, owns_process: bool = False) -> None:
    """Make the remaining routes, then the active edition ready; `stop` ends it before and between these."""
    try:
        if owns_process and stop.wait(_PAUSE_SECONDS):
            return
        with collector_at_rest() if owns_process else nullcontext():
            rest.get()
        parts.editions.active().make_ready(today, lambda: stop.is_set() or parts.watch.is_changing)
        if owns_process:
            # The law in memory lives as long as the process; looking through it for garbage stops all answers for
            # a fifth of a second.
            gc.freeze()
            give_memory_back()
    except Exception:
        # Whoever asks will meet the same fault, and is told; the service itself goes on.
        parts.log.exception("not everything could be made ready")
