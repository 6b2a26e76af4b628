"""What a form sends, read no further than it may be long."""

from collections.abc import Mapping
from typing import Final

from starlette.requests import Request

from app.errors import AppError, ProblemCode
from app.evaluation import read_query

#: More than any form of ours can hold.
_LONGEST: Final = 16 * 1024


async def read_form(request: Request) -> Mapping[str, list[str]]:
    """Return name -> values of a form without files.

    Raises: AppError `payload-too-large`; InvalidRequest where it cannot be read.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST:
            raise AppError(
                f"a form may hold {_LONGEST} bytes", code=ProblemCode.PAYLOAD_TOO_LARGE, params={"max_bytes": _LONGEST}
            )
    return read_query(bytes(body))
