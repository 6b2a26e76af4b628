"""What is wrong with the words of a command line: every fault at once, each with what would be taken."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final

import typer
from typer.core import TyperArgument

from app.cli.help_page import about_parameter, name_of
from app.cli.speaking import spoken
from app.errors import Fault, FaultCode, InvalidRequest

_LONGEST_SHOWN: Final = 100


def faults_in(command: Any, ctx: Any, words: list[str]) -> list[Fault]:
    """Return every fault of the words given to a command or group."""
    faults: list[Fault] = []
    given, rest = _read(command, ctx, words, faults)
    # What follows an unknown option may be its value, or may not: nothing is said of arguments then.
    is_sure = not faults
    for param in command.get_params(ctx):
        if not param.is_eager and (is_sure or not isinstance(param, TyperArgument)):
            faults.extend(_faults_of(param, ctx, given, rest))
    if is_sure and rest and not ctx.allow_extra_args:
        shown = " ".join(rest)[:_LONGEST_SHOWN]
        faults.append(Fault("", "unexpected_word", f"too much: {shown}", params={"value": shown}))
    return faults


def no_such_command(name: str, known: Sequence[str]) -> Fault:
    """Return what is wrong where a group has no command of this name."""
    near = get_close_matches(name, known, n=1)
    code = "unknown_command_near" if near else "unknown_command"
    params = {"value": name[:_LONGEST_SHOWN], "near": near}
    return Fault("", code, f"there is no command {name}", list(known), params)


def _read(command: Any, ctx: Any, words: list[str], faults: list[Fault]) -> tuple[dict[str, Any], list[str]]:
    """The values by parameter and the words left over; what cannot be read is left aside and told."""
    while True:
        try:
            given, rest, _ = command.make_parser(ctx).parse_args(list(words))
        except typer.TyperException as error:
            name = getattr(error, "option_name", "")
            left = [word for word in words if not _writes(word, name)]
            faults.append(_misread(name, command, ctx, error))
            if left == words:
                return {}, []
            words = left
        else:
            return given, rest


def _writes(word: str, option: str) -> bool:
    """Whether a word writes this option: --key-days, --key-days=5, or -k among others as -fk."""
    if word.partition("=")[0] == option:
        return True
    is_letter = len(option) == 2 and option[0] == "-"
    return is_letter and word.startswith("-") and not word.startswith("--") and option[1] in word


def _misread(name: str, command: Any, ctx: Any, error: typer.TyperException) -> Fault:
    known = {option: param for param in command.get_params(ctx) for option in (*param.opts, *param.secondary_opts)}
    params: dict[str, object] = {"name": name}
    if name in known:
        code = "value_not_taken" if getattr(known[name], "is_flag", False) else "value_missing"
        return Fault(name, code, error.message, params=params)
    options = [option for option in known if option.startswith("-")]
    near = get_close_matches(name, options, n=1)
    code = "unknown_option_near" if near else "unknown_option"
    return Fault(name, code, error.message, options, {**params, "near": near})


def _faults_of(param: Any, ctx: Any, given: dict[str, Any], rest: list[str]) -> Iterator[Fault]:
    """What is wrong with the value of one parameter."""
    name = name_of(param)
    try:
        param.handle_parse_result(ctx, given, rest)
    except InvalidRequest as error:
        for fault in error.faults:
            yield replace(fault, pointer=name, params={**fault.params, "name": name})
    except typer.TyperException as error:
        value = given.get(param.name)
        if value is None:
            about = about_parameter(ctx, param, spoken())
            yield Fault(name, "missing_word", error.message, params={"name": name, "about": about})
        else:
            yield _unfit(param, name, str(value), error.message)


def _unfit(param: Any, name: str, value: str, said: str) -> Fault:
    # As text: a port is not grouped by thousands.
    bounds = {"least": str(param.min), "most": str(param.max)}
    params: dict[str, object] = {"name": name, "value": value[:_LONGEST_SHOWN], **bounds}
    choices = param.type_descriptor.choices
    if choices is not None:
        options = [str(choice.value) if isinstance(choice, Enum) else str(choice) for choice in choices]
        return Fault(name, FaultCode.NOT_ALLOWED, said, options, params)
    if param.type_descriptor.annotation is int:
        kind = "between" if param.max is not None else "number" if param.min is None else "at_least"
        return Fault(name, FaultCode.NOT_ALLOWED, said, None, {**params, "variant": f"word_{kind}"})
    return Fault(name, FaultCode.NOT_ALLOWED, said, None, {**params, "variant": "word"})
