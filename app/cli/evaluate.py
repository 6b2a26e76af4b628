"""`approval-guide evaluate TOPIC`: one scenario answered on the command line, for a reader or as JSON."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console

from app.cli.answering import FINDING, USAGE, Form, Format, Rules, refuse_error, rules_folder
from app.cli.guide_table import guide_parts
from app.cli.moments import read_day, today
from app.cli.speaking import spoken
from app.errors import AppError, Fault, InvalidFact, InvalidRequest, RulebookError
from app.evaluation import Answer, EvaluateRequest, Evaluator, in_full
from app.rulebook import Rulebook, load

#: Columns where the output goes into a file or pipe and no terminal says how wide it is.
_WIDE: Final = 120


def evaluate(
    topic: Annotated[str, typer.Argument()],
    fact: Annotated[list[str] | None, typer.Option("--fact", "-f")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", show_default=False)] = None,
    form: Form = Format.TABLE,
    rules: Rules = None,
) -> None:
    """Answer one scenario: what has to be done, by which clause, and what is still open."""
    try:
        answer, rulebook = _answer(topic, fact or [], as_of, rules_folder(rules))
    except RulebookError as error:
        refuse_error(error, FINDING)
    except AppError as error:
        refuse_error(error, USAGE)
    if form is Format.JSON:
        typer.echo(orjson.dumps(answer.guide, option=orjson.OPT_INDENT_2).decode())
        return
    console = Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False)
    for part in guide_parts(in_full(answer.guide, rulebook), spoken()):
        console.print(part)


def _answer(topic: str, given: list[str], as_of: str | None, folder: Path) -> tuple[Answer, Rulebook]:
    faults = [_no_equals(text) for text in given if not _is_pair(text)]
    day: date | None = None
    try:
        day = None if as_of is None else read_day(as_of, "--as-of")
    except InvalidRequest as error:
        faults.extend(error.faults)
    evaluator = Evaluator(load(folder), cache_entries=0)
    try:
        facts = evaluator.facts_from_text(topic, [_pair(text) for text in given if _is_pair(text)])
        answer = evaluator.evaluate(EvaluateRequest(topic, facts, day, spoken().lang), today())
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
