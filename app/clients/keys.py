"""Keys: what they look like, how they are drawn, what is kept of them.

    apg_k7q2m9xa_<52 characters: 256 random bits><7 characters: a checksum>

The beginning tells people and scanners of leaked secrets whose key it is; the eight characters name the key and are no
secret; the checksum tells a misread key from an unknown one without asking the database.

Only a SHA-256 of the whole key is kept. A slow hash made for passwords would guard nothing here: it hinders guessing
among the few words that people choose, and 256 random bits cannot be guessed at any speed; it would only make every
request slow. A secret mixed into the hash was left aside too: who reads the hashes cannot turn them into keys.
"""

import base64
import hashlib
import re
import secrets
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, NewType

KeyId = NewType("KeyId", str)
"""The eight characters that name a key."""

#: What a key looks like, for those who search for one where none should be.
KEY_PATTERN: Final = r"apg_[a-z2-7]{8}_[a-z2-7]{59}"
_KEY: Final = re.compile(r"apg_(?P<key_id>[a-z2-7]{8})_(?P<secret>[a-z2-7]{52})(?P<check>[a-z2-7]{7})")
_SECRET_BYTES: Final = 32
_ID_BYTES: Final = 5

Random = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class FreshKey:
    """A key just drawn; the only place where it stands whole, and no log or trace shows it."""

    key_id: KeyId
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """What is kept of it."""
        return digest_of(self.text)


@dataclass(frozen=True, slots=True)
class PresentedKey:
    """A key somebody came with: which one it claims to be, and its hash."""

    key_id: KeyId
    digest: bytes


def new_key(draw: Random = secrets.token_bytes) -> FreshKey:
    """Return a key that nobody can guess."""
    key_id, secret = _letters(draw(_ID_BYTES)), _letters(draw(_SECRET_BYTES))
    return FreshKey(KeyId(key_id), f"apg_{key_id}_{secret}{_checksum(key_id, secret)}")


def read_presented(text: str) -> PresentedKey | None:
    """Return what somebody came with, None where it can be no key of ours.

    That this is told sooner than an unknown key gives nothing away: anybody can work out the checksum.
    """
    found = _KEY.fullmatch(text)
    if found is None or _checksum(found["key_id"], found["secret"]) != found["check"]:
        return None
    return PresentedKey(KeyId(found["key_id"]), digest_of(text))


def digest_of(text: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(f"approval-guide key 1\n{text}".encode()).digest()


def _letters(content: bytes) -> str:
    return base64.b32encode(content).decode().rstrip("=").lower()


def _checksum(key_id: str, secret: str) -> str:
    return _letters(zlib.crc32(f"{key_id}{secret}".encode()).to_bytes(4, "big"))
