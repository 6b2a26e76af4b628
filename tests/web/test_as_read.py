"""What a company reads on the page of a real scenario: relief that is one, days that say what they are."""

from itertools import pairwise
from urllib.parse import urlencode

from tests.support.asking import Service
from tests.support.reading_pages import Node, read_page
from tests.web.real import plain_facts, query


def page_of(service: Service, topic: str, lang: str, **more: str) -> Node:
    address = f"/guide/{topic}?{urlencode(query(plain_facts(topic), lang=lang, view='whole', **more))}"
    answer = service.get(address, accept="text/html")
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def changes_under(page: Node, heading: str) -> list[str]:
    """The changes listed right below each heading of these words."""
    columns = [[part for part in node.content if isinstance(part, Node)] for node in page.all()]
    return [
        item.text
        for parts in columns
        for above, below in pairwise(parts)
        if above.tag == "h5" and above.text == heading
        for item in below.all("li")
    ]


def test_a_record_or_a_commitment_declined_is_no_way_to_have_it_lighter(real_service: Service) -> None:
    page = page_of(real_service, "build_project", "en")
    lighter, different = (changes_under(page, f"What would make it {how}") for how in ("lighter", "different"))

    assert any("total investment" in text for text in lighter)
    assert [text for text in lighter if "dishonesty" in text or "not wanted" in text or "not required" in text] == []
    assert any("dishonesty" in text for text in different)


def test_the_day_a_source_is_relied_on_from_says_how_exactly_it_is_known(real_service: Service) -> None:
    text = page_of(real_service, "build_project", "zh-CN").text

    assert "起施行" not in text
    assert "这里从2019年12月31日（只知道年份）起用它作依据" in text
    assert "这里从2020年12月30日起用它作依据" in text


def test_a_day_before_the_reform_has_no_former_path_and_is_not_called_now(real_service: Service) -> None:
    text = page_of(real_service, "open_clinic", "zh-CN", as_of="2019-08-01").text

    assert "按2019年8月1日的规定" in text
    assert "看的是改革以前更早一天的规定，没有别的可以对照。" in text
    assert "现在（2019" not in text


def test_what_is_open_and_not_drawn_is_said_below_the_path(real_service: Service) -> None:
    place = {**plain_facts("build_project"), "location_flags": ["relic_control_zone"]}
    address = f"/guide/build_project?{urlencode(query(place, lang='zh-CN'))}"
    picture = read_page(real_service.get(address, accept="text/html").text).one("div", "path-now")

    assert "没定下来，没有画进去：" in picture.text
    assert "规划许可" in picture.one("p", "path-open").text


def test_a_path_that_is_settled_leaves_nothing_undrawn(real_service: Service) -> None:
    assert page_of(real_service, "build_project", "zh-CN").all("p", "path-open") == []
