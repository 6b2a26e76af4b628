"""Servers of this machine asked over HTTP: patiently, and without what only servers elsewhere need."""

from typing import Any, Final

import httpx

#: Nothing is proved by waiting; whoever waits so long has found a server that hangs.
HANGS_SECONDS: Final = 240.0


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
