"""The colours of the style sheet, measured: WCAG 2.2, 1.4.3 for words and 1.4.11 for edges, light and dark."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import app.web
from app.engine import Treatment

SHEET = (Path(app.web.__file__).parent / "static" / "style.css").read_text("utf-8")
TOKEN = re.compile(r"--([a-z-]+):\s*(#[0-9a-f]{3,6})\b")
#: What words stand on what, and what edges have to stand out from what.
WORDS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-strong") for ground in ("ground", "surface")],
    *[("ink", "sunken"), ("ink-soft", "sunken"), ("accent-strong", "accent-wash"), ("ink", "accent-wash")],
    *[("on-accent", "accent"), ("on-accent", "accent-strong"), ("error-ink", "surface"), ("ink", "error-wash")],
    *[("ink", "warn-wash"), ("accent", "error-wash"), ("ink-soft", "accent-wash")],
    *[(treatment, f"{treatment}-wash") for treatment in [*Treatment, "open"]],
]
EDGES = [("line-strong", "surface"), ("focus", "surface"), ("focus", "ground"), ("error-ink", "surface")]


def tokens(text: str) -> dict[str, str]:
    return {
        name: value if len(value) == 7 else "#" + "".join(c * 2 for c in value[1:])
        for name, value in TOKEN.findall(text)
    }


LIGHT = tokens(SHEET.split("@media (prefers-color-scheme: dark)")[0])
DARK = {**LIGHT, **tokens(SHEET.split("@media (prefers-color-scheme: dark)")[1].split("/* ---- ground")[0])}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def too_weak(colours: Mapping[str, str], pairs: list[tuple[str, str]], least: float) -> Iterator[str]:
    for one, other in pairs:
        found = contrast(colours[one], colours[other])
        if found < least:
            yield f"{one} on {other}: {found:.2f}"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_edges_stand_out(colours: dict[str, str]) -> None:
    assert list(too_weak(colours, WORDS, 4.5)) == []
    assert list(too_weak(colours, EDGES, 3.0)) == []


def test_contrast_is_measured_as_the_guidelines_do() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48
