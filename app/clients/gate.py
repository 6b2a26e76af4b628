"""The gate of one process: who comes with which key, may it do this, and does it come too often.

A key that was found good is not looked up again for two seconds, so that a caller with thousands of requests costs the
database a handful of questions, and one that was revoked is refused within that time on every worker.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from time import monotonic
from typing import Final

from app.clients import repository
from app.clients.keys import KeyId, PresentedKey, read_presented
from app.clients.records import Caller, Client, KeyInfo, KeyState
from app.clients.scopes import Scope
from app.errors import Forbidden, RateLimited, StorageUnavailable, Unauthorized
from app.storage import Database

#: How long what the database said of a key is taken for true; a revoked key stops within it.
CHECKED_SECONDS: Final = 2.0
#: How exactly the last use of a key is known.
USE_NOTED_EVERY: Final = timedelta(minutes=5)
_MOST_REMEMBERED: Final = 1_024
# Whoever floods the gate with invented keys takes no more of the database's connections than these.
_LOOKUPS_AT_ONCE: Final = 3
_UNKNOWN: Final = "this is no valid key"
# Compared with where there is no such key, so that it takes the time of a wrong one.
_NOBODYS_DIGEST: Final = secrets.token_bytes(32)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What the database said of a key, and when.

    Shape: `client` holds that key alone; None where it is none of ours.
    """

    client: Client | None
    at: float


@dataclass(slots=True)
class _Bucket:
    """How many requests a client may still make just now."""

    left: float
    at: float


def _now() -> datetime:
    return datetime.now(UTC)


class Gate:
    """Lets callers in; one to a process.

    Shape: `requests_per_minute` bounds each client in this process, a minute's worth at once at most; 0 bounds nobody.
    """

    def __init__(
        self,
        database: Database,
        *,
        requests_per_minute: int = 0,
        now: Callable[[], datetime] = _now,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._database = database
        self._per_minute = requests_per_minute
        self._now = now
        self._seconds = seconds
        self._good: dict[bytes, _Checked] = {}
        self._bad: dict[bytes, _Checked] = {}
        self._buckets: dict[str, _Bucket] = {}
        self._noted: dict[KeyId, datetime] = {}
        self._noting: set[asyncio.Task[None]] = set()
        self._lookups = asyncio.Semaphore(_LOOKUPS_AT_ONCE)

    async def admit(self, presented: str, wanted: Scope) -> Caller:
        """Return who comes with this key, which opens what is wanted.

        Raises: Unauthorized where no valid key was sent; RateLimited; Forbidden where the key is good for other things
            only; StorageUnavailable.
        """
        caller = await self._caller(presented)
        self._take_one(caller)
        if wanted not in caller.scopes:
            raise Forbidden(wanted)
        return caller

    async def close(self) -> None:
        """Wait for what is still being noted."""
        await asyncio.gather(*self._noting)

    async def _caller(self, presented: str) -> Caller:
        key = read_presented(presented)
        if key is None:
            raise Unauthorized(_UNKNOWN, variant="unknown") if presented else Unauthorized()
        client = await self._holder(key)
        if client is None:
            raise Unauthorized(_UNKNOWN, variant="unknown")
        now = self._now()
        _expect_valid(client, now)
        self._note_use(client.keys[0], now)
        return Caller(client.code, client.name, key.key_id, client.scopes)

    async def _holder(self, key: PresentedKey) -> Client | None:
        """Whose key this is, as the database has it or had it a moment ago."""
        seconds = self._seconds()
        for memory in (self._good, self._bad):
            checked = memory.get(key.digest)
            if checked is not None and seconds - checked.at < CHECKED_SECONDS:
                return checked.client
        async with self._lookups, self._database.reading() as session:
            held = await repository.find_held(session, key)
        # One comparison whatever was found, over all bytes whatever differs.
        is_right = hmac.compare_digest(_NOBODYS_DIGEST if held is None else held.digest, key.digest)
        client = held.client if held is not None and is_right else None
        # Apart, so that a flood of invented keys pushes no good one out.
        memory = self._bad if client is None else self._good
        memory.pop(key.digest, None)
        if len(memory) >= _MOST_REMEMBERED:
            del memory[next(iter(memory))]
        memory[key.digest] = _Checked(client, seconds)
        return client

    def _take_one(self, caller: Caller) -> None:
        """Count a request against what its client may still make, which fills up again evenly."""
        if not self._per_minute:
            return
        seconds, per_second = self._seconds(), self._per_minute / 60
        bucket = self._buckets.setdefault(caller.client, _Bucket(self._per_minute, seconds))
        bucket.left = min(self._per_minute, bucket.left + (seconds - bucket.at) * per_second)
        bucket.at = seconds
        if bucket.left < 1:
            raise RateLimited(ceil((1 - bucket.left) / per_second))
        bucket.left -= 1

    def _note_use(self, key: KeyInfo, now: datetime) -> None:
        """Note that a key was used, if that was not noted lately; the caller does not wait for it.

        Nothing was promised to anybody about it: if it is lost, the next use is noted.
        """
        last = max(filter(None, (key.last_used_at, self._noted.get(key.key_id))), default=None)
        if last is not None and now - last < USE_NOTED_EVERY:
            return
        self._noted[key.key_id] = now
        task = asyncio.get_running_loop().create_task(self._write_use(key.key_id, now))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _write_use(self, key_id: KeyId, now: datetime) -> None:
        # The database tells its log itself that it is away.
        with suppress(StorageUnavailable):
            async with self._database.writing() as session:
                await repository.note_use(session, key_id, now.replace(microsecond=0), now - USE_NOTED_EVERY)


def _expect_valid(client: Client, now: datetime) -> None:
    """Pass when a client and its one key are in order; whoever holds the very key may hear what is wrong with it."""
    (key,) = client.keys
    if client.revoked_at is not None or key.state(now) is KeyState.REVOKED:
        raise Unauthorized("this key was revoked", variant="revoked")
    if key.state(now) is KeyState.EXPIRED or (client.expires_at is not None and now >= client.expires_at):
        raise Unauthorized("this key has expired", variant="expired")
