"""Screenshots of pages, of a server started for it: a file `<name>.<language>.<screen>.png` for each.

`python -m tests.support.screenshots FOLDER [NAME …] [--dark]` takes whole pages, to be looked at.
`python -m tests.support.screenshots --docs` takes what fits on a screen, into docs/screenshots.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.browser import executable, launched, tabs
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
    context = tabs(
        browser,
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


def take(
    browser: Browser, url: str, folder: Path, shown: tuple[ShownPage, ...], schemes: tuple[str, ...], *, whole: bool
) -> None:
    """Write a screenshot of each page on each screen in each language."""
    for language in LANGUAGES:
        for screen in SCREENS:
            for scheme in schemes:
                dark = ".dark" if scheme == "dark" else ""
                with opened(browser, language=language, screen=screen, scheme="dark" if dark else "light") as page:
                    for item in shown:
                        page.goto(item.on(url, language))
                        file = folder / f"{item.name}.{language}.{screen}{dark}.png"
                        page.screenshot(path=file, full_page=whole)
                        if not whole:
                            _fewer_colours(file)


def _fewer_colours(file: Path) -> None:
    """Make a picture a third of its size where ImageMagick is at hand; the pages have few colours."""
    program = shutil.which("convert")
    if program is not None:
        subprocess.run(
            [program, str(file), "-strip", "+dither", "-colors", "128", f"PNG8:{file}"], check=True, timeout=60
        )


def main(given: list[str]) -> None:
    """Start a server over the repository's own rules and take the screenshots."""
    words = [word for word in given if not word.startswith("--")]
    is_for_docs = "--docs" in given
    folder = REPOSITORY / "docs" / "screenshots" if is_for_docs else Path(words.pop(0) if words else "var/screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    shown = tuple(item for item in SHOWN if item.name in words or (not words and (item.in_docs or not is_for_docs)))
    schemes = ("light", "dark") if "--dark" in given else ("light",)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        here = Path(place)
        program = executable(playwright)
        assert program is not None, "no Chromium was found"
        browser = launched(playwright, program)
        with running_server(here, database_url=f"sqlite:///{here / 'g.db'}", rules_dir=REPOSITORY / "rules") as server:
            take(browser, server.url, folder, shown, schemes, whole=not is_for_docs)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
