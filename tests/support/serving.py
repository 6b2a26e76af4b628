"""A real server process for tests: `approval-guide serve` on a free port, stopped or killed as the test wants."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from tests.support import reaching

# Long, for it only ends what hangs: a busy machine takes many times what a free one does.
_START_SECONDS: Final = 300
_ANSWER_SECONDS: Final = 30
_STOP_SECONDS: Final = 60
_ANNOUNCED: Final = re.compile(r"http://[^\s]+")


@dataclass(slots=True)
class RunningServer:
    """A server that answers at `url`; `log` is the file its words go to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End it as a lost power supply would: no handler of its own runs."""
        self.process.kill()
        self.process.wait()


@contextmanager
def running_server(
    folder: Path, *, database_url: str, rules_dir: Path, workers: int = 1, port: int = 0
) -> Iterator[RunningServer]:
    """Start a server, yield it once it answers, and stop it unless it has ended already."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("APG_")}
    environment |= {
        "APG_DATABASE_URL": database_url,
        "APG_RULES_DIR": str(rules_dir),
        "APG_PORT": str(port),
        "APG_WORKERS": str(workers),
    }
    log = folder / f"server-{time.monotonic_ns()}.log"
    command = [str(Path(sys.executable).parent / "approval-guide"), "serve"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=output, stderr=output)
    try:
        yield RunningServer(_url_once_ready(process, log), process, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(timeout=_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _url_once_ready(process: subprocess.Popen[bytes], log: Path) -> str:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        said = _ANNOUNCED.search(log.read_text(encoding="utf-8", errors="replace"))
        if said is not None and _answers(said[0]):
            return said[0]
        time.sleep(0.05)
    raise AssertionError(f"the server did not start: {log.read_text(encoding='utf-8', errors='replace')[-3000:]}")


def _answers(url: str) -> bool:
    try:
        # The second is answered by what is loaded after the first can be.
        codes = {reaching.get(url + path, timeout=_ANSWER_SECONDS).status_code for path in ("/livez", "/metrics")}
        return codes == {httpx.codes.OK}
    except httpx.HTTPError:
        return False
