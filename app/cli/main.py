"""The command line's front: which groups of commands there are."""

from collections.abc import Iterator, MutableMapping
from importlib import import_module
from typing import Any, Final

import typer
from typer.main import get_command, get_group

from app.cli.commands import Command, Front
from app.collector import collector_at_rest

_WHERE: Final = {
    "serve": "app.cli.serve:serve",
    "settings": "app.cli.settings:show_settings",
    "evaluate": "app.cli.evaluate:evaluate",
    "rules": "app.cli.rules_group:cli",
    "clients": "app.cli.clients:cli",
    "db": "app.cli.db:cli",
    "audit": "app.cli.audit:cli",
    "feedback": "app.cli.feedback:cli",
}
"""Command or group -> where its function or its group stands."""


class _Commands(MutableMapping[str, Any]):
    """The commands by name, each loaded when it is asked for: a server needs one of them, and none of their parts."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            module, _, what = _WHERE[name].partition(":")
            # What is loaded stays.
            with collector_at_rest():
                self._loaded[name] = _command(name, getattr(import_module(module), what))
        return self._loaded[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._loaded[name] = command

    def __delitem__(self, name: str) -> None:
        del self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*_WHERE, *self._loaded]))

    def __len__(self) -> int:
        return len(list(iter(self)))


def _command(name: str, found: Any) -> Any:
    """The command as the front takes it, of a function or of a group of them."""
    if isinstance(found, typer.Typer):
        command: Any = get_group(found)
    else:
        alone = typer.Typer(add_completion=False)
        alone.command(name, cls=Command)(found)
        command = get_command(alone)
    command.name = name
    return command


class _Front(Front):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = _Commands()


cli = typer.Typer(
    name="approval-guide",
    cls=_Front,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@cli.callback()
def _front() -> None:
    """Keep the groups as groups."""


def main() -> None:
    """Run the command line."""
    cli()
