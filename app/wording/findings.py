"""What the checks and the proof found, said in the reader's language.

The checks say what they find in English, where they find it. `texts/findings.<lang>.toml` holds the template of each
such message in both languages: a message is taken apart by its English template and put together by the other one, its
pieces (a kind, a reason, a cure) likewise. Codes, keys and quoted words stay as they are. A test holds every message of
the checks against the templates.
"""

import re
import string
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from app.errors import Finding
from app.wording.phrases import Language, Phrases, phrases_in

_WHOLE: Final = "finding."
_PIECE: Final = "finding_part."
_SLIP: Final = "slip."
#: What the proof says stands behind the topics it is said of; taken off first, for a topic's name is no part of it.
_OF_TOPICS: Final = re.compile(r"(?P<topics>[a-z0-9_]+(?:, [a-z0-9_]+)*): (?P<proof>.+)", re.DOTALL)

#: Where one difference of an example ends and the next begins.
_NEXT_DIFFERENCE: Final = re.compile(r"; (?=[a-z0-9_.]+: expected )")


class _Pattern(NamedTuple):
    """An English template as a pattern.

    Shape: `verbatim` the braces that hold a code, since they stand in backticks.
    """

    key: str
    pattern: re.Pattern[str]
    verbatim: frozenset[str]


def finding_text(finding: Finding, lang: Language) -> str:
    """What was found and what to do about it.

    Unknown: what has no template is said by the meaning of its code, the English message behind it.
    """
    phrases = phrases_in(lang)
    if not phrases.is_chinese:
        return finding.message
    said = said_text(finding.message, lang)
    if said is not None:
        return said
    code = f"finding_code.{finding.code}"
    return f"{phrases.say(code)}（{finding.message}）" if phrases.has(code) else finding.message


def said_text(message: str, lang: Language) -> str | None:
    """A message of the checks in the language, None where no template fits it."""
    phrases = phrases_in(lang)
    if not phrases.is_chinese:
        return message
    of_topics = _OF_TOPICS.fullmatch(message)
    proof = _translated(of_topics["proof"], _WHOLE, phrases) if of_topics else None
    if of_topics and proof is not None:
        return phrases.say("finding.in_topics", topics=of_topics["topics"], proof=proof)
    return _translated(message, _WHOLE, phrases)


def slip_text(said: str, lang: Language) -> str:
    """What a mutant changes in the law, in the language; its own words where no template fits it."""
    phrases = phrases_in(lang)
    return (_translated(said, _SLIP, phrases) if phrases.is_chinese else None) or said


def _translated(text: str, group: str, phrases: Phrases) -> str | None:
    for key, pattern, verbatim in _patterns(group):
        found = pattern.fullmatch(text)
        if found:
            pieces = found.groupdict().items()
            return phrases.say(key, **{name: one if name in verbatim else _piece(one, phrases) for name, one in pieces})
    return None


def _piece(text: str, phrases: Phrases) -> str:
    """A piece of a message; what is no words of ours stays as it is."""
    if len(several := _NEXT_DIFFERENCE.split(text)) > 1:
        return "；".join(_piece(one, phrases) for one in several)
    said = (_translated(text.strip(), group, phrases) for group in (_PIECE, _WHOLE))
    return next(filter(None, said), text) if text else text


@cache
def _patterns(group: str) -> tuple[_Pattern, ...]:
    """The patterns of a group, the one with the most words of its own first."""
    english = phrases_in("en")
    keys = sorted(key for key in english.keys if key.startswith(group) and key != "finding.in_topics")
    found = [(_own_words(english.template(key)), _pattern(key, english.template(key))) for key in keys]
    return tuple(pattern for _, pattern in sorted(found, key=lambda pair: -pair[0]))


def _own_words(template: str) -> int:
    return sum(len(literal) for literal, _ in _parsed(template))


def _pattern(key: str, template: str) -> _Pattern:
    written, verbatim = "", set[str]()
    for literal, name in _parsed(template):
        written += re.escape(literal)
        if name is not None:
            written += f"(?P<{name}>.*?)"
            if f"`{{{name}}}`" in template:
                verbatim.add(name)
    return _Pattern(key, re.compile(written, re.DOTALL), frozenset(verbatim))


def _parsed(template: str) -> Iterator[tuple[str, str | None]]:
    for literal, name, _, _ in string.Formatter().parse(template):
        yield literal, name
