"""QR codes hold what they should, and nothing a strict page would refuse."""

import re
from xml.etree import ElementTree

import pytest
import segno

from app.documents import kept_address, public_base, qr_svg
from app.documents.codes import qr_png
from tests.documents.real import ADDRESS, REFERENCE

_SVG = "{http://www.w3.org/2000/svg}"


def modules(path: str) -> set[tuple[int, int]]:
    """The dark modules a path of horizontal strokes draws."""
    found: set[tuple[int, int]] = set()
    x, y = 0.0, 0.0
    for command, given in re.findall(r"([Mmh])([^Mmh]*)", path):
        numbers = [float(one) for one in re.findall(r"-?[0-9.]+", given)]
        if command == "h":
            found |= {(int(x) + step, int(y)) for step in range(int(numbers[0]))}
            x += numbers[0]
        else:
            x, y = (numbers[0], numbers[1]) if command == "M" else (x + numbers[0], y + numbers[1])
    return found


def test_the_svg_draws_the_code_of_the_address() -> None:
    root = ElementTree.fromstring(qr_svg(ADDRESS, "二维码 <1>"))
    matrix = segno.make(ADDRESS, error="Q", micro=False).matrix
    dark = {(x + 4, y + 4) for y, row in enumerate(matrix) for x, value in enumerate(row) if value}

    drawn = [part for part in root.findall(f"{_SVG}path") if part.get("stroke")]

    assert modules(drawn[0].get("d", "")) == dark
    assert root.get("viewBox") == f"0 0 {len(matrix) + 8} {len(matrix) + 8}"


def test_the_svg_is_fit_for_a_strict_policy_and_has_a_name() -> None:
    text = qr_svg(ADDRESS, "二维码 <1>")
    root = ElementTree.fromstring(text)

    assert (root.get("role"), root.findtext(f"{_SVG}title")) == ("img", "二维码 <1>")
    assert all(word not in text for word in ("style", "script", "href", "on"))
    assert root.find(f"{_SVG}path[@fill='#fff']") is not None


def test_the_picture_is_the_same_each_time() -> None:
    assert qr_png(ADDRESS) == qr_png(ADDRESS)
    assert qr_png(ADDRESS).startswith(b"\x89PNG")


def test_the_address_of_a_kept_guide() -> None:
    assert kept_address("https://example.org/", REFERENCE) == ADDRESS


@pytest.mark.parametrize(
    ("configured", "scheme", "host", "base"),
    [
        ("https://guide.example", "http", "inside:8000", "https://guide.example"),
        ("", "http", "127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("", "https", "[::1]:8000", "https://[::1]:8000"),
        ("", "http", 'x"><script>', None),
        ("", "http", "user@host", None),
        ("", "http", "", None),
        ("", "ws", "host", None),
    ],
)
def test_the_address_others_reach_us_under(configured: str, scheme: str, host: str, base: str | None) -> None:
    assert public_base(configured, scheme, host) == base
