"""Load on a running server: requests one after the other, and what each was answered by."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

_ASKING: Final = 2
_PAUSE_SECONDS: Final = 0.05
#: So many answers in a row come from both of two workers.
_MANY: Final = 40
_LONGEST_SECONDS: Final = 300.0


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer.

    Shape: `asked` when, `waited` how long, in seconds of `time.monotonic`; `header` the release of its headers,
        `release` that of its body; `name` the topic's, which the law says.
    """

    asked: float
    waited: float
    header: str
    release: str
    name: str


class Hammer:
    """Asks over fresh connections, which the workers share out, and keeps what came."""

    def __init__(self, url: str, asked: dict[str, Any]) -> None:
        self.address = url.removeprefix("http://")
        self.body = json.dumps(asked)
        self.seen: list[Seen] = []
        self.failures: list[str] = []
        self._stop = threading.Event()

    @contextmanager
    def going(self) -> Iterator["Hammer"]:
        """Go on asking until the block is left."""
        with ThreadPoolExecutor(_ASKING) as pool:
            working = [pool.submit(self._ask_on) for _ in range(_ASKING)]
            try:
                yield self
            finally:
                self._stop.set()
        for done in working:
            done.result()

    def _ask_on(self) -> None:
        while not self._stop.is_set():
            asked = time.monotonic()
            try:
                status, header, body = self._answer()
            except OSError as fault:
                status, header, body = 0, "", repr(fault).encode()
            waited = time.monotonic() - asked
            if status == http.HTTPStatus.OK:
                said = json.loads(body)
                release = said["release"]["version"]
                self.seen.append(Seen(asked, waited, header, release, said["topic"]["name"]))
            else:
                self.failures.append(f"{status} {body.decode()}")
            time.sleep(_PAUSE_SECONDS)

    def _answer(self) -> tuple[int, str, bytes]:
        # A connection of its own each time: one that is kept stays with one worker.
        connection = http.client.HTTPConnection(self.address, timeout=_LONGEST_SECONDS)
        try:
            connection.request("POST", "/v1/evaluate", self.body, {"content-type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.headers["x-rules-release"], answer.read()
        finally:
            connection.close()

    def last_of_another(self, version: str) -> float:
        """When the last request was sent that another release answered."""
        return max((one.asked for one in self.seen if one.release != version), default=0.0)

    def longest_wait(self, since: float) -> float:
        """The seconds that the slowest answer took of those asked for since then."""
        return max(one.waited for one in self.seen if one.asked >= since)

    def mixed(self, names: dict[str, str]) -> list[Seen]:
        """The answers that are not wholly of one release, where each release calls the topic by a name of its own."""
        return [one for one in self.seen if one.header != one.release or names.get(one.release) != one.name]

    def wait_for(self, version: str) -> None:
        """Wait until so many answers in a row are of the version that both workers gave some."""
        until(lambda: len(self.seen) >= _MANY and {one.release for one in self.seen[-_MANY:]} == {version})


def until(holds: Callable[[], object], seconds: float = _LONGEST_SECONDS) -> None:
    """Wait for what comes about."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.1)
