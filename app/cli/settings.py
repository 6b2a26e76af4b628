"""`approval-guide settings`: every setting, what it is set to, what it means."""

import orjson
import typer

from app.cli.answering import Form, Format
from app.settings import Settings, SettingsError

USAGE = 2


def show_settings(form: Form = Format.TABLE) -> None:
    """List the settings: environment variables, or lines of a .env file; secrets are masked."""
    names = ("name", "value", "default", "meaning")
    rows = [dict(zip(names, row, strict=True)) for row in settings_or_exit().rows()]
    if form is Format.JSON:
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    # Here, for a server asks for its settings and draws no table.
    from rich.console import Console
    from rich.table import Table

    table = Table(*names, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row.values())
    Console(width=None if Console().is_terminal else 160).print(table)


def settings_or_exit() -> Settings:
    """Return the settings of the environment; says every fault and ends the command where they cannot be used."""
    try:
        return Settings.from_environment()
    except SettingsError as error:
        typer.echo(error.detail, err=True)
        if error.hint:
            typer.echo(error.hint, err=True)
        raise typer.Exit(USAGE) from None
