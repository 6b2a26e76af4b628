"""Real server processes: killed in the middle of saving, several at once, and a database that goes and comes back."""

import os
import pwd
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.support import reaching
from tests.support.make_rulebook import write_rulebook
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.serving import running_server

pytestmark = pytest.mark.slow

_ASKED = {"topic": "shop", "facts": {"open_by_night": False, "goods": ["tea"]}, "lang": "en", "as_of": "2021-07-01"}
_SAVES = 500
_KILLED_AFTER = 150
#: However quick the server is, the rest is sent after it.
_BEFORE_THE_KILL = 400


@pytest.fixture(scope="module")
def rules_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rulebook(tmp_path_factory.mktemp("rules"))


def _area(number: int) -> dict[str, object]:
    return {**_ASKED, "facts": {**_ASKED["facts"], "area_m2": number + 1}}  # type: ignore[dict-item]


def test_what_was_acknowledged_survives_a_kill(database_url: str, rules_dir: Path, tmp_path: Path) -> None:
    """kill -9 in the middle of 500 saves: every reference that was given out is there, with its own guide."""
    acknowledged: dict[int, str] = {}
    enough, killed = threading.Event(), threading.Event()

    with (
        running_server(tmp_path, database_url=database_url, rules_dir=rules_dir) as server,
        reaching.client(base_url=server.url, limits=httpx.Limits(max_connections=16)) as client,
        ThreadPoolExecutor(16) as pool,
    ):

        def save(number: int) -> None:
            if number >= _BEFORE_THE_KILL:
                killed.wait(timeout=300)
            try:
                answer = client.post("/v1/guides", json=_area(number), headers={"idempotency-key": f"n{number}"})
            except httpx.HTTPError:
                return
            if answer.status_code == httpx.codes.CREATED:
                acknowledged[number] = answer.json()["reference"]
                if len(acknowledged) >= _KILLED_AFTER:
                    enough.set()

        saving = [pool.submit(save, number) for number in range(_SAVES)]
        assert enough.wait(timeout=300)
        server.kill()
        killed.set()
        wait(saving)

    assert _KILLED_AFTER <= len(acknowledged) < _SAVES
    with (
        running_server(tmp_path, database_url=database_url, rules_dir=rules_dir) as server,
        reaching.client(base_url=server.url) as client,
    ):
        found = {number: client.get(f"/v1/guides/{reference}") for number, reference in acknowledged.items()}
        again = client.post("/v1/guides", json=_area(0), headers={"idempotency-key": "n0"})

    assert {answer.status_code for answer in found.values()} == {200}
    assert {number: answer.json()["guide"]["facts"]["area_m2"] for number, answer in found.items()} == {
        number: number + 1 for number in acknowledged
    }
    assert (again.status_code, again.json()["reference"]) == (201, acknowledged.get(0, again.json()["reference"]))


def test_several_processes_keep_one_guide_for_one_key(database_url: str, rules_dir: Path, tmp_path: Path) -> None:
    with (
        running_server(tmp_path, database_url=database_url, rules_dir=rules_dir, workers=2) as one,
        running_server(tmp_path, database_url=database_url, rules_dir=rules_dir) as other,
        ThreadPoolExecutor(16) as pool,
    ):

        def save(number: int) -> httpx.Response:
            # A connection of its own for each, so that every worker gets some.
            url = (one, other)[number % 2].url
            headers = {"idempotency-key": f"key {number // 8}"}
            return reaching.post_again(f"{url}/v1/guides", json=_area(number // 8), headers=headers)

        answers = list(pool.map(save, range(64)))

    by_key = [{answer.content for answer in answers[start : start + 8]} for start in range(0, 64, 8)]
    assert {answer.status_code for answer in answers} == {201}
    assert [len(bodies) for bodies in by_key] == [1] * 8
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 8


@pytest.mark.postgres
def test_a_server_database_that_stops_and_starts_again(rules_dir: Path, tmp_path: Path) -> None:
    with running_postgres() as postgres, _switchable(postgres) as switch:
        url = postgres.create_database("apg")
        with running_server(tmp_path, database_url=url, rules_dir=rules_dir) as server:
            client = reaching.client(base_url=server.url)
            behind = client.get("/readyz").json()
            assert client.post("/v1/guides", json=_ASKED).status_code == httpx.codes.SERVICE_UNAVAILABLE
            _upgrade(url, tmp_path)
            place = client.post("/v1/guides", json=_ASKED).headers["location"]
            switch.off()
            away = [client.post("/v1/guides", json=_ASKED), client.get(place)]
            evaluated = client.post("/v1/evaluate", json=_ASKED)
            ready = client.get("/readyz").json()
            switch.on()
            back = client.get(place)
            kept = client.post("/v1/guides", json=_ASKED)
            client.close()

    assert (behind["status"], behind["database"]["schema"]) == ("degraded", "behind")
    assert [(one.status_code, one.json()["type"]) for one in away] == [(503, "/problems/storage-unavailable")] * 2
    assert evaluated.status_code == 200
    assert (ready["status"], ready["database"]["reachable"]) == ("degraded", False)
    assert (back.status_code, kept.status_code) == (200, 201)
    assert b'"database away"' in server.log.read_bytes()
    assert b'"database back"' in server.log.read_bytes()


@pytest.mark.postgres
def test_a_server_starts_with_its_database_away(rules_dir: Path, tmp_path: Path) -> None:
    with running_postgres() as postgres, _switchable(postgres) as switch:
        url = postgres.create_database("apg")
        _upgrade(url, tmp_path)
        switch.off()
        with running_server(tmp_path, database_url=url, rules_dir=rules_dir) as server:
            evaluated = reaching.post(f"{server.url}/v1/evaluate", json=_ASKED)
            refused = reaching.post(f"{server.url}/v1/guides", json=_ASKED)
            switch.on()
            kept = reaching.post(f"{server.url}/v1/guides", json=_ASKED)

    assert (evaluated.status_code, refused.status_code, kept.status_code) == (200, 503, 201)


def test_an_embedded_database_that_cannot_be_made_yet(rules_dir: Path, tmp_path: Path) -> None:
    """The folder is a file at first; once it is not, the server makes its database without being started again."""
    obstacle = tmp_path / "var"
    obstacle.write_text("in the way")
    with running_server(tmp_path, database_url="sqlite:///var/x.db", rules_dir=rules_dir) as server:
        refused = reaching.post(f"{server.url}/v1/guides", json=_ASKED)
        evaluated = reaching.post(f"{server.url}/v1/evaluate", json=_ASKED)
        obstacle.unlink()
        kept = reaching.post(f"{server.url}/v1/guides", json=_ASKED)

    assert (refused.status_code, evaluated.status_code, kept.status_code) == (503, 200, 201)
    assert "导办结果保存不了".encode() in server.log.read_bytes()


def test_an_embedded_database_put_aside_and_back(rules_dir: Path, tmp_path: Path) -> None:
    with running_server(tmp_path, database_url="sqlite:///x.db", rules_dir=rules_dir) as server:
        place = reaching.post(f"{server.url}/v1/guides", json=_ASKED).headers["location"]
        for name in ("x.db", "x.db-wal", "x.db-shm"):
            (tmp_path / name).rename(tmp_path / f"aside-{name}")
        refused = reaching.get(f"{server.url}{place}")
        ready = reaching.get(f"{server.url}/readyz").json()
        for name in ("x.db", "x.db-wal", "x.db-shm"):
            if (tmp_path / f"aside-{name}").exists():
                (tmp_path / f"aside-{name}").rename(tmp_path / name)
        back = reaching.get(f"{server.url}{place}")

    assert (refused.status_code, ready["status"], back.status_code) == (503, "degraded", 200)


def test_a_copy_is_made_and_put_back_beside_a_running_server(
    database_url: str, rules_dir: Path, tmp_path: Path
) -> None:
    with running_server(tmp_path, database_url=database_url, rules_dir=rules_dir) as server:
        kept = reaching.post(f"{server.url}/v1/guides", json=_ASKED)
        copied = _db(database_url, tmp_path, "backup", "copy")
        later = reaching.post(f"{server.url}/v1/guides", json=_ASKED)
        refused = _db(database_url, tmp_path, "restore", "copy")
        restored = _db(database_url, tmp_path, "restore", "copy", "--force")
        found = [reaching.get(f"{server.url}{one.headers['location']}").status_code for one in (kept, later)]

    assert (copied.returncode, refused.returncode, restored.returncode) == (0, 1, 0)
    assert "--force" in refused.stderr
    assert found == [200, 404]


def _db(url: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "approval-guide"), "db", *words]
    environment = {**os.environ, "APG_DATABASE_URL": url}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _upgrade(url: str, folder: Path) -> None:
    done = _db(url, folder, "upgrade")
    assert done.returncode == 0, done.stderr


class _Switch:
    """Stops a PostgreSQL server and starts it again by the very words it had been started with."""

    def __init__(self, postgres: PostgresServer) -> None:
        self._folder = postgres.data_directory
        self._pid_file = self._folder / "postmaster.pid"
        self._words = shlex.split((self._folder / "postmaster.opts").read_text())
        self._started: subprocess.Popen[bytes] | None = None

    def off(self) -> None:
        os.kill(int(self._pid_file.read_text().splitlines()[0]), signal.SIGINT)
        _wait_until(lambda: not self._pid_file.exists())
        if self._started is not None:
            self._started.wait(timeout=300)

    def on(self) -> None:
        owner = pwd.getpwuid(self._folder.stat().st_uid) if os.geteuid() == 0 else None
        self._started = subprocess.Popen(
            self._words,
            cwd="/",
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_until(self._is_ready)

    def _is_ready(self) -> bool:
        lines = self._pid_file.read_text().splitlines() if self._pid_file.exists() else []
        return [line.strip() for line in lines[7:8]] == ["ready"]


def _wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 300
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@contextmanager
def _switchable(postgres: PostgresServer) -> Iterator[_Switch]:
    """Give the switch of a server, and leave none behind that was started with it."""
    switch = _Switch(postgres)
    try:
        yield switch
    finally:
        if switch._started is not None and switch._started.poll() is None:
            switch.off()
