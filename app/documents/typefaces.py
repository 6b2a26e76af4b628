"""Which typefaces a document asks for, and what a machine without them should take instead."""

from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import quoteattr

_LATIN: Final = "Times New Roman"
_TEXT: Final = "仿宋"
_HEAD: Final = "黑体"
_TITLE: Final = "宋体"

#: Typeface -> what stands for it elsewhere, best first: Windows' own names, then macOS, then Linux.
_STAND_INS: Final = {
    _TEXT: ("FangSong", "仿宋_GB2312", "FangSong_GB2312", "STFangsong", "Noto Serif CJK SC", "宋体"),
    _TITLE: ("SimSun", "Songti SC", "STSong", "Noto Serif CJK SC", "Source Han Serif SC"),
    _HEAD: ("SimHei", "Heiti SC", "STHeiti", "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei"),
    _LATIN: ("Liberation Serif", "Nimbus Roman", "DejaVu Serif"),
}
_NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_FAMILIES: Final = {_HEAD: "swiss"}


@dataclass(frozen=True, slots=True)
class Face:
    """How one kind of paragraph is set.

    Units: `points`, `before`, `after` in points; `leading` in lines.
    """

    chinese: str
    points: float
    latin: str = _LATIN
    bold: bool = False
    before: float = 0
    after: float = 0
    leading: float = 1.0
    is_centred: bool = False
    is_small: bool = False


_CHINESE: Final = {
    "Normal": Face(_TEXT, 12, after=4, leading=1.4),
    "Title": Face(_TITLE, 20, bold=True, after=4, is_centred=True),
    "Subtitle": Face(_TEXT, 14, after=10, is_centred=True),
    "Heading 1": Face(_HEAD, 14, before=12, after=4),
    "Heading 2": Face(_HEAD, 12, before=8, after=2),
    "List Bullet": Face(_TEXT, 12, after=2, leading=1.3),
    "No Spacing": Face(_TEXT, 11, before=1.5, after=1.5, leading=1.1),
    "Caption": Face(_TEXT, 9.5, after=3, leading=1.15, is_small=True),
    "Footer": Face(_TITLE, 9, is_small=True),
}
_ENGLISH: Final = {
    "Normal": Face(_TITLE, 11, after=4, leading=1.2),
    "Title": Face(_TITLE, 18, bold=True, after=4, is_centred=True),
    "Subtitle": Face(_TITLE, 12, after=10, is_centred=True),
    "Heading 1": Face(_HEAD, 13, bold=True, before=12, after=4),
    "Heading 2": Face(_HEAD, 11, bold=True, before=8, after=2),
    "List Bullet": Face(_TITLE, 11, after=2, leading=1.15),
    "No Spacing": Face(_TITLE, 10, before=1.5, after=1.5, leading=1.05),
    "Caption": Face(_TITLE, 9, after=3, leading=1.1, is_small=True),
    "Footer": Face(_TITLE, 8.5, is_small=True),
}


def faces_for(lang: str) -> dict[str, Face]:
    """Return style -> how it is set, in documents of the language."""
    return dict(_ENGLISH if lang == "en" else _CHINESE)


def _font(name: str) -> str:
    others = "".join(f"<w:altName w:val={quoteattr(','.join(_STAND_INS[name]))}/>")
    charset = "00" if name == _LATIN else "86"
    family = _FAMILIES.get(name, "roman")
    return (
        f'<w:font w:name={quoteattr(name)}>{others}<w:charset w:val="{charset}"/><w:family w:val="{family}"/></w:font>'
    )


#: The part of a document that lists its typefaces with their stand-ins.
FONT_TABLE: Final = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:fonts xmlns:w="{_NAMESPACE}">'
    f"{''.join(map(_font, _STAND_INS))}</w:fonts>"
).encode()
