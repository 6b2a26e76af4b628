"""Who may read our answers from another site's page: anybody, on the open routes, and nobody with credentials."""

from typing import Final

from starlette.types import Scope, Send

from app.api.exchange import Header, header

# The first two steps of a path. What will need a key later stands outside: keeping, batch, publishing.
_OPEN: Final = frozenset({"topics", "facts", "procedures", "rules", "policies", "search"})
_EVALUATE: Final = "/v1/evaluate"
_EXPOSED: Final = b"ETag, X-As-Of, X-Request-Id, X-Rules-Release, Retry-After"

OPEN_HEADERS: Final[tuple[Header, ...]] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED),
)


def is_open(path: str) -> bool:
    """Return whether pages of other sites may use this path: the evaluate routes and the rulebook."""
    if path == _EVALUATE:
        return True
    steps = path.split("/", 3)
    return len(steps) > 2 and steps[1] == "v1" and steps[2] in _OPEN


async def answer_options(scope: Scope, send: Send) -> bool:
    """Answer an OPTIONS request on an open path, preflight or plain; False leaves it to the routes.

    Source: the Fetch standard's CORS protocol; a star there does not cover the method, so it is spelled out.
    """
    if not is_open(scope["path"]):
        return False
    methods = b"GET, HEAD, POST, OPTIONS" if scope["path"] == _EVALUATE else b"GET, HEAD, OPTIONS"
    headers: list[Header] = [(b"allow", methods), (b"content-length", b"0")]
    if header(scope, b"access-control-request-method"):
        headers += [
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", b"Accept-Language, Content-Type, If-None-Match, X-Request-Id"),
            (b"access-control-max-age", b"86400"),
        ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
    return True
