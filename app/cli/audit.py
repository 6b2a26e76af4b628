"""`approval-guide audit …`: read the audit trail, hold it against its own chain."""

import re
from datetime import datetime
from typing import Annotated, Final

import orjson
import typer
from rich.table import Table
from rich.text import Text

from app.audit import ChainReport, Entry, Head, recent_entries, verify_chain
from app.cli.answering import FINDING, Form, Format, say_json
from app.cli.commands import Command, new_group
from app.cli.moments import checked, shown
from app.cli.speaking import spoken
from app.cli.working import asked, say_table, with_database
from app.errors import Fault, FaultCode, InvalidRequest
from app.storage import Database

cli = new_group()

#: A moment as our own entries write it.
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_HEAD: Final = re.compile(r"(?:(\d{1,18}):)?([0-9a-f]{64})")


def _read_head(text: str, option: str = "--head") -> Head:
    """The head that `audit verify` printed: its number and hash, or the hash alone."""
    found = _HEAD.fullmatch(text.strip().lower())
    if found is None:
        params = {"name": option, "value": text[:100], "variant": "trail_head"}
        raise InvalidRequest([Fault(option, FaultCode.NOT_ALLOWED, "takes NUMBER:HASH or HASH", None, params)])
    return Head(int(found[1]) if found[1] else None, found[2])


@cli.command("list", cls=Command)
def list_entries(
    limit: Annotated[int, typer.Option(min=1, max=100_000)] = 50,
    action: Annotated[str | None, typer.Option(show_default=False)] = None,
    subject: Annotated[str | None, typer.Option(show_default=False)] = None,
    actor: Annotated[str | None, typer.Option(show_default=False)] = None,
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
    phrases = spoken()
    heads = ("number", "moment", "actor", "action", "subject")
    table = Table(*(phrases.say(f"told.head_{head}") for head in heads), box=None, pad_edge=False)
    table.add_column(phrases.say("told.head_details"), overflow="fold")
    for entry in entries:
        # As text, for what stands in the trail is nobody's markup.
        parts = (str(entry.number), _clock(entry.at), entry.actor, entry.action, entry.subject, _with_clocks(entry))
        table.add_row(*(Text(part) for part in parts))
    say_table(table)


@cli.command("verify", cls=Command)
def verify(
    head: Annotated[str | None, typer.Option(show_default=False, callback=checked(_read_head))] = None,
    form: Form = Format.TABLE,
) -> None:
    """Go through the whole chain; exit 1 with the first entry that does not hold.

    Prints the head. Keep it where the keeper of the database cannot reach it, and ask for it with --head next time:
    only so does a trail that was cut off or written anew as a whole come to light.
    """
    expected = None if head is None else asked(lambda: _read_head(head))

    async def go_through(database: Database) -> ChainReport:
        async with database.reading() as session:
            return await verify_chain(session, expected)

    report = with_database(go_through)
    if form is Format.JSON:
        say_json(_report(report))
    else:
        typer.echo(_said(report))
    raise typer.Exit(FINDING if report.broken else 0)


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
    phrases, broken = spoken(), report.broken
    counted = phrases.say("told.trail_entries", count=report.entries)
    if broken is not None:
        what = phrases.say(f"trail_break.{broken.kind}", **broken.params)
        return phrases.say("told.trail_broken", number=broken.number, what=what, counted=counted)
    if report.head is None or report.first_at is None or report.last_at is None:
        return phrases.say("told.trail_empty")
    first, last = _clock(report.first_at), _clock(report.last_at)
    return phrases.say("told.trail_whole", counted=counted, first=first, last=last, head=report.head)


def _with_clocks(entry: Entry) -> str:
    """The details as they stand, their moments by the clock in Beijing."""
    return _MOMENT.sub(lambda found: _clock(found[0]), entry.details)


def _clock(moment: str) -> str:
    """A moment of the trail by the clock in Beijing; as it stands where somebody put something else there."""
    try:
        return shown(datetime.fromisoformat(moment), seconds=True)
    except ValueError:
        return moment
