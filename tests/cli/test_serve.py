"""`approval-guide serve` and `settings`: starting, refusing to start, and what is said."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from app.settings import SETTINGS
from tests.support import reaching
from tests.support.hammering import until
from tests.support.make_rulebook import with_change, write_rulebook
from tests.support.serving import running_server

_ANSWER_SECONDS = 120
_COUNTED = 'apg_requests_total{method="GET",route="/v1/topics",status="200"} 20.0'


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of this machine's settings reaches the command."""
    for name in [name for name in os.environ if name.startswith("APG_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APG_RULES_DIR", str(write_rulebook(tmp_path)))
    monkeypatch.setenv("APG_DATABASE_URL", f"sqlite:///{tmp_path / 'guides.db'}")


def test_settings_are_listed_with_their_meaning() -> None:
    result = CliRunner().invoke(cli, ["settings"])

    assert result.exit_code == 0
    assert [setting.name in result.output for setting in SETTINGS] == [True] * len(SETTINGS)


def test_settings_are_given_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_PORT", "8080")

    rows = json.loads(CliRunner().invoke(cli, ["settings", "--format", "json"]).output)

    assert {row["name"]: (row["value"], row["default"]) for row in rows}["APG_PORT"] == ("8080", "8000")
    assert {tuple(row) for row in rows} == {("name", "value", "default", "meaning")}


def test_passwords_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_DATABASE_URL", "postgresql://guide:topsecret@db.example:5432/guides")

    output = CliRunner().invoke(cli, ["settings", "--format", "json"]).output

    assert "topsecret" not in output
    assert "guide:***@db.example" in output


@pytest.mark.parametrize("command", ["settings", "serve"])
def test_settings_that_cannot_be_used_are_all_told(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("APG_PORT", "ninety")
    monkeypatch.setenv("APG_WROKERS", "2")

    result = CliRunner().invoke(cli, [command])

    assert result.exit_code == 2
    assert "APG_PORT='ninety'" in result.stderr
    assert "没有“APG_WROKERS”这项设置，是不是APG_WORKERS？" in result.stderr


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = CliRunner().invoke(cli, ["serve", "--port", str(port)])

    assert result.exit_code == 1
    assert result.stderr.startswith(f"127.0.0.1:{port} 用不了：已经有别的程序在用。")
    assert "--port" in result.stderr


def test_an_address_that_is_not_ours_is_told() -> None:
    result = CliRunner().invoke(cli, ["serve", "--host", "no.such.host.invalid", "--port", "0"])

    assert result.exit_code == 1
    assert result.stderr.startswith("no.such.host.invalid:0 用不了：没有这个主机名或地址。")


def test_a_faulty_rulebook_is_not_served_and_its_findings_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = with_change("topics/shop/rules.yaml", "force: binding", "force: law")
    monkeypatch.setenv("APG_RULES_DIR", str(write_rulebook(tmp_path / "faulty", files=files)))
    monkeypatch.setenv("APG_DATABASE_URL", f"sqlite:///{tmp_path / 'guides.db'}")

    result = CliRunner().invoke(cli, ["serve", "--port", "0"])

    assert result.exit_code == 1
    assert "topics/shop/rules.yaml:14:12 invalid_value" in result.stderr
    assert "里的规则库有错，不能用来作答" in result.stderr


@pytest.mark.parametrize("option", [["--port", "70000"], ["--workers", "0"], ["--what"]])
def test_options_that_make_no_sense_are_a_usage_error(option: list[str]) -> None:
    assert CliRunner().invoke(cli, ["serve", *option]).exit_code == 2


def test_the_command_explains_itself() -> None:
    output = CliRunner().invoke(cli, ["serve", "--help"], env={"TERM": "dumb", "COLUMNS": "200"}).output

    assert all(option in re.sub(r"\x1b\[[0-9;]*m", "", output) for option in ("--host", "--port", "--workers"))


def test_a_server_says_where_it_is_and_stops_when_told(tmp_path: Path) -> None:
    database, rules = f"sqlite:///{tmp_path / 'guides.db'}", tmp_path / "rules"

    with running_server(tmp_path, database_url=database, rules_dir=rules) as server:
        alive = reaching.get(f"{server.url}/livez")
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(timeout=300)

    assert alive.json() == {"status": "alive"}
    assert "，1件事" in server.log.read_text("utf-8")


@pytest.mark.slow
def test_several_workers_share_port_and_figures(tmp_path: Path) -> None:
    database, rules = f"sqlite:///{tmp_path / 'guides.db'}", tmp_path / "rules"

    with running_server(tmp_path, database_url=database, rules_dir=rules, workers=2) as server:
        for _ in range(20):
            reaching.get(f"{server.url}/v1/topics")
        # A request is counted once it is answered, in its own worker: the other one may be asked a moment too soon.
        until(lambda: _COUNTED in reaching.get(f"{server.url}/metrics").text)
        figures = reaching.get(f"{server.url}/metrics").text

    assert _COUNTED in figures
    assert "apg_release{" in figures


def test_raw_rubbish_on_the_wire_never_stops_the_server(tmp_path: Path) -> None:
    database, rules = f"sqlite:///{tmp_path / 'guides.db'}", tmp_path / "rules"
    rubbish = [
        b"\x16\x03\x01\x02\x00\x01\x00",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: nine\r\n\r\n",
        b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /v1/topics HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\n b\r\n\r\n",
        b"POST /v1/evaluate HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n{",
    ]

    with running_server(tmp_path, database_url=database, rules_dir=rules) as server:
        answers = [_send(server.url, raw) for raw in rubbish]
        alive = reaching.get(f"{server.url}/livez")
        log = server.log.read_text("utf-8")

    assert [json.loads(line) for line in log.splitlines() if not line.startswith("http")] != []
    assert alive.status_code == 200
    assert not any(answer.startswith(b"HTTP/1.1 5") for answer in answers)
    assert answers[-1].startswith(b"HTTP/1.1 413 ")
    assert "Traceback" not in log


def _send(url: str, raw: bytes) -> bytes:
    """Send bytes as they are, and return the beginning of what comes back, if anything does."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=_ANSWER_SECONDS) as connection:
        connection.sendall(raw)
        connection.settimeout(_ANSWER_SECONDS)
        try:
            return connection.recv(4_096)
        except (TimeoutError, ConnectionError):
            return b""


def test_the_command_is_installed_under_its_name() -> None:
    said = subprocess.run(
        [str(Path(sys.executable).with_name("approval-guide")), "serve", "--help"],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )

    assert "--port" in said.stdout
