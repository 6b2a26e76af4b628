"""`approval-guide evaluate TOPIC`: one scenario answered on the command line, for a reader or as JSON."""

import enum
import sys
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Annotated, Final, NoReturn

import orjson
import typer
from rich.console import Console

from app.cli.answering import Lang
from app.cli.guide_table import guide_parts
from app.errors import AppError, Fault, FaultCode, InvalidFact, InvalidRequest, RulebookError
from app.evaluation import Answer, EvaluateRequest, Evaluator, in_full
from app.rulebook import Rulebook, load
from app.settings import Settings
from app.wording import phrases_in, problem_text

FINDING: Final = 1
USAGE: Final = 2
_CHINA: Final = timezone(timedelta(hours=8), "Asia/Shanghai")
#: Columns where the output goes into a file or pipe and no terminal says how wide it is.
_WIDE: Final = 120


class Format(enum.StrEnum):
    """How the command answers."""

    TABLE = "table"
    JSON = "json"


def evaluate(
    topic: Annotated[str, typer.Argument(help="Code of the topic, such as `rules show` lists it.")],
    fact: Annotated[
        list[str] | None,
        typer.Option("--fact", "-f", help="fact=value; several options with commas; `fact=` is none of them."),
    ] = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Day whose law applies, YYYY-MM-DD; today without it.")
    ] = None,
    lang: Annotated[Lang, typer.Option("--lang", help="Language of the answer.")] = Lang.CHINESE,
    form: Annotated[Format, typer.Option("--format", help="How to answer.")] = Format.TABLE,
    rules: Annotated[
        Path | None,
        typer.Option("--rules", help="Folder of the rulebook; APG_RULES_DIR without it.", show_default=False),
    ] = None,
) -> None:
    """Answer one scenario: what has to be done, by which clause, and what is still open."""
    try:
        answer, rulebook = _answer(topic, fact or [], as_of, lang, rules)
    except RulebookError as error:
        _refuse(error, lang, FINDING)
    except AppError as error:
        _refuse(error, lang, USAGE)
    if form is Format.JSON:
        typer.echo(orjson.dumps(answer.guide, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)
    for part in guide_parts(in_full(answer.guide, rulebook), phrases_in(answer.lang)):
        console.print(part)


def _answer(topic: str, given: list[str], as_of: str | None, lang: Lang, rules: Path | None) -> tuple[Answer, Rulebook]:
    faults = [_no_equals(text) for text in given if not _is_pair(text)]
    day = None if as_of is None else _day(as_of)
    if as_of is not None and day is None:
        faults.append(_no_day())
    folder = rules if rules is not None else Settings.from_environment().rules_dir
    evaluator = Evaluator(load(folder), cache_entries=0)
    facts = evaluator.facts_from_text(topic, [_pair(text) for text in given if _is_pair(text)])
    try:
        answer = evaluator.evaluate(EvaluateRequest(topic, facts, day, lang), datetime.now(_CHINA).date())
    except InvalidFact as error:
        if not faults:
            raise
        raise InvalidRequest([*faults, *error.faults]) from error
    if faults:
        raise InvalidRequest(faults)
    return answer, evaluator.rulebook


def _is_pair(text: str) -> bool:
    return text.find("=") > 0


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()


def _no_equals(text: str) -> Fault:
    return Fault("--fact", "no_equals", f"{text!r} has no =", params={"value": text})


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=_CHINA).date()
    except ValueError:
        return None


def _no_day() -> Fault:
    return Fault("--as-of", FaultCode.WRONG_TYPE, allowed="date", params={"name": "--as-of", "expected": "date"})


def _refuse(error: AppError, lang: Lang, status: int) -> NoReturn:
    """Say what is wrong, every fault of it, and end."""
    said = problem_text(error, lang)
    typer.echo(f"{said.title}: {said.detail}", err=True)
    for message in said.messages:
        typer.echo(f"  - {message}", err=True)
    for finding in getattr(error, "findings", ()):
        typer.echo(f"  {finding}", err=True)
    raise typer.Exit(status)
