"""`approval-guide rules publish|activate|rollback|releases`: keep a rulebook as a release, serve it, take it back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from app.cli.actors import local_actor
from app.cli.answering import (
    FINDING,
    USAGE,
    Folder,
    Form,
    Format,
    Lang,
    Spoken,
    finding_line,
    finding_record,
    rules_folder,
    say_json,
)
from app.cli.moments import CHINA
from app.cli.settings import settings_or_exit
from app.cli.working import say_table, with_database
from app.errors import RulebookError
from app.releases import (
    Published,
    Release,
    RolledBack,
    Standing,
    Step,
    StepKind,
    activate,
    examine,
    find_files,
    find_same,
    find_standing,
    make_ready,
    make_ready_before,
    publish,
    read_files,
    releases,
    roll_back,
    withdraw,
    write_files,
)
from app.storage import Database
from app.wording import Phrases


def publish_rules(
    path: Folder = None,
    notes: Annotated[str, typer.Option(help="What changes, for whoever activates it.")] = "",
    base: Annotated[
        str | None,
        typer.Option(help="Release the files were made from; refused where another one is active.", show_default=False),
    ] = None,
    form: Form = Format.TABLE,
    lang: Spoken = Lang.CHINESE,
) -> None:
    """Keep the rulebook as a release once check, test and verify find nothing; it is served once it is activated."""
    try:
        published = _publish(rules_folder(path), notes, base, lang.phrases)
    except RulebookError as error:
        raise _refused(error, form, lang.phrases) from None
    release = published.release
    if form is Format.JSON:
        say_json({**_figures(release), "is_new": published.is_new})
    elif published.is_new:
        typer.echo(f"published as {release.version}, {release.content_hash}")
        typer.echo(f"`rules activate {release.version}` serves it")
    else:
        typer.echo(f"these rules were published before, as {release.version}")


def _publish(folder: Path, notes: str, base: str | None, phrases: Phrases) -> Published:
    """Raises: RulebookError with every finding."""
    files = read_files(folder)

    async def look(database: Database) -> Release | None:
        async with database.reading() as session:
            return await find_same(session, files)

    same = with_database(look)
    if same is not None:
        return Published(same, is_new=False)
    typer.echo(phrases.say("rules_said.examining"), err=True)
    examined = examine(files, _now())

    async def work(database: Database) -> Published:
        async with database.writing() as session:
            return await publish(session, examined, notes=notes, base=base, actor=local_actor(), now=_now())

    return with_database(work)


def activate_release(
    version: Annotated[str, typer.Argument(help="Version or content hash of a release.")],
    at: Annotated[
        str | None,
        typer.Option(
            help="From this moment on: 2026-12-01T08:00, in China's time unless it says otherwise.", show_default=False
        ),
    ] = None,
    replaces: Annotated[
        str | None,
        typer.Option(
            help="The active release, where this one was made from another and shall replace it all the same.",
            show_default=False,
        ),
    ] = None,
    cancel: Annotated[bool, typer.Option("--cancel", help="Take back what was set for later.")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Serve a release, at once or from a moment on; every server follows within five seconds."""
    moment = None if at is None else _moment(at)
    settings = settings_or_exit()

    async def work(database: Database) -> Step:
        if cancel:
            async with database.writing() as session:
                return await withdraw(session, version, actor=local_actor(), now=_now())
        ready = await make_ready(database, version, settings.state_dir)
        async with database.writing() as session:
            return await activate(
                session,
                version,
                actor=local_actor(),
                now=_now(),
                at=moment,
                replaces=replaces,
                two_persons=settings.two_person_rule,
                ready=ready,
            )

    step = with_database(work)
    said = {
        StepKind.SCHEDULED: f"{step.version} will be active from {_shown(step.effective_at)} on",
        StepKind.WITHDRAWN: f"{step.version} will not become active",
    }.get(step.kind, f"{step.version} is active")
    _say(form, _step(step), said)


def roll_back_release(
    active: Annotated[
        str | None,
        typer.Option(
            "--from", help="The release to take back; refused where another one is active.", show_default=False
        ),
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """Serve the release again that was active before; what was set for later is withdrawn."""

    async def work(database: Database) -> RolledBack:
        ready = await make_ready_before(database, settings_or_exit().state_dir, _now())
        async with database.writing() as session:
            return await roll_back(session, actor=local_actor(), now=_now(), active=active, ready=ready)

    done = with_database(work)
    more = f"; withdrawn: {', '.join(done.withdrawn)}" if done.withdrawn else ""
    figures = {**_step(done.step), "from": done.from_version, "withdrawn": list(done.withdrawn)}
    _say(form, figures, f"{done.step.version} is active again, {done.from_version} is taken back{more}")


def show_releases(
    version: Annotated[
        str | None, typer.Argument(help="Only this one, with its history and certificate.", show_default=False)
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Write its files into this new folder.", show_default=False)
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """List the releases in the database, newest first, with how each stands."""
    if version is None:
        found = with_database(_all)
        if form is Format.JSON:
            say_json([_standing(one) for one in found])
        else:
            _show(found)
        return
    if to is not None:
        _write(version, to)
        return

    async def work(database: Database) -> Standing:
        async with database.reading() as session:
            return await find_standing(session, version, _now())

    one = with_database(work)
    say_json({**_standing(one), "history": [_step(step) for step in one.steps], "certificate": one.release.certificate})


def add_to(group: typer.Typer) -> None:
    """Add the commands to a group."""
    group.command("publish")(publish_rules)
    group.command("activate")(activate_release)
    group.command("rollback")(roll_back_release)
    group.command("releases")(show_releases)


async def _all(database: Database) -> list[Standing]:
    async with database.reading() as session:
        return await releases(session, _now())


def _write(version: str, folder: Path) -> None:
    """Write a release's files, never over others."""
    if folder.exists():
        typer.echo(f"{folder} is there already; name a new folder", err=True)
        raise typer.Exit(USAGE)

    async def work(database: Database) -> Mapping[str, str]:
        async with database.reading() as session:
            return await find_files(session, version)

    files = with_database(work)
    write_files(files, folder)
    typer.echo(f"{len(files)} files of {version} written to {folder}")


def _show(found: list[Standing]) -> None:
    table = Table("version", "state", "since", "author", "based on", "notes", box=None, pad_edge=False)
    for one in found:
        release = one.release
        since = _shown(one.active_from) if one.active_from else ""
        table.add_row(release.version, one.state, since, release.author, release.based_on or "", release.notes)
    say_table(table)


def _refused(error: RulebookError, form: Format, phrases: Phrases) -> typer.Exit:
    """Say every finding, and return what ends the command."""
    if form is Format.JSON:
        say_json([finding_record(finding, phrases) for finding in error.findings])
    else:
        for finding in error.findings:
            typer.echo(finding_line(finding, phrases))
        typer.echo(phrases.say("rules_said.not_published", count=len(error.findings)))
    return typer.Exit(FINDING)


def _figures(release: Release) -> dict[str, object]:
    return {
        "version": release.version,
        "content_hash": release.content_hash,
        "based_on": release.based_on,
        "notes": release.notes,
        "author": release.author,
        "created_at": release.created_at,
    }


def _standing(one: Standing) -> dict[str, object]:
    return {**_figures(one.release), "state": one.state.value, "active_from": one.active_from}


def _step(step: Step) -> dict[str, object]:
    return {
        "kind": step.kind.value,
        "version": step.version,
        "effective_at": step.effective_at,
        "recorded_at": step.recorded_at,
        "actor": step.actor,
    }


def _say(form: Format, figures: dict[str, object], said: str) -> None:
    if form is Format.JSON:
        say_json(figures)
    else:
        typer.echo(said)


def _now() -> datetime:
    return datetime.now(UTC)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        typer.echo(f"--at takes a moment as 2026-12-01T08:00, not {text!r}", err=True)
        raise typer.Exit(USAGE) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).astimezone(UTC)


def _shown(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
