"""`approval-guide audit …`: what it says, and the exit codes of the contract."""

import json
import os
import pwd
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.audit import Entry
from app.audit.chain import BreakKind
from app.cli.actors import local_actor
from app.cli.main import cli
from app.storage import Database
from app.wording import LANGUAGES, phrases_in
from tests.support.make_trail import append, at_database, cheat

_RUNNER = CliRunner()


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    address = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APG_DATABASE_URL", address)
    return address


def _ask(*words: str) -> Result:
    return _RUNNER.invoke(cli, ["audit", *words])


async def _three(database: Database) -> list[Entry]:
    return [await append(database, f"r{number}", note="[red]") for number in range(3)]


@pytest.mark.usefixtures("url")
def test_an_empty_trail_is_whole() -> None:
    assert (_ask("verify").exit_code, _ask("verify").stdout) == (0, "完整：还没有记录\n")
    assert json.loads(_ask("list", "--format", "json").stdout) == []


def test_a_whole_trail_prints_its_head_and_takes_it_again(url: str) -> None:
    entries = at_database(url, _three)

    said = json.loads(_ask("verify", "--format", "json").stdout)
    again = _ask("verify", "--head", said["head"])
    by_hash = _ask("verify", "--head", entries[0].hash.upper())

    assert (said["whole"], said["entries"], said["broken"]) == (True, 3, None)
    assert said["head"] == f"3:{entries[2].hash}"
    assert (again.exit_code, by_hash.exit_code) == (0, 0)
    assert f"末端 3:{entries[2].hash}" in again.stdout


def test_a_broken_trail_is_a_finding_that_names_the_entry(url: str) -> None:
    at_database(url, _three)
    at_database(url, lambda database: cheat(database, "UPDATE audit_entries SET details = 'x' WHERE number = 2"))

    plain, as_json = _ask("verify"), _ask("verify", "--format", "json")

    assert (plain.exit_code, as_json.exit_code) == (1, 1)
    assert plain.stdout.startswith("第2条不对：按内容算出的哈希是")
    assert json.loads(as_json.stdout)["broken"]["number"] == 2
    assert json.loads(_ask("list", "--format", "json").stdout)[1]["details"] == "x"


def test_a_head_that_is_not_there_is_a_finding(url: str) -> None:
    at_database(url, _three)

    done = _ask("verify", "--head", "3:" + "f" * 64)

    assert (done.exit_code, "被截短或整个重写过" in done.stdout) == (1, True)


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize("head", ["x", "f" * 63, "a:" + "f" * 64, ""])
def test_a_head_that_is_none_is_a_usage_error(head: str) -> None:
    assert _ask("verify", "--head", head).exit_code == 2


def test_entries_are_listed_newest_first_and_as_they_stand(url: str) -> None:
    at_database(url, _three)

    listed = json.loads(_ask("list", "--limit", "2", "--format", "json").stdout)
    table = _ask("list", "--subject", "r1").stdout

    assert [entry["number"] for entry in listed] == [3, 2]
    assert listed[0]["details"] == {"note": "[red]"}
    assert listed[0]["previous_hash"] == listed[1]["hash"]
    assert ('{"note":"[red]"}' in table, "operator:wang" in table, len(table.splitlines())) == (True, True, 2)


def test_moments_are_told_by_the_clock_in_beijing(url: str) -> None:
    at_database(url, lambda database: append(database, "r1", until="2026-12-31T16:00:00+00:00"))

    table, whole = _ask("list").stdout, _ask("verify").stdout
    at = datetime.fromisoformat(json.loads(_ask("list", "--format", "json").stdout)[0]["at"])

    assert '{"until":"2027-01-01 00:00:00"}' in table
    assert f"{at + timedelta(hours=8):%Y-%m-%d %H:%M:%S}" in table
    assert f"北京时间 {at + timedelta(hours=8):%Y-%m-%d %H:%M:%S} 到" in whole


@pytest.mark.parametrize("kind", BreakKind)
def test_every_break_is_said_in_words(kind: str) -> None:
    assert all(phrases_in(lang).has(f"trail_break.{kind}") for lang in LANGUAGES)


def test_a_database_that_is_away_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_DATABASE_URL", "postgresql://apg:secret@127.0.0.1:1/apg")

    done = _ask("verify")

    assert (done.exit_code, "secret" in done.output) == (1, False)


def test_the_actor_is_the_systems_own_word_for_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")

    assert str(local_actor()) == f"operator:{pwd.getpwuid(os.getuid()).pw_name}"
