"""Two machines at one PostgreSQL, each with a disk of its own: what one publishes, the other serves as soon."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from app.clients import Scope
from app.releases import Examined, publish, read_files
from app.releases.contents import ready_form
from app.rulebook import load
from app.storage import Database
from bench.scenario import largest
from tests.support import reaching
from tests.support.hammering import Hammer
from tests.support.make_client import make_client
from tests.support.make_release import numbered_files
from tests.support.make_rulebook import write_rulebook
from tests.support.make_trail import WANG, at_database
from tests.support.processes import Busy
from tests.support.serving import RunningServer, running_server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    # A file would be one machine's.
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

_RULES: Final = Path(__file__).parents[2] / "rules"
_ASKED: Final = {"topic": "shop", "facts": {"open_by_night": True}, "lang": "en", "as_of": "2021-07-01"}
_FOLLOW_SECONDS: Final = 5.0
#: Several times what was ever seen; where reading the files was waited for, it was up to nine.
_LONGEST_WAIT_SECONDS: Final = 4.0


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def two_machines(
    folder: Path, url: str, rules_dir: Path, workers: int
) -> Iterator[tuple[RunningServer, RunningServer]]:
    """Two servers that share the database and nothing else."""
    here, there = folder / "here", folder / "there"
    here.mkdir()
    there.mkdir()
    with (
        running_server(here, database_url=url, rules_dir=rules_dir, workers=workers) as one,
        running_server(there, database_url=url, rules_dir=rules_dir, workers=workers) as two,
    ):
        yield one, two


@contextmanager
def hammered(servers: tuple[RunningServer, RunningServer], asked: dict[str, Any]) -> Iterator[tuple[Hammer, Hammer]]:
    """Ask both all the time."""
    with Hammer(servers[0].url, asked).going() as one, Hammer(servers[1].url, asked).going() as two:
        yield one, two


@dataclass(frozen=True, slots=True)
class Change:
    """How an activation went, waiting for a processor apart.

    Shape: `late` how many seconds after it the last request was sent that another release answered, on either
        machine; `waited` how many the slowest answer since then took.
    """

    late: float
    waited: float


def change(hammers: tuple[Hammer, Hammer], version: str, activated: float, busy: Busy) -> Change:
    """Wait until both machines serve the version, and return how that went."""
    for hammer in hammers:
        hammer.wait_for(version)
    queued = busy.seconds()
    late = max(hammer.last_of_another(version) - activated for hammer in hammers)
    return Change(late - queued, max(hammer.longest_wait(activated) for hammer in hammers) - queued)


def expect_sound(hammers: tuple[Hammer, Hammer], names: dict[str, str], changes: list[Change]) -> None:
    """No answer failed or mixed two releases, none came late, and nobody waited long."""
    assert [hammer.failures for hammer in hammers] == [[], []]
    assert [hammer.mixed(names) for hammer in hammers] == [[], []]
    assert max(one.late for one in changes) <= _FOLLOW_SECONDS
    assert max(one.waited for one in changes) <= _LONGEST_WAIT_SECONDS


def test_what_one_machine_publishes_and_activates_the_other_serves_too(database_url: str, tmp_path: Path) -> None:
    """By the API of the first machine, then by the command line there; each activated the moment it is published."""
    rules_dir = write_rulebook(tmp_path / "files")
    scopes = frozenset({Scope.RULES_PUBLISH, Scope.RULES_ACTIVATE})
    key = at_database(database_url, lambda database: make_client(database, now=now(), scopes=scopes)).key
    names, changes = {load(rules_dir).version: "Open a small shop"}, list[Change]()

    with two_machines(tmp_path, database_url, rules_dir, 2) as machines, hammered(machines, _ASKED) as hammers:
        for number, doing in ((1, by_api), (2, by_command_line)):
            version = doing(Doer(database_url, machines[0].url, key, tmp_path / "here"), number)
            changes.append(change(hammers, version, time.monotonic(), Busy(os.getpid())))
            names[version] = f"Open small shop {number}"

    expect_sound(hammers, names, changes)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who publishes: with a key at a server, or at the command line of its machine."""

    database_url: str
    url: str
    key: str
    folder: Path


def by_api(doer: Doer, number: int) -> str:
    """Publish the rulebook of a number and activate it at once; its version."""
    with reaching.client(base_url=doer.url, headers={"authorization": f"Bearer {doer.key}"}) as client:
        published = client.post("/v1/releases", json={"files": numbered_files(number)})
        assert published.status_code == httpx.codes.CREATED, published.text
        version: str = published.json()["version"]
        activated = client.post(f"/v1/releases/{version}/activate")
        assert activated.status_code == httpx.codes.OK, activated.text
    return version


def by_command_line(doer: Doer, number: int) -> str:
    """The same at a machine's command line."""
    rules_dir = write_rulebook(doer.folder / "edited", files=numbered_files(number))
    program = [str(Path(sys.executable).with_name("approval-guide")), "rules"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("APG_")}
    environment = {**inherited, "APG_DATABASE_URL": doer.database_url, "APG_RULES_DIR": str(rules_dir)}

    def run(*command: str) -> str:
        whole = [*program, *command]
        done = subprocess.run(whole, env=environment, cwd=doer.folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    version: str = json.loads(run("publish", "--format", "json"))["version"]
    run("activate", version)
    return version


def test_the_whole_rulebook_changes_over_on_both_machines_in_time(database_url: str, tmp_path: Path) -> None:
    """The real law, asked the most that can be asked of it; proving it is left to other tests, for it takes minutes."""
    before = load(_RULES)
    measured = largest(before)
    name = measured.book.entry.name.zh
    changed = shutil.copytree(_RULES, tmp_path / "rules")
    file = changed / "topics" / measured.book.code / "topic.yaml"
    file.write_text(file.read_text("utf-8").replace(name, f"重新{name}"), "utf-8")
    after = load(changed)
    examined = Examined(read_files(changed), after.content_hash, {"claims": []}, ready_form(after))

    async def publish_it(database: Database) -> str:
        async with database.writing() as session:
            done = await publish(session, examined, notes="", base=None, actor=WANG, now=now())
        return done.release.version

    with two_machines(tmp_path, database_url, _RULES, 1) as machines, hammered(machines, measured.body) as hammers:
        scopes = frozenset({Scope.RULES_ACTIVATE})
        key = at_database(database_url, lambda database: make_client(database, now=now(), scopes=scopes)).key
        for hammer in hammers:
            hammer.wait_for(before.version)
        version = at_database(database_url, publish_it)
        address = f"{machines[0].url}/v1/releases/{version}/activate"
        answer = reaching.post(address, headers={"authorization": f"Bearer {key}"})
        assert answer.status_code == httpx.codes.OK, answer.text
        changes = [change(hammers, version, time.monotonic(), Busy(os.getpid()))]

    expect_sound(hammers, {before.version: name, version: f"重新{name}"}, changes)
