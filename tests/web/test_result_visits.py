"""Whole visits in a real browser: from the wish to a result that is kept, reloaded, shared and printed."""

import io
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from tests.support.browser import chromium, go, tabs
from tests.support.serving import running_server
from tests.web.real import PLAIN, plain_facts, query

__all__ = ["chromium"]

pytestmark = pytest.mark.browser

REPOSITORY = Path(__file__).resolve().parents[2]
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}, "java_script_enabled": False}
AS_OF = "2026-11-22"
#: How long a result may be on a phone before anything is opened: it was twenty-six screens once.
MOST_SCREENS = 8


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server over the repository's own rules."""
    folder = tmp_path_factory.mktemp("visits")
    database = f"sqlite:///{folder / 'guides.db'}"
    with running_server(folder, database_url=database, rules_dir=REPOSITORY / "rules") as server:
        yield server.url


@pytest.fixture
def visit(chromium: Browser, url: str) -> Iterator["Visits"]:
    """Opens tabs; all are closed after the test."""
    visits = Visits(chromium, url)
    yield visits
    for context in visits.contexts:
        context.close()


class Visits:
    """Tabs of readers of Chinese, unless it is said otherwise."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.contexts: list[BrowserContext] = []

    def tab(self, **given: Any) -> Page:
        self.contexts.append(tabs(self.browser, locale="zh-CN", base_url=self.url, **given))
        return self.contexts[-1].new_page()


def result_of(topic: str, **more: str) -> str:
    return f"/guide/{topic}?{urlencode(query(plain_facts(topic), as_of=AS_OF, **more))}"


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop-without-javascript"])
@pytest.mark.parametrize("topic", PLAIN)
def test_a_visit_from_the_wish_to_a_kept_result(visit: Visits, topic: str, screen: dict[str, Any]) -> None:
    page = visit.tab(**screen)
    page.goto("/")
    go(page.locator(f"a[href^='/ask/{topic}']").first)
    expect(page.locator("h1")).to_be_visible()

    page.goto(result_of(topic))
    answer = page.locator(".guide-answer").inner_text()
    procedures = page.locator("article.proc h4").all_inner_texts()
    go(page.locator("form[action^='/keep/'] button"))

    reference = page.locator(".reference").inner_text()
    assert page.url.endswith(f"/g/{reference}")
    assert page.locator(".guide-answer").inner_text() == answer
    assert page.locator("article.proc h4").all_inner_texts() == procedures
    expect(page.locator(".reference-qr svg")).to_be_visible()
    page.reload()
    expect(page.locator(".reference")).to_have_text(reference)
    page.go_back()
    expect(page.locator("form[action^='/keep/'] button")).to_be_visible()
    go(page.locator("form[action^='/keep/'] button"))
    expect(page.locator(".reference")).to_be_visible()


def test_a_shared_link_shows_somebody_else_the_same(visit: Visits) -> None:
    mine, theirs = visit.tab(**PHONE), visit.tab(**DESKTOP)
    mine.goto(result_of("open_pharmacy"))

    theirs.goto(mine.url)

    assert theirs.locator("article.proc").count() == mine.locator("article.proc").count()
    assert theirs.locator(".guide-answer").inner_text() == mine.locator(".guide-answer").inner_text()


def test_a_link_within_the_picture_opens_the_procedure(visit: Visits) -> None:
    page = visit.tab(**PHONE)
    page.goto(result_of("build_project"))
    step = page.locator(".step-name a").first
    code = step.get_attribute("data-procedure")

    step.click()

    expect(page.locator(f"#p-{code} > details")).to_have_attribute("open", "")
    expect(page.locator(f"#p-{code} > details dl")).to_be_in_viewport()


def test_the_path_before_the_reform_stands_beside_the_present_one_and_is_folded_on_a_phone(visit: Visits) -> None:
    phone, desk = visit.tab(**PHONE), visit.tab(**DESKTOP)
    for page in (phone, desk):
        page.goto(result_of("open_pharmacy"))
    now, then = desk.locator(".path-now").bounding_box(), desk.locator(".former-steps").first.bounding_box()

    expect(phone.locator(".former-steps").first).not_to_be_visible()
    phone.locator("details.former > summary").click()
    expect(phone.locator(".former-steps").first).to_be_visible()
    # Without JavaScript too it stands open where there is room, to the right of the present path.
    assert now is not None
    assert then is not None
    assert then["x"] > now["x"] + now["width"]


def test_a_result_on_a_phone_is_short_and_in_the_order_it_is_needed(visit: Visits) -> None:
    page = visit.tab(**PHONE)
    page.goto("/guide/open_pharmacy?pharmacy_scope=otc_b")
    order = ["guide-answer", "path", "next", "procedures", "papers", "answers", "surety"]
    tops = [page.locator(f".guide .{name}").first.bounding_box() for name in order]

    screens = page.evaluate("() => document.documentElement.scrollHeight / window.innerHeight")

    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
    assert all(tops)
    assert page.locator("article.proc details[open]").count() == 0
    assert screens < MOST_SCREENS


def test_a_procedure_is_one_line_that_opens_without_javascript(visit: Visits) -> None:
    page = visit.tab(**{**PHONE, "java_script_enabled": False})
    page.goto(result_of("open_pharmacy"))
    card = page.locator("#p-drug_retail_license")
    expect(card.locator("summary").first).to_contain_text("药店许可证")
    expect(card.locator("summary").first).to_contain_text("告知承诺")
    expect(card.locator("summary").first).to_contain_text("当日")

    expect(card.get_by_text("要带的材料")).not_to_be_visible()
    card.locator("summary").first.click()

    expect(card.get_by_text("要带的材料")).to_be_visible()


def test_an_answer_is_changed_from_the_result_and_compared(visit: Visits) -> None:
    page = visit.tab(**DESKTOP)
    page.goto(result_of("open_pharmacy"))
    go(page.get_by_role("link", name="换个条件看看"))

    go(page.locator("a.pick", has_text="不用告知承诺").first)

    row = page.locator("tr[data-procedure=drug_retail_license]")
    expect(row.locator("td").first).to_contain_text("告知承诺")
    expect(row.locator("td").last).to_contain_text("优化服务")
    go(page.get_by_role("link", name="改用换了以后的情形"))
    expect(page.locator("#p-drug_retail_license .proc-head")).to_contain_text("优化服务")


def test_the_language_is_switched_with_the_answers_kept(visit: Visits) -> None:
    page = visit.tab(**PHONE)
    page.goto(result_of("open_clinic"))
    count = page.locator("article.proc").count()

    go(page.get_by_role("link", name="English"))

    assert page.locator("html").get_attribute("lang") == "en"
    assert page.locator("article.proc").count() == count
    assert "open a clinic" in page.locator("h1").inner_text().lower()


def printed_text(printed: PdfReader) -> str:
    """All letters on the paper."""
    return letters("".join(sheet.extract_text() for sheet in printed.pages))


def is_on(text: str, name: str) -> bool:
    """Whether the name begins on the paper; a font may hand out a letter as the radical that looks the same."""
    return re.search("".join(f"[{re.escape(sign)}\u2e80-\u2fdf]" for sign in letters(name)[:6]), text) is not None


def letters(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("topic", PLAIN)
def test_path_and_checklist_print_on_one_or_two_pages(visit: Visits, topic: str, language: str) -> None:
    """The path now and the one before the reform, whether the screen shows that one or not."""
    page = visit.tab(viewport=PHONE["viewport"])
    page.goto(result_of(topic, lang=language))
    expect(page.locator("details.former")).not_to_have_attribute("open", "")
    steps = page.locator(".step-name a, .former-name a").all_text_contents()
    papers = page.locator(".paper-group-bring .paper-name, .paper-group-gone s").all_text_contents()

    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    text = printed_text(printed)
    assert 1 <= len(printed.pages) <= 2
    assert printed.pages[0].mediabox.width == pytest.approx(595, abs=1)
    assert [name for name in [*steps, *papers] if not is_on(text, name)] == []


def test_with_every_detail_open_more_is_printed(visit: Visits) -> None:
    page = visit.tab()
    page.goto(result_of("open_pharmacy", view="whole"))

    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    assert len(printed.pages) > 2
