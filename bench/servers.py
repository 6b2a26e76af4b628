"""Server processes on one core, the generator on another."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, sleep

_CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE: int | None = _CORES[0] if len(_CORES) > 1 else None
LOAD_CORE: int | None = _CORES[1] if len(_CORES) > 1 else None
_LONGEST_START = 60.0
# Seconds of processor time in one second under which a server counts as idle.
_IDLE = 0.05
#: The Python that the peers with dependencies of their own are installed for, by `make bench`.
PEERS = Path(__file__).parents[1] / ".venv" / "peers" / "bin" / "python"


def free_port() -> int:
    """Return a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server(
    command: Sequence[str], port: int, environment: Mapping[str, str] | None = None, *, ready: str = "/readyz"
) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run a server until the block ends; give it and the seconds until `ready` first answers."""
    begun = perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env={**os.environ, **(environment or {})}, stdout=subprocess.DEVNULL, stderr=said
        )
        if SERVER_CORE is not None:
            os.sched_setaffinity(process.pid, {SERVER_CORE})
        try:
            if not _is_ready(process, port, begun, ready):
                said.seek(0)
                raise SystemExit(f"{command}: not ready\n{said.read().decode()[-2000:]}")
            yield process, perf_counter() - begun
        finally:
            process.terminate()
            process.wait(timeout=20)


def ours(port: int) -> list[str]:
    """Return the command that serves us."""
    return [str(Path(sys.executable).with_name("approval-guide")), "serve", "--port", str(port)]


def peer(port: int, *body: str) -> list[str]:
    """Return the command that serves the peers; with a file, its bytes are what is returned."""
    return [sys.executable, "-m", "bench.peer", str(port), *body]


def open_fisca(python: Path, port: int) -> list[str]:
    """Return the command that serves OpenFisca's country template with one worker."""
    program = str(python.with_name("openfisca"))
    package = ["--country-package", "openfisca_country_template"]
    return [program, "serve", *package, "--port", str(port), "--workers", "1"]


def cpu_seconds(pid: int) -> float:
    """Return the processor time a process has used; what others do on the machine hardly touches it."""
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def settle(pid: int) -> None:
    """Wait until a process has nothing more to do of its own accord, a minute at most."""
    for _ in range(60):
        before = cpu_seconds(pid)
        sleep(1)
        if cpu_seconds(pid) - before < _IDLE:
            return


def resident_megabytes(pid: int) -> float:
    """Return the resident memory of a process."""
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _is_ready(process: subprocess.Popen[bytes], port: int, begun: float, path: str) -> bool:
    while process.poll() is None and perf_counter() - begun < _LONGEST_START:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path)
            if connection.getresponse().status == http.HTTPStatus.OK:
                return True
        except OSError:
            sleep(0.005)
        finally:
            connection.close()
    return False
