"""Servers of this machine asked over HTTP: patiently, and without what only servers elsewhere need."""

import time
from typing import Any, Final

import httpx

#: Nothing is proved by waiting; whoever waits so long has found a server that hangs.
HANGS_SECONDS: Final = 240.0
_TIMES: Final = 10


def client(**given: Any) -> httpx.Client:
    """Return a client; `given` as httpx has it.

    No proxy of this machine's environment comes between, and no certificates are read: that takes longer than asking.
    """
    return httpx.Client(**{"timeout": HANGS_SECONDS, "verify": False, "trust_env": False, **given})


def get(url: str, **given: Any) -> httpx.Response:
    """Send a GET over a connection of its own."""
    with client() as asking:
        return asking.get(url, **given)


def post(url: str, **given: Any) -> httpx.Response:
    """Send a POST over a connection of its own."""
    with client() as asking:
        return asking.post(url, **given)


def post_again(url: str, **given: Any) -> httpx.Response:
    """Send a POST, and again when it is told to: a busy machine's database is late, which is told as being away."""
    answer, times = post(url, **given), 1
    while answer.status_code == httpx.codes.SERVICE_UNAVAILABLE and times < _TIMES:
        time.sleep(int(answer.headers["retry-after"]))
        answer, times = post(url, **given), times + 1
    return answer
