"""What the checks find, in Chinese: every message they can say has its words, and codes stay as they are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from app.api.problems import problem_body
from app.errors import Finding, RulebookError
from app.rulebook import CODES
from app.wording import finding_text, phrases_in, said_text

BAD = sorted((Path(__file__).parents[1] / "rulebook" / "bad").glob("*.yaml"))
README = Path(__file__).parents[2] / "rules" / "README.md"
#: Three English words in a row are a sentence that nobody translated.
ENGLISH = re.compile(r"[a-z]{2,} [a-z]+ [a-z]{2,}")
#: Words that are no message: a table of kinds and a docstring's like.
WORDS_OF_ITS_OWN = 12


def said_in_bad_files() -> list[str]:
    lines = [line for path in BAD for line in path.read_text("utf-8").splitlines() if line.startswith("# says: ")]
    return sorted({line.split(" ", 4)[4].removesuffix(" (warning)") for line in lines})


def messages_in_code() -> Iterator[str]:
    """Every message of the checks as the code has it, with X for what is filled in."""
    for path in sorted((Path(app.__file__).parent / "rulebook").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            for part in message_parts(node):
                text = with_x(part)
                if len(re.sub(r"X|\W", "", text)) >= WORDS_OF_ITS_OWN:
                    yield text


def message_parts(node: ast.AST) -> list[ast.expr]:
    """What a node says as a message: it is assigned to one, or given to what takes one."""
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "message":
        return [node.value]
    if not isinstance(node, ast.Call):
        return []
    called = ast.unparse(node.func).rpartition(".")[2]
    place = {"add": 2, "add_at_key": 2, "problem": 1, "find": 3, "_at": 2, "Finding": 4}.get(called)
    return [] if place is None else node.args[place : place + 1]


def with_x(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(with_x(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "X"


@pytest.mark.parametrize("message", said_in_bad_files())
def test_message_of_a_broken_file_is_said_in_chinese_whole(message: str) -> None:
    said = said_text(message, "zh-CN")

    assert said is not None
    assert ENGLISH.findall(said) == []


@pytest.mark.parametrize("message", sorted(set(messages_in_code())))
def test_message_of_the_code_has_its_template(message: str) -> None:
    assert said_text(message, "zh-CN") is not None


def test_codes_and_quoted_words_stay_as_they_are_even_where_they_are_words_of_ours() -> None:
    assert (
        said_text("there is no rule `number`; did you mean `a number`?", "zh-CN")
        == "没有规则 `number`；是不是 `a number`？"
    )


def test_scenario_of_a_proof_is_said_with_its_day_and_answers() -> None:
    message = (
        "shop, market: one, two set different time limits for `licence` on 2021-06-01 with area_m2 = 5, goods = [tea];"
        " let one override the other, or narrow a condition"
    )

    assert said_text(message, "zh-CN") == (
        "shop, market：one, two 给 `licence` 定了不同的期限（如 2021-06-01，area_m2 = 5, goods = [tea]）；"
        "用 `overrides` 写明谁压过谁，或者收窄一条的条件"
    )


def test_differences_of_an_example_are_said_one_after_the_other() -> None:
    message = (
        "the case shop::tea (law#1, 2021-06-01) comes out otherwise: procedures.licence.treatment: expected waived, got"
        " merged; procedures.check: expected listed, got not_listed"
    )

    assert said_text(message, "zh-CN") == (
        "例子 shop::tea（依据 law#1，2021-06-01）的结果不符：procedures.licence.treatment：应有 waived，实得 merged；"
        "procedures.check：应有 列出，实得 不列出；先看例子对不对，再看规则"
    )


def test_message_nobody_translated_is_led_by_what_its_code_means() -> None:
    finding = Finding("rules/a.yaml", 1, 1, "gap", "never said before")

    assert finding_text(finding, "zh-CN") == f"{phrases_in('zh-CN').say('finding_code.gap')}（never said before）"
    assert finding_text(finding, "en") == "never said before"


def test_meaning_of_each_code_is_the_one_of_the_readme() -> None:
    table = README.read_text("utf-8").partition("\n| 代码 |")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.*?) \| (.*?) \|$", table, re.MULTILINE)
    chinese, english = phrases_in("zh-CN"), phrases_in("en")

    assert {code for code, _, _ in rows} == set(CODES)
    assert [code for code, zh, en in rows if chinese.say(f"finding_code.{code}") != zh] == []
    assert [code for code, zh, en in rows if english.say(f"finding_code.{code}") != en] == []


@pytest.mark.parametrize(
    ("lang", "message"), [("zh-CN", "a.yaml:3:5 少了 `force`；补上"), ("en", "a.yaml:3:5 `force` is missing; write it")]
)
def test_publisher_over_the_api_is_told_in_the_language_asked_for(lang: str, message: str) -> None:
    error = RulebookError([Finding("rules/a.yaml", 3, 5, "missing_key", "`force` is missing; write it")])

    body = problem_body(error, lang, instance="/v1/releases", request_id="1")

    assert [fault["message"] for fault in body["errors"]] == [message]  # type: ignore[attr-defined]
