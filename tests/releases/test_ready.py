"""Ready forms: made with a release, taken by the same software alone, vouched for by the trail, let go of in time."""

import hashlib
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.audit import recent_entries
from app.releases import make_ready, make_ready_before, roll_back
from app.releases.contents import open_release, ready_form
from app.releases.ready import find_ready
from app.releases.records import ReadyForm, Stored
from app.releases.repository import find_stored
from app.rulebook import Rulebook, as_lean_bytes
from app.storage import Database, back_up, restore
from tests.support.make_release import (
    DAY,
    HOUR,
    LI,
    activate_version,
    as_examined,
    at_once,
    make_active,
    numbered_files,
    publish_number,
)
from tests.support.make_rulebook import make_rulebook
from tests.support.make_trail import MOMENT, at_database
from tests.support.release_process import Process, with_process

ONE, TWO, THREE, FOUR = (f"{DAY}.{number}" for number in range(1, 5))


def not_read(*_: object) -> Rulebook:
    raise AssertionError("the files were read although the release was ready")


async def stored(database: Database, version: str) -> Stored:
    async with database.reading() as session:
        found = await find_stored(session, version)
    assert found is not None
    return found


async def which_are_ready(database: Database, *versions: str) -> list[str]:
    return [version for version in versions if await find_ready(database, await stored(database, version))]


async def told_of(database: Database, version: str) -> list[tuple[str, Any]]:
    """What the trail says of a release's ready forms, oldest first."""
    async with database.reading() as session:
        entries = await recent_entries(session, 100, subject=version)
    return [(entry.action.partition(".")[2], entry.details_read.get("ready")) for entry in reversed(entries)]


async def execute(database: Database, statement: str, **given: object) -> None:
    await at_once(database, lambda session: session.execute(text(statement), given))


# ---- taken --------------------------------------------------------------------------------------------------------


def test_a_machine_that_never_saw_a_release_has_it_without_reading_a_file(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work(process: Process, database: Database) -> tuple[str, str]:
        await make_active(database, 1)
        monkeypatch.setattr("app.releases.contents.load_kept", not_read)
        return await process.seen(), process.editions.active().rulebook.topics["shop"].entry.name.en

    files = make_rulebook(tmp_path)
    assert with_process(database_url, files, tmp_path, work) == (ONE, "Open small shop 1")


def test_the_next_process_of_that_machine_finds_it_on_its_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work(process: Process, database: Database) -> str:
        await make_active(database, 1)
        first = await process.seen()
        found = await stored(database, ONE)
        monkeypatch.setattr("app.releases.contents.load_kept", not_read)
        monkeypatch.setattr("app.releases.contents.from_lean_bytes", not_read)
        assert open_release(found, tmp_path / "state").version == first
        return first

    assert with_process(f"sqlite:///{tmp_path / 'x.db'}", make_rulebook(tmp_path), tmp_path, work) == ONE


@pytest.fixture(scope="module")
def sound() -> ReadyForm:
    """The ready form of number 1."""
    ready = as_examined(numbered_files(1)).ready
    assert ready is not None
    return ready


def other_law() -> ReadyForm:
    """The law of number 2, which says it were that of number 1."""
    examined = as_examined(numbered_files(2))
    assert examined.ready is not None
    return replace(examined.ready, content_hash=as_examined(numbered_files(1)).content_hash)


def with_bytes(ready: ReadyForm, packed: bytes) -> ReadyForm:
    """The form with other bytes, and a digest that fits them."""
    return replace(ready, packed=packed, digest=f"sha256:{hashlib.sha256(packed).hexdigest()}")


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda ready: replace(ready, software="sha256:another"),
        lambda ready: replace(ready, digest=f"sha256:{'0' * 64}"),
        lambda ready: with_bytes(ready, b"no zlib"),
        lambda ready: with_bytes(ready, zlib.compress(b"no rulebook")),
        lambda ready: with_bytes(ready, ready.packed[:-200]),
        lambda ready: other_law(),
    ],
    ids=["other software", "wrong digest", "not packed", "no rulebook", "cut off", "of another release"],
)
def test_a_form_that_is_not_to_be_used_is_passed_over_and_the_files_are_read(
    tmp_path: Path, sound: ReadyForm, spoilt: Any
) -> None:
    found = at_database(f"sqlite:///{tmp_path / 'x.db'}", _published_one)

    opened = open_release(found, tmp_path / "store", spoilt(sound))

    assert opened.topics["shop"].entry.name.en == "Open small shop 1"


async def _published_one(database: Database) -> Stored:
    await publish_number(database, 1)
    return await stored(database, ONE)


def test_a_form_that_the_trail_does_not_name_is_not_there(database_url: str, sound: ReadyForm, tmp_path: Path) -> None:
    """Whoever can write this table alone cannot change the law that is served."""

    async def work(database: Database) -> list[list[str]]:
        await publish_number(database, 1)
        before = await which_are_ready(database, ONE)
        rulebook = replace(make_rulebook(tmp_path), content_hash=sound.content_hash)
        forged = ready_form(rulebook)
        change = "UPDATE ready_forms SET packed = :packed, digest = :digest"
        await execute(database, change, packed=forged.packed, digest=forged.digest)
        return [before, await which_are_ready(database, ONE)]

    assert at_database(database_url, work) == [[ONE], []]


def test_with_the_table_missing_a_release_is_read_from_its_files(database_url: str, tmp_path: Path) -> None:
    """A server that is newer than its database still answers by the active release."""

    async def work(process: Process, database: Database) -> str:
        await make_active(database, 1)
        await execute(database, "DROP TABLE ready_forms")
        return await process.seen()

    assert with_process(database_url, make_rulebook(tmp_path), tmp_path, work) == ONE


# ---- made and let go of -------------------------------------------------------------------------------------------


def test_publishing_keeps_the_form_and_the_trail_names_it(database_url: str, sound: ReadyForm) -> None:
    async def work(database: Database) -> list[tuple[str, Any]]:
        await make_active(database, 1)
        assert await find_ready(database, await stored(database, ONE)) == sound
        return await told_of(database, ONE)

    assert at_database(database_url, work) == [("published", sound.digest), ("activated", None)]


def test_what_may_be_active_next_stays_ready_and_nothing_else(database_url: str) -> None:
    async def work(database: Database) -> list[list[str]]:
        versions = ONE, TWO, THREE, FOUR
        found = []
        for number in (1, 2, 3):
            await make_active(database, number)
        found.append(await which_are_ready(database, *versions[:3]))
        await publish_number(database, 4)
        await activate_version(database, FOUR, at=MOMENT + HOUR)
        await publish_number(database, 5)
        found.append(await which_are_ready(database, *versions))
        await at_once(database, roll_back, actor=LI, now=MOMENT)
        return [*found, await which_are_ready(database, *versions)]

    assert at_database(database_url, work) == [[TWO, THREE], [TWO, THREE, FOUR], [TWO]]


def test_an_activation_makes_ready_what_is_not(database_url: str, tmp_path: Path) -> None:
    async def work(database: Database) -> list[Any]:
        await publish_number(database, 1)
        await publish_number(database, 2)
        before = await which_are_ready(database, ONE)
        ready = await make_ready(database, ONE, tmp_path / "store")
        await activate_version(database, ONE, ready=ready)
        again = await make_ready(database, ONE, tmp_path / "store")
        told = [action for action, digest in await told_of(database, ONE) if digest]
        return [before, await which_are_ready(database, ONE), again, told]

    assert at_database(database_url, work) == [[], [ONE], None, ["published", "activated"]]


def test_a_rollback_makes_ready_what_another_software_had_published(database_url: str, tmp_path: Path) -> None:
    async def work(database: Database) -> list[Any]:
        await make_active(database, 1)
        await make_active(database, 2)
        await execute(database, "UPDATE ready_forms SET software = 'sha256:before'")
        before = await which_are_ready(database, ONE)
        ready = await make_ready_before(database, tmp_path / "store", MOMENT)
        await at_once(database, roll_back, actor=LI, now=MOMENT, ready=ready)
        return [before, await which_are_ready(database, ONE)]

    assert at_database(database_url, work) == [[], [ONE]]


def test_the_form_of_a_release_that_is_not_the_one_activated_is_left_aside(database_url: str) -> None:
    async def work(database: Database) -> list[tuple[str, Any]]:
        await publish_number(database, 1)
        await publish_number(database, 2)
        await activate_version(database, ONE, ready=as_examined(numbered_files(2)).ready)
        return (await told_of(database, ONE))[1:]

    assert at_database(database_url, work) == [("activated", None)]


def test_nothing_is_made_ready_for_a_name_that_nobody_published(database_url: str, tmp_path: Path) -> None:
    assert at_database(database_url, lambda database: make_ready(database, ONE, tmp_path)) is None


@pytest.mark.parametrize("name", ["copy.db", "copy.jsonl.gz"])
def test_a_copy_holds_the_ready_forms_too(database_url: str, tmp_path: Path, name: str) -> None:
    async def work(database: Database) -> list[Any]:
        await make_active(database, 1)
        made = await back_up(database.address, tmp_path / name)
        await make_active(database, 2)
        await restore(database.address, tmp_path / name, force=True)
        return [made.rows["ready_forms"], await which_are_ready(database, ONE)]

    assert at_database(database_url, work) == [1, [ONE]]


def test_the_form_is_a_fraction_of_what_reading_gives(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path)

    assert len(ready_form(rulebook).packed) < len(as_lean_bytes(rulebook)) / 2
