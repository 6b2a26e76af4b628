"""How the commands on the rulebook are asked and answer: folder, format, findings, exit status."""

import enum
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeAlias

import orjson
import typer

from app.errors import Finding
from app.settings import Settings
from app.wording import LANGUAGES, Phrases, finding_text, language_of, phrases_in, said_text

FINDING: Final = 1
USAGE: Final = 2


class Format(enum.StrEnum):
    """How a command answers."""

    TABLE = "table"
    JSON = "json"


class Lang(enum.StrEnum):
    """The languages there are."""

    CHINESE = "zh-CN"
    ENGLISH = "en"

    @property
    def phrases(self) -> Phrases:
        """What can be said in it."""
        return phrases_in(language_of(self))


assert {lang.value for lang in Lang} == set(LANGUAGES)

Spoken: TypeAlias = Annotated[Lang, typer.Option("--lang", help="Language of the answer.")]
Form: TypeAlias = Annotated[Format, typer.Option("--format", help="How to answer.")]
Rules: TypeAlias = Annotated[
    Path | None,
    typer.Option("--rules", help="Folder of the rulebook; APG_RULES_DIR without it.", show_default=False),
]
Folder: TypeAlias = Annotated[
    Path | None,
    typer.Argument(help="Folder of the rulebook; APG_RULES_DIR without it.", show_default=False),
]


def rules_folder(path: Path | None) -> Path:
    """The rulebook's folder that was given or is set; ends the command where there is none."""
    folder = path if path is not None else Settings.from_environment().rules_dir
    if not folder.is_dir():
        refuse(f"there is no folder {folder}", USAGE)
    return folder


def refuse(message: str, status: int, lang: Lang = Lang.CHINESE) -> NoReturn:
    """Say why and end the command; in the language where it is one of the messages that have words in it."""
    typer.echo(said_text(message, language_of(lang)) or message, err=True)
    raise typer.Exit(status)


def say_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z, default=str).decode())


def finding_record(finding: Finding, phrases: Phrases) -> dict[str, object]:
    """A finding as JSON answers give it."""
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": "warning" if finding.warning else "error",
        "message": finding_text(finding, phrases.lang),
    }


def finding_line(finding: Finding, phrases: Phrases) -> str:
    """A finding as tables give it: `file:line:column code message`, which editors turn into a link."""
    line = f"{finding.place} {finding.code} {finding_text(finding, phrases.lang)}"
    return phrases.say("rules_said.warning", line=line) if finding.warning else line


def counted(errors: int, warnings: int, phrases: Phrases) -> str:
    """How many findings there are of each kind."""
    if not errors and not warnings:
        return phrases.say("rules_said.clean")
    return phrases.say("rules_said.errors", errors=errors, warnings=warnings)
