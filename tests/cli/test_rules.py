"""`approval-guide rules …`: what it prints, and its exit status."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from tests.support.make_rulebook import with_change, write_rulebook

RULES = "topics/shop/rules.yaml"


def run(*words: str | Path) -> Result:
    """What the command line answers."""
    return CliRunner().invoke(cli, ["rules", *map(str, words)])


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """The small rulebook's folder."""
    return write_rulebook(tmp_path / "clean")


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """The same with one error."""
    return write_rulebook(tmp_path / "faulty", files=with_change(RULES, "force: binding", "force: law"))


def test_check_of_a_clean_rulebook_exits_0(clean: Path) -> None:
    result = run("check", clean)

    assert (result.exit_code, result.output) == (0, "规则没有问题\n")


def test_check_says_each_finding_on_a_line_and_exits_1(faulty: Path) -> None:
    result = run("check", faulty)

    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "rules/topics/shop/rules.yaml:14:12 invalid_value `force` 写的是 'law'："
        "只能写 'binding', 'plan_commitment' 或 'plan_intent'",
        "1处要改，0处提醒",
    ]


def test_check_says_the_same_in_english(faulty: Path) -> None:
    assert run("check", faulty, "--lang", "en").output.splitlines() == [
        "rules/topics/shop/rules.yaml:14:12 invalid_value `force`: 'law': takes 'binding', 'plan_commitment' or"
        " 'plan_intent'",
        "1 to mend, 0 to look at",
    ]


def test_check_with_a_warning_alone_exits_0(tmp_path: Path) -> None:
    result = run("check", write_rulebook(tmp_path, files=with_change(RULES, "Keep your word", "Keep your 诺言")))

    assert result.exit_code == 0
    assert result.output.splitlines()[0].endswith("（提醒）")
    assert result.output.splitlines()[-1] == "0处要改，1处提醒"


def test_check_answers_in_json(faulty: Path) -> None:
    (finding,) = json.loads(run("check", faulty, "--format", "json").output)

    assert (finding["line"], finding["code"], finding["severity"]) == (14, "invalid_value", "error")


def test_check_of_a_folder_that_is_not_there_exits_2(tmp_path: Path) -> None:
    assert run("check", tmp_path / "nowhere").exit_code == 2


def test_check_takes_the_folder_of_the_settings(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_RULES_DIR", str(clean))

    assert run("check").output == "规则没有问题\n"


def test_codes_of_findings_are_listed_with_their_meaning() -> None:
    result = run("check", "--codes", "--lang", "en")

    assert result.exit_code == 0
    assert "missing_source           No source on some day; add one" in result.output


def test_cases_that_pass_exit_0(clean: Path) -> None:
    result = run("test", "--rules", clean)

    assert (result.exit_code, result.output) == (0, "通过 shop::tea_by_night\n1个例子，0个不符\n")


def test_case_that_fails_shows_its_clause_and_both_outcomes(tmp_path: Path) -> None:
    files = with_change("topics/shop/cases.yaml", "treatment: waived", "treatment: standard")

    result = run("test", "shop", "--rules", write_rulebook(tmp_path, files=files))

    assert result.exit_code == 1
    assert "plan#1.a" in result.output
    assert "procedures.licence.treatment：应有 standard，实得 waived" in result.output


def test_only_cases_with_the_word_run(clean: Path) -> None:
    assert run("test", "-k", "wine", "--rules", clean).output == "0个例子，0个不符\n"


def test_unknown_topic_exits_2_and_suggests_one(clean: Path) -> None:
    result = run("test", "shops", "--rules", clean)

    assert result.exit_code == 2
    assert "“TOPIC”没有“shops”，是不是shop？" in result.output


def test_topic_with_errors_cannot_be_tried(faulty: Path) -> None:
    result = run("test", "shop", "--rules", faulty)

    assert result.exit_code == 1
    assert "要等 `rules check` 没有问题" in result.output


def test_rule_is_shown_as_written_with_who_names_it(clean: Path) -> None:
    output = run("show", "commitment_for_small", "--rules", clean).output

    assert output.startswith("规则 commitment_for_small  (rules/topics/shop/rules.yaml:11:5)")
    assert "用到它的规则：waived_by_night" in output


def test_unknown_code_exits_2_and_suggests_one(clean: Path) -> None:
    result = run("show", "waived_by_day", "--rules", clean)

    assert result.exit_code == 2
    assert "是不是 `waived_by_night`？" in result.output


def test_shown_things_come_in_json_too(clean: Path) -> None:
    (thing,) = json.loads(run("show", "licence", "--rules", clean, "--format", "json").output)

    assert (thing["kind"], thing["entry"]["level"]) == ("procedure", "city")


def test_coverage_lists_sentences_and_counts(clean: Path) -> None:
    lines = run("coverage", "--rules", clean).output.splitlines()

    assert lines[1].split() == ["1.a", "encoded", "小店", "waived_by_night"]
    assert lines[-1].split() == ["sentences", "3", "方案的句子"]


def test_coverage_of_one_status_in_json(clean: Path) -> None:
    answer = json.loads(run("coverage", "--status", "pilot", "--rules", clean, "--format", "json").output)

    assert answer["counts"]["encoded"] == 1
    assert [entry["reference"] for entry in answer["entries"]] == ["plan#1.b"]


def test_unknown_status_exits_2(clean: Path) -> None:
    assert run("coverage", "--status", "done", "--rules", clean).exit_code == 2


def test_schema_of_one_file_is_printed() -> None:
    assert json.loads(run("schema", "levels").output)["title"] == "levels.yaml"


def test_schemas_are_written_into_a_folder(tmp_path: Path) -> None:
    result = run("schema", "--write", tmp_path / "schemas")

    assert result.exit_code == 0
    assert (tmp_path / "schemas" / "rules.schema.json").is_file()


def test_unknown_schema_exits_2() -> None:
    assert run("schema", "rule").exit_code == 2
