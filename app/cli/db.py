"""`approval-guide db …`: bring the database up to date, copy it, put a copy back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.audit import Head, append_entry, trail_head
from app.cli.actors import local_actor
from app.cli.answering import FINDING, Form, Format, say_json, settings_or_exit
from app.cli.commands import Command, new_group
from app.cli.speaking import spoken
from app.cli.working import run
from app.errors import StorageUnavailable
from app.storage import Address, CopyReport, Database, SchemaState, back_up, restore, upgrade

cli = new_group()

Force = Annotated[bool, typer.Option("--force")]


@cli.command("upgrade", cls=Command)
def upgrade_database(form: Form = Format.TABLE) -> None:
    """Bring the schema up to date; safe to run again, and from several processes at once."""
    before, after = run(upgrade(_address()))
    key = "told.schema_same" if before == after else "told.schema_upgraded" if before else "told.schema_made"
    _answer(form, {"before": before, "after": after}, spoken().say(key, before=before, after=after))


@cli.command("status", cls=Command)
def show_status(form: Form = Format.TABLE) -> None:
    """Say whether the database can be reached and whether its schema is current; exit 1 where guides cannot be kept."""

    async def look() -> tuple[dict[str, object], bool]:
        database = Database(_address().url, migrates=False)
        state = await database.state()
        await database.close()
        found = {"kind": state.kind, "reachable": state.reachable, "schema": state.schema}
        return found, state.is_ready

    found, is_ready = run(look())
    if is_ready:
        state = "ready"
    elif not found["reachable"]:
        state = "away"
    else:
        state = "behind" if found["schema"] is SchemaState.BEHIND else "unwritable"
    said = spoken().say(f"told.database_{state}", kind=found["kind"])
    _answer(form, {**found, "detail": None if is_ready else said}, said)
    raise typer.Exit(0 if is_ready else FINDING)


@cli.command("backup", cls=Command)
def back_up_database(
    file: Annotated[Path, typer.Argument()],
    force: Force = False,
    form: Form = Format.TABLE,
) -> None:
    """Copy the whole database into one file, while it is in use.

    SQLite gives an SQLite file by its own online backup. PostgreSQL, or a name ending in .jsonl.gz, gives a portable
    copy that either database takes.
    """
    report = run(back_up(_address(), file, force=force))
    _answer(form, _figures(file, report), _said("told.copied", file, report))


@cli.command("restore", cls=Command)
def restore_database(
    file: Annotated[Path, typer.Argument()],
    force: Force = False,
    form: Form = Format.TABLE,
) -> None:
    """Put a copy in place of the database's content, whole or not at all; refused where guides are kept already.

    The audit trail is then the copy's; what was done is written to its end, with the head it had before.
    """
    report = run(_restored(_address(), file, force))
    _answer(form, _figures(file, report), _said("told.restored", file, report))


async def _restored(address: Address, file: Path, force: bool) -> CopyReport:
    before = await _head(address)
    report = await restore(address, file, force=force)
    told = {"file": file.name, "schema": report.revision, "head_before": None if before is None else str(before)}
    database = Database(address.url)
    try:
        async with database.writing() as session:
            await append_entry(session, local_actor(), "database.restored", file.name[:300], told, datetime.now(UTC))
    finally:
        await database.close()
    return report


async def _head(address: Address) -> Head | None:
    """Where the trail ends; None as well where there is no database yet, or one from before there was a trail."""
    database = Database(address.url, migrates=False)
    try:
        async with database.reading() as session:
            return await trail_head(session)
    except StorageUnavailable:
        return None
    finally:
        await database.close()


def _address() -> Address:
    return Address.of(settings_or_exit().database_url)


def _figures(file: Path, report: CopyReport) -> dict[str, object]:
    return {"file": str(file), "form": report.form, "schema": report.revision, "rows": dict(report.rows)}


def _said(key: str, file: Path, report: CopyReport) -> str:
    return spoken().say(key, rows=sum(report.rows.values()), file=file, schema=report.revision)


def _answer(form: Format, figures: dict[str, object], said: str) -> None:
    if form is Format.JSON:
        say_json(figures)
    else:
        typer.echo(said)
