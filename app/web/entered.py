"""What people type, as the address writes it: full-width digits, separators, 万, days in several spellings."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

_NUMBER: Final = re.compile(r"(-?[0-9]{1,20}(?:\.[0-9]{1,20})?)([万亿]?)")
# Signs that part digits or end a number, and mean nothing.
_PARTING: Final = str.maketrans("", "", ",，、 \u00a0\u2009'")
_UNITS: Final = ("平方米", "平米", "㎡", "m²", "m2", "米", "元", "人民币", "个", "层", "年", "张", "m")
_TIMES: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_PACKED_DAY: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")


def entered_number(text: str) -> str:
    """Return the number as the address writes it; what cannot be read as one stays as it was typed.

    >>> entered_number("１，５００ 平方米"), entered_number("1.5万"), entered_number("about 3")
    ('1500', '15000', 'about 3')
    """
    bare = unicodedata.normalize("NFKC", text).strip().translate(_PARTING)
    for unit in _UNITS:
        bare = bare.removesuffix(unit)
    found = _NUMBER.fullmatch(bare)
    if found is None:
        return text.strip()
    number = Decimal(found[1]) * _TIMES[found[2]]
    plain = f"{number:f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def entered_day(text: str) -> str:
    """Return the day as the address writes it; what cannot be read as one stays as it was typed.

    >>> entered_day("2024年3月1日"), entered_day("2024/03/01"), entered_day("20240301"), entered_day("soon")
    ('2024-03-01', '2024-03-01', '2024-03-01', 'soon')
    """
    bare = unicodedata.normalize("NFKC", text).strip().replace(" ", "")
    found = _DAY.fullmatch(bare) or _PACKED_DAY.fullmatch(bare)
    if found is None:
        return text.strip()
    return f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"
