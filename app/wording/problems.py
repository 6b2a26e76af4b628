"""What is said when something is wrong: a title, a sentence, a message for each fault, in the caller's language."""

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from errno import errorcode
from typing import Final, NamedTuple

from app.errors import AppError, Fault, FaultCode
from app.wording.figures import date_text, moment_text, number_text
from app.wording.phrases import Language, Phrases, language_of, phrases_in

#: Says where a phrase mentions something the error does not carry.
_NOT_SAID: Final = "…"
_MOST_LISTED: Final = 20


class ProblemText(NamedTuple):
    """A problem in words.

    Shape: `messages` one for each of the error's faults, in their order.
    """

    title: str
    detail: str
    messages: tuple[str, ...]


def problem_text(error: AppError, lang: str, *, at_console: bool = False) -> ProblemText:
    """The error in words. Never raises, whatever the error carries.

    Shape: `at_console` for somebody at the machine, who can mend what a caller from outside is not told of.
    Unknown: an error or fault without a phrase is said in its own English words.
    """
    phrases = phrases_in(language_of(lang))
    faults: Sequence[Fault] = getattr(error, "faults", ())
    title, detail = _title_and_detail(error, phrases, at_console=at_console)
    return ProblemText(title, detail, tuple(fault_text(fault, phrases.lang) for fault in faults))


def system_text(fault: OSError, phrases: Phrases) -> str:
    """Why the operating system refused something; its own words where we have none."""
    names = (errorcode.get(fault.errno or 0, ""), type(fault).__name__)
    key = next((f"os_error.{name}" for name in names if phrases.has(f"os_error.{name}")), None)
    return fault.strerror or str(fault) if key is None else phrases.say(key)


def fault_text(fault: Fault, lang: Language) -> str:
    """One fault in words."""
    phrases = phrases_in(lang)
    key = _fault_key(fault, phrases)
    if key is None:
        return fault.message or fault.code
    values = {**fault.params, "pointer": fault.params.get("name") or fault.pointer}
    values.setdefault("options", _listed(fault.allowed, phrases))
    bound = fault.params.get("minimum", fault.params.get("maximum", fault.allowed))
    values.setdefault("bound", bound)
    values.setdefault("given", fault.params.get("value"))
    expected = fault.params.get("expected", fault.allowed)
    if isinstance(expected, str):
        values["expected"] = phrases.say(f"expected.{expected}") if phrases.has(f"expected.{expected}") else expected
    return _said(key, values, phrases)


def _fault_key(fault: Fault, phrases: Phrases) -> str | None:
    """The phrase that fits best: the fault's own variant, then the one for facts or for plain requests."""
    variant = fault.params.get("variant")
    plain = "" if "fact" in fault.params else "_plain"
    names = [f"{fault.code}_{variant}"] if isinstance(variant, str) else []
    names = [*names, fault.code + plain, fault.code]
    if fault.code == FaultCode.UNKNOWN_FACT and fault.params.get("near"):
        names.insert(0, "unknown_fact_near")
    return next((f"fault.{name}" for name in names if phrases.has(f"fault.{name}")), None)


def _title_and_detail(error: AppError, phrases: Phrases, *, at_console: bool) -> tuple[str, str]:
    group = f"problem.{error.code}"
    if not phrases.has(f"{group}.title"):
        return phrases.say("problem.unknown.title"), _said("problem.unknown.detail", {"detail": error.detail}, phrases)
    variant = "misread" if error.params.get("misread") else error.params.get("variant")
    names = [f"console_{variant}", "console"] if at_console else []
    key = next((f"{group}.{name}" for name in (*names, variant) if phrases.has(f"{group}.{name}")), f"{group}.detail")
    values: dict[str, object] = {**error.params}
    kind = values.get("kind")
    if isinstance(kind, str):
        values["kind"] = phrases.say(f"thing.{kind}" if phrases.has(f"thing.{kind}") else "thing.other")
    titles = [f"{key}_title"] if at_console else []
    title = next(name for name in (*titles, f"{group}.title") if phrases.has(name))
    return phrases.say(title), _said(key, values, phrases)


def _said(key: str, values: Mapping[str, object], phrases: Phrases) -> str:
    if not phrases.has(key):
        return _NOT_SAID
    words = {name: _shown(value, phrases) for name, value in values.items()}
    return _Forgiving().vformat(phrases.template(key), (), words)


class _Forgiving(string.Formatter):
    """Fills what it is given and leaves a mark where something is missing."""

    def get_value(self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        return kwargs.get(str(key), _NOT_SAID)


def _shown(value: object, phrases: Phrases) -> str:
    match value:
        case None:
            return _NOT_SAID
        case OSError():
            return system_text(value, phrases)
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return number_text(value, phrases)
        case datetime():
            return moment_text(value, phrases)
        case date():
            return date_text(value, phrases)
        case Mapping():
            return str(value.get("zh" if phrases.is_chinese else "en", _NOT_SAID))
        case str():
            return value
        case list() | tuple() | set() | frozenset():
            return _listed(value, phrases)
        case _:
            return str(value)


def _listed(values: object, phrases: Phrases) -> str:
    if isinstance(values, set | frozenset):
        values = sorted(values, key=str)
    if not isinstance(values, list | tuple):
        return _shown(values, phrases)
    shown = [_shown(value, phrases) for value in values[:_MOST_LISTED]]
    return phrases.listed(shown) + (_NOT_SAID if len(values) > _MOST_LISTED else "")
