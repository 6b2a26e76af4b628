"""What a process is ready without: made once, by whoever needs it first, and loaded by nobody before."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from time import sleep

import httpx
import pytest

from app.api import make_api, make_parts
from app.api.later import Later
from app.releases import Source, Start
from app.rulebook import Rulebook
from app.settings import Settings
from tests.support.asking import small_rulebook

__all__ = ["small_rulebook"]


def test_what_is_made_later_is_made_once_for_all_who_ask_at_once() -> None:
    made: list[object] = []
    together = Barrier(8)

    def make() -> object:
        sleep(0.02)
        made.append(object())
        return made[-1]

    def ask(_: int) -> object:
        together.wait()
        return later.get()

    later = Later(make)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(ask, range(8)))

    assert (found, later.is_made) == (made * 8, True)


def test_others_are_answered_while_it_is_made() -> None:
    async def asked() -> tuple[str, bool]:
        waiting = asyncio.create_task(Later(lambda: sleep(0.05) or "made").wait())
        await asyncio.sleep(0)
        before = waiting.done()
        return await waiting, before

    assert asyncio.run(asked()) == ("made", False)


def test_what_could_not_be_made_is_tried_again() -> None:
    outcomes: Iterator[object] = iter([OSError("not now"), "made"])

    def make() -> object:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    later = Later(make)

    with pytest.raises(OSError, match="not now"):
        later.get()
    assert later.get() == "made"


@pytest.mark.parametrize(
    ("method", "path", "is_hot"),
    [
        ("GET", "/livez", True),
        ("HEAD", "/readyz", True),
        ("GET", "/readyz", True),
        ("GET", "/v1/evaluate?topic=shop", True),
        ("POST", "/readyz", False),
        ("GET", "/v1/topics", False),
        ("GET", "/", False),
    ],
)
def test_the_rest_is_made_for_whoever_asks_for_it_and_for_nobody_else(
    small_rulebook: Rulebook, tmp_path: Path, method: str, path: str, is_hot: bool
) -> None:
    parts = make_parts(
        Settings(database_url=f"sqlite:///{tmp_path / 'guides.db'}"),
        Start(small_rulebook, Source.FILES),
        lambda: small_rulebook,
    )
    front = make_api(parts)

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(front), base_url="http://in.process") as client:
            answer = await client.request(method, path)
        await parts.database.close()
        return answer

    answer = asyncio.run(asked())

    assert answer.status_code in {200, 404, 405}
    assert front.rest.is_made is not is_hot


def test_a_process_is_put_together_without_what_it_can_be_ready_without() -> None:
    asked = (
        "import json, sys, app.cli.main, app.cli.serve, app.main;"
        "print(json.dumps([name for name in sys.argv[1:] if name in sys.modules]))"
    )
    heavy = ["fastapi", "jinja2", "alembic", "docx", "icalendar", "segno", "yaml", "app.web", "app.api.application"]
    proving = [
        "app.engine.prove",
        "app.engine.impact",
        "app.rulebook.checking",
        "app.releases.service",
        "app.cli.rules",
    ]

    said = subprocess.run([sys.executable, "-c", asked, *heavy, *proving], capture_output=True, text=True, check=True)

    assert json.loads(said.stdout) == []
