"""`approval-guide evaluate`: a page to read, JSON to use, and clear words with the right exit code where it cannot."""

from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import load
from tests.support.make_rulebook import TOPIC, write_rulebook

COMPLETE = ("open_by_night=false", "goods=tea", "area_m2=50", "fits_out=false", "district=east")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_rulebook(tmp_path_factory.mktemp("cli"))


def run(rules: Path, *facts: str, topic: str = TOPIC, more: tuple[str, ...] = ()) -> Result:
    given = [part for fact in facts for part in ("--fact", fact)]
    arguments = ["evaluate", topic, *given, "--as-of", "2022-03-01", "--rules", str(rules), *more]
    return CliRunner().invoke(cli, arguments, env={"COLUMNS": "120"})


def test_the_page_says_what_to_do_by_which_law_and_why(rules: Path) -> None:
    result = run(rules, *COMPLETE)

    assert result.exit_code == 0, result.output
    for words in (
        "我要开小店",
        "按2022年3月1日的规定",
        "告知承诺",
        "当日",
        "第1号第一条",
        "✓ 小店",
        "走告知承诺",
        "核对到",
    ):
        assert words in result.stdout, words


def test_the_page_is_there_in_english(rules: Path) -> None:
    result = run(rules, *COMPLETE, more=("--lang", "en"))

    assert result.exit_code == 0, result.output
    for words in ("Open a small shop", "notification and commitment", "No. 1 Article 1", "Before the reform"):
        assert words in result.stdout, words


def test_an_open_scenario_shows_questions_and_possible_ways(rules: Path) -> None:
    result = run(rules)

    assert result.exit_code == 0, result.output
    for words in ("还要回答", "卖什么？", "tea = 茶", "可能：", "取决于："):
        assert words in result.stdout, words


def test_a_barrier_is_shown_with_its_reason(rules: Path) -> None:
    result = run(rules, "goods=", "open_by_night=false", "area_m2=50", "fits_out=false")

    assert "不符合受理条件：有东西卖" in result.stdout


def test_json_is_the_guide_of_the_api(rules: Path) -> None:
    result = run(rules, *COMPLETE, more=("--format", "json"))
    evaluator = Evaluator(load(rules))
    facts = evaluator.facts_from_text(TOPIC, [tuple(text.split("=")) for text in COMPLETE])  # type: ignore[misc]
    day = evaluator.rulebook.topics[TOPIC].topic.reviewed_until.replace(year=2022, month=3, day=1)

    expected = evaluator.evaluate(EvaluateRequest(TOPIC, facts, day), day).guide

    assert orjson.loads(result.stdout) == expected


def test_every_fault_is_told_and_the_exit_code_is_2(rules: Path) -> None:
    result = run(rules, "aera_m2=3", "goods=milk", "area_m2=-1", "open_by_night=maybe")

    assert result.exit_code == 2
    assert result.stdout == ""
    for words in ("有4处不对", "您是不是要写area_m2", "不能是milk", "不能小于0", "是或否"):
        assert words in result.stderr, words


@pytest.mark.parametrize(
    ("facts", "topic", "more", "words"),
    [
        (("area_m2",), TOPIC, (), "没有等号"),
        ((), "open_shop", (), "没有代码为“open_shop”的事"),
        ((), TOPIC, ("--as-of", "2018-01-01"), "日期太早"),
        ((), TOPIC, ("--as-of", "tomorrow"), "应当是日期"),
        ((), TOPIC, ("--lang", "fr"), "--lang"),
        (("area_m2=0", "open_by_night=true"), TOPIC, (), "不能同时成立"),
    ],
)
def test_wrong_input_is_explained(
    rules: Path, facts: tuple[str, ...], topic: str, more: tuple[str, ...], words: str
) -> None:
    result = run(rules, *facts, topic=topic, more=more)

    assert result.exit_code == 2
    assert words in result.stderr


def test_a_wrong_day_and_wrong_facts_are_told_at_once(rules: Path) -> None:
    result = run(rules, "area_m2", "goods=milk", more=("--as-of", "2024-02-30"))

    assert result.exit_code == 2
    for words in ("没有等号", "应当是日期", "不能是milk"):
        assert words in result.stderr, words


def test_faults_are_told_in_english_too(rules: Path) -> None:
    result = run(rules, "area_m2=-1", more=("--lang", "en"))

    assert "“floor area” cannot be less than 0." in result.stderr


def test_a_faulty_rulebook_is_a_finding(tmp_path: Path) -> None:
    broken = write_rulebook(tmp_path)
    (broken / "topics" / TOPIC / "rules.yaml").write_text("rules: [{code: x}]\n", "utf-8")

    result = run(broken)

    assert result.exit_code == 1
    assert "rules.yaml:1" in result.stderr
