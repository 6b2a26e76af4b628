"""`approval-guide db …`: bring the database up to date, copy it, put a copy back."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from app.audit import Head, append_entry, trail_head
from app.cli.actors import local_actor
from app.cli.answering import FINDING, Form, Format, say_json
from app.cli.settings import settings_or_exit
from app.cli.working import run
from app.errors import StorageUnavailable
from app.storage import Address, CopyReport, Database, back_up, restore, upgrade

cli = typer.Typer(
    help="Bring the database up to date, copy it, put a copy back. Which one: APG_DATABASE_URL.", no_args_is_help=True
)

Force = Annotated[bool, typer.Option("--force", help="Overwrite what is there.")]


@cli.command("upgrade")
def upgrade_database(form: Form = Format.TABLE) -> None:
    """Bring the schema up to date; safe to run again, and from several processes at once."""
    before, after = run(upgrade(_address()))
    said = (
        f"the schema was already at {after}" if before == after else f"upgraded from {before or 'nothing'} to {after}"
    )
    _answer(form, {"before": before, "after": after}, said)


@cli.command("status")
def show_status(form: Form = Format.TABLE) -> None:
    """Say whether the database can be reached and whether its schema is current; exit 1 where guides cannot be kept."""

    async def look() -> tuple[dict[str, object], bool]:
        database = Database(_address().url, migrates=False)
        state = await database.state()
        await database.close()
        found = {"kind": state.kind, "reachable": state.reachable, "schema": state.schema, "detail": state.detail}
        return found, state.is_ready

    found, is_ready = run(look())
    _answer(form, found, f"{found['kind']}: {found['detail'] or 'ready'}")
    raise typer.Exit(0 if is_ready else FINDING)


@cli.command("backup")
def back_up_database(
    file: Annotated[Path, typer.Argument(help="Where to; a name ending in .jsonl.gz makes a portable copy.")],
    force: Force = False,
    form: Form = Format.TABLE,
) -> None:
    """Copy the whole database into one file, while it is in use.

    SQLite gives an SQLite file by its own online backup. PostgreSQL, or a name ending in .jsonl.gz, gives a portable
    copy that either database takes.
    """
    report = run(back_up(_address(), file, force=force))
    _answer(form, _figures(file, report), f"{_counted(report)} copied to {file}, schema {report.revision}")


@cli.command("restore")
def restore_database(
    file: Annotated[Path, typer.Argument(help="A copy made by `db backup`.")],
    force: Force = False,
    form: Form = Format.TABLE,
) -> None:
    """Put a copy in place of the database's content, whole or not at all; refused where guides are kept already.

    The audit trail is then the copy's; what was done is written to its end, with the head it had before.
    """
    report = run(_restored(_address(), file, force))
    _answer(form, _figures(file, report), f"{_counted(report)} restored from {file}, schema {report.revision}")


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


def _counted(report: CopyReport) -> str:
    rows = sum(report.rows.values())
    return f"{rows} row{'s' * (rows != 1)}"


def _answer(form: Format, figures: dict[str, object], said: str) -> None:
    if form is Format.JSON:
        say_json(figures)
    else:
        typer.echo(said)
