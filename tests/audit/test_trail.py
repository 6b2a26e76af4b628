"""The trail on both databases: appended in one chain however many append, refused to be changed, cheating found."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import (
    GENESIS,
    Actor,
    BreakKind,
    BrokenTrail,
    ChainReport,
    Entry,
    Head,
    append_entry,
    recent_entries,
    verify_chain,
)
from app.storage import Address, Database, back_up, restore
from tests.support.make_trail import MOMENT, WANG, append, at_database, cheat, cheat_in


async def _verified(database: Database, expected: Head | None = None) -> ChainReport:
    async with database.reading() as session:
        return await verify_chain(session, expected)


@pytest.fixture(scope="module")
def trail_of_four(shared_database_url: str) -> str:
    """The address of a database whose trail has four entries, which every test leaves as they are."""

    async def fill(database: Database) -> None:
        for turn in range(4):
            await append(database, f"r{turn}", turn=turn)

    at_database(shared_database_url, fill)
    return shared_database_url


async def _newest(database: Database, **wanted: str) -> list[Entry]:
    async with database.reading() as session:
        return await recent_entries(session, 10, **wanted)


def test_entries_come_back_newest_first_and_chained(database_url: str) -> None:
    async def work(database: Database) -> tuple[list[Entry], list[Entry], ChainReport]:
        written = [await append(database, f"r{number}", note="首发") for number in range(3)]
        return written, await _newest(database), await _verified(database)

    written, read, report = at_database(database_url, work)

    assert read == written[::-1]
    assert [entry.previous_hash for entry in written] == [GENESIS, written[0].hash, written[1].hash]
    assert read[0].details_read == {"note": "首发"}
    assert read[0].moment == MOMENT
    assert (report.entries, report.head, report.broken) == (3, Head(3, written[2].hash), None)


def test_what_was_rolled_back_leaves_no_entry_and_no_gap(database_url: str) -> None:
    async def failing(database: Database) -> None:
        async with database.writing() as session:
            await append_entry(session, WANG, "release.published", "r2", {}, MOMENT)
            raise RuntimeError("something else failed")

    async def work(database: Database) -> ChainReport:
        await append(database)
        with pytest.raises(RuntimeError):
            await failing(database)
        await append(database, "r3")
        return await _verified(database)

    report = at_database(database_url, work)

    assert (report.entries, report.broken) == (2, None)


def test_two_entries_in_one_unit_of_work_follow_each_other(database_url: str) -> None:
    async def work(database: Database) -> ChainReport:
        async with database.writing() as session:
            for subject in ("r1", "r2"):
                await append_entry(session, WANG, "release.published", subject, {}, MOMENT)
        return await _verified(database)

    assert at_database(database_url, work).entries == 2


def test_twenty_who_append_at_once_make_one_chain(database_url: str) -> None:
    """Each with connections of its own, as processes have."""

    async def one(number: int) -> list[int]:
        database = Database(database_url)
        try:
            return [(await append(database, f"r{number}", turn=turn)).number for turn in range(3)]
        finally:
            await database.close()

    async def all_at_once() -> list[list[int]]:
        return await asyncio.gather(*(one(number) for number in range(20)))

    numbers = sorted(number for mine in asyncio.run(all_at_once()) for number in mine)
    report = at_database(database_url, _verified)

    assert numbers == list(range(1, 61))
    assert (report.entries, report.broken) == (60, None)


def test_the_trail_is_read_whole_while_others_append(database_url: str) -> None:
    async def work(database: Database) -> list[ChainReport]:
        await append(database)
        writing = asyncio.gather(*(append(database, f"r{number}") for number in range(30)))
        reports = [await _verified(database) for _ in range(8)]
        await writing
        return [*reports, await _verified(database)]

    reports = at_database(database_url, work)

    assert [report.broken for report in reports] == [None] * 9
    assert reports[-1].entries == 31


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET subject = 'r9' WHERE number = 2",
        "UPDATE audit_entries SET hash = hash",
        "DELETE FROM audit_entries WHERE number = 3",
        "DELETE FROM audit_entries",
        "INSERT INTO audit_entries SELECT number + 7, at, actor, action, subject, details, hash, '{f}' "
        "FROM audit_entries WHERE number = 4",
        "INSERT INTO audit_entries SELECT 5, at, actor, action, subject, details, '{f}', '{f}' "
        "FROM audit_entries WHERE number = 4",
        "INSERT INTO audit_entries SELECT 5, at, actor, action, subject, details, previous_hash, '{f}' "
        "FROM audit_entries WHERE number = 4",
        "UPDATE audit_head SET number = 3",
        "UPDATE audit_head SET number = 5",
        "UPDATE audit_head SET hash = '{f}'",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head VALUES (2, 1, '{f}')",
    ],
)
def test_the_database_itself_refuses_to_change_the_trail(trail_of_four: str, statement: str) -> None:
    async def work(database: Database) -> ChainReport:
        with pytest.raises(IntegrityError):
            async with database.writing() as session:
                await session.execute(text(statement.format(f="f" * 64)))
        return await _verified(database)

    report = at_database(trail_of_four, work)

    assert (report.entries, report.broken) == (4, None)


@pytest.mark.parametrize("shared_database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO audit_entries SELECT 2, at, 'x', action, subject, details, '{f}', '{f}' FROM audit_entries "
        "WHERE number = 2",
        "REPLACE INTO audit_head VALUES (1, 1, '{f}')",
    ],
)
def test_replacing_takes_nothing_away_unseen(trail_of_four: str, statement: str) -> None:
    """SQLite runs no trigger on DELETE for the row that gives way."""
    test_the_database_itself_refuses_to_change_the_trail(trail_of_four, statement)


@pytest.mark.postgres
@pytest.mark.parametrize("shared_database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["audit_entries", "audit_head"])
def test_emptying_at_one_stroke_is_refused(trail_of_four: str, table: str) -> None:
    test_the_database_itself_refuses_to_change_the_trail(trail_of_four, f"TRUNCATE {table}")


@pytest.mark.parametrize(
    ("statements", "number", "kind"),
    [
        (["UPDATE audit_entries SET actor = 'operator:li' WHERE number = 2"], 2, BreakKind.ALTERED),
        (["UPDATE audit_entries SET at = replace(at, '2026', '2025') WHERE number = 3"], 3, BreakKind.ALTERED),
        (["UPDATE audit_entries SET details = '{}' WHERE number = 4"], 4, BreakKind.ALTERED),
        (["DELETE FROM audit_entries WHERE number = 2"], 2, BreakKind.MISSING),
        (["DELETE FROM audit_entries WHERE number = 1"], 1, BreakKind.MISSING),
        (["DELETE FROM audit_entries WHERE number > 2"], 3, BreakKind.CUT_OFF),
        (["DELETE FROM audit_entries"], 1, BreakKind.CUT_OFF),
        (["DELETE FROM audit_head"], 4, BreakKind.HEAD_ALTERED),
        (["UPDATE audit_head SET number = 3"], 4, BreakKind.HEAD_ALTERED),
    ],
)
def test_the_owner_of_the_database_is_found_out(
    trail_of_four: str, statements: list[str], number: int, kind: BreakKind
) -> None:
    async def work(database: Database) -> tuple[ChainReport, ChainReport]:
        async with AsyncSession(database._writing_engine) as session:
            await cheat_in(session, database.address.kind, *statements)
            cheated = await verify_chain(session)
            await session.rollback()
        return cheated, await _verified(database)

    cheated, after = at_database(trail_of_four, work)

    assert cheated.broken is not None
    assert (cheated.broken.number, cheated.broken.kind) == (number, kind)
    assert after.broken is None


def test_a_trail_cut_off_with_its_head_is_found_by_the_head_kept_elsewhere(database_url: str) -> None:
    async def work(database: Database) -> tuple[ChainReport, ChainReport]:
        entries = [await append(database, f"r{turn}") for turn in range(4)]
        cut = f"UPDATE audit_head SET number = 2, hash = '{entries[1].hash}'"
        await cheat(database, "DELETE FROM audit_entries WHERE number > 2", cut)
        return await _verified(database), await _verified(database, Head(4, entries[3].hash))

    alone, with_head = at_database(database_url, work)

    assert alone.broken is None
    assert with_head.broken is not None
    assert with_head.broken.kind is BreakKind.OTHER_CHAIN


def test_nothing_is_appended_to_a_trail_whose_end_was_tampered_with(database_url: str) -> None:
    async def work(database: Database) -> int:
        await append(database)
        await append(database)
        await cheat(database, "DELETE FROM audit_entries WHERE number = 2")
        with pytest.raises(BrokenTrail):
            await append(database)
        return (await _verified(database)).entries

    assert at_database(database_url, work) == 1


def test_a_copy_takes_the_chain_along_and_it_goes_on(database_url: str, empty_url: str, tmp_path: Path) -> None:
    async def fill(database: Database) -> None:
        # More than one batch of the copy.
        async with database.writing() as session:
            for number in range(230):
                await append_entry(session, WANG, "release.published", f"r{number}", {}, MOMENT)

    async def go_on(database: Database) -> ChainReport:
        await append(database, "after")
        return await _verified(database)

    file = tmp_path / "copy.jsonl.gz"
    at_database(database_url, fill)
    asyncio.run(back_up(Address.of(database_url), file))
    asyncio.run(restore(Address.of(empty_url), file))
    report = at_database(empty_url, go_on)

    assert (report.entries, report.broken) == (231, None)


def test_entries_are_found_by_what_they_tell(database_url: str) -> None:
    async def work(database: Database) -> list[list[str]]:
        await append(database, "r1", "release.published")
        await append(database, "r1", "release.activated")
        async with database.writing() as session:
            await append_entry(session, Actor.client("hall", "k7"), "client.created", "100%_", {}, MOMENT)
        asked = ({"action": "release."}, {"action": "release"}, {"subject": "100%_"}, {"actor": "client:hall/"})
        return [[entry.action for entry in await _newest(database, **wanted)] for wanted in asked]

    assert at_database(database_url, work) == [
        ["release.activated", "release.published"],
        [],
        ["client.created"],
        ["client.created"],
    ]


@pytest.mark.parametrize(
    ("action", "subject"),
    [("published", "r1"), ("release published", "r1"), ("release.Published", "r1"), ("a.b", ""), ("a.b", "x" * 301)],
)
def test_entries_that_nobody_could_find_again_are_refused(trail_of_four: str, action: str, subject: str) -> None:
    async def work(database: Database) -> int:
        with pytest.raises(ValueError, match=r"dotted|subject"):
            await append(database, subject, action)
        return (await _verified(database)).entries

    assert at_database(trail_of_four, work) == 4
