"""One request's headers, read once, and the answers made of ready bytes: coding, ETag, 304, HEAD."""

import gzip
import re
from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Final, Literal, TypeAlias

import brotli
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Header = tuple[bytes, bytes]

JSON: Final = b"application/json"
REVALIDATE: Final = b"no-cache"
# Below this a compressed body saves nothing that a packet would notice.
_WORTH_CODING: Final = 1_024
# A guide is compressed once and sent many times.
_GZIP_LEVEL: Final = 8
_BROTLI_LEVEL: Final = 5
_WEIGHT: Final = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)")

Coding: TypeAlias = Literal["br", "gzip"]
# gzip's time is left out, so that the same body always gives the same bytes.
_CODERS: Final[Mapping[Coding, Callable[[bytes], bytes]]] = {
    "br": lambda body: bytes(brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_LEVEL)),
    "gzip": lambda body: gzip.compress(body, _GZIP_LEVEL, mtime=0),
}


HEADERS: Final = "apg.headers"
"""Key of the scope under which the front keeps the request's headers by name."""


def headers_of(scope: Scope) -> dict[bytes, bytes]:
    """Return a request's headers by name in small letters, several of one name joined by commas."""
    given: list[Header] = scope["headers"]
    found = dict(given)
    if len(found) != len(given):
        found = {name: b", ".join(value for key, value in given if key == name) for name in found}
    return found


def header(scope: Scope, name: bytes) -> str:
    """Return a request header's value, "" where there is none."""
    headers: dict[bytes, bytes] | None = scope.get(HEADERS)
    found = (headers if headers is not None else headers_of(scope)).get(name)
    return found.decode("latin-1") if found else ""


def strong_tag(body: bytes) -> str:
    """Return the opaque part of a strong ETag: a hash of the uncompressed body."""
    return blake2b(body, digest_size=16).hexdigest()


class Prepared:
    """A body that is sent as it is, whoever asks: its bytes, its tag, and its compressed forms once they were wanted.

    Shape: `tag` is the opaque part of the ETag, unquoted; `headers` stand before those that every answer has.
    """

    __slots__ = ("_coded", "_common", "_plain_head", "body", "tag")

    def __init__(
        self,
        body: bytes,
        tag: str,
        *,
        media_type: bytes = JSON,
        cache_control: bytes = REVALIDATE,
        headers: tuple[Header, ...] = (),
    ) -> None:
        self.body = body
        self.tag = tag
        self._common: tuple[Header, ...] = (
            *headers,
            (b"content-type", media_type),
            (b"cache-control", cache_control),
            (b"vary", b"Accept-Language, Accept-Encoding"),
        )
        self._plain_head = self._head(self.etag(), len(body))
        self._coded: dict[Coding, tuple[bytes, tuple[Header, ...]]] = {}

    @classmethod
    def of(cls, body: bytes, *, media_type: bytes = JSON, headers: tuple[Header, ...] = ()) -> "Prepared":
        """Return the body with the tag of its own bytes."""
        return cls(body, strong_tag(body), media_type=media_type, headers=headers)

    def etag(self, coding: Coding | None = None) -> str:
        """Return the ETag of the body in a coding, or as it is."""
        return f'"{self.tag}"' if coding is None else f'"{self.tag}-{coding}"'

    def sent_in(self, accepted: str) -> tuple[str, tuple[Header, ...], bytes]:
        """Return the ETag, headers and bytes for an Accept-Encoding header."""
        coding = self.coding_for(accepted)
        if coding is None:
            return self.etag(), self._plain_head, self.body
        found = self._coded.get(coding)
        if found is None:
            coded = _CODERS[coding](self.body)
            head = *self._head(self.etag(coding), len(coded)), (b"content-encoding", coding.encode())
            found = self._coded[coding] = coded, head
        return self.etag(coding), found[1], found[0]

    def coding_for(self, accepted: str) -> Coding | None:
        """Return the coding for an Accept-Encoding header, None where that saves nothing or is not welcome."""
        return coding_for(accepted) if accepted and len(self.body) >= _WORTH_CODING else None

    def unchanged(self, tag: str) -> tuple[Header, ...]:
        """Return the headers of a 304."""
        return (*(pair for pair in self._common if pair[0] != b"content-type"), (b"etag", tag.encode()))

    def _head(self, tag: str, length: int) -> tuple[Header, ...]:
        return (*self._common, (b"etag", tag.encode()), (b"content-length", b"%d" % length))


class PreparedResponse(Response):
    """Sends a prepared body in the coding the caller takes, or 304 where it has these bytes already.

    Source: RFC 9110 §8.8.3 (tags), §12.5.3 (codings), §13.1.2 (If-None-Match, compared weakly; GET and HEAD only,
    for a POST selects no representation).
    """

    def __init__(self, prepared: Prepared) -> None:
        super().__init__(status_code=200)
        self.prepared = prepared

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Negotiate with the request's headers and send."""
        await send_prepared(self.prepared, scope, send)


async def send_prepared(prepared: Prepared, scope: Scope, send: Send) -> None:
    """Send the body in the coding the caller takes, or 304 where it has these bytes already."""
    tag, head, body = prepared.sent_in(header(scope, b"accept-encoding"))
    known = header(scope, b"if-none-match")
    status = 200
    if known and scope["method"] != "POST" and matches(known, tag):
        status, head, body = 304, prepared.unchanged(tag), b""
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


def coding_for(accepted: str) -> Coding | None:
    """Return the coding that an Accept-Encoding header likes best, Brotli before gzip; gzip for `*`, None for neither.

    >>> coding_for("gzip, br"), coding_for("br;q=0.5, gzip"), coding_for("gzip;q=0, *"), coding_for("identity")
    ('br', 'gzip', None, None)
    """
    liked: dict[str, float] = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = _WEIGHT.fullmatch(parameters.replace(" ", ""))
        liked[name.strip()] = float(weight[1]) if weight else float(not parameters)
    brotli_liked = liked.get("br", 0.0)
    gzip_liked = liked.get("gzip", liked.get("x-gzip", liked.get("*", 0.0)))
    if not brotli_liked and not gzip_liked:
        return None
    return "br" if brotli_liked >= gzip_liked else "gzip"


def matches(known: str, tag: str) -> bool:
    """Return whether an If-None-Match header names the tag, or anything at all by `*`.

    >>> matches('W/"a", "b"', '"a"'), matches("*", '"a"'), matches('"ab"', '"a"')
    (True, True, False)
    """
    if known.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == tag for part in known.split(","))
