"""`/docs` in a real browser: it works, and asks nobody but this server for anything."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support import reaching
from tests.support.browser import chromium, tabs
from tests.support.make_rulebook import write_rulebook
from tests.support.serving import running_server

__all__ = ["chromium"]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the small rulebook."""
    folder = tmp_path_factory.mktemp("docs")
    rules = write_rulebook(folder)
    with running_server(folder, database_url=f"sqlite:///{folder / 'guides.db'}", rules_dir=rules) as server:
        yield server.url


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page that may talk to this server alone: anything else is cut off and remembered."""
    context = tabs(chromium)
    yield context.new_page()
    context.close()


def asked_by(page: Page) -> list[str]:
    """Every address the page asks for, from now on."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


@pytest.mark.browser
def test_the_page_shows_every_route_and_asks_only_this_server(url: str, page: Page) -> None:
    addresses, complaints = asked_by(page), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{url}/docs")
    expect(page.get_by_role("heading", name=re.compile("approval-path-guide"))).to_be_visible()
    expect(page.locator("#operations-evaluate-post_evaluate")).to_be_visible()
    expect(page.locator("#operations-rulebook-get_clause")).to_be_visible()

    foreign = [address for address in addresses if urlsplit(address).netloc != urlsplit(url).netloc]
    assert [address for address in foreign if not address.startswith("data:")] == []
    assert complaints == []


@pytest.mark.browser
def test_a_route_can_be_tried_from_the_page(url: str, page: Page) -> None:
    addresses = asked_by(page)
    page.goto(f"{url}/docs")

    operation = page.locator("#operations-evaluate-post_evaluate")
    operation.get_by_role("button").first.click()
    operation.get_by_role("button", name="Execute").click()

    expect(operation.locator(".live-responses-table tbody .response-col_status").first).to_contain_text("200")
    assert f"{url}/v1/evaluate" in addresses
    assert {urlsplit(address).netloc for address in addresses if not address.startswith("data:")} == {
        urlsplit(url).netloc
    }


def test_the_page_and_its_parts_are_served_from_here(url: str) -> None:
    page = reaching.get(f"{url}/docs")
    parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)

    answers = [reaching.get(f"{url}/{part}") for part in parts]

    assert len(parts) == 4
    assert not any("//" in part for part in parts)
    assert [answer.status_code for answer in answers] == [200] * 4


def test_the_browser_is_told_to_ask_nobody_else(url: str) -> None:
    policy = reaching.get(f"{url}/docs").headers["content-security-policy"]

    assert policy.startswith("default-src 'none'")
    assert "connect-src 'self'" in policy
    assert "http" not in policy


def test_a_file_that_is_no_part_of_the_page_is_not_handed_out(url: str) -> None:
    answers = [reaching.get(f"{url}/docs/{name}") for name in ("__init__.py", "..%2fmain.py", "%2e%2e/main.py")]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
