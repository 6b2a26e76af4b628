"""The gate: who comes in, who does not and why, what it costs the database, and how soon a revoked key stops."""

import asyncio
import base64
import hmac
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import TypeVar

import pytest

from app.clients import Gate, Issued, Scope, find_client, gate, repository, revoke_client, revoke_key, rotate_key
from app.clients.keys import new_key
from app.clients.repository import Held
from app.errors import AccessError, AppError, Forbidden, RateLimited, StorageUnavailable, Unauthorized
from app.storage import Database
from tests.support.make_client import make_client
from tests.support.make_trail import MOMENT, WANG, at_database
from tests.support.processes import Busy

T = TypeVar("T")
_BATCH = Scope.BATCH
#: What the database has no part in need not be tried on both.
_ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Door:
    """A gate whose clocks stand still until they are moved."""

    def __init__(self, database: Database, *, per_minute: int = 0) -> None:
        self.now = MOMENT
        self.gate = Gate(
            database,
            requests_per_minute=per_minute,
            now=lambda: self.now,
            seconds=self._seconds,
        )

    def _seconds(self) -> float:
        return (self.now - datetime(2026, 1, 1, tzinfo=UTC)).total_seconds()

    def later(self, **passed: float) -> None:
        """Let time pass."""
        self.now += timedelta(**passed)

    async def refusal(self, key: str, wanted: Scope = _BATCH) -> AppError | None:
        """Why a key is refused, None where it is not."""
        try:
            await self.gate.admit(key, wanted)
        except (AccessError, StorageUnavailable) as error:
            return error
        return None


def at_gate(url: str, work: Callable[[Database, Door], Awaitable[T]], *, per_minute: int = 0) -> T:
    """What the work gives, done at a door that is closed afterwards."""

    async def whole(database: Database) -> T:
        door = Door(database, per_minute=per_minute)
        try:
            return await work(database, door)
        finally:
            await door.gate.close()

    return at_database(url, whole)


@pytest.fixture
def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the keys that the database was asked about."""
    asked: list[str] = []
    find = repository.find_held

    async def counted(session: object, key: object) -> Held | None:
        asked.append(key.key_id)  # type: ignore[attr-defined]
        return await find(session, key)  # type: ignore[arg-type]

    monkeypatch.setattr(repository, "find_held", counted)
    return asked


def _variant(error: AppError | None) -> object:
    assert isinstance(error, Unauthorized)
    return error.params.get("variant")


def test_a_valid_key_tells_who_comes(database_url: str) -> None:
    async def work(database: Database, door: Door) -> None:
        issued = await make_client(database, scopes=frozenset({Scope.BATCH, Scope.PLACES}))

        caller = await door.gate.admit(issued.key, Scope.PLACES)

        assert (caller.client, caller.name, caller.key_id) == ("hall", "Hall", issued.key_id)
        assert caller.scopes == {Scope.BATCH, Scope.PLACES}
        assert str(caller.actor) == f"client:hall/{issued.key_id}"

    at_gate(database_url, work)


def test_a_key_opens_its_scopes_and_nothing_else(database_url: str) -> None:
    async def work(database: Database, door: Door) -> AppError | None:
        issued = await make_client(database)
        return await door.refusal(issued.key, Scope.RULES_PUBLISH)

    refused = at_gate(database_url, work)

    assert isinstance(refused, Forbidden)
    assert refused.params["scope"] == "rules:publish"


def test_an_unknown_key_id_and_a_wrong_secret_are_refused_alike(database_url: str) -> None:
    async def work(database: Database, door: Door) -> list[AppError | None]:
        issued = await make_client(database)
        forged = _named(issued.key_id)
        return [await door.refusal(key) for key in (forged, new_key().text, "apg_x", issued.key[:-1])]

    refused = at_gate(database_url, work)

    assert [type(error) for error in refused] == [Unauthorized] * 4
    assert {(error.detail, str(error.params)) for error in refused if error} == {
        ("this is no valid key", "{'variant': 'unknown'}")
    }


def _named(key_id: str) -> str:
    """A key with a given id and another secret, its checksum right."""
    padded = base64.b32decode(key_id.upper())
    drawn = iter([padded, b"\x07" * 32])
    return new_key(lambda _: next(drawn)).text


@_ON_SQLITE
def test_every_comparison_is_over_all_bytes_and_made_for_unknown_ids_too(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[int, int]] = []

    class Watched:
        @staticmethod
        def compare_digest(one: bytes, other: bytes) -> bool:
            compared.append((len(one), len(other)))
            return hmac.compare_digest(one, other)

    async def work(database: Database, door: Door) -> None:
        issued = await make_client(database)
        monkeypatch.setattr(gate, "hmac", Watched)
        await door.refusal(new_key().text)
        unknown = list(compared)
        compared.clear()
        await door.refusal(_named(issued.key_id))
        assert unknown == [(32, 32)]
        assert compared == [(32, 32)]

    at_gate(database_url, work)


@_ON_SQLITE
def test_no_key_at_all_is_told_apart_from_a_wrong_one(database_url: str) -> None:
    async def work(database: Database, door: Door) -> AppError | None:
        return await door.refusal("")

    assert _variant(at_gate(database_url, work)) is None


@_ON_SQLITE
def test_whoever_holds_the_very_key_hears_what_is_wrong_with_it(database_url: str) -> None:
    async def work(database: Database, door: Door) -> list[object]:
        issued = await make_client(database, key_life=timedelta(days=1))
        short = await make_client(database, "short", expires_at=MOMENT + timedelta(hours=1))
        gone = await make_client(database, "gone")
        async with database.writing() as session:
            await revoke_client(session, gone.client.code, WANG, MOMENT)
        before = [await door.refusal(one.key) for one in (issued, short)]
        assert before == [None, None]
        door.later(days=1)
        return [_variant(await door.refusal(one.key)) for one in (issued, short, gone)]

    assert at_gate(database_url, work) == ["expired", "expired", "revoked"]


@_ON_SQLITE
def test_a_key_that_expires_is_refused_at_that_very_moment_also_from_memory(database_url: str) -> None:
    async def work(database: Database, door: Door) -> list[bool]:
        issued = await make_client(database, key_life=timedelta(seconds=60))
        door.now = MOMENT.replace(microsecond=0) + timedelta(seconds=59)
        just_before = await door.refusal(issued.key)
        door.later(seconds=1)
        return [just_before is None, _variant(await door.refusal(issued.key)) == "expired"]

    assert at_gate(database_url, work) == [True, True]


def test_a_revoked_key_stops_within_five_seconds(database_url: str) -> None:
    async def work(database: Database, door: Door) -> list[object]:
        issued = await make_client(database)
        assert await door.refusal(issued.key) is None
        async with database.writing() as session:
            await revoke_key(session, issued.client.code, issued.key_id, WANG, MOMENT)
        door.later(seconds=5)
        return [_variant(await door.refusal(issued.key))]

    assert at_gate(database_url, work) == ["revoked"]
    assert gate.CHECKED_SECONDS < 5


def test_a_revoked_key_stops_in_another_process_too_by_the_clock_on_the_wall(database_url: str) -> None:
    """Two gates with databases of their own, as two workers have; real time."""

    async def work(database: Database) -> float:
        issued = await make_client(database, now=datetime.now(UTC))
        elsewhere = Database(database_url)
        worker = Gate(elsewhere)
        await worker.admit(issued.key, _BATCH)
        async with database.writing() as session:
            await revoke_client(session, issued.client.code, WANG, datetime.now(UTC))
        began, busy = monotonic(), Busy(os.getpid())
        with pytest.raises(Unauthorized, match="revoked"):
            await _admit_for_ever(worker, issued.key)
        passed = monotonic() - began - busy.seconds()
        await worker.close()
        await elsewhere.close()
        return passed

    assert at_database(database_url, work) < 5


async def _admit_for_ever(worker: Gate, key: str) -> None:
    while True:
        await worker.admit(key, _BATCH)
        await asyncio.sleep(0.05)


def test_the_database_is_asked_once_in_two_seconds_and_not_with_every_request(
    database_url: str, looked_up: list[str]
) -> None:
    async def work(database: Database, door: Door) -> list[int]:
        issued = await make_client(database)
        counts = []
        for passed in (0, 0.5, 1, 0.6):
            door.later(seconds=passed)
            await door.gate.admit(issued.key, _BATCH)
            counts.append(len(looked_up))
        return counts

    assert at_gate(database_url, work) == [1, 1, 1, 2]


@_ON_SQLITE
def test_a_flood_of_invented_keys_pushes_no_good_one_out_and_does_not_grow(
    database_url: str, looked_up: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "_MOST_REMEMBERED", 8)

    async def work(database: Database, door: Door) -> int:
        issued = await make_client(database)
        await door.gate.admit(issued.key, _BATCH)
        await asyncio.gather(*(door.refusal(new_key().text) for _ in range(40)))
        looked_up.clear()
        await door.gate.admit(issued.key, _BATCH)
        return len(door.gate._bad)

    assert at_gate(database_url, work) == 8
    assert looked_up == []


def test_with_the_database_away_a_key_just_checked_still_opens_and_another_is_told_so(tmp_path: object) -> None:
    async def work(database: Database, door: Door) -> list[AppError | None]:
        issued = await make_client(database)
        await door.gate.admit(issued.key, _BATCH)
        await door.gate.close()
        path = database.address.path
        assert path is not None
        path.rename(path.with_suffix(".away"))
        still = await door.refusal(issued.key)
        door.later(seconds=3)
        return [still, await door.refusal(issued.key)]

    still, then = at_gate(f"sqlite:///{tmp_path}/x.db", work)

    assert still is None
    assert isinstance(then, StorageUnavailable)


def _used(database: Database, issued: Issued) -> Callable[[], Awaitable[datetime | None]]:
    async def read() -> datetime | None:
        async with database.reading() as session:
            return (await find_client(session, issued.client.code)).keys[0].last_used_at

    return read


def test_the_last_use_is_noted_every_few_minutes_and_not_with_every_request(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[datetime] = []
    note = repository.note_use

    async def counted(session: object, key_id: object, now: datetime, unless_after: datetime) -> None:
        written.append(now)
        await note(session, key_id, now, unless_after)  # type: ignore[arg-type]

    monkeypatch.setattr(repository, "note_use", counted)

    async def work(database: Database, door: Door) -> list[datetime | None]:
        issued = await make_client(database)
        read, seen = _used(database, issued), []
        for passed in (0, 3, 1.9, 0.1):
            door.later(minutes=passed)
            await door.gate.admit(issued.key, _BATCH)
            await door.gate.close()
            seen.append(await read())
        return seen

    first = MOMENT.replace(microsecond=0)
    assert at_gate(database_url, work) == [first, first, first, first + timedelta(minutes=5)]
    assert len(written) == 2


def test_another_process_does_not_note_the_same_use_again(database_url: str) -> None:
    async def work(database: Database, door: Door) -> datetime | None:
        issued = await make_client(database)
        other = Door(database)
        other.later(seconds=30)
        for process in (door, other):
            await process.gate.admit(issued.key, _BATCH)
            await process.gate.close()
        return await _used(database, issued)()

    assert at_gate(database_url, work) == MOMENT.replace(microsecond=0)


@_ON_SQLITE
def test_a_client_that_asks_too_often_is_told_when_to_come_again(database_url: str) -> None:
    async def work(database: Database, door: Door) -> list[object]:
        issued = await make_client(database)
        other = await make_client(database, "other")
        first = [await door.refusal(issued.key) for _ in range(6)]
        assert first == [None] * 6
        too_many = await door.refusal(issued.key)
        assert isinstance(too_many, RateLimited)
        somebody_else = await door.refusal(other.key)
        door.later(seconds=too_many.retry_after - 1)
        still = await door.refusal(issued.key)
        door.later(seconds=1)
        return [too_many.retry_after, somebody_else, type(still), await door.refusal(issued.key)]

    assert at_gate(database_url, work, per_minute=6) == [10, None, RateLimited, None]


@_ON_SQLITE
def test_a_new_key_is_no_new_allowance_and_what_is_forbidden_counts(database_url: str) -> None:
    async def work(database: Database, door: Door) -> list[type]:
        issued = await make_client(database)
        async with database.writing() as session:
            second = await rotate_key(
                session, issued.client.code, WANG, MOMENT, old_until=MOMENT + timedelta(days=1),
                key_life=timedelta(days=9),
            )  # fmt: skip
        asked = [(issued.key, _BATCH), (issued.key, Scope.PLACES), (second.key, _BATCH)]
        return [type(await door.refusal(key, wanted)) for key, wanted in asked]

    assert at_gate(database_url, work, per_minute=2) == [type(None), Forbidden, RateLimited]
