"""What the routes carry: ours beside FastAPI routes, in rounds that take turns, for the machine drifts."""

import base64
import http.client
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from bench.scenario import Measured, others, with_other_numbers
from bench.servers import (
    LOAD_CORE,
    PEERS,
    cpu_seconds,
    free_port,
    open_fisca,
    ours,
    peer,
    resident_megabytes,
    server,
    settle,
)

_ROUNDS = 3
_SECONDS = 1.2
CONNECTIONS = (1, 16, 32)
OPEN_FISCA = "OpenFisca"
#: An answer that was never given: the scenario's numbers are others each time.
COLD = "POST, cold"


@dataclass(frozen=True, slots=True)
class Route:
    """One route under load: the requests sent to it in turn."""

    name: str
    port: int
    requests: tuple[bytes, ...]
    pid: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over the rounds."""

    per_second: float
    p50_us: float
    p99_us: float
    cpu_us: float


def measure(measured: Measured) -> tuple[dict[tuple[str, int], Figures], float]:
    """Return (route, connections) -> figures, and the resident memory of our worker after all of it, in MB."""
    with ExitStack() as stack:
        ports = free_port(), free_port()
        ready, _ = stack.enter_context(server(ours(ports[0]), ports[0]))
        body = _answer(ports[0], measured)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (folder / "guide.json").write_bytes(body)
        peers, _ = stack.enter_context(server(peer(ports[1], str(folder / "guide.json")), ports[1]))
        routes = list(_routes(measured, (ports[0], ready.pid), (ports[1], peers.pid)))
        if PEERS.exists():
            port = free_port()
            fisca, _ = stack.enter_context(server(open_fisca(PEERS, port), port, ready="/entities"))
            routes.append(Route(OPEN_FISCA, port, (_post_to("/calculate", _one_person()),), fisca.pid))
        # It makes its topics ready after it is ready itself.
        settle(ready.pid)
        figures = {
            (route.name, connections): figure
            for connections in CONNECTIONS
            for route, figure in _interleaved(routes, connections)
        }
        return figures, resident_megabytes(ready.pid)


Place = tuple[int, int]
"""Port and process of a server."""


def _routes(measured: Measured, ready: Place, peers: Place) -> Iterator[Route]:
    yield Route("ready bytes", peers[0], (_get("/ready-bytes"),), peers[1])
    yield Route("no-op", peers[0], (_get("/no-op"),), peers[1])
    yield Route("POST, cached", ready[0], (_post(measured.body),), ready[1])
    yield Route(COLD, ready[0], tuple(_post(body) for body in with_other_numbers(measured)), ready[1])
    yield Route("POST, all new", ready[0], tuple(_post(body) for body in others(measured)), ready[1])
    target = "/v1/evaluate?" + _query(measured)
    yield Route("GET, cached", ready[0], (_get(target),), ready[1])
    known = _get(target, f"If-None-Match: {_tag(ready[0], target)}\r\n")
    yield Route("GET, 304", ready[0], (known,), ready[1])
    yield Route("search", ready[0], (_get("/v1/search?q=" + "%E5%BC%80%E5%BA%97&limit=10"),), ready[1])


def _interleaved(routes: list[Route], connections: int) -> Iterator[tuple[Route, Figures]]:
    rounds: dict[str, list[dict[str, float]]] = {}
    for _ in range(_ROUNDS):
        for route in routes:
            rounds.setdefault(route.name, []).append(_load(route, connections))
    for route in routes:
        taken = rounds[route.name]
        keys = ("per_second", "p50_us", "p99_us", "cpu_us")
        yield route, Figures(*(median(one[key] for one in taken) for key in keys))


def _load(route: Route, connections: int) -> dict[str, float]:
    plan = {
        "host": "127.0.0.1",
        "port": route.port,
        "requests": [base64.b64encode(request).decode() for request in route.requests],
        "connections": connections,
        "seconds": _SECONDS,
        "core": LOAD_CORE,
    }
    before = cpu_seconds(route.pid)
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"], input=json.dumps(plan), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{route.name}: {done.stderr or done.stdout}")
    figures: dict[str, float] = json.loads(done.stdout)
    figures["cpu_us"] = (cpu_seconds(route.pid) - before) / figures["answers"] * 1e6
    return figures


def _get(target: str, headers: str = "") -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: bench\r\nAccept: application/json\r\n{headers}\r\n".encode()


def _post(body: Mapping[str, object]) -> bytes:
    return _post_to("/v1/evaluate", json.dumps(body, ensure_ascii=False).encode())


def _one_person() -> bytes:
    """One person, four variables, no household."""
    month = "2017-01"
    asked = {name: {month: None} for name in ("income_tax", "social_security_contribution", "basic_income")}
    return json.dumps({"persons": {"one": {"salary": {month: 4000}, **asked}}}).encode()


def _post_to(target: str, body: bytes) -> bytes:
    head = f"POST {target} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


def _query(measured: Measured) -> str:
    pairs = [("topic", measured.book.code), ("as_of", measured.day.isoformat()), ("lang", "zh-CN")]
    for name, value in measured.facts.items():
        if isinstance(value, list):
            pairs += [(name, part) for part in value] or [(name, "")]
        else:
            pairs.append((name, str(value).lower() if isinstance(value, bool) else str(value)))
    return urlencode(pairs)


def _answer(port: int, measured: Measured) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/v1/evaluate", json.dumps(measured.body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.HTTPStatus.OK:
        raise SystemExit(f"the scenario was refused: {body.decode()}")
    return body


def _tag(port: int, target: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", target)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.headers["ETag"]
