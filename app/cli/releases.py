"""`approval-guide rules publish|activate|rollback|releases`: keep a rulebook as a release, serve it, take it back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from app.cli.actors import local_actor
from app.cli.answering import (
    FINDING,
    USAGE,
    Folder,
    Form,
    Format,
    expect_fit,
    finding_line,
    finding_record,
    refuse,
    rules_folder,
    say_json,
    settings_or_exit,
)
from app.cli.commands import Command
from app.cli.moments import checked, read_moment, shown
from app.cli.speaking import spoken
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


def publish_rules(
    path: Folder = None,
    notes: Annotated[str, typer.Option()] = "",
    base: Annotated[str | None, typer.Option(show_default=False)] = None,
    form: Form = Format.TABLE,
) -> None:
    """Keep the rulebook as a release once check, test and verify find nothing; it is served once it is activated."""
    try:
        published = _publish(rules_folder(path), notes, base)
    except RulebookError as error:
        raise _refused(error, form) from None
    release = published.release
    if form is Format.JSON:
        say_json({**_figures(release), "is_new": published.is_new})
    elif published.is_new:
        typer.echo(spoken().say("told.published", version=release.version, hash=release.content_hash))
    else:
        typer.echo(spoken().say("told.published_before", version=release.version))


def _publish(folder: Path, notes: str, base: str | None) -> Published:
    """Raises: RulebookError with every finding."""
    files = read_files(folder)
    if not files:
        refuse(spoken().say("told.no_rulebook", folder=folder), USAGE)

    async def look(database: Database) -> Release | None:
        async with database.reading() as session:
            return await find_same(session, files)

    same = with_database(look)
    if same is not None:
        return Published(same, is_new=False)
    typer.echo(spoken().say("rules_said.examining"), err=True)
    examined = examine(files, _now())

    async def work(database: Database) -> Published:
        async with database.writing() as session:
            return await publish(session, examined, notes=notes, base=base, actor=local_actor(), now=_now())

    return with_database(work)


def activate_release(
    version: Annotated[str, typer.Argument()],
    at: Annotated[str | None, typer.Option(show_default=False, callback=checked(read_moment))] = None,
    replaces: Annotated[str | None, typer.Option(show_default=False)] = None,
    cancel: Annotated[bool, typer.Option("--cancel")] = False,
    form: Form = Format.TABLE,
) -> None:
    """Serve a release, at once or from a moment on; every server follows within five seconds."""
    expect_fit(
        (cancel and at is not None, "not_together", "--cancel", "--at"),
        (cancel and replaces is not None, "not_together", "--cancel", "--replaces"),
    )
    moment = None if at is None else read_moment(at, "--at")
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
    key = {StepKind.SCHEDULED: "scheduled", StepKind.WITHDRAWN: "withdrawn"}.get(step.kind, "active")
    at_clock = shown(step.effective_at, seconds=True)
    _say(form, _step(step), spoken().say(f"told.release_{key}", version=step.version, at=at_clock))


def roll_back_release(
    active: Annotated[str | None, typer.Option("--from", show_default=False)] = None,
    form: Form = Format.TABLE,
) -> None:
    """Serve the release again that was active before; what was set for later is withdrawn."""

    async def work(database: Database) -> RolledBack:
        ready = await make_ready_before(database, settings_or_exit().state_dir, _now())
        async with database.writing() as session:
            return await roll_back(session, actor=local_actor(), now=_now(), active=active, ready=ready)

    done = with_database(work)
    phrases = spoken()
    key = "told.rolled_back_more" if done.withdrawn else "told.rolled_back"
    withdrawn = phrases.listed(done.withdrawn)
    figures = {**_step(done.step), "from": done.from_version, "withdrawn": list(done.withdrawn)}
    said = phrases.say(key, version=done.step.version, former=done.from_version, withdrawn=withdrawn)
    _say(form, figures, said)


def show_releases(
    version: Annotated[str | None, typer.Argument(show_default=False)] = None,
    to: Annotated[Path | None, typer.Option("--to", show_default=False)] = None,
    form: Form = Format.TABLE,
) -> None:
    """List the releases in the database, newest first, with how each stands."""
    expect_fit((to is not None and version is None, "goes_with", "--to", "VERSION"))
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
    group.command("publish", cls=Command)(publish_rules)
    group.command("activate", cls=Command)(activate_release)
    group.command("rollback", cls=Command)(roll_back_release)
    group.command("releases", cls=Command)(show_releases)


async def _all(database: Database) -> list[Standing]:
    async with database.reading() as session:
        return await releases(session, _now())


def _write(version: str, folder: Path) -> None:
    """Write a release's files, never over others."""
    if folder.exists():
        refuse(spoken().say("told.folder_exists", folder=folder), USAGE)

    async def work(database: Database) -> Mapping[str, str]:
        async with database.reading() as session:
            return await find_files(session, version)

    files = with_database(work)
    write_files(files, folder)
    typer.echo(spoken().say("told.files_written", count=len(files), version=version, folder=folder))


def _show(found: list[Standing]) -> None:
    phrases = spoken()
    heads = ("version", "state", "since", "author", "based_on", "notes")
    table = Table(*(phrases.say(f"told.head_{head}") for head in heads), box=None, pad_edge=False)
    for one in found:
        release = one.release
        state = phrases.say(f"release_state.{one.state}")
        since = shown(one.active_from, seconds=True)
        parts = (release.version, state, since, release.author, release.based_on or "", release.notes)
        # As text, for notes are nobody's markup.
        table.add_row(*map(Text, parts))
    say_table(table)


def _refused(error: RulebookError, form: Format) -> typer.Exit:
    """Say every finding, and return what ends the command."""
    phrases = spoken()
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
