"""Whole visits in a real browser: from the first page to the result, by thumb, without JavaScript, back and forth."""

from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import chromium, go
from tests.support.screenshots import opened

__all__ = ["chromium"]

NAMED = ("build_project", "food_business", "open_clinic", "open_pharmacy")
MOST_TAPS = 8
MOST_PAGES = 40

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def phone(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """A phone, with JavaScript and without."""
    with opened(chromium, language="zh-CN", screen="phone", java_script=request.param) as page:
        yield page


@pytest.fixture
def plain_phone(chromium: Browser) -> Iterator[Page]:
    """A phone without JavaScript."""
    with opened(chromium, language="zh-CN", screen="phone", java_script=False) as page:
        yield page


@pytest.fixture(params=[("phone", False), ("desktop", True)], ids=["plain-phone", "desktop"])
def anybody(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    """The least that a page is read with, and the most."""
    screen, java_script = request.param
    with opened(chromium, language="zh-CN", screen=screen, java_script=java_script) as page:
        yield page


@pytest.fixture
def desk(chromium: Browser) -> Iterator[Page]:
    """A desktop computer."""
    with opened(chromium, language="en", screen="desktop") as page:
        yield page


class Thumb:
    """Taps, and counts them; a number that is typed counts as one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def type(self, what: Locator, text: str) -> None:
        """Type into the field that has the cursor already."""
        expect(what).to_be_focused()
        self.page.keyboard.type(text)
        self.taps += 1

    def go(self, what: Locator) -> None:
        """Tap what leads to another page, and wait for that."""
        with self.page.expect_navigation():
            self.tap(what)


def answers_in(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query, keep_blank_values=True)


def answer_somehow(page: Page) -> None:
    """Give the page an answer, whatever it asks."""
    form = page.locator("form.question")
    fields = form.locator(".measure input")
    none, choice = form.locator("button[name=do][value=none]"), form.locator("button.choice:not(.choice-zero)")
    if none.count():
        go(none)
    elif choice.count():
        go(choice.first)
    else:
        for number in range(fields.count()):
            fields.nth(number).fill("100")
        for options in form.locator("fieldset").all():
            options.locator("input:not([type=hidden])").nth(1).check()
        go(form.locator("button:not([name])"))


def test_the_class_b_pharmacy_answer_is_eight_taps_from_the_wish(phone: Page, url: str) -> None:
    phone.goto(url)
    go(phone.get_by_role("link", name="我要开药店"))
    thumb = Thumb(phone)
    button = phone.get_by_role("button")

    thumb.go(button.filter(has_text="否"))
    thumb.type(phone.get_by_label("经营场所的建筑面积"), "80")
    thumb.go(button.filter(has_text="不装修"))
    thumb.tap(phone.get_by_label("乙类非处方药"))
    thumb.go(button.filter(has_text="下一步"))
    thumb.go(button.filter(has_text="下面这些都没有"))
    thumb.go(button.filter(has_text="只有经考核合格的业务人员"))
    thumb.go(button.filter(has_text="否"))

    assert urlsplit(phone.url).path == "/guide/open_pharmacy"
    expect(phone.locator("main")).to_contain_text("告知承诺")
    assert thumb.taps <= MOST_TAPS
    assert answers_in(phone.url)[:3] == [
        ("entity_exists", "false"),
        ("premises_area_m2", "80"),
        ("decoration_area_m2", "0"),
    ]


@pytest.mark.parametrize("topic", NAMED)
def test_every_wish_comes_to_its_result(anybody: Page, url: str, topic: str) -> None:
    anybody.goto(f"{url}/ask/{topic}")
    pages = 0

    while urlsplit(anybody.url).path.startswith("/ask/") and pages < MOST_PAGES:
        answer_somehow(anybody)
        pages += 1

    assert urlsplit(anybody.url).path == f"/guide/{topic}"
    expect(anybody.locator("h1")).to_be_visible()


def test_the_back_button_and_another_answer_lose_nothing(plain_phone: Page, url: str) -> None:
    plain_phone.goto(f"{url}/ask/open_pharmacy?district=haidian")
    go(plain_phone.get_by_role("button", name="否"))
    expect(plain_phone.get_by_label("装修")).to_be_visible()

    plain_phone.go_back()
    go(plain_phone.get_by_role("button", name="是"))
    plain_phone.get_by_label("经营场所的建筑面积").fill("80")
    go(plain_phone.get_by_role("button", name="不装修"))

    assert answers_in(plain_phone.url) == [
        ("district", "haidian"),
        ("entity_exists", "true"),
        ("premises_area_m2", "80"),
        ("decoration_area_m2", "0"),
    ]


def test_a_shared_link_opens_the_same_question_in_the_readers_language(plain_phone: Page, desk: Page, url: str) -> None:
    plain_phone.goto(f"{url}/ask/open_pharmacy")
    go(plain_phone.get_by_role("button", name="否"))
    plain_phone.get_by_label("经营场所的建筑面积").fill("80")
    go(plain_phone.get_by_role("button", name="不装修"))

    desk.goto(plain_phone.url)
    desk.reload()

    expect(desk.get_by_role("heading", level=1)).to_have_text("Which drugs will you sell? Choose all that apply.")
    expect(desk.locator(".answers")).to_contain_text("Change")
    assert answers_in(desk.url) == [
        ("entity_exists", "false"),
        ("premises_area_m2", "80"),
        ("decoration_area_m2", "0"),
    ]


def test_another_language_keeps_every_answer_and_is_kept_itself(desk: Page, url: str) -> None:
    desk.goto(f"{url}/ask/open_pharmacy?entity_exists=false&decoration_area_m2=0&skip=has_licensed_pharmacist")

    go(desk.get_by_role("link", name="中文"))
    expect(desk.get_by_role("heading", level=1)).to_have_text("打算卖哪些药？可以多选。")
    desk.get_by_label("乙类非处方药").check()
    go(desk.get_by_role("button", name="下一步"))

    expect(desk.locator("html")).to_have_attribute("lang", "zh-CN")
    assert answers_in(desk.url)[:4] == [
        ("entity_exists", "false"),
        ("decoration_area_m2", "0"),
        ("pharmacy_scope", "otc_b"),
        ("skip", "has_licensed_pharmacist"),
    ]


def test_a_wrong_number_is_told_beside_its_field_and_corrected_there(phone: Page, url: str) -> None:
    phone.goto(f"{url}/ask/open_pharmacy?entity_exists=false")
    field = phone.get_by_label("装修")

    field.fill("大概一百")
    go(phone.get_by_role("button", name="下一步"))
    expect(field).to_have_value("大概一百")
    expect(field).to_have_attribute("aria-invalid", "true")
    field.fill("100 平方米")
    go(phone.get_by_role("button", name="下一步"))

    assert ("decoration_area_m2", "100") in answers_in(phone.url)


def test_an_answer_is_changed_from_the_list_and_the_rest_stays(desk: Page, url: str) -> None:
    desk.goto(f"{url}/ask/open_pharmacy?entity_exists=false&decoration_area_m2=0&pharmacy_scope=otc_b")

    go(desk.locator(".answer-line").filter(has_text="drugs to be sold").get_by_role("link"))
    expect(desk.get_by_label("class-B OTC drugs")).to_be_checked()
    desk.get_by_label("prescription drugs").check()
    go(desk.get_by_role("button", name="Next"))

    assert answers_in(desk.url)[:4] == [
        ("entity_exists", "false"),
        ("decoration_area_m2", "0"),
        ("pharmacy_scope", "otc_b"),
        ("pharmacy_scope", "prescription"),
    ]


def test_a_district_narrows_the_zones_down(plain_phone: Page, url: str) -> None:
    plain_phone.goto(f"{url}/ask/food_business?food_activities=prepackaged_sales&at=in_beijing_ftz")
    expect(plain_phone.get_by_label("自贸试验区")).to_be_visible()

    plain_phone.get_by_label("地址在哪个区").select_option("yanqing")
    go(plain_phone.get_by_role("button", name="缩小范围"))

    assert ("district", "yanqing") in answers_in(plain_phone.url)
    expect(plain_phone.get_by_label("自贸试验区")).to_have_count(0)


def test_none_of_these_and_the_others_rule_each_other_out(desk: Page, url: str) -> None:
    desk.goto(f"{url}/ask/build_project?at=location_flags")
    boxes = desk.locator("[data-none] input")

    boxes.first.check()
    boxes.last.check()
    expect(boxes.first).not_to_be_checked()
    boxes.first.check()

    expect(boxes.last).not_to_be_checked()


def test_everything_can_be_answered_from_the_keyboard(desk: Page, url: str) -> None:
    desk.goto(f"{url}/ask/open_pharmacy")

    desk.keyboard.press("Tab")
    expect(desk.get_by_role("link", name="Skip to the content")).to_be_focused()
    desk.keyboard.press("Enter")
    for _ in range(2):
        desk.keyboard.press("Tab")
    expect(desk.get_by_role("button", name="yes")).to_be_focused()
    desk.keyboard.press("Enter")

    desk.wait_for_url("**/ask/open_pharmacy?entity_exists=true")
