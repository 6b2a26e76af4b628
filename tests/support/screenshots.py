"""Screenshots of pages: `python -m tests.support.screenshots [FOLDER] [NAME …]`, of a server started for it.

Shape: a file for each page, language and screen: `<name>.<language>.<screen>.png`.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import executable, launched
from tests.support.pages_shown import SHOWN, ShownPage
from tests.support.serving import running_server

REPOSITORY: Final = Path(__file__).resolve().parents[2]
SCREENS: Final = {"phone": (390, 844), "desktop": (1280, 900)}
LANGUAGES: Final = ("zh-CN", "en")


@contextmanager
def opened(
    browser: Browser, *, language: str, screen: str, scheme: Literal["light", "dark"] = "light", **given: bool
) -> Iterator[Page]:
    """A page on a screen, for a reader of the language; `given` goes to the browser as it is."""
    width, height = SCREENS[screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme=scheme,
        is_mobile=screen == "phone",
        has_touch=screen == "phone",
        java_script_enabled=given.get("java_script", True),
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def take(browser: Browser, url: str, folder: Path, shown: tuple[ShownPage, ...], schemes: tuple[str, ...]) -> None:
    """Write a screenshot of each page on each screen in each language."""
    for language in LANGUAGES:
        for screen in SCREENS:
            for scheme in schemes:
                dark = ".dark" if scheme == "dark" else ""
                with opened(browser, language=language, screen=screen, scheme="dark" if dark else "light") as page:
                    for item in shown:
                        page.goto(item.on(url))
                        file = folder / f"{item.name}.{language}.{screen}{dark}.png"
                        page.screenshot(path=file, full_page=True)


def main(folder: Path, names: list[str]) -> None:
    """Start a server over the repository's own rules and take the screenshots."""
    folder.mkdir(parents=True, exist_ok=True)
    chosen = tuple(item for item in SHOWN if not names or item.name in names)
    schemes = ("light", "dark") if "--dark" in names else ("light",)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        here = Path(place)
        program = executable(playwright)
        assert program is not None, "no Chromium was found"
        browser = launched(playwright, program)
        with running_server(here, database_url=f"sqlite:///{here / 'g.db'}", rules_dir=REPOSITORY / "rules") as server:
            take(browser, server.url, folder, chosen or SHOWN, schemes)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "var/screenshots"), sys.argv[2:])
