"""Words: English that can be read without Chinese."""

import re
from typing import Final

from app.rulebook.checks.context import Context
from app.rulebook.files.base import Text

_HAN: Final = re.compile(r"[\u3400-\u9fff]+")
#: Where Chinese may stand: document numbers, and whatever is in brackets, quotes or title marks.
_ALLOWED: Final = re.compile(
    r"[\u3400-\u9fff]+〔\d{4}〕(第)?\d+号|\([^()]*\)|（[^（）]*）|《[^《》]*》|\"[^\"]*\"|“[^“”]*”|‘[^‘’]*’|「[^「」]*」"
)


def check_words(context: Context) -> None:
    """English holds Chinese only in brackets, quotes, titles and document numbers."""
    for text, item in context.all_inside(Text):
        left = _ALLOWED.sub("", _ALLOWED.sub("", text.en))
        found = _HAN.search(left)
        if found:
            context.findings.add(
                item.place.at("en"),
                "chinese_in_english",
                f"the English holds {found.group()!r}; say it in English, official names in brackets behind it",
                warning=True,
            )
