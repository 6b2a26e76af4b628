"""`approval-guide rules diff` and `rules impact`: two rulebooks compared, for the terminal, as JSON or as a page."""

import enum
import sys
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final, TypeAlias

import typer
from rich.console import Console

from app.cli.answering import FINDING, USAGE, expect_fit, expect_known, finding_line, refuse, rules_folder, say_json
from app.cli.impact_table import impact_parts
from app.cli.moments import today
from app.cli.speaking import spoken
from app.cli.working import with_database
from app.errors import RulebookError
from app.evaluation import Evaluator
from app.guides import Sweep, sweep
from app.impact import diff_report, impact_report, laid_out, page_of, with_guides
from app.releases import Standing, find_files, find_standing, write_files
from app.rulebook import Rulebook, load
from app.storage import Database

Json: TypeAlias = dict[str, Any]
#: Columns where the output goes into a file or pipe and no terminal says how wide it is.
_WIDE: Final = 120
#: How the names begin that a folder's own rulebook goes by.
_OF_FILES: Final = ("files-", "sha256:")


class Shape(enum.StrEnum):
    """How the comparison is given."""

    TABLE = "table"
    JSON = "json"
    HTML = "html"


Before: TypeAlias = Annotated[str, typer.Argument(metavar="A")]
After: TypeAlias = Annotated[str | None, typer.Argument(metavar="B", show_default=False)]
Shaped: TypeAlias = Annotated[Shape, typer.Option("--format")]
Output: TypeAlias = Annotated[Path | None, typer.Option("--output", "-o", show_default=False)]


def diff_rules(
    before: Before,
    after: After = None,
    form: Shaped = Shape.TABLE,
    output: Output = None,
) -> None:
    """Say what changed from one rulebook to another, in the law's words; changes of wording alone stand apart."""
    _expect_page(form, output)
    old, new = _rulebook(before), _rulebook(after)
    _give(diff_report(old, new, spoken()), form, output)


def impact_of_rules(
    before: Before,
    after: After = None,
    topics: Annotated[list[str] | None, typer.Option("--topic", show_default=False)] = None,
    guides: Annotated[bool, typer.Option("--guides")] = False,
    form: Shaped = Shape.TABLE,
    output: Output = None,
) -> None:
    """Say what a change of rules moves: for whom exactly, from what to what, from which day; examples that move."""
    _expect_page(form, output)
    old, new = _rulebook(before), _rulebook(after)
    expect_known("--topic", topics or (), new.topics)
    report = impact_report(old, new, spoken(), today(), topics)
    if guides:
        wanted = None if topics is None else set(topics)
        report = with_guides(report, _swept(old, new, wanted), spoken())
    _give(report, form, output)


def _rulebook(name: str | None) -> Rulebook:
    """The rulebook in a folder, or that of a release: the one the rules' own folder makes, or one of the database."""
    path = None if name is None else Path(name)
    if path is None or path.is_dir():
        return _loaded(rules_folder(path))
    assert name is not None
    if path.exists() or "/" in name:
        refuse(f"there is no folder {name}", USAGE)
    own = _loaded(rules_folder(None)) if name.startswith(_OF_FILES) else None
    if own is not None and name in (own.version, own.content_hash):
        return own
    return _released(name)


def _loaded(folder: Path) -> Rulebook:
    try:
        return load(folder)
    except RulebookError as error:
        for finding in error.findings:
            typer.echo(finding_line(finding, spoken()), err=True)
        refuse(f"{folder} has errors: see `rules check`", FINDING)


def _released(name: str) -> Rulebook:
    """The rulebook of a release of the database, under its version."""

    async def read(database: Database) -> tuple[Standing, dict[str, str]]:
        async with database.reading() as session:
            return await find_standing(session, name, datetime.now(UTC)), await find_files(session, name)

    standing, files = with_database(read)
    with TemporaryDirectory(prefix="approval-guide-release-") as place:
        return replace(_loaded(write_files(files, Path(place) / "rules")), version=standing.release.version)


def _swept(before: Rulebook, after: Rulebook, topics: Collection[str] | None) -> Sweep:
    async def read(database: Database) -> Sweep:
        async with database.reading() as session:
            return await sweep(session, Evaluator(before), Evaluator(after), topics)

    return with_database(read)


def _expect_page(form: Shape, output: Path | None) -> None:
    """End the command where a file is to be written and it is not the page that is asked for."""
    expect_fit((output is not None and form is not Shape.HTML, "goes_with", "--output", "--format html"))


def _give(report: Json, form: Shape, output: Path | None) -> None:
    if form is Shape.HTML:
        _write(page_of(report), output)
        return
    if form is Shape.JSON:
        say_json(report)
        return
    console = Console(width=None if sys.stdout.isatty() else _WIDE, highlight=False, soft_wrap=False)
    phrases = spoken()
    for part in impact_parts(laid_out(report, phrases), phrases):
        console.print(part)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        typer.echo(text)
        return
    output.write_text(text, "utf-8")
    typer.echo(str(output))
