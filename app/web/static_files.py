"""Style sheet, script and pictures: the hash of the content in the name, so that browsers keep them for good."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.errors import NotFound

_FOLDER: Final = Path(__file__).with_name("static")
_KINDS: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".txt": "text/plain",
}
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_FOR_A_DAY: Final = "public, max-age=86400"


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file: its bytes and what they are."""

    content: bytes
    media_type: str
    address: str


@cache
def static_files() -> dict[str, StaticFile]:
    """Return each file by its own name; the address holds a piece of its content's hash."""
    found = {}
    for path in sorted(_FOLDER.rglob("*")):
        if path.suffix in _KINDS:
            content, name = path.read_bytes(), path.relative_to(_FOLDER)
            hashed = f"{name.stem}.{hashlib.sha256(content).hexdigest()[:12]}{name.suffix}"
            address = f"/static/{name.with_name(hashed).as_posix()}"
            found[name.as_posix()] = StaticFile(content, _KINDS[path.suffix], address)
    return found


def static_address(name: str) -> str:
    """Return where a static file is found.

    Raises: KeyError where there is none; a template that names one is wrong.
    """
    return static_files()[name].address


@cache
def _by_address() -> dict[str, StaticFile]:
    return {file.address: file for file in static_files().values()}


async def _send_file(request: Request) -> Response:
    file = _by_address().get(request.url.path)
    if file is None:
        raise NotFound("route", request.url.path)
    return Response(file.content, media_type=file.media_type, headers={"Cache-Control": _FOR_GOOD})


async def _send_robots(_: Request) -> Response:
    file = static_files()["robots.txt"]
    return Response(file.content, media_type=file.media_type, headers={"Cache-Control": _FOR_A_DAY})


async def _send_icon(_: Request) -> Response:
    """For browsers that ask at the old place whatever the page says."""
    file = static_files()["icon.svg"]
    return Response(file.content, media_type=file.media_type, headers={"Cache-Control": _FOR_A_DAY})


ROUTES: Final = (
    Route("/static/{name:path}", _send_file),
    Route("/robots.txt", _send_robots),
    Route("/favicon.ico", _send_icon),
)
