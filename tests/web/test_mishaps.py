"""Visits on which something goes wrong, in a real browser: a reference that is gone, a database that is away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, Page, expect

from app.settings import Settings
from tests.support import reaching
from tests.support.browser import chromium, go
from tests.support.screenshots import opened
from tests.support.serving import RunningServer, running_server
from tests.web.real import plain_facts, query

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

GONE = "ACD-EFG-HJKM"
RESULT = f"/guide/open_pharmacy?{urlencode(query(plain_facts('open_pharmacy'), as_of='2026-11-22'))}"


@pytest.fixture(params=[("phone", False), ("desktop", True)], ids=["phone-without-javascript", "desktop"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """The least that a page is read with, and the most."""
    screen, java_script = request.param
    with opened(chromium, language="zh-CN", screen=screen, java_script=java_script) as tab:
        yield tab


@pytest.fixture
def obstacle(tmp_path: Path) -> Path:
    """Where the database's folder should be, a file stands in the way."""
    return tmp_path / "var"


@pytest.fixture
def server(obstacle: Path) -> Iterator[RunningServer]:
    """A server over the repository's own rules, whose database can be taken away."""
    obstacle.write_text("in the way")
    database = f"sqlite:///{obstacle / 'guides.db'}"
    with running_server(obstacle.parent, database_url=database, rules_dir=Settings().rules_dir) as running:
        yield running


def kept(url: str) -> str:
    """The reference of a guide that is kept."""
    request: dict[str, Any] = {"topic": "open_pharmacy", "facts": {"pharmacy_scope": ["otc_b"]}}
    return str(reaching.post(f"{url}/v1/guides", json=request).raise_for_status().json()["reference_shown"])


def test_a_reference_that_is_gone_or_mistyped_is_put_right_where_it_is_told(page: Page, url: str) -> None:
    right = kept(url)
    page.goto(f"{url}/g/{GONE}")
    expect(page.locator("h1")).to_have_text("没有找到这个编号")
    expect(page.get_by_label("十位编号")).to_have_value(GONE)

    page.get_by_label("十位编号").fill("ACD-EFG-HJKK")
    go(page.get_by_role("button", name="打开"))
    expect(page.locator("main")).to_contain_text("校验位不对")
    page.locator("input[name=reference]").fill(right.lower().replace("-", " "))
    go(page.get_by_role("button", name="打开"))

    expect(page.locator(".reference")).to_have_text(right)


def test_whose_reference_is_gone_for_good_begins_again(page: Page, url: str) -> None:
    page.goto(f"{url}/g/{GONE}")

    go(page.get_by_role("link", name="从头再来"))

    expect(page.get_by_role("heading", level=1)).to_have_text("您想办什么事？")


def test_with_the_database_away_a_visit_goes_on_and_keeps_its_result_later(
    page: Page, server: RunningServer, obstacle: Path
) -> None:
    page.goto(f"{server.url}/ask/open_pharmacy")
    go(page.get_by_role("button", name="否"))
    expect(page.get_by_label("经营场所的建筑面积")).to_be_visible()

    page.goto(f"{server.url}{RESULT}")
    answer = page.locator(".guide-answer").inner_text()
    go(page.get_by_role("button", name="留存这份结果"))
    expect(page.locator("h1")).to_contain_text("现在存不了")
    go(page.get_by_role("link", name="回到结果"))
    expect(page.locator(".guide-answer")).to_have_text(answer)
    page.goto(f"{server.url}/g/{GONE}")
    expect(page.locator("h1")).to_contain_text("打不开")

    page.goto(f"{server.url}{RESULT}")
    go(page.get_by_role("button", name="留存这份结果"))
    obstacle.unlink()
    go(page.get_by_role("button", name="再存一次"))
    expect(page.locator(".reference")).to_be_visible()
