"""`approval-guide clients …`: give software a key, change it, take it away."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Final, TypeVar

import typer
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncSession

from app.cli.actors import local_actor
from app.cli.answering import Form, Format, say_json
from app.cli.commands import Command, new_group
from app.cli.moments import checked, read_end, shown
from app.cli.speaking import spoken
from app.cli.working import asked, say_table, with_database
from app.clients import (
    Client,
    Issued,
    NewClient,
    Scope,
    create_client,
    find_client,
    list_clients,
    read_client_code,
    read_client_end,
    read_client_name,
    read_scopes,
    revoke_client,
    revoke_key,
    rotate_key,
)
from app.storage import Database
from app.wording import LANGUAGES, phrases_in

T = TypeVar("T")

_KEY_DAYS: Final = 365
_OLD_UNTIL: Final = "24h"

cli = new_group()


def _is_moment(text: str, option: str) -> None:
    read_end(text, option, _now())


def _lies_ahead(text: str, option: str) -> None:
    read_client_end(read_end(text, option, _now()), _now())


def _is_name(text: str, _: str) -> None:
    read_client_name(text)


def _is_code(text: str, _: str) -> None:
    read_client_code(text)


def _are_scopes(names: list[str]) -> list[str]:
    """Every name that is none told at once with all other slips."""
    if names:
        read_scopes(names)
    return names


Code = Annotated[str, typer.Argument(callback=checked(_is_code))]
KeyDays = Annotated[int, typer.Option("--key-days", min=1, max=3_650)]


@cli.command("create", cls=Command)
def create(
    code: Code,
    name: Annotated[str, typer.Option("--name", callback=checked(_is_name))],
    scope: Annotated[list[str], typer.Option("--scope", callback=_are_scopes)],
    expires: Annotated[str | None, typer.Option(callback=checked(_lies_ahead))] = None,
    key_days: KeyDays = _KEY_DAYS,
    form: Form = Format.TABLE,
) -> None:
    """Make a client with its first key, which is printed once and never again."""
    now = _now()
    wanted = asked(
        lambda: NewClient(
            read_client_code(code),
            name,
            read_scopes(scope),
            None if expires is None else read_end(expires, "--expires", now),
            timedelta(days=key_days),
        )
    )
    _tell_issued(_written(lambda session: create_client(session, wanted, local_actor(), now)), now, form)


@cli.command("list", cls=Command)
def list_all(form: Form = Format.TABLE) -> None:
    """List all clients and how they stand, revoked ones too."""
    clients, now = _read(list_clients), _now()
    if form is Format.JSON:
        say_json([_as_json(client, now) for client in clients])
        return
    heads = ("code", "name", "state", "scopes", "valid_keys", "until", "last_used")
    table = Table(*map(_head, heads), box=None, pad_edge=False)
    for client in clients:
        valid = client.valid_keys(now)
        used = max((key.last_used_at for key in client.keys if key.last_used_at), default=None)
        ends = max((key.expires_at for key in valid), default=None)
        parts = (client.code, client.name, _state(client.state(now)), ", ".join(sorted(client.scopes)))
        told = (" ".join(key.key_id for key in valid), shown(ends), shown(used, _never()))
        table.add_row(*map(Text, (*parts, *told)))
    say_table(table)


@cli.command("show", cls=Command)
def show(code: Code, form: Form = Format.TABLE) -> None:
    """Show one client and each of its keys; never the key itself."""
    wanted = asked(lambda: read_client_code(code))
    _tell(_read(lambda session: find_client(session, wanted)), _now(), form)


@cli.command("rotate", cls=Command)
def rotate(
    code: Code,
    old_until: Annotated[
        str,
        typer.Option(callback=checked(_is_moment)),
    ] = _OLD_UNTIL,
    key_days: KeyDays = _KEY_DAYS,
    form: Form = Format.TABLE,
) -> None:
    """Give a client a new key, valid at once, and let the old one go on for a while.

    Two keys are valid at most. `--old-until now` revokes every other key: the way when one has leaked.
    """
    now = _now()
    wanted = asked(lambda: (read_client_code(code), read_end(old_until, "--old-until", now)))
    issued = _written(
        lambda session: rotate_key(
            session, wanted[0], local_actor(), now, old_until=wanted[1], key_life=timedelta(days=key_days)
        )
    )
    _tell_issued(issued, now, form)


@cli.command("revoke", cls=Command)
def revoke(
    code: Code,
    key: Annotated[
        str | None,
        typer.Option("--key"),
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """Take a client's keys away; every server refuses them within five seconds."""
    now, wanted = _now(), asked(lambda: read_client_code(code))

    async def work(session: AsyncSession) -> Client:
        if key is None:
            return await revoke_client(session, wanted, local_actor(), now)
        return await revoke_key(session, wanted, key, local_actor(), now)

    _tell(_written(work), now, form)


@cli.command("scopes", cls=Command)
def list_scopes(form: Form = Format.TABLE) -> None:
    """List what a key may open."""
    chinese, english = (phrases_in(lang) for lang in LANGUAGES)
    rows = [(scope.value, chinese.say(f"scope.{scope}"), english.say(f"scope.{scope}")) for scope in Scope]
    if form is Format.JSON:
        say_json([{"scope": scope, "name": {"zh": zh, "en": en}} for scope, zh, en in rows])
        return
    table = Table(_head("scope"), _head("opens"), box=None, pad_edge=False)
    for scope, _, _ in rows:
        table.add_row(scope, spoken().say(f"scope.{scope}"))
    say_table(table)


def _read(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def whole(database: Database) -> T:
        async with database.reading() as session:
            return await work(session)

    return with_database(whole)


def _written(work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    """Return what the work gives once it is on the disk."""

    async def whole(database: Database) -> T:
        async with database.writing() as session:
            return await work(session)

    return with_database(whole)


def _tell_issued(issued: Issued, now: datetime, form: Format) -> None:
    if form is Format.JSON:
        say_json({"client": _as_json(issued.client, now), "key_id": issued.key_id, "key": issued.key})
        return
    _tell(issued.client, now, form)
    typer.echo(f"\n{spoken().say('told.key_once')}\n{issued.key}")


def _tell(client: Client, now: datetime, form: Format) -> None:
    if form is Format.JSON:
        say_json(_as_json(client, now))
        return
    phrases = spoken()
    scopes = ", ".join(sorted(client.scopes))
    typer.echo(f"{client.code}  {client.name}  {_state(client.state(now))}  {scopes}")
    end = client.revoked_at or client.expires_at
    how = "_revoked" if client.revoked_at else "" if end else "_endless"
    typer.echo(phrases.say(f"told.client_since{how}", since=shown(client.created_at), until=shown(end)))
    table = Table(*map(_head, ("key", "state", "since", "until", "last_used")), box=None, pad_edge=False)
    for key in client.keys:
        ends = shown(key.revoked_at or key.expires_at)
        table.add_row(
            key.key_id, _state(key.state(now)), shown(key.created_at), ends, shown(key.last_used_at, _never())
        )
    say_table(table)


def _head(name: str) -> str:
    return spoken().say(f"told.head_{name}")


def _state(state: str) -> str:
    return spoken().say(f"client_state.{state}")


def _never() -> str:
    return spoken().say("told.never")


def _as_json(client: Client, now: datetime) -> dict[str, object]:
    return {
        "code": client.code,
        "name": client.name,
        "state": client.state(now),
        "scopes": sorted(client.scopes),
        "created_at": client.created_at,
        "expires_at": client.expires_at,
        "revoked_at": client.revoked_at,
        "keys": [
            {
                "key_id": key.key_id,
                "state": key.state(now),
                "created_at": key.created_at,
                "expires_at": key.expires_at,
                "revoked_at": key.revoked_at,
                "last_used_at": key.last_used_at,
            }
            for key in client.keys
        ],
    }


def _now() -> datetime:
    return datetime.now(UTC)
