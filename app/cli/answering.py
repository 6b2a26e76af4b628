"""How the commands on the rulebook are asked and answer: folder, format, findings, exit status."""

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Final, NoReturn, TypeAlias

import orjson
import typer

from app.cli.speaking import spoken
from app.errors import AppError, Fault, FaultCode, Finding, InvalidRequest
from app.settings import Settings, SettingsError
from app.wording import Phrases, finding_text, problem_text, said_text

FINDING: Final = 1
USAGE: Final = 2


class Format(enum.StrEnum):
    """How a command answers."""

    TABLE = "table"
    JSON = "json"


Form: TypeAlias = Annotated[Format, typer.Option("--format")]
Rules: TypeAlias = Annotated[Path | None, typer.Option("--rules", show_default=False)]
Folder: TypeAlias = Annotated[Path | None, typer.Argument(show_default=False)]


def rules_folder(path: Path | None) -> Path:
    """The rulebook's folder that was given or is set; ends the command where there is none."""
    folder = path if path is not None else settings_or_exit().rules_dir
    if not folder.is_dir():
        refuse(f"there is no folder {folder}", USAGE)
    return folder


def settings_or_exit() -> Settings:
    """Return the settings of the environment; says every fault and ends the command where they cannot be used."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        refuse_error(error, USAGE)


def refuse(message: str, status: int) -> NoReturn:
    """Say why and end the command; `message` is one of those that the checks say, or has words of its own already."""
    typer.echo(said_text(message, spoken().lang) or message, err=True)
    raise typer.Exit(status)


def expect_known(name: str, given: Iterable[str], known: Collection[str]) -> None:
    """End the command where something is named that there is not, with every such name and all there are."""
    faults = []
    for one in given:
        if one not in known:
            near = get_close_matches(one, known, n=3)
            params = {"name": name, "value": one[:100], "near": near, "variant": "name_near" if near else "name"}
            faults.append(Fault(name, FaultCode.NOT_ALLOWED, f"there is no {one}", sorted(known), params))
    if faults:
        refuse_error(InvalidRequest(faults), USAGE)


def expect_fit(*slips: tuple[bool, str, str, str]) -> None:
    """End the command with each slip that is one: (whether it is, `goes_with` or `not_together`, name, other name)."""
    faults = [
        Fault(name, code, f"{name} {code} {other}", params={"name": name, "other": other})
        for is_one, code, name, other in slips
        if is_one
    ]
    if faults:
        refuse_error(InvalidRequest(faults), USAGE)


def refuse_error(error: AppError, status: int, more: Sequence[str] = ()) -> NoReturn:
    """Say what is wrong, every fault and finding of it, and end the command."""
    phrases = spoken()
    said = problem_text(_by_options(error), phrases.lang, at_console=True)
    typer.echo(phrases.say("usage.problem", title=said.title, detail=said.detail), err=True)
    for message in said.messages:
        typer.echo(phrases.say("usage.fault", text=message), err=True)
    for finding in getattr(error, "findings", ()):
        typer.echo(f"  {finding_line(finding, phrases)}", err=True)
    for line in more:
        typer.echo(line, err=True)
    raise typer.Exit(status)


def _by_options(error: AppError) -> AppError:
    """The error with its faults named as the command line names them: `--notes` for what is `/notes` on the wire."""
    if not isinstance(error, InvalidRequest):
        return error
    return InvalidRequest([_by_option(fault) for fault in error.faults], detail=error.detail)


def _by_option(fault: Fault) -> Fault:
    name = fault.params.get("name")
    if not isinstance(name, str) or fault.pointer != f"/{name}":
        return fault
    return replace(fault, params={**fault.params, "name": f"--{name.replace('_', '-')}"})


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
