"""What the doors may see of clients and their keys."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from app.audit import Actor
from app.clients.keys import KeyId
from app.clients.scopes import Scope

ClientCode = NewType("ClientCode", str)
"""A client's name in commands and records, as `read_client_code` takes it."""


class KeyState(StrEnum):
    """How a key stands at a moment."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ClientState(StrEnum):
    """How a client stands at a moment; without_key: nothing is wrong with it, and none of its keys is valid."""

    ACTIVE = "active"
    WITHOUT_KEY = "without_key"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What is known of a key; the key itself is not.

    Shape: valid from `created_at` and until before `expires_at`. `last_used_at` is right to some minutes.
    Unknown: `last_used_at` None where the key was never used.
    """

    key_id: KeyId
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_at: datetime | None

    def state(self, now: datetime) -> KeyState:
        """Return how the key stands."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.VALID if now < self.expires_at else KeyState.EXPIRED


@dataclass(frozen=True, slots=True)
class Client:
    """接入方. A piece of software that comes with a key.

    Shape: `keys` oldest first. Unknown: `expires_at` None for a client without an end.
    """

    code: ClientCode
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    keys: tuple[KeyInfo, ...]

    def valid_keys(self, now: datetime) -> tuple[KeyInfo, ...]:
        """Return the keys that open something at the moment, were the client itself in order."""
        return tuple(key for key in self.keys if key.state(now) is KeyState.VALID)

    def state(self, now: datetime) -> ClientState:
        """Return how the client stands."""
        if self.revoked_at is not None:
            return ClientState.REVOKED
        if self.expires_at is not None and now >= self.expires_at:
            return ClientState.EXPIRED
        return ClientState.ACTIVE if self.valid_keys(now) else ClientState.WITHOUT_KEY


@dataclass(frozen=True, slots=True)
class NewClient:
    """What a client is to be made of.

    Units: `key_life` how long its first key is valid, the client's own end being the bound.
    """

    code: ClientCode
    name: str
    scopes: frozenset[Scope]
    expires_at: datetime | None
    key_life: timedelta


@dataclass(frozen=True, slots=True)
class Issued:
    """A client with a key just made; `key` is shown once and never again, and no log or trace shows it."""

    client: Client
    key_id: KeyId
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request: a client, by one of its valid keys."""

    client: ClientCode
    name: str
    key_id: KeyId
    scopes: frozenset[Scope]

    @property
    def actor(self) -> Actor:
        """The caller as the audit trail names it."""
        return Actor.client(self.client, self.key_id)
