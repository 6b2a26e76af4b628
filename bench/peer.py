"""The peers: a FastAPI application that returns ready bytes, one that returns nothing much, served as we are served."""

import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Response

app = FastAPI(openapi_url=None)
_body = b"{}"


@app.get("/ready-bytes")
async def ready_bytes() -> Response:
    return Response(_body, media_type="application/json")


@app.get("/no-op")
async def no_op() -> Response:
    return Response(b"{}", media_type="application/json")


@app.get("/readyz")
async def readyz() -> Response:
    return Response(b"{}", media_type="application/json")


if __name__ == "__main__":
    port, body = int(sys.argv[1]), sys.argv[2:]
    if body:
        _body = Path(body[0]).read_bytes()
    uvicorn.run(app, port=port, access_log=False, log_level="warning", server_header=False)
