"""`/docs`: the interactive page, whole from this machine; it loads nothing from the internet."""

from functools import cache
from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from app.api.exchange import Header, Prepared, PreparedResponse
from app.errors import NotFound

router = APIRouter(include_in_schema=False)

# The wheel `fastapi-swagger` carries Swagger UI's own files; only these are handed out.
_RESOURCES: Final = files("fastapi_swagger.resources")
_KINDS: Final = {
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "swagger-ui.css": b"text/css; charset=utf-8",
    "favicon-32x32.png": b"image/png",
    "start.js": b"text/javascript; charset=utf-8",
}
# The browser itself holds the promise: scripts, styles, fonts and requests from this server alone.
# Swagger UI writes style attributes and carries its icons as data: addresses.
_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_PAGE: Final = """<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>审批路径导办 API · approval-path-guide</title>
<link rel="stylesheet" href="docs/swagger-ui.css">
<link rel="icon" href="docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START: Final = """"use strict";
SwaggerUIBundle({
  url: new URL("../openapi.json", document.currentScript.src).pathname,
  dom_id: "#swagger-ui",
  deepLinking: true,
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
"""


@router.get("/docs")
async def docs_page() -> Response:
    """The page that shows and tries every route."""
    return PreparedResponse(_page())


@router.get("/docs/{name}")
async def docs_file(name: str) -> Response:
    """A file the page is made of."""
    if name not in _KINDS:
        raise NotFound("route", f"/docs/{name}")
    return PreparedResponse(_file(name))


@cache
def _page() -> Prepared:
    headers: tuple[Header, ...] = ((b"content-security-policy", _POLICY), (b"referrer-policy", b"no-referrer"))
    return Prepared.of(_PAGE.encode(), media_type=b"text/html; charset=utf-8", headers=headers)


@cache
def _file(name: str) -> Prepared:
    body = _START.encode() if name == "start.js" else _RESOURCES.joinpath(name).read_bytes()
    return Prepared.of(body, media_type=_KINDS[name])
