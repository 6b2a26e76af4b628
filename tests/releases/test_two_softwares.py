"""Servers of two software versions at one database: what the other one made costs time, and nothing else."""

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar, copy_context
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import pytest

from app.evaluation import EvaluateRequest
from app.releases import make_ready, make_ready_before, roll_back
from app.releases.ready import find_ready
from app.releases.repository import find_stored
from app.rulebook import Rulebook, load_kept, reading_software
from app.storage import Database
from tests.support.make_release import DAY, LI, activate_version, at_once, make_active, publish_number
from tests.support.make_rulebook import TOPIC, make_rulebook
from tests.support.make_trail import MOMENT
from tests.support.release_process import Process, with_process

Found = TypeVar("Found")

ONE, TWO = f"{DAY}.1", f"{DAY}.2"
OURS, OTHER = reading_software(), "sha256:another"
#: The software that runs; every task has its own.
SOFTWARE: ContextVar[str] = ContextVar("software", default=OURS)
ASKED = EvaluateRequest(TOPIC, {"goods": ["tea"], "area_m2": 50}, date(2024, 3, 1), "en")


@pytest.fixture
def files_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which software had to read a release's files, in order; each task is that of its `SOFTWARE`."""
    read: list[str] = []

    def reading(path: Path, store: Path, content: str | None = None) -> Rulebook:
        read.append(SOFTWARE.get())
        return load_kept(path, store, content)

    for module in ("app.rulebook.kept", "app.releases.contents", "app.releases.ready"):
        monkeypatch.setattr(f"{module}.reading_software", SOFTWARE.get)
    monkeypatch.setattr("app.releases.contents.load_kept", reading)
    return read


async def by_another(work: Coroutine[Any, Any, Found]) -> Found:
    """Return what the work gives where the other software does it, with all that it leaves to be done."""
    context = copy_context()
    context.run(SOFTWARE.set, OTHER)
    return await asyncio.get_running_loop().create_task(work, context=context)


async def is_ready(database: Database, version: str) -> bool:
    async with database.reading() as session:
        found = await find_stored(session, version)
    assert found is not None
    return await find_ready(database, found) is not None


def answered(process: Process) -> tuple[str, bytes]:
    """The release that answers, and an answer by it."""
    edition = process.editions.active()
    return edition.version, edition.evaluator.evaluate(ASKED, MOMENT.date()).body


def test_what_another_software_published_is_read_from_its_files_and_answered_alike(
    database_url: str, tmp_path: Path, files_read: list[str]
) -> None:
    async def work(ours: Process, database: Database) -> list[tuple[str, bytes]]:
        other = Process(database, make_rulebook(tmp_path / "b"), tmp_path / "b")
        await make_active(database, 1)
        await ours.seen()
        await by_another(other.seen())
        found = [answered(ours), answered(other)]
        await other.watch.close()
        return found

    mine, theirs = with_process(database_url, make_rulebook(tmp_path), tmp_path, work)

    assert mine == theirs
    assert mine[0] == ONE
    assert files_read == [OTHER]


def test_either_software_activates_and_takes_back_for_both(
    database_url: str, tmp_path: Path, files_read: list[str]
) -> None:
    """Each has its own form of the release that is active, and lets the other's be."""

    async def work(ours: Process, database: Database) -> list[Any]:
        other = Process(database, make_rulebook(tmp_path / "b"), tmp_path / "b")
        await make_active(database, 1)
        await publish_number(database, 2)
        ready = await by_another(make_ready(database, TWO, tmp_path / "b" / "state"))
        await by_another(activate_version(database, TWO, ready=ready))
        activated = [await ours.seen(), await by_another(other.seen()), answered(ours) == answered(other)]
        forms = [await is_ready(database, TWO), await by_another(is_ready(database, TWO))]
        back = await make_ready_before(database, tmp_path / "state", MOMENT)
        await at_once(database, roll_back, actor=LI, now=MOMENT, ready=back)
        taken_back = [await ours.seen(), await by_another(other.seen()), answered(ours) == answered(other)]
        await other.watch.close()
        return [activated, forms, taken_back]

    assert with_process(database_url, make_rulebook(tmp_path), tmp_path, work) == [
        [TWO, TWO, True],
        [True, True],
        [ONE, ONE, True],
    ]
    assert set(files_read) == {OTHER}


def test_two_softwares_of_one_machine_share_its_store(tmp_path: Path, files_read: list[str]) -> None:
    """While a new one takes the place of the old, each finds there what it made itself."""

    async def work(ours: Process, database: Database) -> list[tuple[str, bytes]]:
        await make_active(database, 1)
        processes = [ours, *(Process(database, make_rulebook(tmp_path / str(number)), tmp_path) for number in (2, 3))]
        await ours.seen()
        await by_another(processes[1].seen())
        await by_another(processes[2].seen())
        found = [answered(process) for process in processes]
        for process in processes[1:]:
            await process.watch.close()
        return found

    first, *others = with_process(f"sqlite:///{tmp_path / 'x.db'}", make_rulebook(tmp_path), tmp_path, work)

    assert others == [first, first]
    assert files_read == [OTHER]
