"""`approval-guide rules check --due`: grouped, with file and line, and 1 where a source is overdue."""

import json
from pathlib import Path

from typer.testing import CliRunner

from app.cli.main import cli
from app.cli.moments import today
from tests.support.make_rulebook import rulebook_files, write_rulebook

RUNNER = CliRunner()


def due(folder: Path, *options: str) -> tuple[int, str]:
    """What the command says of the small rulebook, whose days off are held until the end of 2027."""
    files = rulebook_files()
    files["shared/calendar.yaml"] = files["shared/calendar.yaml"].replace("2024", "2027")
    result = RUNNER.invoke(cli, ["rules", "check", str(write_rulebook(folder, files=files)), "--due", *options])
    return result.exit_code, result.output


def test_nothing_overdue_ends_well(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "2027-05-22")

    assert status == 0
    assert said.splitlines()[-1] == "过了复核日的文件0份，没有核实的数字0个，只有机关说得准的事0项"


def test_overdue_sources_are_listed_with_file_and_line(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "2027-05-23")

    assert status == 1
    assert "到2027-05-23已过复核日：2" in said
    assert (
        "rules/policies/law/policy.yaml:12 law 应在2027-05-22前复核，最后一次核实是2026-11-22，有3处用到：小店法"
        in said
    )


def test_json_says_the_same(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "2027-05-23", "--format", "json")
    found = json.loads(said)

    assert status == 1
    assert found["on"] == "2027-05-23"
    assert [source["policy"] for source in found["overdue"]] == ["law", "plan"]
    assert found["overdue"][0]["line"] == 12
    assert (found["unverified_figures"], found["authority_facts"]) == ([], [])


def test_next_years_days_off_are_asked_for_before_they_are_needed(tmp_path: Path) -> None:
    in_time = due(tmp_path / "in_time", "--on", "2027-05-22")
    late, said = due(tmp_path / "late", "--on", "2027-12-01", "--format", "json")

    assert (in_time[0], "放假安排收录到2027-12-31\n" in in_time[1]) == (0, True)
    assert (late, json.loads(said)["days_off_until"], json.loads(said)["wants_next_year"]) == (1, "2027-12-31", True)
    assert "请把下一年的写进 shared/calendar.yaml" in due(tmp_path / "words", "--on", "2028-03-01")[1]


def test_day_that_is_none_is_refused(tmp_path: Path) -> None:
    status, said = due(tmp_path, "--on", "soon")

    assert status == 2
    assert "“--on”应当是日期" in said


def test_without_a_day_it_is_today(tmp_path: Path) -> None:
    _, said = due(tmp_path)

    assert f"到{today()}已过复核日：" in said
