"""The life of a client and its keys, on both databases; every step of it stands in the audit trail."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.audit import recent_entries, verify_chain
from app.clients import (
    Client,
    ClientCode,
    ClientConflict,
    ClientState,
    Issued,
    KeyState,
    Scope,
    create_client,
    find_client,
    list_clients,
    read_client_code,
    revoke_client,
    revoke_key,
    rotate_key,
)
from app.clients.keys import digest_of
from app.errors import InvalidRequest, NotFound
from app.storage import Database
from tests.support.make_client import YEAR, make_client, new_client
from tests.support.make_trail import MOMENT, WANG, at_database

_HALL = ClientCode("hall")
_NOW = MOMENT.replace(microsecond=0)
_DAY = timedelta(days=1)


async def _rotate(
    database: Database, old_until: datetime = _NOW + _DAY, now: datetime = _NOW + timedelta(seconds=1), **given: Any
) -> Issued:
    async with database.writing() as session:
        return await rotate_key(session, _HALL, WANG, now, old_until=old_until, key_life=YEAR, **given)


async def _revoke(database: Database, key_id: str | None = None, now: datetime = MOMENT) -> Client:
    async with database.writing() as session:
        if key_id is None:
            return await revoke_client(session, _HALL, WANG, now)
        return await revoke_key(session, _HALL, key_id, WANG, now)


async def _found(database: Database) -> Client:
    async with database.reading() as session:
        return await find_client(session, _HALL)


async def _trail(database: Database) -> list[tuple[str, str]]:
    async with database.reading() as session:
        assert (await verify_chain(session)).broken is None
        return [(entry.action, entry.subject) for entry in await recent_entries(session, 10)][::-1]


def test_a_client_is_kept_as_it_was_made(database_url: str) -> None:
    async def work(database: Database) -> tuple[Issued, Client, list[tuple[str, str]]]:
        scopes = frozenset({Scope.BATCH, Scope.RULES_PUBLISH})
        issued = await make_client(database, name=" 西城区大厅 ", scopes=scopes, expires_at=_NOW + 30 * _DAY)
        return issued, await _found(database), await _trail(database)

    issued, client, trail = at_database(database_url, work)

    assert issued.client == client
    assert (client.name, client.scopes) == ("西城区大厅", {Scope.BATCH, Scope.RULES_PUBLISH})
    assert (client.created_at, client.expires_at, client.revoked_at) == (_NOW, _NOW + 30 * _DAY, None)
    assert [(key.key_id, key.created_at, key.last_used_at) for key in client.keys] == [(issued.key_id, _NOW, None)]
    assert trail == [("client.created", "hall")]


def test_no_key_outlives_its_client(database_url: str) -> None:
    async def work(database: Database) -> Client:
        return (await make_client(database, expires_at=_NOW + 30 * _DAY)).client

    client = at_database(database_url, work)

    assert client.keys[0].expires_at == _NOW + 30 * _DAY
    assert client.state(_NOW + 30 * _DAY - timedelta(seconds=1)) is ClientState.ACTIVE
    assert client.state(_NOW + 30 * _DAY) is ClientState.EXPIRED


def test_only_the_hash_of_a_key_is_kept_and_the_trail_holds_none(database_url: str) -> None:
    async def work(database: Database) -> tuple[str, list[tuple[Any, ...]], str]:
        issued = await make_client(database)
        async with database.reading() as session:
            rows = [tuple(row) for row in await session.execute(text("SELECT * FROM client_keys"))]
            entries = await recent_entries(session, 5)
        return issued.key, rows, repr(entries)

    key, rows, entries = at_database(database_url, work)

    assert digest_of(key) in rows[0]
    assert key not in repr(rows) + entries
    assert key[13:65] not in repr(rows) + entries


def test_a_code_is_never_given_twice_not_even_after_the_client_is_gone(database_url: str) -> None:
    async def work(database: Database) -> list[tuple[str, str]]:
        await make_client(database)
        await _revoke(database)
        with pytest.raises(ClientConflict):
            await make_client(database)
        return await _trail(database)

    assert at_database(database_url, work) == [("client.created", "hall"), ("client.revoked", "hall")]


def test_rotating_gives_a_second_key_and_the_first_goes_on_for_a_while(database_url: str) -> None:
    async def work(database: Database) -> tuple[Issued, Issued, list[tuple[str, str]]]:
        return await make_client(database), await _rotate(database, now=_NOW + _DAY / 2), await _trail(database)

    first, second, trail = at_database(database_url, work)
    client = second.client

    assert [key.key_id for key in client.keys] == [first.key_id, second.key_id]
    assert [key.expires_at for key in client.keys] == [_NOW + _DAY, _NOW + _DAY / 2 + YEAR]
    assert len(client.valid_keys(_NOW + _DAY - timedelta(seconds=1))) == 2
    assert [key.key_id for key in client.valid_keys(_NOW + _DAY)] == [second.key_id]
    assert client.keys[0].state(_NOW + _DAY) is KeyState.EXPIRED
    assert trail == [("client.created", "hall"), ("client.key_rotated", "hall")]


def test_rotating_never_makes_an_old_key_live_longer(database_url: str) -> None:
    async def work(database: Database) -> Client:
        await make_client(database, key_life=_DAY)
        return (await _rotate(database, old_until=_NOW + 90 * _DAY)).client

    assert at_database(database_url, work).keys[0].expires_at == _NOW + _DAY


def test_a_third_valid_key_is_refused_until_one_has_ended(database_url: str) -> None:
    async def work(database: Database) -> tuple[Issued, Issued]:
        first = await make_client(database)
        await _rotate(database)
        with pytest.raises(ClientConflict, match=first.key_id):
            await _rotate(database)
        after_its_end = await _rotate(database, now=_NOW + _DAY, old_until=_NOW + 2 * _DAY)
        await _revoke(database, after_its_end.key_id, now=_NOW + _DAY)
        return after_its_end, await _rotate(database, now=_NOW + _DAY, old_until=_NOW + 2 * _DAY)

    third, fourth = at_database(database_url, work)

    assert len(third.client.valid_keys(_NOW + _DAY)) == 2
    assert third.key_id not in {key.key_id for key in fourth.client.valid_keys(_NOW + _DAY)}


def test_a_leaked_key_is_replaced_at_once(database_url: str) -> None:
    async def work(database: Database) -> Issued:
        await make_client(database)
        await _rotate(database)
        return await _rotate(database, old_until=MOMENT)

    issued = at_database(database_url, work)

    assert [key.state(_NOW) for key in issued.client.keys].count(KeyState.REVOKED) == 2
    assert [key.key_id for key in issued.client.valid_keys(_NOW)] == [issued.key_id]


def test_rotations_at_once_leave_two_valid_keys(database_url: str) -> None:
    async def attempt(number: int) -> bool:
        database = Database(database_url)
        try:
            await _rotate(database, now=MOMENT + timedelta(seconds=number))
        except ClientConflict:
            return False
        finally:
            await database.close()
        return True

    async def all_at_once(database: Database) -> tuple[list[bool], Client, list[tuple[str, str]]]:
        await make_client(database)
        won = await asyncio.gather(*(attempt(number) for number in range(8)))
        return won, await _found(database), await _trail(database)

    won, client, trail = at_database(database_url, all_at_once)

    assert won.count(True) == 1
    assert len(client.valid_keys(_NOW + timedelta(seconds=10))) == 2
    assert [action for action, _ in trail] == ["client.created", "client.key_rotated"]


def test_revoking_a_client_takes_every_key_and_happens_once(database_url: str) -> None:
    async def work(database: Database) -> tuple[Client, Client, list[tuple[str, str]]]:
        await make_client(database)
        await _rotate(database)
        gone = await _revoke(database)
        again = await _revoke(database, now=MOMENT + _DAY)
        with pytest.raises(ClientConflict, match="revoked"):
            await _rotate(database)
        return gone, again, await _trail(database)

    gone, again, trail = at_database(database_url, work)

    assert gone == again
    assert gone.state(_NOW) is ClientState.REVOKED
    assert [key.state(_NOW) for key in gone.keys] == [KeyState.REVOKED] * 2
    assert [action for action, _ in trail] == ["client.created", "client.key_rotated", "client.revoked"]


def test_revoking_one_key_leaves_the_other(database_url: str) -> None:
    async def work(database: Database) -> tuple[Issued, Client, Client]:
        first, second = await make_client(database), await _rotate(database)
        once = await _revoke(database, first.key_id)
        twice = await _revoke(database, first.key_id, now=MOMENT + _DAY)
        assert once == twice
        return second, twice, await _revoke(database, second.key_id)

    second, one_left, none_left = at_database(database_url, work)

    assert [key.key_id for key in one_left.valid_keys(_NOW)] == [second.key_id]
    assert (one_left.state(_NOW), none_left.state(_NOW)) == (ClientState.ACTIVE, ClientState.WITHOUT_KEY)


def test_an_expired_client_gets_no_new_key(database_url: str) -> None:
    async def work(database: Database) -> None:
        await make_client(database, expires_at=_NOW + _DAY)
        with pytest.raises(ClientConflict, match="expired"):
            await _rotate(database, now=_NOW + _DAY, old_until=_NOW + 2 * _DAY)

    at_database(database_url, work)


def test_a_taken_key_id_is_drawn_again(database_url: str) -> None:
    async def work(database: Database) -> tuple[str, str]:
        drawn = iter([b"a" * 5, b"x" * 32, b"a" * 5, b"y" * 32, b"b" * 5, b"z" * 32])

        def draw(_count: int) -> bytes:
            return next(drawn)

        first = await _make_drawn(database, draw)
        return first.key_id, (await _rotate(database, draw=draw)).key_id

    first, second = at_database(database_url, work)

    assert first != second


async def _make_drawn(database: Database, draw: Any) -> Issued:
    async with database.writing() as session:
        return await create_client(session, new_client(), WANG, MOMENT, draw)


def test_what_is_not_there_is_not_found(database_url: str) -> None:
    async def work(database: Database) -> list[str]:
        with pytest.raises(NotFound):
            await _found(database)
        with pytest.raises(NotFound):
            await _rotate(database)
        with pytest.raises(NotFound):
            await _revoke(database)
        await make_client(database)
        with pytest.raises(NotFound):
            await _revoke(database, "aaaaaaaa")
        await make_client(database, "another")
        async with database.reading() as session:
            return [client.code for client in await list_clients(session)]

    assert at_database(database_url, work) == ["another", "hall"]


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "},
        {"name": "a\nb"},
        {"name": "a\x9b31m"},
        {"name": "a\u202eb"},
        {"name": "x" * 201},
        {"scopes": frozenset()},
        {"expires_at": MOMENT},
        {"key_life": timedelta(0)},
    ],
)
def test_a_client_that_makes_no_sense_is_refused_and_leaves_nothing(
    shared_database_url: str, given: dict[str, Any]
) -> None:
    async def work(database: Database) -> list[tuple[str, str]]:
        with pytest.raises(InvalidRequest):
            await make_client(database, **given)
        return await _trail(database)

    assert at_database(shared_database_url, work) == []


@pytest.mark.parametrize("code", ["", "a", "1a", "Hall", "hall_1", "a" * 64, "hall/x", "大厅"])
def test_a_code_is_plain(code: str) -> None:
    with pytest.raises(InvalidRequest):
        read_client_code(code)
