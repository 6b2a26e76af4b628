"""The phrases of one language, read once from `texts/`, and the small grammar that puts them together.

`<lang>.toml` holds what every door says; what one area alone says stands in `<area>.<lang>.toml`, in tables of its own.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from app.rulebook import Text

Language: TypeAlias = Literal["zh-CN", "en"]
#: The first is taken where nothing else was asked for.
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_TEXTS: Final = Path(__file__).with_name("texts")


class Phrases:
    """What can be said in one language."""

    def __init__(self, lang: Language) -> None:
        self.lang: Language = lang
        self.is_chinese = lang != "en"
        self._flat: dict[str, str] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        for key, value in _read(lang):
            if key in self._flat or key in self._lists:
                raise ValueError(f"{key} is said twice in {lang}")
            if isinstance(value, str):
                self._flat[key] = value
            else:
                self._lists[key] = value

    @property
    def keys(self) -> frozenset[str]:
        """Every phrase there is."""
        return frozenset(self._flat) | frozenset(self._lists)

    def template(self, key: str) -> str:
        """The phrase with its braces still empty.

        Raises: KeyError where the language has no such phrase.
        """
        return self._flat[key]

    def say(self, key: str, **values: object) -> str:
        """The phrase with its braces filled."""
        return self._flat[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self._flat

    def words(self, key: str) -> tuple[str, ...]:
        """A list of words, such as the months."""
        return self._lists[key]

    def pick(self, text: Text) -> str:
        """The rulebook's words in this language."""
        return text.zh if self.is_chinese else text.en

    def pick_or_none(self, text: Text | None) -> str | None:
        """The rulebook's words in this language, None where there are none."""
        return None if text is None else self.pick(text)

    def joined(self, parts: Sequence[str], last: Literal["and", "or"] = "and") -> str:
        """The parts as a list in words: A, B and C."""
        *front, end = parts
        if not front:
            return end
        return self.say("list.separator").join(front) + self.say(f"list.{last}") + end

    def listed(self, parts: Sequence[str]) -> str:
        """The parts one after the other, without a word before the last."""
        return self.say("list.separator").join(parts)

    def sentences(self, parts: Sequence[str]) -> str:
        """Whole sentences one after the other, each beginning with a capital letter where the language has them."""
        return self.say("list.sentences").join(part[:1].upper() + part[1:] for part in parts if part)


@cache
def phrases_in(lang: Language) -> Phrases:
    """The phrases of the language, read once."""
    return Phrases(lang)


def language_of(name: str) -> Language:
    """The language we have for a language tag: English for every kind of English, else Chinese.

    >>> language_of("en-GB")
    'en'
    """
    return "en" if name.lower().partition("-")[0] == "en" else "zh-CN"


def _read(lang: Language) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for file in (_TEXTS / f"{lang}.toml", *sorted(_TEXTS.glob(f"*.{lang}.toml"))):
        yield from _flattened(tomllib.loads(file.read_text("utf-8")), "")


def _flattened(node: Mapping[str, object], above: str) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{above}{key}.")
        elif isinstance(value, list):
            yield above + key, tuple(str(part) for part in value)
        else:
            yield above + key, str(value)
