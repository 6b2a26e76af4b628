"""Comments hold no personal data: what may be somebody's number or address is covered before it is kept."""

import re
from typing import Final

_COVER: Final = "***"
_DIGIT: Final = "[0-9０-９]"
_BETWEEN: Final = r"[ \t　.·\-‐-―－]{0,2}"
# A day is nobody's number, and a comment on law is full of them.
_DAY: Final = (
    r"(?<![0-9])(?:19|20)[0-9]{2}(?P<dash>[-./])(?:0?[1-9]|1[0-2])(?P=dash)(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
)
# Seven digits and more, however they are spaced: a telephone, an identity card, a bank card.
_LONG: Final = rf"(?:\+|(?<!{_DIGIT}))(?:{_DIGIT}{_BETWEEN}){{6,}}{_DIGIT}(?:{_BETWEEN}[xXｘＸ])?"
_NUMBER: Final = re.compile(f"(?P<day>{_DAY})|{_LONG}")
_ADDRESS: Final = re.compile(r"[\w.+-]+[@＠][\w-]+(?:[.．][\w-]+)+")


def mask_personal_data(text: str) -> tuple[str, bool]:
    """Return a comment with long numbers and e-mail addresses covered, and whether there were any.

    >>> mask_personal_data("电话 138-0013-8000，2024-03-01 去过")
    ('电话 ***，2024-03-01 去过', True)
    """
    covered = _NUMBER.sub(_covered, _ADDRESS.sub(_COVER, text))
    return covered, covered != text


def _covered(found: re.Match[str]) -> str:
    return found[0] if found["day"] else _COVER
