"""`approval-guide rules check --due`: grouped, with file and line, and 1 where a source is overdue."""

import json
from pathlib import Path

from typer.testing import CliRunner

from app.cli.due import day_asked
from app.cli.main import cli
from tests.support.make_rulebook import write_rulebook

RUNNER = CliRunner()


def due(folder: Path, *options: str) -> tuple[int, str]:
    result = RUNNER.invoke(cli, ["rules", "check", str(write_rulebook(folder)), "--due", *options])
    return result.exit_code, result.output


def test_nothing_overdue_ends_well(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "2027-05-22")

    assert status == 0
    assert said.splitlines()[-1] == "0 sources overdue, 0 unverified figures, 0 open authority facts"


def test_overdue_sources_are_listed_with_file_and_line(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "2027-05-23")

    assert status == 1
    assert "overdue on 2027-05-23: 2" in said
    assert "rules/policies/law/policy.yaml:12 law review by 2027-05-22, last verified 2026-11-22, named by 3" in said


def test_json_says_the_same(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "2027-05-23", "--format", "json")
    found = json.loads(said)

    assert status == 1
    assert found["on"] == "2027-05-23"
    assert [source["policy"] for source in found["overdue"]] == ["law", "plan"]
    assert found["overdue"][0]["line"] == 12
    assert (found["unverified_figures"], found["authority_facts"]) == ([], [])


def test_day_that_is_none_is_refused(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "soon")

    assert status == 2
    assert "soon" in said


def test_without_a_day_it_is_today(tmp_path: Path) -> None:
    _, said = due(tmp_path)

    assert f"overdue on {day_asked(None)}: " in said
