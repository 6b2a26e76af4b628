"""How the commands on the rulebook are asked and answer: folder, format, findings, exit status."""

import enum
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeAlias

import orjson
import typer

from app.errors import Finding
from app.settings import Settings

FINDING: Final = 1
USAGE: Final = 2


class Format(enum.StrEnum):
    """How a command answers."""

    TABLE = "table"
    JSON = "json"


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


def refuse(message: str, status: int) -> NoReturn:
    """Say why and end the command."""
    typer.echo(message, err=True)
    raise typer.Exit(status)


def say_json(value: object) -> None:
    """Print a value as JSON."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z, default=str).decode())


def finding_record(finding: Finding) -> dict[str, object]:
    """A finding as JSON answers give it."""
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": "warning" if finding.warning else "error",
        "message": finding.message,
    }


def finding_line(finding: Finding) -> str:
    """A finding as tables give it."""
    return f"{finding}{' (warning)' if finding.warning else ''}"


def counted(errors: int, warnings: int) -> str:
    """How many findings there are of each kind."""
    if not errors and not warnings:
        return "the rulebook is clean"
    return f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}"
