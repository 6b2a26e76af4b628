"""Publishing, activating, going back: on both databases, each with its entry in the trail."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import recent_entries
from app.errors import AccessError, AppError, InvalidRequest, StaleRelease, UnknownRelease
from app.releases import (
    ReleaseState,
    StepKind,
    find_files,
    find_same,
    find_standing,
    publish,
    releases,
    roll_back,
    withdraw,
)
from app.releases.service import AlreadyScheduled, NothingToTakeBack
from app.storage import Database
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
from tests.support.make_trail import MOMENT, WANG, at_database

ONE, TWO, THREE = f"{DAY}.1", f"{DAY}.2", f"{DAY}.3"


async def states(database: Database, now: datetime = MOMENT) -> dict[str, str]:
    """How each release stands, oldest first."""
    async with database.reading() as session:
        return {one.release.version: one.state.value for one in reversed(await releases(session, now))}


def test_a_release_is_named_after_its_day_in_china_and_counted(database_url: str) -> None:
    async def work(database: Database) -> list[str]:
        evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # half past midnight of the 23rd in China
        moments = (MOMENT, MOMENT, evening)
        return [(await publish_number(database, number, now)).release.version for number, now in enumerate(moments)]

    assert at_database(database_url, work) == [ONE, TWO, "2026-11-23.1"]


def test_what_is_published_comes_back_to_the_letter(database_url: str) -> None:
    async def work(database: Database) -> tuple[dict[str, str], str | None]:
        published = (await publish_number(database, 1)).release
        async with database.reading() as session:
            same = await find_same(session, numbered_files(1))
            return await find_files(session, published.content_hash), same and same.version

    assert at_database(database_url, work) == (numbered_files(1), ONE)


def test_the_same_rules_published_again_are_the_same_release(database_url: str) -> None:
    async def work(database: Database) -> tuple[bool, str, dict[str, str]]:
        await publish_number(database, 1)
        again = await publish_number(database, 1, MOMENT + HOUR, notes="once more")
        return again.is_new, again.release.version, await states(database)

    assert at_database(database_url, work) == (False, ONE, {ONE: "published"})


def test_an_activation_counts_at_once_and_retires_the_release_before(database_url: str) -> None:
    async def work(database: Database) -> dict[str, str]:
        await make_active(database, 1)
        await make_active(database, 2)
        return await states(database)

    assert at_database(database_url, work) == {ONE: "retired", TWO: "active"}


def test_a_release_made_from_another_than_is_active_is_refused_until_that_is_named(database_url: str) -> None:
    """Two clerks start from the same release; the second would take the first one's change back in silence."""

    async def work(database: Database) -> dict[str, str]:
        await make_active(database, 1)
        await publish_number(database, 2)
        await publish_number(database, 3)
        await activate_version(database, TWO)
        with pytest.raises(StaleRelease) as caught:
            await activate_version(database, THREE)
        assert caught.value.params == {"expected": ONE, "actual": TWO}
        await activate_version(database, THREE, replaces=TWO)
        return await states(database)

    assert at_database(database_url, work) == {ONE: "retired", TWO: "retired", THREE: "active"}


def test_publishing_from_a_base_that_is_no_longer_active_is_refused(database_url: str) -> None:
    async def work(database: Database) -> dict[str, str]:
        await make_active(database, 1)
        await make_active(database, 2)
        with pytest.raises(StaleRelease):
            await publish_number(database, 3, base=ONE)
        await publish_number(database, 3, base=TWO)
        return await states(database)

    assert at_database(database_url, work) == {ONE: "retired", TWO: "active", THREE: "published"}


def test_an_activation_set_for_later_counts_from_its_moment(database_url: str) -> None:
    async def work(database: Database) -> list[dict[str, str]]:
        await make_active(database, 1)
        await publish_number(database, 2)
        step = await activate_version(database, TWO, at=MOMENT + HOUR)
        assert (step.kind, step.effective_at) == (StepKind.SCHEDULED, MOMENT + HOUR)
        moments = (MOMENT, MOMENT + HOUR - timedelta(seconds=1), MOMENT + HOUR)
        return [await states(database, moment) for moment in moments]

    before, after = {ONE: "active", TWO: "scheduled"}, {ONE: "retired", TWO: "active"}
    assert at_database(database_url, work) == [before, before, after]


def test_nothing_is_activated_in_front_of_what_is_set_for_later(database_url: str) -> None:
    async def work(database: Database) -> dict[str, str]:
        await make_active(database, 1)
        await publish_number(database, 2)
        await publish_number(database, 3)
        await activate_version(database, TWO, at=MOMENT + HOUR)
        with pytest.raises(AlreadyScheduled):
            await activate_version(database, THREE)
        await at_once(database, withdraw, TWO, actor=LI, now=MOMENT)
        await activate_version(database, THREE)
        return await states(database, MOMENT + 2 * HOUR)

    assert at_database(database_url, work) == {ONE: "retired", TWO: "published", THREE: "active"}


def test_saying_the_same_twice_changes_nothing(database_url: str) -> None:
    async def work(database: Database) -> tuple[int, int]:
        await make_active(database, 1)
        again = await activate_version(database, ONE, MOMENT + HOUR)
        await publish_number(database, 2)
        first = await activate_version(database, TWO, at=MOMENT + HOUR)
        second = await activate_version(database, TWO, at=MOMENT + HOUR)
        return again.number, second.number - first.number

    assert at_database(database_url, work) == (1, 0)


def test_going_back_twice_goes_two_releases_back(database_url: str) -> None:
    async def work(database: Database) -> list[str]:
        for number in (1, 2, 3):
            await make_active(database, number)
        first = await at_once(database, roll_back, actor=LI, now=MOMENT)
        second = await at_once(database, roll_back, actor=LI, now=MOMENT, active=TWO)
        with pytest.raises(NothingToTakeBack):
            await at_once(database, roll_back, actor=LI, now=MOMENT)
        return [first.step.version, second.step.version]

    assert at_database(database_url, work) == [TWO, ONE]


def test_two_who_go_back_at_once_go_back_one_release(database_url: str) -> None:
    async def work(database: Database) -> dict[str, str]:
        for number in (1, 2, 3):
            await make_active(database, number)
        await at_once(database, roll_back, actor=LI, now=MOMENT, active=THREE)
        with pytest.raises(StaleRelease):
            await at_once(database, roll_back, actor=WANG, now=MOMENT, active=THREE)
        return await states(database)

    assert at_database(database_url, work) == {ONE: "retired", TWO: "active", THREE: "retired"}


def test_going_back_withdraws_what_was_set_for_later(database_url: str) -> None:
    async def work(database: Database) -> tuple[tuple[str, ...], dict[str, str]]:
        await make_active(database, 1)
        await make_active(database, 2)
        await publish_number(database, 3)
        await activate_version(database, THREE, at=MOMENT + HOUR)
        done = await at_once(database, roll_back, actor=LI, now=MOMENT)
        return done.withdrawn, await states(database, MOMENT + 2 * HOUR)

    assert at_database(database_url, work) == ((THREE,), {ONE: "active", TWO: "retired", THREE: "published"})


def test_with_the_two_person_rule_somebody_else_activates(database_url: str) -> None:
    async def work(database: Database) -> dict[str, str]:
        await publish_number(database, 1)
        with pytest.raises(AccessError) as caught:
            await activate_version(database, ONE, actor=WANG, two_persons=True)
        assert caught.value.params["variant"] == "two_persons"
        await activate_version(database, ONE, actor=LI, two_persons=True)
        return await states(database)

    assert at_database(database_url, work) == {ONE: "active"}


@pytest.mark.parametrize("moment", [MOMENT - HOUR, MOMENT, MOMENT + timedelta(days=400)])
def test_a_moment_that_is_past_or_too_far_off_is_refused(database_url: str, moment: datetime) -> None:
    async def work(database: Database) -> None:
        await publish_number(database, 1)
        with pytest.raises(InvalidRequest) as caught:
            await activate_version(database, ONE, at=moment)
        assert [fault.pointer for fault in caught.value.faults] == ["/at"]

    at_database(database_url, work)


def test_what_nobody_published_is_unknown(database_url: str) -> None:
    async def work(database: Database) -> None:
        for unknown in (activate_version(database, ONE), at_once(database, find_standing, ONE, MOMENT)):
            with pytest.raises(UnknownRelease):
                await unknown

    at_database(database_url, work)


def test_every_step_stands_in_the_trail(database_url: str) -> None:
    async def work(database: Database) -> list[tuple[str, str, str]]:
        await make_active(database, 1)
        await make_active(database, 2)
        await publish_number(database, 3)
        await activate_version(database, THREE, at=MOMENT + HOUR)
        await at_once(database, withdraw, THREE, actor=LI, now=MOMENT)
        await at_once(database, roll_back, actor=LI, now=MOMENT)
        async with database.reading() as session:
            entries = await recent_entries(session, 20)
        return [(entry.action.partition(".")[2], entry.subject, entry.actor) for entry in reversed(entries)]

    assert at_database(database_url, work) == [
        ("published", ONE, "operator:wang"),
        ("activated", ONE, "operator:li"),
        ("published", TWO, "operator:wang"),
        ("activated", TWO, "operator:li"),
        ("published", THREE, "operator:wang"),
        ("scheduled", THREE, "operator:li"),
        ("withdrawn", THREE, "operator:li"),
        ("rolled_back", ONE, "operator:li"),
    ]


def test_a_step_that_fails_leaves_neither_itself_nor_an_entry(database_url: str) -> None:
    async def work(database: Database) -> tuple[dict[str, str], int]:
        await make_active(database, 1)
        with pytest.raises(RuntimeError, match="the power goes"):
            await at_once(database, published_and_lost)
        async with database.reading() as session:
            return await states(database), len(await recent_entries(session, 20))

    assert at_database(database_url, work) == ({ONE: "active"}, 2)


async def published_and_lost(session: AsyncSession) -> None:
    """Publishes, and ends by an error before the unit of work does."""
    await publish(session, as_examined(numbered_files(2)), notes="", base=None, actor=WANG, now=MOMENT)
    raise RuntimeError("the power goes")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE releases SET notes = 'another'",
        "DELETE FROM release_steps",
        "UPDATE release_steps SET version = '2026-11-22.2'",
    ],
)
def test_the_database_itself_keeps_releases_as_they_are(database_url: str, statement: str) -> None:
    async def work(database: Database) -> dict[str, str]:
        await make_active(database, 1)
        await publish_number(database, 2)
        with pytest.raises((IntegrityError, DBAPIError, AppError)):
            await at_once(database, lambda session: session.execute(text(statement)))
        return await states(database)

    assert at_database(database_url, work) == {ONE: "active", TWO: "published"}


def test_a_release_tells_its_own_steps_and_since_when_it_is_active(database_url: str) -> None:
    async def work(database: Database) -> None:
        await make_active(database, 1)
        await make_active(database, 2, MOMENT + HOUR)
        async with database.reading() as session:
            one, two = [await find_standing(session, version, MOMENT + HOUR) for version in (ONE, TWO)]
        assert (one.state, one.active_from, len(one.steps)) == (ReleaseState.RETIRED, None, 1)
        assert (two.state, two.active_from) == (ReleaseState.ACTIVE, MOMENT + HOUR)
        assert two.release.certificate["release"] == {"version": TWO, "content_hash": two.release.content_hash}

    at_database(database_url, work)
