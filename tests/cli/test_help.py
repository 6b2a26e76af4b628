"""Help and what is said of slips: whole in both languages, with nothing left of the framework's own English."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from app.cli.commands import Command, Group
from app.cli.help_page import name_of
from app.cli.main import cli
from app.wording import LANGUAGES, Language, phrases_in

REPOSITORY = Path(__file__).parents[2]
#: Three English words in a row are a sentence that nobody translated; names in capitals are not.
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]+ [a-z]{2,}\b")
#: Two commands one after the other, and the words of a command line, are no sentence.
NAMES = re.compile(r"approval-guide(?: [a-z]+)+|(?:clients|rules|db|audit) [a-z]+(?: --[a-z-]+)*(?: now)?")
HAN = re.compile(r"[\u4e00-\u9fff]")


def walked(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and group with the words that lead to it."""
    yield path, command
    for name, one in getattr(command, "commands", {}).items():
        yield from walked(one, (*path, name))


COMMANDS = dict(walked(get_command(cli)))
LEAVES = [path for path, command in COMMANDS.items() if isinstance(command, Command)]


def run(*words: str, lang: str = "zh-CN") -> Result:
    return CliRunner().invoke(cli, ["--lang", lang, *words], env={"COLUMNS": "200"})


def phrases_used() -> set[str]:
    """The key of every command and parameter, its own or the one it shares."""
    known = phrases_in("en")
    found = set()
    for path, command in COMMANDS.items():
        own = ".".join(["help", *path])
        found.add(f"{own}.about")
        for param in command.params:
            key = name_of(param).lstrip("-").lower()
            found.add(f"{own}.{key}" if known.has(f"{own}.{key}") else f"help.shared.{key}")
    return found | {"help.shared.help"}


def test_every_command_speaks_the_callers_language() -> None:
    assert [path for path, command in COMMANDS.items() if not isinstance(command, Command | Group)] == []
    assert len(LEAVES) > 25


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_command_and_option_is_explained_and_nothing_else(lang: Language) -> None:
    said = {key for key in phrases_in(lang).keys if key.startswith("help.")}

    assert said == phrases_used()


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_help_is_in_one_language_whole(path: tuple[str, ...]) -> None:
    chinese, english = (run(*path, "--help", lang=lang) for lang in LANGUAGES)

    assert (chinese.exit_code, english.exit_code) == (0, 0)
    assert chinese.output.startswith("用法：")
    assert english.output.startswith("Usage: ")
    assert ENGLISH.findall(NAMES.sub("", chinese.output)) == []
    assert HAN.findall(english.output) == []


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_slip_is_told_in_one_language_with_what_would_be_taken(path: tuple[str, ...]) -> None:
    chinese, english = (run(*path, "--hepl", lang=lang) for lang in LANGUAGES)

    assert (chinese.exit_code, english.exit_code) == (2, 2)
    assert "没有“--hepl”这个选项，是不是--help？" in chinese.stderr
    assert "There is no option “--hepl”; did you mean --help?" in english.stderr
    assert ("\n用法：" in chinese.stderr, "\nUsage: " in english.stderr) == (True, True)
    assert ENGLISH.findall(NAMES.sub("", chinese.stderr)) == []
    assert HAN.findall(english.stderr) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("clients", "rotate"), ["缺少“CODE”：接入方的代码"]),
        (("clients", "lits"), ["没有“lits”这个命令，是不是list？可以用：create、list、show"]),
        (("nothing",), ["没有“nothing”这个命令，可以用：serve、settings"]),
        (("serve", "--port", "70000", "--workers", "x"), ["要写0到65535之间的整数", "“--workers”不能是“x”"]),
        (("audit", "list", "--limit"), ["“--limit”后面要写值"]),
        (("db", "backup", "--force=1", "x"), ["“--force”后面不写值"]),
        (("clients", "list", "a", "b", "--format", "xml"), ["多写了“a b”", "“--format”不能是xml，可以是：table、json"]),
        (("rules", "mutate", "--workers", "0"), ["要写不小于1的整数"]),
        (("rules", "check", "--on", "2027-01-01"), ["“--on”要同“--due”一起用"]),
        (("rules", "releases", "--to", "x"), ["“--to”要同“VERSION”一起用"]),
        (("rules", "diff", "a", "--output", "x"), ["“--output”要同“--format html”一起用"]),
        (
            ("rules", "activate", "1", "--cancel", "--at", "2030-01-01T08:00", "--replaces", "2"),
            ["“--cancel”和“--at”不能一起用", "“--cancel”和“--replaces”不能一起用"],
        ),
        (("rules", "test", "-xk"), ["没有“-x”这个选项，可以用："]),
        (("rules", "activate", "1", "--at", "soon", "--to", "x"), ["没有“--to”", "要写时刻，如2026-12-01T08:00"]),
    ],
    ids=" ".join,
)
def test_every_slip_is_told_at_once(words: tuple[str, ...], said: list[str]) -> None:
    result = run(*words)

    assert (result.exit_code, result.stdout) == (2, "")
    assert [part for part in said if part not in result.stderr] == []
    assert result.stderr.startswith("命令写得不对：共")


@pytest.mark.parametrize("path", [path for path in COMMANDS if path not in LEAVES], ids=" ".join)
def test_a_group_alone_shows_its_commands(path: tuple[str, ...]) -> None:
    result = run(*path)

    assert result.exit_code == 2
    assert [name for name in COMMANDS[path].commands if f"\n  {name} " not in result.stdout] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--lang", "en", "clients", "list", "--help"),
        ("clients", "--lang=en", "list", "--help"),
        ("clients", "list", "--help", "--lang", "en"),
        ("--lang", "zh-CN", "clients", "list", "--lang", "en", "--help"),
    ],
    ids=" ".join,
)
def test_the_language_may_stand_anywhere_and_the_last_one_counts(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(cli, list(words)).output.startswith("Usage: ")


def test_the_language_is_that_of_the_setting_where_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APG_LANG", "en")

    plain, asked = (CliRunner().invoke(cli, [*words, "--help"]) for words in ((), ("--lang", "zh-CN")))

    assert plain.output.startswith("Usage: ")
    assert asked.output.startswith("用法：")


def test_a_language_there_is_not_is_told_with_those_there_are() -> None:
    assert "“--lang”不能是fr，可以是：zh-CN、en。" in CliRunner().invoke(cli, ["db", "--lang", "fr", "status"]).stderr


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "rules/README.md", "CHANGELOG.md"])
def test_every_command_a_page_names_is_there(name: str) -> None:
    page = (REPOSITORY / name).read_text("utf-8")
    named = {tuple(found.split()) for found in re.findall(r"approval-guide ((?:[a-z]+ ?)(?:[a-z]+(?=[|\s`]))?)", page)}

    assert named
    assert [words for words in named if words[:1] not in COMMANDS] == []
    assert [words for words in named if words[:1] not in LEAVES and words[:2] not in COMMANDS] == []


def test_both_readmes_name_the_same_commands_and_options() -> None:
    pages = [(REPOSITORY / name).read_text("utf-8") for name in ("README.md", "README.zh-CN.md")]
    named = [set(re.findall(r"approval-guide [a-z]+(?: [a-z|]+)?|(?<![\w-])--[a-z-]+", page)) for page in pages]

    assert named[0] == named[1]
