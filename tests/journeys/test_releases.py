"""Real servers and releases: every process follows, no answer mixes two, a kill leaves one of them whole."""

import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx
import pytest

from app.audit import verify_chain
from app.clients import Scope
from app.releases import find_files, releases
from app.releases.contents import open_release
from app.releases.ready import find_ready
from app.releases.repository import find_stored
from app.rulebook import load
from app.storage import Database
from tests.support import reaching
from tests.support.hammering import Hammer, until
from tests.support.make_client import make_client
from tests.support.make_release import activate_version, as_examined, make_active, numbered_files, publish_number
from tests.support.make_rulebook import write_rulebook
from tests.support.make_trail import at_database
from tests.support.processes import Busy, begun_by
from tests.support.serving import running_server

pytestmark = pytest.mark.slow

_ASKED: Final = {"topic": "shop", "facts": {"open_by_night": True}, "lang": "en", "as_of": "2021-07-01"}
_FOLLOW_SECONDS: Final = 5.0
_ROUNDS: Final = 3
_AHEAD_SECONDS: Final = 8
_KILLS: Final = 6
#: More than are published before the last kill.
_NUMBERS: Final = 8


@pytest.fixture(scope="module")
def rules_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rulebook(tmp_path_factory.mktemp("rules"))


def files_version(rules_dir: Path) -> str:
    """The version of what is served before any release is."""
    return load(rules_dir).version


def now() -> datetime:
    return datetime.now(UTC)


def make_new(url: str, number: int) -> str:
    """Publish and activate the rulebook of a number, and return its version."""
    return at_database(url, lambda database: make_active(database, number, now())).version


# ---- every process follows --------------------------------------------------------------------------------------


def test_every_worker_follows_within_seconds_and_no_answer_mixes_two(
    database_url: str, rules_dir: Path, tmp_path: Path
) -> None:
    """Three activations under load on two workers: header, body and words of each answer are of one release."""
    versions: dict[str, str] = {}
    late: list[float] = []

    with (
        running_server(tmp_path, database_url=database_url, rules_dir=rules_dir, workers=2) as server,
        Hammer(server.url, _ASKED).going() as hammer,
    ):
        for number in range(1, _ROUNDS + 1):
            version = make_new(database_url, number)
            versions[version] = f"Open small shop {number}"
            activated, busy = time.monotonic(), Busy(os.getpid())
            hammer.wait_for(version)
            late.append(hammer.last_of_another(version) - activated - busy.seconds())

    assert hammer.failures == []
    assert hammer.mixed(versions | {files_version(rules_dir): "Open a small shop"}) == []
    assert max(late) <= _FOLLOW_SECONDS


def test_an_activation_set_for_later_takes_effect_on_time(database_url: str, rules_dir: Path, tmp_path: Path) -> None:
    make_new(database_url, 1)
    as_examined(numbered_files(2))

    with running_server(tmp_path, database_url=database_url, rules_dir=rules_dir, workers=2) as server:
        version = at_database(database_url, lambda database: publish_number(database, 2, now())).release.version
        at = now() + timedelta(seconds=_AHEAD_SECONDS)
        at_database(database_url, lambda database: activate_version(database, version, now(), at=at))
        with Hammer(server.url, _ASKED).going() as hammer:
            due, busy = time.monotonic() + (at - now()).total_seconds(), Busy(os.getpid())
            hammer.wait_for(version)
            waited = busy.seconds()

    # A request sent just before its moment may be answered just after it.
    early = [one for one in hammer.seen if one.release == version and one.asked < due - 1]
    assert early == []
    assert hammer.last_of_another(version) - due - waited <= _FOLLOW_SECONDS
    assert hammer.failures == []


# ---- the database away ------------------------------------------------------------------------------------------


def test_with_the_database_away_at_the_start_the_release_served_last_is_served(rules_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "guides.db"
    url = f"sqlite:///{file}"

    with running_server(tmp_path, database_url=url, rules_dir=rules_dir) as server:
        version = make_new(url, 7)
        until(lambda: _ready(server.url)["release"]["version"] == version)
        until((tmp_path / "var" / "last-release.json").exists)
    aside = file.rename(tmp_path / "aside.db")
    file.mkdir()
    with running_server(tmp_path, database_url=url, rules_dir=rules_dir) as server:
        away = _ready(server.url)
        answer = reaching.post(f"{server.url}/v1/evaluate", json=_ASKED).json()
        unknown = reaching.post(f"{server.url}/v1/evaluate", json={**_ASKED, "release": "2020-01-01.1"})
        file.rmdir()
        aside.rename(file)
        until(lambda: _ready(server.url)["release"]["source"] == "database")

    assert (away["status"], away["release"]["version"], away["release"]["source"]) == ("degraded", version, "kept_copy")
    assert (answer["release"]["version"], answer["topic"]["name"]) == (version, "Open small shop 7")
    assert (unknown.status_code, unknown.json()["type"]) == (503, "/problems/storage-unavailable")


def _ready(url: str) -> dict[str, Any]:
    answer: dict[str, Any] = reaching.get(f"{url}/readyz").json()
    return answer


# ---- killed ---------------------------------------------------------------------------------------------------

#: Publishes and activates one release after the other, telling of each step once it was acknowledged.
_PUBLISHER: Final = """
import asyncio, sys
from datetime import UTC, datetime
from app.storage import Database
from tests.support.make_client import make_client
from tests.support.make_release import activate_version, as_examined, numbered_files, publish_number

async def main(url, first):
    database = Database(url)
    await database.state()
    for number in range(first, first + {numbers}):
        as_examined(numbered_files(number))
    print("ready", flush=True)
    for number in range(first, first + {numbers}):
        done = await publish_number(database, number, datetime.now(UTC))
        print("published", done.release.version, number, flush=True)
        step = await activate_version(database, done.release.version, datetime.now(UTC))
        print("activated", step.version, number, flush=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


def test_a_kill_at_any_point_leaves_the_old_or_the_new_release_whole(database_url: str, tmp_path: Path) -> None:
    """kill -9 again and again while releases are published and activated: nothing is half, nothing told of is lost."""
    chance = random.Random(7)
    told: list[tuple[str, str, int]] = []

    for kill in range(_KILLS):
        told += _killed_publisher(database_url, 1 + _NUMBERS * kill, after=kill, seconds=chance.uniform(0, 0.03))
        _check_whole(database_url, tmp_path, told)

    assert {what for what, _, _ in told} == {"published", "activated"}


def _killed_publisher(url: str, first: int, *, after: int, seconds: float) -> list[tuple[str, str, int]]:
    """Start a publisher, kill it so long after so many steps were told of, and return all that were."""
    command = [sys.executable, "-c", _PUBLISHER.replace("{numbers}", str(_NUMBERS)), url, str(first)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(1 + after)]
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        lines += process.stdout.read().splitlines(keepends=True)
    assert lines[0] == "ready\n"
    whole = [line.split() for line in lines[1:] if line.endswith("\n")]
    return [(what, version, int(number)) for what, version, number in whole]


def _check_whole(url: str, store: Path, told: list[tuple[str, str, int]]) -> None:
    """Every release there is can be opened, what was told of is there, and the trail says the same."""

    async def look(database: Database) -> None:
        async with database.reading() as session:
            found = await releases(session, now())
            chain = await verify_chain(session)
            newest = found[0].release.version if found else None
            for _, version, number in told[-2:]:
                assert await find_files(session, version) == numbered_files(number)
            stored = await find_stored(session, newest) if newest else None
            steps = sum(len(one.steps) for one in found)
        assert {version for _, version, _ in told} <= {one.release.version for one in found}
        active = [one for one in found if one.state == "active"]
        activated = [version for what, version, _ in told if what == "activated"]
        # The last one told of, or the one after it, whose acknowledgement the kill cut off.
        assert len(active) == bool(steps)
        assert not activated or active[0].release.version in [activated[-1], newest]
        assert chain.broken is None
        assert chain.entries == len(found) + steps
        if stored is not None:
            ready = await find_ready(database, stored)
            assert ready is not None
            for given in (None, ready):
                opened = open_release(stored, store / uuid4().hex, given)
                assert opened.content_hash == found[0].release.content_hash

    at_database(url, look)


def test_a_server_killed_while_it_publishes_leaves_nothing_half(rules_dir: Path, tmp_path: Path) -> None:
    """The whole server, its examining process included, is killed in the middle of POST /v1/releases."""
    url = f"sqlite:///{tmp_path / 'guides.db'}"
    with running_server(tmp_path, database_url=url, rules_dir=rules_dir) as server:
        scopes = frozenset({Scope.RULES_PUBLISH, Scope.RULES_ACTIVATE})
        key = at_database(url, lambda database: make_client(database, now=now(), scopes=scopes)).key
        headers = {"authorization": f"Bearer {key}"}
        with ThreadPoolExecutor(1) as pool:
            sending = pool.submit(_send, server.url, headers, numbered_files(1))
            # The process that examines is there, and takes a while before anything is kept.
            until(lambda: len(begun_by(server.process.pid)) > 1)
            server.kill()
            assert sending.result() is None
    with running_server(tmp_path, database_url=url, rules_dir=rules_dir) as server:
        before = reaching.get(f"{server.url}/v1/releases").json()
        again = reaching.post(f"{server.url}/v1/releases", json={"files": numbered_files(1)}, headers=headers)

    assert (before["total"], before["served"]["source"]) == (0, "files")
    assert again.status_code == httpx.codes.CREATED


def _send(url: str, headers: dict[str, str], files: dict[str, str]) -> int | None:
    try:
        return reaching.post(f"{url}/v1/releases", json={"files": files}, headers=headers).status_code
    except httpx.HTTPError:
        return None
