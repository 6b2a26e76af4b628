"""`approval-guide audit …`: read the audit trail, hold it against its own chain."""

import re
from typing import Annotated, Final

import orjson
import typer
from rich.table import Table
from rich.text import Text

from app.audit import ChainReport, Entry, Head, recent_entries, verify_chain
from app.cli.answering import FINDING, USAGE, Form, Format, say_json
from app.cli.working import say_table, with_database
from app.storage import Database

cli = typer.Typer(
    help="Who published, activated or was given a key, and when; and whether that record is whole. 审计记录",
    no_args_is_help=True,
)

_HEAD: Final = re.compile(r"(?:(\d{1,18}):)?([0-9a-f]{64})")


@cli.command("list")
def list_entries(
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many, the newest first.")] = 50,
    action: Annotated[
        str | None, typer.Option(help="Only this action; `release.` takes all of its kind.", show_default=False)
    ] = None,
    subject: Annotated[
        str | None, typer.Option(help="Only what was done to this release, client …", show_default=False)
    ] = None,
    actor: Annotated[
        str | None, typer.Option(help="Only this actor: `operator:wang`, or `client:` for all.", show_default=False)
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """List what was done, newest first."""

    async def read(database: Database) -> list[Entry]:
        async with database.reading() as session:
            return await recent_entries(session, limit, action=action, subject=subject, actor=actor)

    entries = with_database(read)
    if form is Format.JSON:
        say_json([_as_json(entry) for entry in entries])
        return
    table = Table("number", "moment", "actor", "action", "subject", box=None, pad_edge=False)
    table.add_column("details", overflow="fold")
    for entry in entries:
        # As text, for what stands in the trail is nobody's markup.
        parts = (str(entry.number), entry.at, entry.actor, entry.action, entry.subject, entry.details)
        table.add_row(*(Text(part) for part in parts))
    say_table(table)


@cli.command("verify")
def verify(
    head: Annotated[
        str | None,
        typer.Option(help="A head printed earlier and kept elsewhere; it must still be there.", show_default=False),
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """Go through the whole chain; exit 1 with the first entry that does not hold.

    Prints the head. Keep it where the keeper of the database cannot reach it, and ask for it with --head next time:
    only so does a trail that was cut off or written anew as a whole come to light.
    """
    expected = None if head is None else _read_head(head)

    async def go_through(database: Database) -> ChainReport:
        async with database.reading() as session:
            return await verify_chain(session, expected)

    report = with_database(go_through)
    if form is Format.JSON:
        say_json(_report(report))
    else:
        typer.echo(_said(report))
    raise typer.Exit(FINDING if report.broken else 0)


def _read_head(text: str) -> Head:
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        typer.echo("--head takes NUMBER:HASH or HASH, as `audit verify` prints it", err=True)
        raise typer.Exit(USAGE)
    return Head(int(found[1]) if found[1] else None, found[2])


def _as_json(entry: Entry) -> dict[str, object]:
    return {
        "number": entry.number,
        "at": entry.at,
        "actor": entry.actor,
        "action": entry.action,
        "subject": entry.subject,
        "details": _details(entry),
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }


def _details(entry: Entry) -> object:
    """The details, read; the text as it stands where somebody put something else there, which `verify` tells."""
    try:
        return entry.details_read
    except orjson.JSONDecodeError:
        return entry.details


def _report(report: ChainReport) -> dict[str, object]:
    broken = report.broken
    return {
        "whole": broken is None,
        "entries": report.entries,
        "head": None if report.head is None else str(report.head),
        "first_at": report.first_at,
        "last_at": report.last_at,
        "broken": None if broken is None else {"number": broken.number, "code": broken.kind, "detail": broken.detail},
    }


def _said(report: ChainReport) -> str:
    counted = f"{report.entries} entr{'y' if report.entries == 1 else 'ies'}"
    if report.broken is not None:
        return f"broken at entry {report.broken.number}: {report.broken.kind}, {report.broken.detail}\n{counted}"
    if report.head is None:
        return "whole: no entries yet"
    return f"whole: {counted}, {report.first_at} to {report.last_at}\nhead {report.head}"
