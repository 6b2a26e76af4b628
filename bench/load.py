"""A load generator in a process of its own: N connections, each sending its next request when its answer is whole.

Run as `python -m bench.load`: the plan comes on standard input as JSON, the figures go out as JSON. Plain sockets and
epoll, for a client library would be slower than the server it measures.
"""

import base64
import json
import os
import select
import socket
import sys
from collections.abc import Iterator
from itertools import cycle
from time import perf_counter_ns
from typing import Any

_READ = 1 << 18


class _Connection:
    """One connection and the request that is on its way, the next of those that all connections share."""

    def __init__(self, address: tuple[str, int], requests: Iterator[bytes]) -> None:
        self.address = address
        self.requests = requests
        self.begun = 0
        self.is_closing = False
        self._head = b""
        self._missing = 0
        self.open()

    def open(self) -> None:
        self.socket = socket.create_connection(self.address)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self) -> None:
        """Send the request, over a new connection where the server meant to close the one before."""
        self.begun = perf_counter_ns()
        if self.is_closing:
            self.socket.close()
            self.open()
        self._head, self._missing = b"", -1
        self.socket.sendall(next(self.requests))

    def has_answer(self) -> bool:
        """Read what is there; True once the answer is whole."""
        chunk = self.socket.recv(_READ)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        if self._missing < 0:
            self._head += chunk
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return False
            fields = self._head[:end].lower().split(b"\r\n")
            self.is_closing = b"connection: close" in fields
            length = next((int(field[15:]) for field in fields if field.startswith(b"content-length:")), 0)
            self._missing = end + 4 + length - len(self._head)
        else:
            self._missing -= len(chunk)
        return self._missing <= 0


def run(address: tuple[str, int], requests: list[bytes], connections: int, seconds: float) -> dict[str, Any]:
    """Return requests a second and the latencies' median and 99th percentile in microseconds.

    The requests are sent in turn, the first again after the last.
    """
    _check(address, requests[0])
    turn = cycle(requests)
    poll = select.epoll()
    held = {}
    for _ in range(connections):
        connection = _Connection(address, turn)
        held[connection.socket.fileno()] = connection
        poll.register(connection.socket, select.EPOLLIN)
        connection.send()
    begun = perf_counter_ns()
    until = begun + int(seconds * 1e9)
    taken: list[int] = []
    now = begun
    while now < until:
        for number, _ in poll.poll(1.0):
            connection = held[number]
            if connection.has_answer():
                now = perf_counter_ns()
                taken.append(now - connection.begun)
                connection.send()
                if connection.is_closing:
                    # Its socket is a new one; the old one left the poll when it was closed.
                    del held[number]
                    held[connection.socket.fileno()] = connection
                    poll.register(connection.socket, select.EPOLLIN)
    for connection in held.values():
        connection.socket.close()
    taken.sort()
    return {
        "answers": len(taken),
        "per_second": len(taken) / ((now - begun) / 1e9),
        "p50_us": taken[len(taken) // 2] / 1e3,
        "p99_us": taken[int(len(taken) * 0.99)] / 1e3,
    }


def _check(address: tuple[str, int], request: bytes) -> None:
    """Refuse to measure errors: the first answer has to be a 200 or a 304."""
    connection = _Connection(address, iter([request]))
    connection.send()
    status = connection.socket.recv(_READ).split(b" ", 2)[1]
    connection.socket.close()
    if status not in (b"200", b"304"):
        raise SystemExit(f"answered {status.decode()}: {request[:80]!r}")


def main() -> None:
    """Run one plan."""
    plan = json.load(sys.stdin)
    if plan["core"] is not None:
        os.sched_setaffinity(0, {plan["core"]})
    requests = [base64.b64decode(request) for request in plan["requests"]]
    figures = run((plan["host"], plan["port"]), requests, plan["connections"], plan["seconds"])
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
