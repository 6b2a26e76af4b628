"""Ready JSON: made once, kept while there is room, and joined into guides without being written anew."""

from collections.abc import Hashable, Mapping
from typing import Final

import orjson

from app.evaluation.values import json_number

# What keeping a piece costs beside its bytes, roughly.
_KEY_BYTES: Final = 400


class Pieces(dict[Hashable, bytes]):
    """JSON kept by what it depends on; emptied when it has grown too large. Safe to share between threads.

    Units: `most_bytes` in all, over every topic and language that shares it.
    """

    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self.most_bytes = most_bytes
        self.held_bytes = 0

    def keep(self, key: Hashable, piece: bytes) -> bytes:
        """The piece, kept under the key."""
        self.held_bytes += len(piece) + _KEY_BYTES
        if self.held_bytes > self.most_bytes:
            self.clear()
            self.held_bytes = len(piece) + _KEY_BYTES
        self[key] = piece
        return piece


def written(value: object) -> bytes:
    """The value as JSON, in no more memory than it needs: orjson's own bytes stand in a buffer of 4 KiB and more."""
    return bytes(memoryview(orjson.dumps(value, default=json_number)))


def fragment(value: object) -> orjson.Fragment:
    """The value as ready JSON, to stand inside another one."""
    return orjson.Fragment(written(value))


def opened(start: Mapping[str, object], key: str) -> bytes:
    """The object, which is not empty, as JSON up to where the value of one more key belongs.

    >>> opened({"a": 1}, "b")
    b'{"a":1,"b":'
    """
    return written({**start, key: None})[: -len(b"null}")]


def further_keys(end: Mapping[str, object]) -> bytes:
    """The object's keys as they follow others in JSON, the closing brace left away.

    >>> further_keys({"a": 1}), further_keys({})
    (b',"a":1', b'')
    """
    return b"," + written(end)[1:-1] if end else b""
