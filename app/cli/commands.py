"""Commands and groups that help and answer slips in the caller's language.

The framework has English of its own for that. It offers classes to derive from and pages to write oneself, so the words
come from `app/wording`: `[help.…]` by the command's path and the option's name.
"""

from typing import Annotated, Any, Final, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from app.cli.answering import USAGE, refuse_error
from app.cli.help_page import help_text, usage_line
from app.cli.misuse import faults_in, no_such_command
from app.cli.speaking import OPTION, Lang, speak, spoken
from app.errors import Fault, InvalidRequest


def _speaks(
    lang: Annotated[Lang | None, typer.Option(OPTION, expose_value=False, show_default=False)] = None,
) -> None:
    """Takes the option that every command has; what it says is found out before, by `speak`."""


def _language_option() -> Any:
    alone = typer.Typer(add_completion=False)
    alone.command()(_speaks)
    (option,) = get_command(alone).params
    return option


_LANGUAGE: Final = _language_option()


class Command(TyperCommand):
    """One command."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params = [*self.params, _LANGUAGE]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words; the command ends with all that is wrong with them."""
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except (typer.TyperException, InvalidRequest):
            _refuse(ctx, faults_in(self, ctx, words))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of `--help`."""
        formatter.write(help_text(ctx, spoken()))


class Group(TyperGroup):
    """A group of commands."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.params = [*self.params, _LANGUAGE]

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words up to the command's name."""
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except typer.TyperException:
            _refuse(ctx, faults_in(self, ctx, words))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is named; ends with those there are where there is none."""
        if self.get_command(ctx, args[0]) is None:
            _refuse(ctx, [no_such_command(args[0], self.list_commands(ctx))])
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Run the command that is named; without one, show which there are."""
        try:
            return super().invoke(ctx)
        except typer.TyperException:
            if ctx.invoked_subcommand is not None:
                raise
            typer.echo(ctx.get_help())
            raise typer.Exit(USAGE) from None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the page of `--help`."""
        formatter.write(help_text(ctx, spoken()))


class Front(Group):
    """The outermost group, which finds out the language before anything is read."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Return the context of a whole command line."""
        speak(args)
        return super().make_context(info_name, args, parent, **extra)


def new_group() -> typer.Typer:
    """Return a group without commands; each is added with `cls=Command`."""
    return typer.Typer(cls=Group, add_completion=False)


def _refuse(ctx: Any, faults: list[Fault]) -> NoReturn:
    """Say every fault, how the command is used and where to read on, and end."""
    phrases = spoken()
    more = (usage_line(ctx, phrases), phrases.say("usage.more", command=ctx.command_path))
    refuse_error(InvalidRequest(faults), USAGE, more)
