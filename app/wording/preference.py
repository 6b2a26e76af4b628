"""Which of our languages a caller reads, by what its browser says."""

from functools import lru_cache
from typing import Final

from app.wording.phrases import LANGUAGES, Language

DEFAULT_LANGUAGE: Final = LANGUAGES[0]
_BY_PRIMARY: Final = {language.partition("-")[0]: language for language in LANGUAGES}
# A longer header is no browser's; it is read as far as this.
_LONGEST_HEADER: Final = 400


def preferred_language(accepted: str) -> Language:
    """Return the language of ours that an Accept-Language header likes best; zh-CN where it likes none.

    Source: RFC 9110 §12.5.4; `en-GB` finds `en`, `zh-TW` and `zh` find `zh-CN`, `*` finds the default.

    >>> preferred_language("fr, en-GB;q=0.8, zh;q=0.5"), preferred_language("")
    ('en', 'zh-CN')
    """
    return _preferred(accepted[:_LONGEST_HEADER])


@lru_cache(maxsize=512)
def _preferred(accepted: str) -> Language:
    best, liking = DEFAULT_LANGUAGE, 0.0
    for part in accepted.split(","):
        tag, _, parameters = part.partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = DEFAULT_LANGUAGE if primary == "*" else _BY_PRIMARY.get(primary)
        quality = _quality(parameters)
        if language and quality > liking:
            best, liking = language, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    # Not a plain comparison: "nan" is a float too.
    return quality if 0.0 <= quality <= 1.0 else 0.0
