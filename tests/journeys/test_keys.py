"""A hall's key from its making to its end: the command line beside a running server of several workers."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support import reaching
from tests.support.make_rulebook import write_rulebook
from tests.support.processes import Busy
from tests.support.serving import running_server

pytestmark = pytest.mark.slow

# A route that asks for `rules:activate` and, with nothing ever published, has nothing to do.
_ROUTE = "/v1/releases/rollback"
_NOTHING_TO_DO = 409
_PROMISED_SECONDS = 5
#: So many answers alike come from both workers.
_MANY = 16


def _clients(database_url: str, *words: str) -> Any:
    environment = {**os.environ, "APG_DATABASE_URL": database_url}
    command = [str(Path(sys.executable).parent / "approval-guide"), "clients", *words, "--format", "json"]
    return json.loads(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)


def _statuses(url: str, key: str, times: int = 12) -> set[int]:
    """What the workers answer; a new connection each time, so that each of them is asked."""
    headers = {"Authorization": f"Bearer {key}"}
    return {reaching.post(f"{url}{_ROUTE}", headers=headers).status_code for _ in range(times)}


def _let_in_until(url: str, key: str) -> float:
    """Seconds until the last request that a worker let in was sent, waiting for a processor apart."""
    began = last = time.monotonic()
    busy = Busy(os.getpid())
    refused_in_a_row = 0
    while refused_in_a_row < _MANY:
        asked = time.monotonic()
        assert asked - began < 300
        is_refused = _statuses(url, key, times=1) == {401}
        last = last if is_refused else asked
        refused_in_a_row = refused_in_a_row + 1 if is_refused else 0
    return last - began - busy.seconds()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_key_lives_and_ends_on_every_worker(database_url: str, tmp_path: Path) -> None:
    rules = write_rulebook(tmp_path / "rulebook")
    create = ("create", "hall", "--name", "大厅", "--scope")

    with running_server(tmp_path, database_url=database_url, rules_dir=rules, workers=2) as server:
        without = reaching.post(f"{server.url}{_ROUTE}").status_code
        first = _clients(database_url, *create, "rules:activate")["key"]
        let_in = _statuses(server.url, first)
        second = _clients(database_url, "rotate", "hall", "--old-until", "1h")["key"]
        both = _statuses(server.url, first) | _statuses(server.url, second)
        _clients(database_url, "revoke", "hall")
        seconds = _let_in_until(server.url, second)
        log = server.log.read_text()

    assert (without, let_in, both) == (401, {_NOTHING_TO_DO}, {_NOTHING_TO_DO})
    assert seconds < _PROMISED_SECONDS
    assert first not in log
    assert second not in log
