"""`approval-guide rules verify`: what it prints and writes, and its exit status."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from tests.support.make_rulebook import with_change, write_rulebook

RULES = "topics/shop/rules.yaml"


def run(*words: str | Path) -> Result:
    """What the command line answers."""
    return CliRunner().invoke(cli, ["rules", "verify", *map(str, words)])


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """The small rulebook's folder."""
    return write_rulebook(tmp_path / "clean")


@pytest.fixture
def contradictory(tmp_path: Path) -> Path:
    """The same without the override that keeps two rules apart."""
    files = with_change(RULES, "    overrides: [commitment_for_small]\n", "")
    return write_rulebook(tmp_path / "contradictory", files=files)


def test_sound_rulebook_is_proved_and_exits_0(clean: Path) -> None:
    result = run(clean)

    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("已证明：files-")
    assert lines[2].split() == ["shop", "3", "2", "2", "11", "40"]


def test_finding_exits_1_and_gives_no_certificate(contradictory: Path, tmp_path: Path) -> None:
    kept = tmp_path / "certificate.json"

    result = run(contradictory, "--certificate", kept)

    assert result.exit_code == 1
    assert result.output.splitlines()[0].startswith("rules/topics/shop/rules.yaml:10:5 contradiction shop：")
    assert result.output.splitlines()[-1] == "1处要改，0处提醒；没有证明书"
    assert not kept.exists()


def test_certificate_is_written(clean: Path, tmp_path: Path) -> None:
    kept = tmp_path / "certificate.json"

    run(clean, "--certificate", kept)

    assert json.loads(kept.read_bytes())["topics"][0]["scenarios"] == "40"


def test_json_gives_each_finding_with_its_scenario_and_day(contradictory: Path) -> None:
    answer = json.loads(run(contradictory, "--format", "json").output)

    (finding,) = answer["findings"]
    assert (finding["code"], finding["topic"], finding["as_of"]) == ("contradiction", "shop", "2021-06-01")
    assert finding["facts"] == {"open_by_night": True, "goods": ["tea"], "area_m2": 0.0001, "choose_commitment": True}
    assert answer["certificate"] is None


def test_saved_case_makes_rules_test_fail(contradictory: Path) -> None:
    result = run(contradictory, "--save-case")

    tried = CliRunner().invoke(cli, ["rules", "test", "--rules", str(contradictory)])
    assert "已存为例子 contradiction_licence，在 topics/shop/cases.yaml:13" in result.output
    assert tried.exit_code == 1
    assert "不符 shop::contradiction_licence" in tried.output
    assert "给 `licence` 定了不同的办理方式" in tried.output


def test_broken_rulebook_says_what_the_checks_say_and_gives_no_certificate(tmp_path: Path) -> None:
    broken = write_rulebook(tmp_path, files=with_change(RULES, "force: binding", "force: law"))

    result = run(broken)

    assert result.exit_code == 1
    assert "invalid_value" in result.output
    assert "没有证明书" in result.output


def test_broken_topic_asked_for_is_refused(tmp_path: Path) -> None:
    broken = write_rulebook(tmp_path, files=with_change(RULES, "force: binding", "force: law"))

    result = run(broken, "--topic", "shop")

    assert result.exit_code == 1
    assert "要等 `rules check` 没有问题" in result.output


def test_unknown_topic_exits_2_and_suggests_one(clean: Path) -> None:
    result = run(clean, "--topic", "shops")

    assert result.exit_code == 2
    assert "是不是shop？" in result.output
