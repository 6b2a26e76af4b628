"""Text into terms: Latin words and numbers as they are, Chinese as single characters and pairs."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_RUN: Final = re.compile(r"[a-z0-9]+(?:[.+-][a-z0-9]+)*|[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Words of a question, not of its matter; they would find everything.
_EMPTY_ENGLISH: Final = frozenset(
    """
    a an and are as at be by can do for how i if in is it me my need of on or our that the this to want we what which
    will with you
    """.split()  # noqa: SIM905  # fifty quotes would hide the words
)
# How callers ask, whatever they ask about; longer phrases first, as they hold the shorter ones.
_ASKING: Final = re.compile(
    "请问一下|请问|还要不要|还用不用|能不能|可不可以|要不要|是不是|有没有|用不用|需不需要|怎么办|怎么样|怎么|怎样|如何|为什么|什么时候|什么|"
    "哪些|哪个|哪里|哪儿|多少钱|多少|多久|几天|需要|可以|应该|打算|准备|想要|我想|我要|咱们|我们|你们|一下|还要|还得|必须|的话"
)
_EMPTY_CHINESE: Final = frozenset("的了吗呢啊么我想要你您是在和与或就都也个一")


def folded(text: str) -> str:
    """Return the text with full-width and compatibility forms made plain, in lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def runs(text: str) -> Iterator[str]:
    """Yield the stretches of folded text that mean something: a Latin word or number, or Chinese without a break."""
    yield from _RUN.findall(text)


def is_chinese(run: str) -> bool:
    """Return whether the run is Chinese."""
    return bool(_CHINESE.match(run))


def terms(text: str) -> Iterator[str]:
    """Yield the terms of folded text, as often as they stand in it.

    >>> list(terms("开药店 otc"))
    ['开', '药', '店', '开药', '药店', 'otc']
    """
    for run in runs(text):
        if not is_chinese(run):
            if run not in _EMPTY_ENGLISH:
                yield singular(run)
            continue
        yield from (sign for sign in run if sign not in _EMPTY_CHINESE)
        yield from (run[at : at + 2] for at in range(len(run) - 1))


def asked_for(query: str) -> str:
    """Return the folded query without the words of asking, which every question shares.

    >>> asked_for("请问卖零食要不要许可证")
    ' 卖零食 许可证'
    """
    return _ASKING.sub(" ", folded(query))


def singular(word: str) -> str:
    """Return an English word without the plural's ending, so that licences find the licence.

    Not a stemmer: it need only treat query and document alike.
    """
    if len(word) > 3 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def is_telling(term: str) -> bool:
    """Return whether a term alone says what is meant: a pair of characters or a word, not a single character."""
    return len(term) > 1
