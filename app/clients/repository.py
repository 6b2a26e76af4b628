"""All queries on clients and their keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clients.keys import FreshKey, KeyId, PresentedKey
from app.clients.records import Client, ClientCode, KeyInfo
from app.clients.scopes import Scope
from app.clients.tables import ClientRow, KeyRow
from app.storage import insert_if_new


@dataclass(frozen=True, slots=True)
class Held:
    """A key as it is kept, with its client.

    Shape: `client.keys` holds this key alone.
    """

    digest: bytes
    client: Client


async def insert_client(session: AsyncSession, client: Client) -> bool:
    """Keep a client, without its keys, and return True, or False where its code is taken."""
    values = {
        "code": client.code,
        "name": client.name,
        "scopes": " ".join(sorted(client.scopes)),
        "created_at": client.created_at,
        "expires_at": client.expires_at,
        "revoked_at": client.revoked_at,
    }
    return await insert_if_new(session, ClientRow, values, ClientRow.code)


async def insert_key(
    session: AsyncSession, client: ClientCode, key: FreshKey, created_at: datetime, expires_at: datetime
) -> bool:
    """Keep a key's hash and return True, or False where its id is taken."""
    values = {
        "key_id": key.key_id,
        "client": client,
        "digest": key.digest,
        "created_at": created_at,
        "expires_at": expires_at,
        "revoked_at": None,
        "last_used_at": None,
    }
    return await insert_if_new(session, KeyRow, values, KeyRow.key_id)


async def find(session: AsyncSession, code: ClientCode, *, for_change: bool = False) -> Client | None:
    """Return a client with its keys; `for_change` lets nobody else change it until the unit of work ends."""
    wanted = select(ClientRow).where(ClientRow.code == code).execution_options(populate_existing=True)
    row = await session.scalar(wanted.with_for_update() if for_change else wanted)
    if row is None:
        return None
    return _client(row, await _keys(session, KeyRow.client == code))


async def every_client(session: AsyncSession) -> list[Client]:
    """Return all clients in order of their codes."""
    keys = await _keys(session)
    rows = await session.scalars(select(ClientRow).order_by(ClientRow.code))
    return [_client(row, [key for key in keys if key.client == row.code]) for row in rows]


async def find_held(session: AsyncSession, presented: PresentedKey) -> Held | None:
    """Return the key that somebody claims to have, with its client."""
    wanted = select(KeyRow, ClientRow).join(ClientRow, KeyRow.client == ClientRow.code)
    row = (await session.execute(wanted.where(KeyRow.key_id == presented.key_id))).first()
    if row is None:
        return None
    key, client = row
    return Held(key.digest, _client(client, [key]))


async def end_keys(session: AsyncSession, keys: Sequence[KeyId], **when: datetime) -> None:
    """Set the end of some keys: `expires_at` or `revoked_at`."""
    changed = update(KeyRow).where(KeyRow.key_id.in_(keys)).values(**when)
    await session.execute(changed.execution_options(synchronize_session=False))


async def revoke(session: AsyncSession, code: ClientCode, now: datetime) -> None:
    """Mark a client as revoked."""
    changed = update(ClientRow).where(ClientRow.code == code).values(revoked_at=now)
    await session.execute(changed.execution_options(synchronize_session=False))


async def note_use(session: AsyncSession, key_id: KeyId, now: datetime, unless_after: datetime) -> None:
    """Note when a key was used, unless another process noted it lately."""
    stale = KeyRow.last_used_at.is_(None) | (KeyRow.last_used_at <= unless_after)
    changed = update(KeyRow).where(KeyRow.key_id == key_id, stale).values(last_used_at=now)
    await session.execute(changed.execution_options(synchronize_session=False))


async def _keys(session: AsyncSession, *wanted: Any) -> list[KeyRow]:
    found = select(KeyRow).where(*wanted).order_by(KeyRow.created_at, KeyRow.key_id)
    return list(await session.scalars(found.execution_options(populate_existing=True)))


def _client(row: ClientRow, keys: Sequence[KeyRow]) -> Client:
    return Client(
        code=ClientCode(row.code),
        name=row.name,
        # A scope that a later version knew and this one does not opens nothing here.
        scopes=frozenset(scope for scope in Scope if scope in row.scopes.split()),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        keys=tuple(
            KeyInfo(KeyId(key.key_id), key.created_at, key.expires_at, key.revoked_at, key.last_used_at) for key in keys
        ),
    )
