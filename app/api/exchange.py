"""One request's headers, read once, and the answers made of ready bytes: coding, ETag, 304, HEAD."""

import gzip
from hashlib import blake2b
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

Header = tuple[bytes, bytes]

JSON: Final = b"application/json"
REVALIDATE: Final = b"no-cache"
# Below this a compressed body saves nothing that a packet would notice.
_WORTH_CODING: Final = 1_024
_GZIP_LEVEL: Final = 5


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
    """A body that is sent as it is, whoever asks: its bytes, its tag, and its compressed form once one was wanted.

    Shape: `tag` is the opaque part of the ETag, unquoted; `headers` stand before those that every answer has.
    """

    __slots__ = ("_coded", "_coded_head", "_common", "_plain_head", "body", "tag")

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
        self._plain_head = self._head(self.etag(coded=False), len(body))
        self._coded: bytes | None = None
        self._coded_head: tuple[Header, ...] = ()

    @classmethod
    def of(cls, body: bytes, *, media_type: bytes = JSON, headers: tuple[Header, ...] = ()) -> "Prepared":
        """Return the body with the tag of its own bytes."""
        return cls(body, strong_tag(body), media_type=media_type, headers=headers)

    def etag(self, *, coded: bool) -> str:
        """Return the ETag of the body in a coding."""
        return f'"{self.tag}-gzip"' if coded else f'"{self.tag}"'

    def sent_in(self, accepted: str) -> tuple[str, tuple[Header, ...], bytes]:
        """Return the ETag, headers and bytes for an Accept-Encoding header."""
        if len(self.body) < _WORTH_CODING or not accepted or not accepts_gzip(accepted):
            return self.etag(coded=False), self._plain_head, self.body
        tag = self.etag(coded=True)
        coded = self.coded() or b""
        if not self._coded_head:
            self._coded_head = (*self._head(tag, len(coded)), (b"content-encoding", b"gzip"))
        return tag, self._coded_head, coded

    def coded(self) -> bytes | None:
        """Return the body under gzip, None where that saves nothing."""
        if len(self.body) < _WORTH_CODING:
            return None
        if self._coded is None:
            # The time is left out, so that the same body always gives the same bytes.
            self._coded = gzip.compress(self.body, _GZIP_LEVEL, mtime=0)
        return self._coded

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


def accepts_gzip(accepted: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip, by name or by `*`.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0, *"), accepts_gzip("identity")
    (True, False, False)
    """
    any_other = False
    for part in accepted.lower().split(","):
        coding, _, parameters = part.partition(";")
        refused = parameters.replace(" ", "").removeprefix("q=").strip("0.") == "" and "q=" in parameters
        match coding.strip():
            case "gzip" | "x-gzip":
                return not refused
            case "*":
                any_other = not refused
    return any_other


def matches(known: str, tag: str) -> bool:
    """Return whether an If-None-Match header names the tag, or anything at all by `*`.

    >>> matches('W/"a", "b"', '"a"'), matches("*", '"a"'), matches('"ab"', '"a"')
    (True, True, False)
    """
    if known.strip() == "*":
        return True
    return any(part.strip().removeprefix("W/") == tag for part in known.split(","))
