"""The helper really starts PostgreSQL, from either source, and leaves nothing behind."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from tests.support import postgres
from tests.support.postgres import (
    PostgresServer,
    PostgresSource,
    PostgresUnavailable,
    available_sources,
    running_postgres,
)

pytestmark = pytest.mark.postgres


def _ask(url: str, query: str) -> object:
    async def ask() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(ask())


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("source", list(PostgresSource))
def test_server_of_either_source_answers_and_stops(source: PostgresSource) -> None:
    if source not in available_sources():
        pytest.skip(f"no PostgreSQL programs from the {source}")

    with running_postgres(source) as server:
        answer = _ask(server.url(), "SELECT '药店' || version()")
        database = server.create_database("guides")
        name = _ask(database, "SELECT current_database()")

    assert str(answer).startswith("药店PostgreSQL")
    assert name == "guides"
    assert not _answers(server.port)
    assert not server.data_directory.exists()


def test_shared_server_is_handed_out_by_the_fixture(postgres_server: PostgresServer) -> None:
    assert _ask(postgres_server.url(), "SELECT 1") == 1


def test_a_durable_server_keeps_fsync_on() -> None:
    with running_postgres(durable=True) as server:
        assert _ask(server.url(), "SHOW fsync") == "on"


def test_missing_programs_are_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.postgres._directory_of", lambda _source: None)

    with pytest.raises(PostgresUnavailable, match="no initdb"), running_postgres():
        pass


def test_programs_closed_to_the_servers_account_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() != 0 or PostgresSource.WHEEL not in available_sources():
        pytest.skip("only root runs the server as somebody else")
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    programs = postgres._directory_of(PostgresSource.WHEEL)
    assert programs is not None
    package = programs.parent.parent
    for part in (package, package.with_name(f"{package.name}.libs")):
        (closed / part.name).symlink_to(part)
    programs = closed / programs.relative_to(package.parent)
    monkeypatch.setattr(postgres, "_directory_of", lambda _source: programs)

    with running_postgres(PostgresSource.WHEEL) as server:
        assert _ask(server.url(), "SELECT 1") == 1


def test_server_goes_down_with_a_killed_test_run() -> None:
    code = (
        "import time\nfrom tests.support.postgres import running_postgres\n"
        "with running_postgres() as server:\n    print(server.port, server.data_directory, flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        port, data = run.stdout.readline().split()
        run.kill()

    deadline = time.monotonic() + 300
    while _answers(int(port)) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not _answers(int(port))
    shutil.rmtree(Path(data).parent)
