"""Every kind of page in a real browser, both languages, phone and desktop, light and dark: WCAG 2.2 AA by axe."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page

from tests.support.browser import chromium, tabs
from tests.support.pages_shown import SHOWN, ShownPage

__all__ = ["chromium"]

PHONE, DESKTOP, NARROW = (390, 844), (1280, 900), (360, 700)
WHOLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": ["color-contrast"]}
#: Pages looked at whole in the dark too, beside those the documentation shows.
LOOKED_AT_WHOLE = {"search", "ask-number", "ask-zones", "ask-wrong", "law", "lost"}
#: Everything a finger is meant for, links within sentences apart.
TARGETS = (
    "button, .button, .choice, .switch, .wish, summary, select, input:not([type=hidden], [type=checkbox], [type=radio])"
)
SMALL = f"""() => [...document.querySelectorAll({TARGETS!r})]
  .filter(target => target.offsetParent && target.getBoundingClientRect().height < 43.5)
  .map(target => target.outerHTML.slice(0, 120))"""
FOLDS = "for (const part of document.querySelectorAll('details')) part.open = {}"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
TOO_WIDE_LARGE = f"() => {{ document.documentElement.classList.add('large'); return ({TOO_WIDE})(); }}"

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Reader:
    """A tab of somebody who reads the language."""

    page: Page
    language: str


@pytest.fixture(scope="module", params=["zh-CN", "en"])
def reader(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Reader]:
    """A tab for each language."""
    context = tabs(chromium, locale=request.param)
    yield Reader(context.new_page(), request.param)
    context.close()


def wrong_at(page: Page, size: tuple[int, int], scheme: str, options: dict[str, list[str]]) -> list[str]:
    """What axe finds on this screen; it has been brought into the page already."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{size[0]} px, {scheme}: {item['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for item in found
        for node in item["nodes"]
    ]


@pytest.mark.parametrize("item", SHOWN, ids=lambda item: item.name)
def test_axe_finds_nothing_and_a_small_phone_and_large_type_are_enough(
    reader: Reader, url: str, item: ShownPage
) -> None:
    page = reader.page
    page.goto(item.on(url, reader.language))
    page.evaluate(AXE_SCRIPT)

    page.evaluate(FOLDS.format("true"))
    wrong = wrong_at(page, PHONE, "light", WHOLE)
    # In the dark the colours alone are different; the pages people see most are looked at whole all the same.
    wrong += wrong_at(page, PHONE, "dark", in_the_dark(item))
    page.evaluate(FOLDS.format("false"))
    wrong += wrong_at(page, DESKTOP, "light", WHOLE)
    wrong += wrong_at(page, DESKTOP, "dark", in_the_dark(item))
    page.evaluate(FOLDS.format("true"))
    page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})

    assert wrong == []
    assert page.evaluate(SMALL) == []
    assert page.evaluate(TOO_WIDE) == 0
    assert page.evaluate(TOO_WIDE_LARGE) == 0


def in_the_dark(item: ShownPage) -> dict[str, list[str]]:
    """What is looked for in the dark."""
    return WHOLE if item.in_docs or item.name in LOOKED_AT_WHOLE else COLOURS
