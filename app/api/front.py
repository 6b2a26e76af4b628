"""The outermost layer of the API: request ids, headers every answer has, CORS, HEAD, counting, the last net."""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import count
from secrets import token_hex
from time import perf_counter
from typing import TYPE_CHECKING, Final

from starlette.requests import ClientDisconnect
from starlette.routing import Router
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.api.cors import OPEN_HEADERS, answer_options, is_open
from app.api.exchange import HEADERS, header, headers_of
from app.api.later import Later
from app.api.observing import Figures
from app.api.problems import REQUEST_ID, Unforeseen, send_problem
from app.plain_log import FilteringBoundLogger
from app.releases import EDITION, Editions, edition_of
from app.wording import preferred_language

if TYPE_CHECKING:
    from fastapi import FastAPI

_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
# A process's own beginning and a number: unlike any other's, and had without asking the system each time.
_PROCESS: Final = token_hex(4)
_NUMBERS: Final = count()
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
_UNMATCHED: Final = "none"
# How the process is doing is told even while a release is awaited.
_AT_ANY_TIME: Final = frozenset({"/livez", "/readyz", "/metrics"})


class _Sent:
    """What became of one answer."""

    __slots__ = ("is_whole", "status")

    def __init__(self) -> None:
        self.status = 0
        self.is_whole = False


@dataclass(frozen=True, slots=True)
class Rest:
    """What answers all but the hot routes.

    Shape: `owned` first steps of the paths that are the API's; `pages` answers everything else.
    """

    api: "FastAPI"
    pages: ASGIApp
    owned: frozenset[str]

    @classmethod
    def of(cls, api: "FastAPI", *, pages: ASGIApp | None, paths: Iterable[str]) -> "Rest":
        """Return it from the API's `paths`, which owns what begins with the same step; without pages, everything."""
        return cls(api, api if pages is None else pages, frozenset(map(_first_step, paths)))

    def answering(self, path: str) -> ASGIApp:
        """Return what answers the path."""
        return self.api if _first_step(path) in self.owned else self.pages


class Front:
    """The application as a server sees it.

    Pure ASGI, for a layer made of Starlette's BaseHTTPMiddleware halves the throughput. It stands outside FastAPI, and
    hands the hot routes over itself: FastAPI's own layers cost as much again as everything here.

    Shape: `direct` method and path -> the application that answers it · `rest` what answers all others · `running`
        what goes on between start and end of a server · `editions` what is answered from.
    """

    def __init__(
        self,
        rest: Later[Rest],
        *,
        direct: dict[tuple[str, str], ASGIApp],
        running: Callable[[], AbstractAsyncContextManager[None]],
        editions: Editions,
        figures: Figures,
        log: FilteringBoundLogger,
    ) -> None:
        self.rest = rest
        self.direct = direct
        self.editions = editions
        self.figures = figures
        self.log = log
        # The protocol of a server's start and end, and nothing else of a router.
        self._life = Router(lifespan=lambda _: running())

    @property
    def api(self) -> "FastAPI":
        """FastAPI's own application inside; made now where nobody asked for it yet."""
        return self.rest.get().api

    @property
    def pages(self) -> ASGIApp:
        """What answers the paths that are not the API's; made now where nobody asked for it yet."""
        return self.rest.get().pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, come what may."""
        if scope["type"] != "http":
            await self._life(scope, receive, send)
            return
        started = perf_counter()
        method, path = scope["method"], scope["path"]
        if method == "HEAD":
            # Routes know GET alone, and the sender leaves the body out; the server keeps its own scope, for it counts.
            scope = {**scope, "method": "GET"}
        scope[HEADERS] = headers_of(scope)
        scope[REQUEST_ID] = _request_id(scope)
        # Taken once; what is asked in the name of a request, as examples are, brings its own.
        if self.editions.awaited is not None and path not in _AT_ANY_TIME:
            await self.editions.awaited.wait()
        scope.setdefault(EDITION, self.editions.active())
        sent = _Sent()
        sender = _sender(scope, send, sent, is_open=is_open(path), has_body=method != "HEAD")
        try:
            await self._answer(scope, receive, sender, sent)
        finally:
            seconds = perf_counter() - started
            # Neither path nor query as they came: both may hold a company's answers.
            route = scope.get("route")
            shown = path if (scope["method"], path) in self.direct else getattr(route, "path", _UNMATCHED)
            self.figures.count_request(method if method in _METHODS else "other", shown, sent.status, seconds)
            self.log.info(
                "request",
                id=scope[REQUEST_ID],
                method=method[:20],
                route=shown,
                status=sent.status,
                ms=round(seconds * 1000, 3),
            )

    async def _answer(self, scope: Scope, receive: Receive, send: Send, sent: _Sent) -> None:
        try:
            if scope["method"] == "OPTIONS" and await answer_options(scope, send):
                return
            answering = self.direct.get((scope["method"], scope["path"]))
            if answering is None:
                answering = (await self.rest.wait()).answering(scope["path"])
            await answering(scope, receive, send)
        except ClientDisconnect:
            self.log.info("caller went away", id=scope[REQUEST_ID])
        except Exception:
            self.figures.count_failure()
            self.log.exception("unforeseen", id=scope[REQUEST_ID])
            if sent.status and not sent.is_whole:
                # Half an answer is out; only a broken connection tells the caller so.
                raise
            if not sent.status:
                language = preferred_language(header(scope, b"accept-language"))
                await send_problem(Unforeseen(scope[REQUEST_ID]), language, scope, send)


def _sender(scope: Scope, send: Send, sent: _Sent, *, is_open: bool, has_body: bool) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.status = message["status"]
            # The edition is asked for now, for an answer by an older release names that one.
            message["headers"] = [
                *message.get("headers", ()),
                (b"x-rules-release", edition_of(scope).version.encode()),
                (b"x-request-id", scope[REQUEST_ID].encode()),
                (b"x-content-type-options", b"nosniff"),
                *(OPEN_HEADERS if is_open else ()),
            ]
        else:
            sent.is_whole = not message.get("more_body", False)
            if not has_body:
                message = {**message, "body": b""}
        await send(message)

    return sender


def _request_id(scope: Scope) -> str:
    given = header(scope, b"x-request-id")
    return given if given and _GIVEN_ID.fullmatch(given) else f"{_PROCESS}{next(_NUMBERS):08x}"


def _first_step(path: str) -> str:
    return path[1:].partition("/")[0]
