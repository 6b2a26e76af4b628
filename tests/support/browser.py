"""A real Chromium for tests, wherever one is found; without one the test is skipped and says so, in CI it fails."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NoReturn

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Playwright, expect, sync_playwright

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Five seconds for what is expected and thirty for the rest, as the library has it, are not enough on a busy machine.
_PATIENCE_MS: Final = 180_000
expect.set_options(timeout=_PATIENCE_MS)
_MISSING: Final = "no Chromium was found: apt-get install chromium, or playwright install chromium"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser, shared by the tests of one file; each takes a new context of its own.

    Not longer: while it is open an event loop runs in this thread, and tests that start one would fail.
    """
    with sync_playwright() as playwright:
        browser = launched(playwright, executable(playwright) or _missing())
        yield browser
        browser.close()


def _missing() -> NoReturn:
    # A skipped test looks like a passed one to whoever reads only the last line.
    if os.environ.get("CI") == "true":
        pytest.fail(_MISSING)
    pytest.skip(_MISSING)


def launched(playwright: Playwright, program: str) -> Browser:
    """Start the browser."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    try:
        return playwright.chromium.launch(
            executable_path=program, args=[*sandbox, "--disable-dev-shm-usage"], timeout=_PATIENCE_MS
        )
    except Error as error:
        pytest.fail(f"{program} does not start: {error.message[:500]}")


def tabs(browser: Browser, **given: Any) -> BrowserContext:
    """Return a context of its own, which waits as long as a busy machine may need; `given` as the library has it."""
    context = browser.new_context(**given)
    context.set_default_timeout(_PATIENCE_MS)
    return context


def go(what: Locator) -> None:
    """Press what leads to another page, and wait for that: what is read at once would be the page before."""
    with what.page.expect_navigation():
        what.click()


def executable(playwright: Playwright) -> str | None:
    """Return the browser of the system, else the library's own, else the system's once CI has installed it."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    own = playwright.chromium.executable_path
    if found is None and Path(own).exists():
        found = own
    if found is None and os.environ.get("CI") == "true" and not os.geteuid() and shutil.which("apt-get"):
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update"], ["install", "-y", "--no-install-recommends", "chromium", "fonts-wqy-microhei"]):
            subprocess.run(
                ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", *words],
                env=quietly,
                check=False,
                timeout=600,
                capture_output=True,
            )
        found = shutil.which("chromium")
    return found
