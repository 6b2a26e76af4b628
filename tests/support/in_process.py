"""An application asked without a network: its own event loop in a thread, its start and end as a server would do them.

Starlette's TestClient asks for another HTTP library than the one the product has.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import httpx
from starlette.types import ASGIApp, Message

T = TypeVar("T")

# Nothing is proved by it: it ends what would hang.
_HANGS_SECONDS: Final = 300


class InProcess:
    """Sends requests to an application; safe to use from several threads at once."""

    def __init__(self, app: ASGIApp, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://in.process")

    def get(self, path: str, **given: Any) -> httpx.Response:
        """Send a GET."""
        return self.run(self._client.get(path, **given))

    def post(self, path: str, **given: Any) -> httpx.Response:
        """Send a POST."""
        return self.run(self._client.post(path, **given))

    async def close(self) -> None:
        """Let go of what the client holds."""
        await self._client.aclose()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work gives, done in the application's loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=_HANGS_SECONDS)


@contextmanager
def in_process(app: ASGIApp) -> Iterator[InProcess]:
    """Start the application, yield a client, end it."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    client = InProcess(app, loop)
    life = _Life(app)
    try:
        client.run(life.begin())
        try:
            yield client
        finally:
            client.run(life.end())
            client.run(client.close())
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


class _Life:
    """The lifespan protocol from the server's side."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._told: asyncio.Queue[Message] = asyncio.Queue()
        self._heard: asyncio.Queue[Message] = asyncio.Queue()

    async def begin(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
        self._running = asyncio.ensure_future(self._app(scope, self._told.get, self._heard.put))
        await self._say("startup")

    async def end(self) -> None:
        await self._say("shutdown")
        await self._running

    async def _say(self, what: str) -> None:
        await self._told.put({"type": f"lifespan.{what}"})
        answer = await self._heard.get()
        assert answer["type"] == f"lifespan.{what}.complete", answer
