"""`approval-guide settings`: every setting, what it is set to, what it means."""

import orjson
import typer

from app.cli.answering import Form, Format, settings_or_exit
from app.cli.speaking import spoken


def show_settings(form: Form = Format.TABLE) -> None:
    """List the settings: environment variables, or lines of a .env file; secrets are masked."""
    phrases = spoken()
    names = ("name", "value", "default", "meaning")
    found = [(*row, phrases.say(f"setting.{row[0]}")) for row in settings_or_exit().rows()]
    rows = [dict(zip(names, row, strict=True)) for row in found]
    if form is Format.JSON:
        typer.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
        return
    # Here, for a server asks for its settings and draws no table.
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in names:
        table.add_column(phrases.say(f"told.setting_{name}"), overflow="fold")
    for row in rows:
        table.add_row(*row.values())
    Console(width=None if Console().is_terminal else 160).print(table)
