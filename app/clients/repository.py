"""All queries on clients and their keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.clients.keys import FreshKey, KeyId, PresentedKey
from app.clients.records import Client, ClientCode, KeyInfo
from app.clients.scopes import Scope
from app.clients.tables import ClientRow, KeyRow
from app.storage import insert_if_new

_Row: TypeAlias = Row[*tuple[Any, ...]]
_OF_CLIENT: Final = (
    ClientRow.code,
    ClientRow.name,
    ClientRow.scopes,
    ClientRow.created_at.label("client_created_at"),
    ClientRow.expires_at.label("client_expires_at"),
    ClientRow.revoked_at.label("client_revoked_at"),
)
_OF_KEY: Final = (KeyRow.key_id, KeyRow.created_at, KeyRow.expires_at, KeyRow.revoked_at, KeyRow.last_used_at)


@dataclass(frozen=True, slots=True)
class Held:
    """A key as it is kept, with its client, which is put together only for whoever has the very key.

    So an id that exists, sent with a wrong secret, costs hardly more time than one that does not.
    """

    digest: bytes
    _row: _Row

    @property
    def client(self) -> Client:
        """The client, holding this key alone."""
        return _client(self._row, [self._row])


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
    wanted = select(*_OF_CLIENT).where(ClientRow.code == code)
    row = (await session.execute(wanted.with_for_update() if for_change else wanted)).first()
    if row is None:
        return None
    return _client(row, await _keys(session, KeyRow.client == code))


async def every_client(session: AsyncSession) -> list[Client]:
    """Return all clients in order of their codes."""
    keys = await _keys(session)
    rows = await session.execute(select(*_OF_CLIENT).order_by(ClientRow.code))
    return [_client(row, [key for key in keys if key.client == row.code]) for row in rows]


async def find_held(session: AsyncSession, presented: PresentedKey) -> Held | None:
    """Return the key that somebody claims to have, with its client."""
    wanted = select(*_OF_CLIENT, *_OF_KEY, KeyRow.digest).join(ClientRow, KeyRow.client == ClientRow.code)
    row = (await session.execute(wanted.where(KeyRow.key_id == presented.key_id))).first()
    return None if row is None else Held(row.digest, row)


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


async def _keys(session: AsyncSession, *wanted: Any) -> list[_Row]:
    found = select(*_OF_KEY, KeyRow.client).where(*wanted).order_by(KeyRow.created_at, KeyRow.key_id)
    return list(await session.execute(found))


def _client(row: _Row, keys: Sequence[_Row]) -> Client:
    return Client(
        code=ClientCode(row.code),
        name=row.name,
        # A scope that a later version knew and this one does not opens nothing here.
        scopes=frozenset(scope for scope in Scope if scope in row.scopes.split()),
        created_at=row.client_created_at,
        expires_at=row.client_expires_at,
        revoked_at=row.client_revoked_at,
        keys=tuple(
            KeyInfo(KeyId(key.key_id), key.created_at, key.expires_at, key.revoked_at, key.last_used_at) for key in keys
        ),
    )
