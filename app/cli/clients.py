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
from app.cli.moments import read_end, shown
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
    read_scopes,
    revoke_client,
    revoke_key,
    rotate_key,
)
from app.storage import Database
from app.wording import phrases_in

T = TypeVar("T")

_KEY_DAYS: Final = 365
_OLD_UNTIL: Final = "24h"
_ONCE: Final = "This key is shown once and kept nowhere: 密钥只显示这一次"
_ENGLISH: Final = phrases_in("en")

cli = typer.Typer(
    help="Software that may do more than everybody: its keys and what they open. Moments are Beijing's. 接入方与密钥",
    no_args_is_help=True,
)

Code = Annotated[str, typer.Argument(help="The client's code: small letters, digits, hyphens.")]
KeyDays = Annotated[int, typer.Option("--key-days", min=1, max=3_650, help="Days the new key is valid.")]


def _scopes_told() -> str:
    return "; ".join(f"{scope.value}: {_ENGLISH.say(f'scope.{scope}')}" for scope in Scope)


@cli.command("create")
def create(
    code: Code,
    name: Annotated[str, typer.Option("--name", help="What people call it: 西城区政务服务大厅.")],
    scope: Annotated[
        list[str], typer.Option("--scope", help=f"What its keys open, several with commas. {_scopes_told()}.")
    ],
    expires: Annotated[
        str | None,
        typer.Option(help="Its last day, YYYY-MM-DD, or so long from now: 90d. Without it, it has no end."),
    ] = None,
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


@cli.command("list")
def list_all(form: Form = Format.TABLE) -> None:
    """List all clients and how they stand, revoked ones too."""
    clients, now = _read(list_clients), _now()
    if form is Format.JSON:
        say_json([_as_json(client, now) for client in clients])
        return
    table = Table("code", "name", "state", "scopes", "valid keys", "until", "last used", box=None, pad_edge=False)
    for client in clients:
        valid = client.valid_keys(now)
        used = max((key.last_used_at for key in client.keys if key.last_used_at), default=None)
        ends = max((key.expires_at for key in valid), default=None)
        parts = (client.code, client.name, client.state(now), ", ".join(sorted(client.scopes)))
        table.add_row(*map(Text, parts), " ".join(key.key_id for key in valid), shown(ends), shown(used, "never"))
    say_table(table)


@cli.command("show")
def show(code: Code, form: Form = Format.TABLE) -> None:
    """Show one client and each of its keys; never the key itself."""
    wanted = asked(lambda: read_client_code(code))
    _tell(_read(lambda session: find_client(session, wanted)), _now(), form)


@cli.command("rotate")
def rotate(
    code: Code,
    old_until: Annotated[
        str,
        typer.Option(help="How long the old key still works: 24h, 7d, a last day YYYY-MM-DD, or now."),
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


@cli.command("revoke")
def revoke(
    code: Code,
    key: Annotated[
        str | None,
        typer.Option("--key", help="Only this key, by its eight characters; without it all, and for good."),
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


@cli.command("scopes")
def list_scopes(form: Form = Format.TABLE) -> None:
    """List what a key may open."""
    chinese = phrases_in("zh-CN")
    rows = [(scope.value, chinese.say(f"scope.{scope}"), _ENGLISH.say(f"scope.{scope}")) for scope in Scope]
    if form is Format.JSON:
        say_json([{"scope": scope, "name": {"zh": zh, "en": en}} for scope, zh, en in rows])
        return
    table = Table("scope", "名称", "opens", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
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
    typer.echo(f"\n{_ONCE}\n{issued.key}")


def _tell(client: Client, now: datetime, form: Format) -> None:
    if form is Format.JSON:
        say_json(_as_json(client, now))
        return
    typer.echo(f"{client.code}  {client.name}  {client.state(now)}  {', '.join(sorted(client.scopes))}")
    typer.echo(f"since {shown(client.created_at)}, until {shown(client.expires_at, 'without end')}")
    table = Table("key", "state", "since", "until", "last used", box=None, pad_edge=False)
    for key in client.keys:
        ends = shown(key.revoked_at or key.expires_at)
        table.add_row(key.key_id, key.state(now), shown(key.created_at), ends, shown(key.last_used_at, "never"))
    say_table(table)


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
