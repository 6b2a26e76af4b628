"""What a process answers from: at its start, when another release becomes active, and when one is asked for by name."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from app.errors import Finding, RulebookError, StorageUnavailable, UnknownRelease
from app.releases import DamagedRelease, Edition, LastServed, Source, Start, roll_back, starting_point
from app.releases.contents import open_release
from app.releases.records import ReadyForm, Stored
from app.releases.repository import find_stored
from app.rulebook import Rulebook, load
from app.storage import Database
from tests.support.make_release import (
    HOUR,
    LI,
    activate_version,
    at_once,
    make_active,
    publish_number,
)
from tests.support.make_rulebook import make_rulebook, write_rulebook
from tests.support.make_trail import MOMENT, at_database
from tests.support.release_process import Process, until, with_process


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The rulebook of the settings' folder."""
    return make_rulebook(tmp_path_factory.mktemp("files"))


# ---- changing over ----------------------------------------------------------------------------------------------


def test_without_any_activation_the_files_are_served(database_url: str, files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> tuple[str, Source]:
        await publish_number(database, 1)
        return await process.seen(), process.editions.source

    assert with_process(database_url, files, tmp_path, work) == (files.version, Source.FILES)


def test_a_process_changes_over_and_back(database_url: str, files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> list[str]:
        one = (await make_active(database, 1)).version
        first = await process.seen()
        two = (await make_active(database, 2)).version
        second = await process.seen()
        await at_once(database, roll_back, actor=LI, now=MOMENT)
        third = await process.seen()
        assert process.editions.source is Source.DATABASE
        assert process.told == [first, second, third]
        return [first == one, second == two, third == one]

    assert with_process(database_url, files, tmp_path, work) == [True, True, True]


def test_what_is_set_for_later_is_served_on_time_even_with_the_database_away(files: Rulebook, tmp_path: Path) -> None:
    file = tmp_path / "x.db"

    async def work(process: Process, database: Database) -> tuple[bool, bool]:
        await make_active(database, 1)
        two = (await publish_number(database, 2)).release.version
        await activate_version(database, two, at=MOMENT + HOUR)
        process.now = MOMENT + HOUR * 0.99
        early = await process.seen()
        await process.seen()
        await until(lambda: process.editions.at_hand(two) is not None)
        file.rename(tmp_path / "aside.db")
        process.now = MOMENT + HOUR
        return early != two, await process.seen() == two

    assert with_process(f"sqlite:///{file}", files, tmp_path, work) == (True, True)


def test_the_release_served_is_kept_on_disk(database_url: str, files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> tuple[Stored | None, Stored | None]:
        version = (await make_active(database, 1)).version
        await process.seen()
        await until(lambda: process.last_served.read() is not None)
        async with database.reading() as session:
            return process.last_served.read(), await find_stored(session, version)

    kept, stored = with_process(database_url, files, tmp_path, work)
    assert kept == stored


@pytest.mark.parametrize(
    "fault",
    [DamagedRelease("damaged"), RulebookError([Finding("rules/a.yaml", 1, 1, "unknown_key", "of a newer software")])],
    ids=["damaged", "of a newer software"],
)
def test_a_release_that_cannot_be_opened_leaves_the_one_before(
    database_url: str, files: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def refused(stored: Stored, store: Path, ready: ReadyForm | None) -> Rulebook:
        raise fault

    async def work(process: Process, database: Database) -> list[str]:
        one = (await make_active(database, 1)).version
        before = await process.seen()
        monkeypatch.setattr("app.releases.editions.open_release", refused)
        await make_active(database, 2)
        assert before == one
        return [await process.seen(), await process.seen()]

    assert len(set(with_process(database_url, files, tmp_path, work))) == 1


@pytest.mark.parametrize(("late", "is_awaited"), [(0, False), (10, True)], ids=["in time", "late"])
def test_who_asks_waits_for_a_release_that_is_late(
    files: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: int, is_awaited: bool
) -> None:
    """However slow a machine is, nobody is answered by the release before once five seconds are over."""
    may_open = threading.Event()

    def slowly(stored: Stored, store: Path, ready: ReadyForm | None) -> Rulebook:
        assert may_open.wait(60)
        return open_release(stored, store, ready)

    async def work(process: Process, database: Database) -> list[object]:
        one = (await make_active(database, 1)).version
        monkeypatch.setattr("app.releases.editions.open_release", slowly)
        process.now = MOMENT + timedelta(seconds=late)
        looking = asyncio.create_task(process.seen())
        await until(lambda: process.watch.is_changing)
        # Time enough for a timer that is due.
        await asyncio.sleep(0.2)
        awaited = process.editions.awaited
        may_open.set()
        return [
            awaited is not None,
            await looking == one,
            awaited is None or awaited.is_set(),
            process.editions.awaited,
        ]

    found = with_process(f"sqlite:///{tmp_path / 'x.db'}", files, tmp_path, work)
    assert found == [is_awaited, True, True, None]


def test_loading_many_older_releases_by_name_does_not_hold_a_change_up(
    files: Rulebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_open = threading.Event()

    def slowly(stored: Stored, store: Path, ready: ReadyForm | None) -> Rulebook:
        assert stored.version.endswith(".4") or may_open.wait(60)
        return open_release(stored, store, ready)

    async def work(process: Process, database: Database) -> bool:
        older = [(await publish_number(database, number)).release.version for number in range(3)]
        monkeypatch.setattr("app.releases.editions.open_release", slowly)
        asking = [asyncio.create_task(process.editions.named(version)) for version in older]
        await asyncio.sleep(0)
        new = (await make_active(database, 4)).version
        changed = await process.seen() == new
        may_open.set()
        await asyncio.gather(*asking)
        return changed

    assert with_process(f"sqlite:///{tmp_path / 'x.db'}", files, tmp_path, work)


# ---- by name ----------------------------------------------------------------------------------------------------


def test_a_release_is_found_by_version_and_by_content(database_url: str, files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> None:
        release = (await publish_number(database, 1)).release
        by_version = await process.editions.named(release.version)
        assert by_version is await process.editions.named(release.content_hash)
        assert (by_version.version, by_version.content_hash) == (release.version, release.content_hash)
        assert process.editions.active().version == files.version

    with_process(database_url, files, tmp_path, work)


def test_the_files_are_found_by_name_after_a_release_was_activated(files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> list[bool]:
        for number in (1, 2, 3):
            await make_active(database, number)
            await process.seen()
        found = [await process.editions.named(name) for name in (files.version, files.content_hash)]
        return [edition.version == files.version for edition in found]

    assert with_process(f"sqlite:///{tmp_path / 'x.db'}", files, tmp_path, work) == [True, True]


@pytest.mark.parametrize("name", ["2020-01-01.1", f"sha256:{'0' * 64}", "files-00000000", "../x", "", "2020-01-01.1 "])
def test_what_nobody_published_is_unknown(files: Rulebook, tmp_path: Path, name: str) -> None:
    async def work(process: Process, database: Database) -> None:
        with pytest.raises(UnknownRelease):
            await process.editions.named(name)

    with_process(f"sqlite:///{tmp_path / 'x.db'}", files, tmp_path, work)


def test_with_the_database_away_what_is_not_at_hand_is_unavailable(files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> str:
        with pytest.raises(StorageUnavailable):
            await process.editions.named("2020-01-01.1")
        with pytest.raises(UnknownRelease):
            await process.editions.named("no release is called so")
        return (await process.editions.named(files.content_hash)).version

    assert with_process(f"sqlite:///{tmp_path}", files, tmp_path, work) == files.version


def test_only_a_few_editions_are_kept(files: Rulebook, tmp_path: Path) -> None:
    async def work(process: Process, database: Database) -> list[bool]:
        versions = [(await publish_number(database, number)).release.version for number in range(4)]
        for version in versions:
            await process.editions.named(version)
        return [process.editions.at_hand(version) is not None for version in versions]

    assert with_process(f"sqlite:///{tmp_path / 'x.db'}", files, tmp_path, work) == [False, False, False, True]


def test_topics_whose_law_is_alike_are_compiled_once(files: Rulebook, tmp_path: Path) -> None:
    before = Edition.of(files)
    compiled = before.evaluator.compiled("shop")
    same = Edition.of(make_rulebook(tmp_path), like=before)

    assert same.evaluator.compiled("shop") is compiled


# ---- at the start -----------------------------------------------------------------------------------------------


def start(url: str, files: Rulebook, folder: Path) -> Start:
    return starting_point(url, lambda: files, LastServed(folder, url))


def test_a_start_takes_the_active_release(database_url: str, tmp_path: Path) -> None:
    release = at_database(database_url, lambda database: make_active(database, 1))

    def no_files() -> Rulebook:
        raise AssertionError("the files are not needed")

    begun = starting_point(database_url, no_files, LastServed(tmp_path, database_url))

    assert (begun.rulebook.version, begun.source) == (release.version, Source.DATABASE)


def test_a_start_without_any_activation_takes_the_files(database_url: str, files: Rulebook, tmp_path: Path) -> None:
    at_database(database_url, lambda database: publish_number(database, 1))

    assert start(database_url, files, tmp_path) == Start(files, Source.FILES)


def test_a_start_with_the_database_away_takes_what_was_served_last(files: Rulebook, tmp_path: Path) -> None:
    file, aside = tmp_path / "x.db", tmp_path / "aside.db"
    url = f"sqlite:///{file}"
    release = at_database(url, lambda database: make_active(database, 1))
    stored = at_database(url, lambda database: at_once(database, find_stored, release.version))
    LastServed(tmp_path, url).keep(stored)
    file.rename(aside)

    begun = start(url, files, tmp_path)

    assert (begun.rulebook.version, begun.source) == (release.version, Source.KEPT_COPY)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b'{"format": "another"}'])
def test_a_copy_that_cannot_be_read_is_none(files: Rulebook, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "last-release.json").write_bytes(content)

    assert start(f"sqlite:///{tmp_path}/none/x.db", files, tmp_path).source is Source.FILES


def test_a_copy_of_another_databases_release_is_none(tmp_path: Path) -> None:
    stored = Stored("2026-11-22.1", f"sha256:{'0' * 64}", b"x", f"sha256:{'1' * 64}")
    LastServed(tmp_path, "sqlite:///one.db").keep(stored)

    assert LastServed(tmp_path, "sqlite:///one.db").read() == stored
    assert LastServed(tmp_path, "sqlite:///two.db").read() is None


def test_a_start_with_faulty_files_says_every_finding(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path)
    (root / "topics" / "shop" / "rules.yaml").write_text("rules: [{code: x}]")

    with pytest.raises(RulebookError):
        starting_point(f"sqlite:///{tmp_path}/none/x.db", lambda: load(root), LastServed(tmp_path, "x"))
