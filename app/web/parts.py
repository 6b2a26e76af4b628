"""What the pages are given by whoever puts the application together."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from starlette.types import Scope, Send

from app.errors import AppError
from app.releases import Editions
from app.settings import Settings
from app.storage import Database


class SendProblem(Protocol):
    """Sends a problem as data, to callers that are no browsers."""

    async def __call__(self, error: AppError, lang: str, scope: Scope, send: Send) -> None:
        """Send it."""


@dataclass(frozen=True, slots=True)
class Problems:
    """How errors are told on every route; pages word them, and tell callers that read no pages the same as data.

    Shape: `translate` makes an error of ours out of any · `status_of` its status · `headers_of` what an answer to it
        must say besides · `request_id` the number under which the log has a request.
    """

    translate: Callable[[Exception, Scope], AppError]
    status_of: Callable[[AppError], int]
    headers_of: Callable[[AppError], list[tuple[bytes, bytes]]]
    send: SendProblem
    request_id: Callable[[Scope], str]


@dataclass(frozen=True, slots=True)
class PageParts:
    """All that the pages answer from.

    Shape: `editions` for requests that name an older release; every other is answered from the edition it took at its
        start. `evaluating` the thread in which guides are worked out, the same as every door's.
    """

    settings: Settings
    editions: Editions
    database: Database
    today: Callable[[], date]
    evaluating: Executor
    problems: Problems
