"""Ready JSON: made once, kept while there is room, and joined into guides without being written anew."""

from collections.abc import Hashable
from typing import Final

import orjson

from app.evaluation.values import json_number

# What keeping a piece costs beside its bytes, roughly.
_KEY_BYTES: Final = 400


class Pieces:
    """JSON kept by what it depends on; emptied when it has grown too large. Safe to share between threads.

    Units: `most_bytes` in all, over every topic and language that shares it.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.held_bytes = 0
        self._held: dict[Hashable, bytes] = {}

    def get(self, key: Hashable) -> bytes | None:
        """The JSON kept under the key."""
        return self._held.get(key)

    def keep(self, key: Hashable, piece: bytes) -> bytes:
        """The piece, kept under the key."""
        self.held_bytes += len(piece) + _KEY_BYTES
        if self.held_bytes > self.most_bytes:
            self._held.clear()
            self.held_bytes = len(piece) + _KEY_BYTES
        self._held[key] = piece
        return piece


def written(value: object) -> bytes:
    """The value as JSON, in no more memory than it needs: orjson's own bytes stand in a buffer of 4 KiB and more."""
    return bytes(memoryview(orjson.dumps(value, default=json_number)))


def fragment(value: object) -> orjson.Fragment:
    """The value as ready JSON, to stand inside another one."""
    return orjson.Fragment(written(value))


def with_key(written_object: bytes, key: bytes, value: bytes) -> bytes:
    """The JSON object, which is not empty, with one more key.

    >>> with_key(b'{"a":1}', b"b", b"2")
    b'{"a":1,"b":2}'
    """
    return b'%s,"%s":%s}' % (written_object[:-1], key, value)


def merged(first: bytes, second: bytes) -> bytes:
    """Two JSON objects, neither empty, as one; their keys differ.

    >>> merged(b'{"a":1}', b'{"b":2}')
    b'{"a":1,"b":2}'
    """
    return b"%s,%s" % (first[:-1], second[1:])
