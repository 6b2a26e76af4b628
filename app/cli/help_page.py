"""The page of `--help`, and the line that says how a command is used."""

from collections.abc import Iterator
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from typer.core import TyperArgument, TyperGroup

from app.wording import Phrases

if TYPE_CHECKING:
    from rich.console import RenderableType

#: Help of an option that means the same wherever it stands.
_SHARED: Final = "help.shared"


def usage_line(ctx: Any, phrases: Phrases) -> str:
    """How the command is written: its path, its options, its arguments; brackets hold what may be left out."""
    arguments = [name_of(one) for one in _arguments(ctx)]
    optional = [not one.required for one in _arguments(ctx)]
    words = [f"[{name}]" if may_lack else name for name, may_lack in zip(arguments, optional, strict=True)]
    if isinstance(ctx.command, TyperGroup):
        words.append(phrases.say("usage.command"))
    return phrases.say("usage.line", words=" ".join([ctx.command_path, phrases.say("usage.options"), *words]))


def help_text(ctx: Any, phrases: Phrases) -> str:
    """The whole page: how it is used, what it does, its arguments, options and commands."""
    # Here, for a command that is run draws no page.
    from rich.console import Console

    console = Console(highlight=False)
    with console.capture() as captured:
        for part in _parts(ctx, phrases):
            console.print(part)
    return captured.get()


def about_command(ctx: Any, phrases: Phrases, name: str | None = None) -> str:
    """What a command does, or one of the commands of a group; paragraphs stand apart."""
    path = _path(ctx) if name is None else [*_path(ctx), name]
    return phrases.say(".".join(["help", *path, "about"]))


def about_parameter(ctx: Any, param: Any, phrases: Phrases) -> str:
    """What an option or argument is for."""
    key = _key(param)
    own = ".".join(["help", *_path(ctx), key])
    return phrases.say(own if phrases.has(own) else f"{_SHARED}.{key}")


def name_of(param: Any) -> str:
    """What a parameter is called on the command line: `--key-days`, or `CODE` for an argument."""
    if isinstance(param, TyperArgument):
        return str(param.metavar or param.name.upper())
    return str(max(param.opts, key=len))


def _key(param: Any) -> str:
    return name_of(param).lstrip("-").lower()


def _path(ctx: Any) -> list[str]:
    """The names of the command and the groups it stands in, without the program's."""
    path: list[str] = []
    while ctx.parent is not None:
        path.insert(0, ctx.info_name)
        ctx = ctx.parent
    return path


def _arguments(ctx: Any) -> list[Any]:
    return [param for param in ctx.command.get_params(ctx) if isinstance(param, TyperArgument)]


def _parts(ctx: Any, phrases: Phrases) -> "Iterator[RenderableType]":
    from rich.text import Text

    yield Text(usage_line(ctx, phrases), style="bold")
    for paragraph in about_command(ctx, phrases).split("\n\n"):
        yield Text("")
        yield Text(paragraph)
    arguments = _arguments(ctx)
    options = [param for param in ctx.command.get_params(ctx) if param not in arguments]
    for title, params in (("usage.arguments_title", arguments), ("usage.options_title", options)):
        rows = [(_written(param, phrases), _told(ctx, param, phrases)) for param in params]
        if rows:
            yield from _section(phrases.say(title), rows)
    if isinstance(ctx.command, TyperGroup):
        names = ctx.command.list_commands(ctx)
        rows = [(name, about_command(ctx, phrases, name).partition("\n\n")[0]) for name in names]
        yield from _section(phrases.say("usage.commands_title"), rows)


def _section(title: str, rows: list[tuple[str, str]]) -> "Iterator[RenderableType]":
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="cyan", no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    yield Text("")
    yield Text(title, style="bold")
    yield Padding(table, (0, 0, 0, 2))


def _written(param: Any, phrases: Phrases) -> str:
    """An option with its short form and the kind of its value; an argument by its name."""
    if isinstance(param, TyperArgument):
        return name_of(param)
    names = ", ".join(sorted({*param.opts, *param.secondary_opts}, key=len))
    return names if param.is_flag else f"{names} {_kind(param, phrases)}"


def _kind(param: Any, phrases: Phrases) -> str:
    described = param.type_descriptor
    if described.choices is not None:
        return "|".join(str(choice.value) if isinstance(choice, Enum) else str(choice) for choice in described.choices)
    if described.is_path:
        return phrases.say("usage.kind_path")
    return phrases.say("usage.kind_number" if described.annotation is int else "usage.kind_text")


def _told(ctx: Any, param: Any, phrases: Phrases) -> str:
    """What a parameter is for, with what bounds it and what holds without it."""
    notes = [phrases.say("usage.required")] if param.required else []
    if param.min is not None:
        key = "usage.at_least" if param.max is None else "usage.between"
        notes.append(phrases.say(key, least=param.min, most=param.max))
    default = param.default.value if isinstance(param.default, Enum) else param.default
    if param.show_default and default not in (None, "", False, True):
        notes.append(phrases.say("usage.default", value=default))
    about = about_parameter(ctx, param, phrases)
    return (
        phrases.say("usage.with_notes", about=about, notes=phrases.say("usage.note_separator").join(notes))
        if notes
        else about
    )
