"""`approval-guide db …`: what it says, and the exit codes of the contract."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli.main import cli
from app.storage.schema import revisions
from tests.support.make_trail import append, at_database

_RUNNER = CliRunner()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APG_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    return f"sqlite:///{tmp_path / 'x.db'}"


def _said(*words: str) -> dict[str, object]:
    done = _RUNNER.invoke(cli, ["db", *words, "--format", "json"])
    assert done.exit_code == 0, done.output
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.usefixtures("url")
def test_upgrade_says_from_where_to_where() -> None:
    assert _said("upgrade") == {"before": None, "after": revisions()[-1]}
    assert "已经是最新" in _RUNNER.invoke(cli, ["db", "upgrade"]).stdout


@pytest.mark.usefixtures("url")
def test_status_looks_and_touches_nothing(tmp_path: Path) -> None:
    before = _RUNNER.invoke(cli, ["db", "status"])

    assert (before.exit_code, (tmp_path / "x.db").exists()) == (1, False)
    _said("upgrade")
    assert _said("status") == {"kind": "sqlite", "reachable": True, "schema": "current", "detail": None}


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("name", ["copy.db", "copy.jsonl.gz"])
def test_a_copy_is_made_once_and_put_back(tmp_path: Path, name: str) -> None:
    _said("upgrade")

    made, again = _said("backup", name), _RUNNER.invoke(cli, ["db", "backup", name])
    back = _said("restore", name)

    assert made["form"] == ("sqlite" if name == "copy.db" else "portable")
    assert (again.exit_code, "--force" in again.stderr) == (1, True)
    assert back["rows"] == made["rows"]
    assert made["rows"]["guides"] == 0  # type: ignore[index]
    assert not list(tmp_path.glob(".copy*"))
    (told,) = json.loads(_RUNNER.invoke(cli, ["audit", "list", "--format", "json"]).stdout)
    assert (told["action"], told["subject"], told["details"]["head_before"]) == ("database.restored", name, None)


def test_a_trail_that_was_put_back_says_where_it_ended_before(url: str) -> None:
    _said("upgrade")
    _said("backup", "early.db")
    later = at_database(url, append)

    _said("restore", "early.db", "--force")
    (told,) = json.loads(_RUNNER.invoke(cli, ["audit", "list", "--format", "json"]).stdout)
    verified = [_RUNNER.invoke(cli, ["audit", "verify", *given]).exit_code for given in ([], ["--head", later.hash])]

    assert told["details"]["head_before"] == f"1:{later.hash}"
    assert verified == [0, 1]


@pytest.mark.parametrize("words", [["upgrade"], ["backup", "copy"], ["status"]])
def test_a_database_that_is_away_is_a_finding_and_no_trace(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APG_DATABASE_URL", "postgresql://apg:secret@127.0.0.1:1/apg")

    done = _RUNNER.invoke(cli, ["db", *words])

    assert done.exit_code == 1
    assert done.output.strip()
    assert "secret" not in done.output
    assert "Traceback" not in done.output
    assert not (tmp_path / "copy").exists()


def test_a_setting_that_cannot_be_used_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_DATABASE_URL", "mysql://x")

    assert _RUNNER.invoke(cli, ["db", "upgrade"]).exit_code == 2
