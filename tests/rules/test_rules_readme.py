"""rules/README.md is followed to the letter: its blocks run, its codes, files and commands are those there are."""

import json
import re
import shutil
from dataclasses import fields
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

import pytest
from typer.main import get_command

from app.cli.main import cli
from app.engine import compile_topic
from app.rulebook import CODES, check, run_case, schemas, verify
from app.rulebook.files.cases import Expect, ExpectedProcedure
from app.settings import Settings
from tests.rules.real import RULES

ROOT = RULES.parent
PAGE = (RULES / "README.md").read_text("utf-8")
HAN = re.compile(r"[\u4e00-\u9fff]")
BLOCK = re.compile(r"<!-- (file|append): (\S+) -->\n```yaml\n(.*?)```", re.DOTALL)


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the rulebook in which every block of the page was put where it says."""
    folder = tmp_path_factory.mktemp("readme")
    shutil.copytree(RULES, folder / "rules")
    for how, where, text in BLOCK.findall(PAGE):
        path = folder / where
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if how == "append" else ""
        path.write_text(before + text, "utf-8")
    return folder / "rules"


def test_page_shows_a_rule_and_a_topic() -> None:
    shown = {where for _, where, _ in BLOCK.findall(PAGE)}

    assert {where.split("/")[1] for where in shown} == {"policies", "topics", "changelog"}
    assert len(shown) == 9


def test_following_the_page_gives_a_clean_rulebook(followed: Path) -> None:
    report = check(followed, prove=False)
    assert report.rulebook is not None

    proof = verify(report.rulebook, made_at=datetime(2027, 1, 1, tzinfo=UTC), topics=["demo_stall"], workers=1)

    assert [str(finding) for finding in (*report.findings, *proof.findings)] == []


def test_examples_of_the_page_come_out(followed: Path) -> None:
    draft = check(followed, prove=False).draft
    assert draft is not None
    books = [draft.topics[code] for code in ("food_business", "demo_stall")]
    cases = [(book, case) for book in books for case in book.cases if "demo" in (book.code + case.code)]
    compiled = {book.code: compile_topic(book.topic) for book in books}

    assert len(cases) == 6
    assert [case.code for book, case in cases if not run_case(book, compiled[book.code], case).passed] == []


def test_example_fails_before_its_rule_is_written(followed: Path, tmp_path: Path) -> None:
    """As the page says of the second step."""
    shutil.copytree(followed, tmp_path / "rules")
    rules = tmp_path / "rules" / "topics" / "food_business" / "rules.yaml"
    rules.write_text(rules.read_text("utf-8").partition("  - code: demo_sign_plan_not_uploaded")[0], "utf-8")
    (tmp_path / "rules" / "changelog" / "2027-01-01-demo-sign-plan-not-uploaded.yaml").unlink()
    draft = check(tmp_path / "rules", prove=False).draft
    assert draft is not None
    book = draft.topics["food_business"]
    compiled = compile_topic(book.topic)

    failing = [case.code for case in book.cases if not run_case(book, compiled, case).passed]

    assert failing == ["demo_sign_from_the_day"]


def test_every_code_of_a_finding_is_explained_in_both_languages() -> None:
    table = PAGE.partition("\n| 代码 |")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \| (.+) \|$", table, re.MULTILINE)

    assert len(rows) == len(CODES)
    assert {code for code, _, _ in rows} == set(CODES)
    assert all(HAN.search(chinese) and not HAN.search(english) for _, chinese, english in rows)


def test_every_key_of_an_example_is_explained_in_both_languages() -> None:
    table = PAGE.partition("<!-- expect -->")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \| (.+) \| (.+) \|$", table, re.MULTILINE)

    told = [key for keys, _, _ in rows for key in re.findall(r"\w+", keys)]

    assert sorted(told) == sorted({*Expect.model_fields, *ExpectedProcedure.model_fields} - {"place"})
    assert all(HAN.search(chinese) and not HAN.search(english) for _, chinese, english in rows)


def test_every_command_named_exists() -> None:
    group = get_command(cli).commands  # type: ignore[attr-defined]
    rules = set(re.findall(r"(?:approval-guide |`)rules ([a-z]+)", PAGE))
    others = set(re.findall(r"approval-guide ([a-z]+)", PAGE))

    assert rules >= {"check", "test", "show", "verify", "mutate", "publish", "activate", "rollback", "releases"}
    assert rules - set(group["rules"].commands) == set()
    assert others - set(group) == set()


def test_every_option_named_exists() -> None:
    group = get_command(cli).commands["rules"].commands  # type: ignore[attr-defined]
    known = {option for command in group.values() for one in command.params for option in one.opts}

    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", PAGE)) - known == set()


def test_every_file_named_exists(followed: Path) -> None:
    named = set(re.findall(r"`([\w./-]+\.(?:yaml|json|txt))`", PAGE))
    names = {path.name for path in RULES.rglob("*")}
    bases = (ROOT, followed, followed.parent)

    assert [name for name in named if "/" in name and not any((base / name).exists() for base in bases)] == []
    assert {name for name in named if "/" not in name} - names == set()


def test_settings_named_exist() -> None:
    named = set(re.findall(r"APG_[A-Z_]+", PAGE))

    assert named - {f"APG_{one.name.upper()}" for one in fields(Settings)} == set()


def test_editor_finds_the_schema_of_every_file() -> None:
    """`.vscode/settings.json` ties each file of the rulebook to the schema of its kind."""
    ties = json.loads((ROOT / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]
    tied = {Path(schema).name.partition(".")[0]: patterns for schema, patterns in ties.items()}
    files = [path.relative_to(ROOT).as_posix() for path in RULES.rglob("*.yaml")]

    untied = [file for file in files if sum(fits(file, patterns) for patterns in tied.values()) != 1]

    assert set(tied) == set(schemas())
    assert untied == []


def fits(file: str, patterns: list[str]) -> bool:
    """Whether the editor takes one of the patterns for the file; `**/` stands for any folders or none."""
    return any(
        fnmatch(file, pattern.replace("**/", "*")) and file.count("/") >= pattern.replace("**/", "").count("/")
        for pattern in patterns
    )
