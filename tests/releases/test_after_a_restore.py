"""A copy of the database is put back under running processes: names come to stand for other releases than before."""

from pathlib import Path
from typing import Final

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import append_entry, verify_chain
from app.errors import UnknownRelease
from app.releases import Source, find_standing
from app.rulebook import Rulebook
from app.storage import Database, back_up, restore
from tests.support.make_release import DAY, activate_version, at_once, make_active, publish_number
from tests.support.make_rulebook import make_rulebook
from tests.support.make_trail import MOMENT, WANG
from tests.support.release_process import Process, with_process

TWO: Final = f"{DAY}.2"
FORMS = pytest.mark.parametrize("name", ["copy.db", "copy.jsonl.gz"])


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The rulebook of the settings' folder."""
    return make_rulebook(tmp_path_factory.mktemp("files"))


async def put_back(database: Database, copy: Path) -> None:
    """Put a copy back as `db restore` does, which tells of it at the end of the trail."""
    await restore(database.address, copy, force=True)
    await at_once(database, _told, copy.name)


async def _told(session: AsyncSession, name: str) -> None:
    await append_entry(session, WANG, "database.restored", name, {}, MOMENT)


async def whole_trail(database: Database) -> bool:
    async with database.reading() as session:
        return (await verify_chain(session)).broken is None


def topic_name(process: Process) -> str:
    return process.editions.active().rulebook.topics["shop"].entry.name.en


@FORMS
def test_a_release_that_takes_the_name_of_one_that_is_gone_is_served(
    database_url: str, files: Rulebook, tmp_path: Path, name: str
) -> None:
    """As many releases and steps as before, under the same names, published before anybody looked: other law."""

    async def work(process: Process, database: Database) -> list[str]:
        await make_active(database, 1)
        await back_up(database.address, tmp_path / name)
        await make_active(database, 2)
        before = await process.seen(), topic_name(process)
        await put_back(database, tmp_path / name)
        await make_active(database, 3)
        after = await process.seen(), topic_name(process)
        assert await whole_trail(database)
        return [*before, *after]

    said = with_process(database_url, files, tmp_path, work)
    assert said == [TWO, "Open small shop 2", TWO, "Open small shop 3"]


def test_the_same_steps_with_no_word_of_the_restore_are_seen_too(
    database_url: str, files: Rulebook, tmp_path: Path
) -> None:
    """A copy put back by the database's own tools leaves no entry; the trail's end differs all the same."""

    async def work(process: Process, database: Database) -> list[str]:
        await make_active(database, 1)
        await back_up(database.address, tmp_path / "copy")
        await make_active(database, 2)
        before = await process.seen(), topic_name(process)
        await restore(database.address, tmp_path / "copy", force=True)
        await make_active(database, 3)
        return [*before, await process.seen(), topic_name(process)]

    said = with_process(database_url, files, tmp_path, work)
    assert said == [TWO, "Open small shop 2", TWO, "Open small shop 3"]


def test_the_release_that_was_active_in_the_copy_is_served_again(
    database_url: str, files: Rulebook, tmp_path: Path
) -> None:
    async def work(process: Process, database: Database) -> list[str]:
        one = (await make_active(database, 1)).version
        await back_up(database.address, tmp_path / "copy")
        await make_active(database, 2)
        await process.seen()
        await put_back(database, tmp_path / "copy")
        assert await process.seen() == one
        with pytest.raises(UnknownRelease):
            await process.editions.named(TWO)
        await make_active(database, 4)
        return [await process.seen(), topic_name(process), str(await whole_trail(database))]

    assert with_process(database_url, files, tmp_path, work) == [TWO, "Open small shop 4", "True"]


def test_a_name_in_a_request_stands_for_what_the_database_calls_so_now(
    database_url: str, files: Rulebook, tmp_path: Path
) -> None:
    async def work(process: Process, database: Database) -> list[str]:
        await make_active(database, 1)
        await back_up(database.address, tmp_path / "copy")
        await publish_number(database, 2)
        await process.seen()
        before = await process.editions.named(TWO)
        await put_back(database, tmp_path / "copy")
        await publish_number(database, 3)
        await process.seen()
        after = await process.editions.named(TWO)
        return [edition.rulebook.topics["shop"].entry.name.en for edition in (before, after)]

    assert with_process(database_url, files, tmp_path, work) == ["Open small shop 2", "Open small shop 3"]


def test_a_copy_in_which_nothing_is_active_brings_the_files_back(
    database_url: str, files: Rulebook, tmp_path: Path
) -> None:
    async def work(process: Process, database: Database) -> list[object]:
        await publish_number(database, 1)
        await back_up(database.address, tmp_path / "copy")
        await activate_version(database, f"{DAY}.1")
        served = await process.seen()
        await put_back(database, tmp_path / "copy")
        again, source = await process.seen(), process.editions.source
        await activate_version(database, f"{DAY}.1")
        async with database.reading() as session:
            standing = await find_standing(session, f"{DAY}.1", MOMENT)
        return [served, again, source, await process.seen(), process.editions.source, standing.state.value]

    one = f"{DAY}.1"
    assert with_process(database_url, files, tmp_path, work) == [
        one, files.version, Source.FILES, one, Source.DATABASE, "active",
    ]  # fmt: skip
