"""`approval-guide rules mutate`: the score, the survivors with file and line, and 1 below the floor."""

import json
from pathlib import Path

from typer.testing import CliRunner

from app.cli.main import cli
from app.rulebook import load
from app.rulebook.mutation import parts_of
from app.settings import Settings
from app.wording import slip_text
from tests.support.make_rulebook import with_change, write_rulebook

RUNNER = CliRunner()


def mutate(folder: Path, *options: str) -> tuple[int, str]:
    result = RUNNER.invoke(cli, ["rules", "mutate", "--rules", str(folder), "--workers", "1", *options])
    return result.exit_code, result.output


def test_survivors_are_listed_and_a_low_score_is_a_finding(tmp_path: Path) -> None:
    status, said = mutate(write_rulebook(tmp_path), "--topic", "shop")

    assert status == 1
    assert "rules/topics/shop/topic.yaml:30 界限 is_small：area_m2：`below: 100` 改成 `below: 99`" in said
    assert said.splitlines()[-1].endswith("，不到90%")


def test_every_change_of_the_real_law_is_said_in_chinese() -> None:
    said = {mutant.said for mutants in parts_of(load(Settings().rules_dir)).values() for mutant in mutants}

    assert len(said) > 500
    assert [one for one in said if slip_text(one, "zh-CN") == one] == []


def test_json_names_each_mutant_and_who_noticed(tmp_path: Path) -> None:
    _, said = mutate(write_rulebook(tmp_path), "--topic", "shop", "--format", "json")
    (part,) = json.loads(said)
    noticed = [mutant for mutant in part["mutants"] if mutant["fate"] == "case"]

    assert (part["part"], part["floor"]) == ("shop", 0.9)
    assert {mutant["by"] for mutant in noticed} == {"shop::tea_by_night"}
    assert sum(part["counts"].values()) == len(part["mutants"])


def test_sample_limits_the_mutants_of_each_part(tmp_path: Path) -> None:
    _, said = mutate(write_rulebook(tmp_path), "--sample", "3", "--format", "json")

    assert [len(part["mutants"]) for part in json.loads(said)] == [3, 3]


def test_unknown_part_is_refused(tmp_path: Path) -> None:
    status, said = mutate(write_rulebook(tmp_path), "--topic", "shopp")

    assert status == 2
    assert "shop" in said


def test_rulebook_with_findings_is_refused(tmp_path: Path) -> None:
    files = with_change(
        "topics/shop/rules.yaml", "procedure: licence, treatment: waived", "procedure: x, treatment: waived"
    )

    status, said = mutate(write_rulebook(tmp_path, files=files))

    assert status == 1
    assert "rules check" in said
