"""`approval-guide clients …`: what it says, the exit codes of the contract, and a key shown once."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from app.clients import KEY_PATTERN, Scope

_RUNNER = CliRunner()
_CREATE = ("create", "hall-xicheng", "--name", "西城区政务服务大厅", "--scope", "batch,places")


@pytest.fixture(autouse=True)
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APG_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")


def _ask(*words: str) -> Result:
    return _RUNNER.invoke(cli, ["clients", *words])


def _said(*words: str) -> Any:
    done = _ask(*words, "--format", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def _keys_in(text: str) -> list[str]:
    return re.findall(KEY_PATTERN, text)


def test_creating_shows_the_key_once() -> None:
    made = _ask(*_CREATE)
    again = [_ask(*words).output for words in (("list",), ("show", "hall-xicheng"), ("list", "--format", "json"))]

    assert made.exit_code == 0
    assert len(_keys_in(made.stdout)) == 1
    assert [_keys_in(text) for text in again] == [[], [], []]
    assert "西城区政务服务大厅" in again[0]


def test_json_holds_what_a_program_needs() -> None:
    made = _said(*_CREATE, "--expires", "2999-12-31", "--key-days", "30")

    assert _keys_in(made["key"]) == [made["key"]]
    assert made["key_id"] == made["client"]["keys"][0]["key_id"]
    assert made["client"]["scopes"] == ["batch", "places"]
    # A last day counts to its end in Beijing.
    assert made["client"]["expires_at"] == "2999-12-31T16:00:00Z"
    assert _said("show", "hall-xicheng") == made["client"]
    assert _said("list") == [made["client"]]


def test_a_key_is_rotated_and_the_old_one_goes_on() -> None:
    first = _said(*_CREATE)
    second = _said("rotate", "hall-xicheng", "--old-until", "36h")
    third = _ask("rotate", "hall-xicheng")
    at_once = _said("rotate", "hall-xicheng", "--old-until", "now")

    assert second["key"] != first["key"]
    assert [key["state"] for key in second["client"]["keys"]] == ["valid", "valid"]
    assert (third.exit_code, "已有两个有效密钥" in third.stderr) == (1, True)
    assert sorted(key["state"] for key in at_once["client"]["keys"]) == ["revoked", "revoked", "valid"]


def test_one_key_or_the_whole_client_is_revoked() -> None:
    made = _said(*_CREATE)

    one = _said("revoke", "hall-xicheng", "--key", made["key_id"])
    whole = _said("revoke", "hall-xicheng")
    again = _said("revoke", "hall-xicheng")

    assert (one["state"], whole["state"]) == ("without_key", "revoked")
    assert re.search(r"hall-xicheng .* 已作废 .*\n.* 登记，.* 作废\n", _ask("show", "hall-xicheng").stdout)
    assert again == whole


def test_every_step_stands_in_the_audit_trail_without_the_key() -> None:
    key = _said(*_CREATE)["key"]
    _said("rotate", "hall-xicheng")
    _said("revoke", "hall-xicheng")
    listed = _RUNNER.invoke(cli, ["audit", "list", "--format", "json"]).stdout

    assert [entry["action"] for entry in json.loads(listed)] == [
        "client.revoked",
        "client.key_rotated",
        "client.created",
    ]
    assert key not in listed
    assert all(entry["actor"].startswith("operator:") for entry in json.loads(listed))
    assert _RUNNER.invoke(cli, ["audit", "verify"]).exit_code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("create", "Hall", "--name", "x", "--scope", "batch"),
        ("create", "hall", "--name", "x", "--scope", "everything"),
        ("create", "hall", "--name", " ", "--scope", "batch"),
        ("create", "hall", "--name", "x"),
        ("create", "hall", "--name", "x", "--scope", "batch", "--expires", "2020-01-01"),
        ("create", "hall", "--name", "x", "--scope", "batch", "--expires", "soon"),
        ("create", "hall", "--name", "x", "--scope", "batch", "--key-days", "0"),
        ("show", "nobody"),
        ("rotate", "nobody"),
        ("revoke", "nobody"),
        ("revoke", "hall-xicheng", "--key", "aaaaaaaa"),
        ("rotate", "hall-xicheng", "--old-until", "0h"),
    ],
)
def test_a_command_asked_wrongly_is_a_usage_error(words: tuple[str, ...]) -> None:
    _said(*_CREATE)

    done = _ask(*words)

    assert done.exit_code == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert len(_said("list")) == 1


def test_every_fault_is_told_by_its_name() -> None:
    words = ("--name", " ", "--scope", "batch,all", "--expires", "2020-01-01", "--key-days", "0", "--key")

    done = _ask("create", "Hall", *words)

    assert done.exit_code == 2
    assert [line[:16].partition("”")[0] for line in done.stderr.splitlines() if line.startswith("  - ")] == [
        "  - 没有“--key",
        "  - “--name",
        "  - “--scope",
        "  - “--expires",
        "  - “--key-days",
    ]


def test_moments_are_told_by_the_clock_in_beijing() -> None:
    _said(*_CREATE, "--expires", "2999-12-31")
    _said("rotate", "hall-xicheng")

    shown, refused = _ask("show", "hall-xicheng").stdout, _ask("rotate", "hall-xicheng").stderr

    assert "到 3000-01-01 00:00 为止" in shown
    assert refused.count("到北京时间") == 2
    assert "+00:00" not in refused


def test_a_code_that_is_taken_is_a_finding() -> None:
    _said(*_CREATE)

    done = _ask(*_CREATE)

    assert (done.exit_code, "已经用过" in done.stderr, done.stdout) == (1, True, "")


def test_a_database_that_is_away_is_a_finding_and_no_key_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_DATABASE_URL", "postgresql://apg:secret@127.0.0.1:1/apg")

    done = _ask(*_CREATE)

    assert (done.exit_code, _keys_in(done.output), "secret" in done.output) == (1, [], False)


def test_scopes_are_listed_in_both_languages() -> None:
    listed = _said("scopes")

    assert [row["scope"] for row in listed] == [scope.value for scope in Scope]
    assert all(row["name"]["zh"] and row["name"]["en"] for row in listed)
    assert "批量导办" in _ask("scopes").stdout
