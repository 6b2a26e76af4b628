"""In which language the command line speaks: `--lang`, else APG_LANG, else Chinese; one choice for a whole command."""

import enum
from collections.abc import Sequence
from contextvars import ContextVar
from typing import Final

from app.settings import asked_language
from app.wording import LANGUAGES, Phrases, language_of, phrases_in

OPTION: Final = "--lang"
_PHRASES: ContextVar[Phrases | None] = ContextVar("phrases", default=None)


class Lang(enum.StrEnum):
    """The languages there are."""

    CHINESE = "zh-CN"
    ENGLISH = "en"


assert {lang.value for lang in Lang} == set(LANGUAGES)


def speak(words: Sequence[str]) -> None:
    """Speak from now on as the words of a command line ask, wherever `--lang` stands among them.

    Before anything else is read of them: help and what is said of a slip are in that language too.
    """
    _PHRASES.set(phrases_in(language_of(_asked_for(words) or asked_language())))


def spoken() -> Phrases:
    """What is said, in the language of this command."""
    found = _PHRASES.get()
    return phrases_in(LANGUAGES[0]) if found is None else found


def _asked_for(words: Sequence[str]) -> str | None:
    """The last `--lang` that names a language of ours, as the last one counts for any option."""
    asked = None
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == "--":
            break
        name, equals, value = word.partition("=")
        given = value if equals else following
        if name == OPTION and given in LANGUAGES:
            asked = given
    return asked
