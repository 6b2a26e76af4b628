"""Services in this process, and how they are asked: whole applications with their start and end, no network."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeAlias, TypeVar

import httpx
import pytest

from app.api import Clock, Front
from app.main import create_app
from app.rulebook import Rulebook
from app.settings import Settings
from tests.support.in_process import InProcess, in_process
from tests.support.make_rulebook import make_rulebook

T = TypeVar("T")

#: The day it is in every test that asks for no other.
TODAY: Final = date(2024, 3, 1)


class Service:
    """An application, asked as a server would hand it requests; `client` asks several at once."""

    def __init__(self, app: Front, running: InProcess) -> None:
        self.app = app
        self._running = running
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")

    def ask(self, method: str, target: str, **given: Any) -> httpx.Response:
        """Send one request."""
        return self._running.run(self.client.request(method, target, **given))

    def get(self, target: str, **headers: str) -> httpx.Response:
        """Send a GET; headers with underscores for their hyphens. Nothing is compressed unless it is asked for."""
        return self.ask("GET", target, headers=_headers(headers))

    def post(self, body: object, **headers: str) -> httpx.Response:
        """Send an evaluate request, given as what JSON would hold."""
        return self.ask("POST", "/v1/evaluate", json=body, headers=_headers(headers))

    def post_bytes(self, body: bytes, **headers: str) -> httpx.Response:
        """Send an evaluate request, given as the very bytes."""
        return self.ask("POST", "/v1/evaluate", content=body, headers=_headers(headers))

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Return what the work gives, done where the application runs."""
        return self._running.run(work)

    def close(self) -> None:
        """Let go of the client."""
        self._running.run(self.client.aclose())


@contextmanager
def served(rulebook: Rulebook, database: Path, *, today: Clock = lambda: TODAY, **settings: Any) -> Iterator[Service]:
    """Run a service over a rulebook; `settings` are those of `Settings`, hardly anything is logged by default."""
    own = {"database_url": f"sqlite:///{database}", "state_dir": database.parent, "log_level": "critical"}
    given = {**own, **settings}
    app = create_app(Settings(**given), rulebook=rulebook, today=today)
    with in_process(app) as running:
        service = Service(app, running)
        try:
            yield service
        finally:
            service.close()


@pytest.fixture(scope="session")
def small_rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook of `tests/support/small_rulebook/`."""
    return make_rulebook(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_service(small_rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over the small rulebook, shared by all tests that leave it as it is."""
    with served(small_rulebook, tmp_path_factory.mktemp("service") / "guides.db") as service:
        yield service


Make: TypeAlias = Callable[..., Service]


@pytest.fixture
def make_service(small_rulebook: Rulebook, tmp_path: Path) -> Iterator[Make]:
    """Makes services of one's own over the small rulebook: settings and `today` by name; ended after the test."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(served(small_rulebook, tmp_path / "guides.db", **given))


def _headers(given: dict[str, str]) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in given.items()}
    return {"accept-encoding": "identity", **named}
