"""What the doors may see of the audit trail."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast

import orjson

_LONGEST_NAME: Final = 200
# Neither what ends a line or steers a terminal, nor what turns the direction of reading around.
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


class ActorKind(StrEnum):
    """Who may act: a client with its key, somebody at this machine's command line, the service by itself."""

    CLIENT = "client"
    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something.

    Shape: `name` is a client's code, a local user's name or what in the service acted; `key_id` names the key a client
        came with, never the key itself.
    """

    kind: ActorKind
    name: str
    key_id: str | None = None

    def __post_init__(self) -> None:
        """Refuse a name that could not be read back out of the trail."""
        if not self.name or len(self.name) > _LONGEST_NAME or _CONTROL.search(self.name) or "/" in self.name:
            raise ValueError(f"an actor's name has 1 to {_LONGEST_NAME} plain characters, not {self.name!r}")

    @classmethod
    def client(cls, code: str, key_id: str) -> "Actor":
        """Return a client that came with one of its keys."""
        return cls(ActorKind.CLIENT, code, key_id)

    @classmethod
    def operator(cls, name: str) -> "Actor":
        """Return somebody at the command line."""
        return cls(ActorKind.OPERATOR, name)

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return a part of the service that acts by itself, as an activation set for a moment does."""
        return cls(ActorKind.SYSTEM, name)

    def __str__(self) -> str:
        """Return the actor in one word, as the trail keeps it.

        >>> str(Actor.client("hall-xicheng", "k7q2m9xa")), str(Actor.operator("wang"))
        ('client:hall-xicheng/k7q2m9xa', 'operator:wang')
        """
        return f"{self.kind}:{self.name}" + (f"/{self.key_id}" if self.key_id else "")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the trail, exactly as it was hashed.

    Shape: `number` counts from 1; `at` is the moment in UTC with microseconds; `details` is canonical JSON;
        `previous_hash` is the hash of the entry before, 64 zeros for the first.
    """

    number: int
    at: str
    actor: str
    action: str
    subject: str
    details: str
    previous_hash: str
    hash: str

    @property
    def moment(self) -> datetime:
        """When it happened, in UTC."""
        return datetime.fromisoformat(self.at)

    @property
    def details_read(self) -> Mapping[str, Any]:
        """The details, read."""
        return cast("Mapping[str, Any]", orjson.loads(self.details))
