"""Keys on the wire: `Authorization: Bearer apg_…` in, a caller out, for FastAPI's routes and for plain ASGI ones."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Final

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Scope as RequestScope

from app.api.deps import parts_of
from app.api.exchange import header
from app.api.parts import Parts
from app.clients import Caller, Scope
from app.errors import ProblemCode

KEY_PROBLEMS: Final = (
    ProblemCode.UNAUTHORIZED,
    ProblemCode.FORBIDDEN,
    ProblemCode.RATE_LIMITED,
    ProblemCode.STORAGE_UNAVAILABLE,
)
"""What a route that takes a key may end in on its account."""

_SCHEME: Final = "bearer"
_BEARER: Final = HTTPBearer(
    scheme_name="clientKey",
    bearerFormat="apg_<8 characters>_<59 characters>",
    description="A client's key, made by `approval-guide clients create` and shown once. Each route names the scope it "
    "asks for. 接入方密钥：由运维人员发放，只显示一次。",
    auto_error=False,
)
"""Documents the scheme; what is sent is read by `authorised`, whose problems have our shape."""


async def authorised(parts: Parts, scope: RequestScope, wanted: Scope) -> Caller:
    """Return who sends a request, by its Authorization header.

    Raises: Unauthorized, Forbidden, RateLimited, StorageUnavailable.
    """
    return await parts.gate.admit(presented_key(header(scope, b"authorization")), wanted)


def presented_key(authorization: str) -> str:
    """Return the key of an Authorization header, "" where it holds none; what is no bearer's is no key either.

    >>> presented_key("bearer  apg_x"), presented_key("Basic abc"), presented_key("")
    ('apg_x', '', '')
    """
    scheme, _, key = authorization.partition(" ")
    return key.strip() if scheme.lower() == _SCHEME else ""


def caller_with(wanted: Scope) -> Callable[..., Awaitable[Caller]]:
    """Return a dependency that gives the caller, for routes that ask for a scope.

    Shape: `caller: Annotated[Caller, Security(caller_with(Scope.BATCH))]`; FastAPI reads a declared body before any
        dependency, so a route that takes a large one reads it itself, after this.
    """

    async def caller(
        request: Request,
        _documented: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER, scopes=[wanted.value])],
    ) -> Caller:
        return await authorised(parts_of(request), request.scope, wanted)

    return caller
