"""Make clients, give them keys, change the keys, take them away; every step is written into the audit trail.

Nothing here commits: the caller opens one unit of work and answers once it is closed.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from app.audit import Actor, append_entry
from app.clients import repository
from app.clients.keys import FreshKey, KeyId, Random, new_key
from app.clients.records import Client, ClientCode, ClientState, Issued, KeyInfo, KeyState, NewClient
from app.errors import AppError, Fault, FaultCode, InvalidRequest, NotFound

#: How many keys of one client may be valid at once: the one in use, and the one it is changed for.
MOST_VALID_KEYS: Final = 2
_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,62}")
_LONGEST_NAME: Final = 200
# Neither what ends a line or steers a terminal, nor what turns the direction of reading around.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# 2^40 ids: to draw a taken one even twice in a row means that the source of randomness is broken.
_MOST_DRAWS: Final = 8


class ClientConflict(AppError):
    """What is asked does not go with how the client stands; `variant` says how, for other languages."""

    default_code = "client-conflict"

    def __init__(self, variant: str, detail: str, *, hint: str, **params: object) -> None:
        super().__init__(detail, hint=hint, params={"variant": variant, **params})


def read_client_code(text: str) -> ClientCode:
    """Return the code of a client.

    Raises: InvalidRequest.
    """
    if not _CODE.fullmatch(text):
        allowed = "2 to 63 small letters, digits and hyphens, a letter first"
        params = {"name": "code", "value": text[:100], "variant": "client_code"}
        raise InvalidRequest(
            [Fault("/code", FaultCode.NOT_ALLOWED, allowed, allowed, params)], detail="that is no code of a client"
        )
    return ClientCode(text)


def read_client_name(text: str) -> str:
    """Return what people call a client.

    Raises: InvalidRequest.
    """
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or _CONTROL.search(name):
        said = f"a name has 1 to {_LONGEST_NAME} characters, none of them a control character"
        params = {"name": "name", "value": name[:100], "variant": "client_name", "most": _LONGEST_NAME}
        raise InvalidRequest([Fault("/name", FaultCode.NOT_ALLOWED, said, said, params)])
    return name


def read_client_end(end: datetime, now: datetime) -> datetime:
    """Return the moment a client ends, which lies ahead.

    Raises: InvalidRequest.
    """
    if end <= now:
        params = {"name": "expires", "value": end, "variant": "past"}
        raise InvalidRequest([Fault("/expires", FaultCode.BELOW_MINIMUM, "the end lies in the past", None, params)])
    return end


async def create_client(
    session: AsyncSession, wanted: NewClient, actor: Actor, now: datetime, draw: Random | None = None
) -> Issued:
    """Make a client and its first key, which is shown by whoever calls this and kept nowhere.

    Raises: InvalidRequest for a name that cannot be shown or an end that has passed; ClientConflict where the code is
        taken, be it by a client that was revoked.
    """
    _expect_sound(wanted, now)
    client = Client(wanted.code, wanted.name.strip(), wanted.scopes, _whole(now), wanted.expires_at, None, ())
    if not await repository.insert_client(session, client):
        raise ClientConflict(
            "taken",
            f"there is a client {wanted.code} already",
            hint="a code is never given twice, so that the audit trail always means the same client by it",
            code=wanted.code,
        )
    key = await _issue(session, client, wanted.key_life, now, draw)
    return await _issued(
        session, client.code, key, actor, "client.created", now,
        name=client.name, scopes=sorted(client.scopes), expires_at=_shown(client.expires_at),
    )  # fmt: skip


async def rotate_key(
    session: AsyncSession,
    code: ClientCode,
    actor: Actor,
    now: datetime,
    *,
    old_until: datetime,
    key_life: timedelta,
    draw: Random | None = None,
) -> Issued:
    """Give a client a new key, valid at once; the one it has goes on until `old_until`, or is revoked if that is now.

    Raises: NotFound; ClientConflict where the client is revoked or expired, or where two keys are valid already.
    """
    client = await _for_change(session, code)
    if (state := client.state(now)) in (ClientState.REVOKED, ClientState.EXPIRED):
        raise ClientConflict(f"is_{state}", f"the client {code} is {state}", hint="make another client", code=code)
    valid = client.valid_keys(now)
    if old_until <= now:
        await repository.end_keys(session, [key.key_id for key in valid], revoked_at=_whole(now))
    elif len(valid) >= MOST_VALID_KEYS:
        named = ", ".join(f"{key.key_id} until {_shown(key.expires_at)}" for key in valid)
        raise ClientConflict(
            "two_keys",
            f"two keys of {code} are valid already: {named}",
            hint="revoke the older one with --key, or rotate with --old-until now",
            code=code,
            first=valid[0].key_id,
            first_until=valid[0].expires_at,
            second=valid[1].key_id,
            second_until=valid[1].expires_at,
        )
    else:
        shortened = [key.key_id for key in valid if old_until < key.expires_at]
        await repository.end_keys(session, shortened, expires_at=_whole(old_until))
    key = await _issue(session, client, key_life, now, draw)
    return await _issued(
        session, code, key, actor, "client.key_rotated", now,
        old_keys=[key.key_id for key in valid], old_until=_shown(max(now, old_until)),
    )  # fmt: skip


async def revoke_client(session: AsyncSession, code: ClientCode, actor: Actor, now: datetime) -> Client:
    """Take everything away from a client, for good; one that was revoked before stays as it is.

    Raises: NotFound.
    """
    client = await _for_change(session, code)
    if client.revoked_at is not None:
        return client
    valid = [key.key_id for key in client.valid_keys(now)]
    await repository.end_keys(session, valid, revoked_at=_whole(now))
    await repository.revoke(session, code, _whole(now))
    await append_entry(session, actor, "client.revoked", code, {"keys": valid}, now)
    return await find_client(session, code)


async def revoke_key(session: AsyncSession, code: ClientCode, key_id: str, actor: Actor, now: datetime) -> Client:
    """Take one key away from a client; one that was revoked before stays as it is.

    Raises: NotFound where the client has no such key.
    """
    client = await _for_change(session, code)
    key = next((key for key in client.keys if key.key_id == key_id), None)
    if key is None:
        raise NotFound("client key", f"{code}/{key_id}")
    if key.revoked_at is not None:
        return client
    await repository.end_keys(session, [key.key_id], revoked_at=_whole(now))
    await append_entry(session, actor, "client.key_revoked", code, {"key": key.key_id}, now)
    return await find_client(session, code)


async def find_client(session: AsyncSession, code: ClientCode) -> Client:
    """Return a client with its keys.

    Raises: NotFound.
    """
    client = await repository.find(session, code)
    if client is None:
        raise NotFound("client", code)
    return client


async def list_clients(session: AsyncSession) -> Sequence[Client]:
    """Return all clients, revoked ones too, in order of their codes."""
    return await repository.every_client(session)


def key_of(client: Client, key_id: KeyId) -> KeyInfo:
    """Return one key of a client that has it."""
    return next(key for key in client.keys if key.key_id == key_id)


async def _for_change(session: AsyncSession, code: ClientCode) -> Client:
    client = await repository.find(session, code, for_change=True)
    if client is None:
        raise NotFound("client", code)
    return client


async def _issue(
    session: AsyncSession, client: Client, life: timedelta, now: datetime, draw: Random | None
) -> FreshKey:
    end = _whole(now) + life
    if client.expires_at is not None:
        end = min(end, client.expires_at)
    for _ in range(_MOST_DRAWS):
        key = new_key() if draw is None else new_key(draw)
        if await repository.insert_key(session, client.code, key, _whole(now), end):
            return key
    raise RuntimeError("no free key was drawn")


async def _issued(
    session: AsyncSession, code: ClientCode, key: FreshKey, actor: Actor, action: str, now: datetime, **details: Any
) -> Issued:
    client = await find_client(session, code)
    info = key_of(client, key.key_id)
    assert info.state(now) is KeyState.VALID
    told = {**details, "key": key.key_id, "key_expires_at": _shown(info.expires_at)}
    await append_entry(session, actor, action, code, told, now)
    return Issued(client, key.key_id, key.text)


def _expect_sound(wanted: NewClient, now: datetime) -> None:
    faults: list[Fault] = []
    ends = () if wanted.expires_at is None else (wanted.expires_at,)
    reads: list[Callable[[], object]] = [
        partial(read_client_name, wanted.name),
        *(partial(read_client_end, end, now) for end in ends),
    ]
    for read in reads:
        try:
            read()
        except InvalidRequest as error:
            faults.extend(error.faults)
    if wanted.key_life <= timedelta(0):
        faults.append(
            Fault("/key_days", FaultCode.BELOW_MINIMUM, "a key lives longer than that", 1, {"name": "key_days"})
        )
    if not wanted.scopes:
        faults.append(Fault("/scope", FaultCode.MISSING, "name at least one scope", None, {"name": "scope"}))
    if faults:
        raise InvalidRequest(faults, detail="the client cannot be made")


def _whole(moment: datetime) -> datetime:
    """Whole seconds, which both databases keep alike."""
    return moment.replace(microsecond=0)


def _shown(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")
