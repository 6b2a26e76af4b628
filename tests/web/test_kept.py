"""A result is kept once, opened again as it was, and says what has moved since."""

from datetime import date
from pathlib import Path

import orjson
import pytest

from app.rulebook import Rulebook
from tests.support.asking import Make, Service, served
from tests.support.make_rulebook import TOPIC, make_rulebook, with_change
from tests.support.reading_pages import Node, read_page

PAGE = {"accept": "text/html"}
ASKED = f"{TOPIC}?goods=tea&open_by_night=false&area_m2=50&fits_out=false&district=east"


def keep(service: Service, asked: str = ASKED, key: str = "one-key", **headers: str) -> str:
    """Keep a result; the address of its page."""
    answer = service.ask("POST", f"/keep/{asked}", data={"key": key}, headers={**PAGE, **headers})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def page_of(service: Service, address: str) -> Node:
    return read_page(service.get(address, **PAGE).text)


def form_of(page: Node) -> tuple[str, dict[str, str]]:
    """Where the page's form that keeps goes, and what it sends."""
    form = next(form for form in page.all("form") if form.attributes["method"] == "post")
    return form.attributes["action"], {
        field.attributes["name"]: field.attributes["value"] for field in form.all("input")
    }


@pytest.fixture
def service(make_service: Make) -> Service:
    return make_service()


def test_the_form_of_the_result_sent_twice_keeps_one_guide(service: Service) -> None:
    action, fields = form_of(page_of(service, f"/guide/{ASKED}"))

    places = [service.ask("POST", action, data=fields, headers=PAGE).headers["location"] for _ in range(2)]

    assert places[0] == places[1]


def test_each_showing_of_a_result_has_a_key_of_its_own(service: Service) -> None:
    forms = [form_of(page_of(service, f"/guide/{ASKED}")) for _ in range(2)]

    assert forms[0][1]["key"] != forms[1][1]["key"]


def test_a_kept_page_shows_the_guide_that_the_api_gives(service: Service) -> None:
    place = keep(service)

    page = page_of(service, place)
    kept = orjson.loads(service.get(f"/v1{place.replace('/g/', '/guides/')}").content)

    assert page.one(css="reference").text == kept["reference_shown"]
    assert page.one(css="guide-answer").text == kept["guide"]["answer"]
    assert {card.attributes["data-procedure"] for card in page.all("article", "proc")} == {
        item["code"] for item in kept["guide"]["procedures"]
    }
    assert len(page.one(css="reference-qr").all("path")) > 1


def test_its_files_and_its_calendar_are_there(service: Service) -> None:
    page = page_of(service, keep(service))

    files = [link.attributes["href"] for link in page.all("a", "file")]
    calendar = page.one("form", "calendar-form").attributes["action"]

    assert len(files) >= 2
    assert {service.get(file).status_code for file in [*files, calendar]} == {200}


def test_a_calendar_may_begin_on_the_days_whose_days_off_are_known(service: Service) -> None:
    form = page_of(service, keep(service)).one("form", "calendar-form")
    bounds = [form.one("input").attributes[name] for name in ("min", "max")]

    answers = [service.get(f"{form.attributes['action']}?start={day}").status_code for day in bounds]

    assert answers == [200, 200]
    assert service.get(f"{form.attributes['action']}?start=2999-01-01").status_code == 422


def test_in_a_year_whose_days_off_are_not_published_the_calendar_is_still_there(make_service: Make) -> None:
    """The first of January 2027 and after, until the rules have the year."""
    service = make_service(today=lambda: date(2027, 1, 4))
    form = page_of(service, keep(service)).one("form", "calendar-form")

    answer = service.get(form.attributes["action"])

    assert "先空着" in form.one("p", id="start-known").text
    assert answer.status_code == 200
    assert b"DTSTART;VALUE=DATE:20270104" in answer.content


def test_a_kept_page_ends_with_the_form_of_feedback(service: Service) -> None:
    place = keep(service)

    form = page_of(service, place).one("form", "feedback")

    assert form.attributes["action"].partition("?")[0] == f"{place}/feedback".replace("-", "")
    assert len(form.all("input", name="grade")) == 5


@pytest.mark.parametrize(
    ("reference", "words"),
    [("ACDEFGHJK2", "有一个字符不对"), ("ABC", "有一个字符不对"), ("ACD-EFG-HJKM", "没有找到这个编号")],
)
def test_a_reference_that_leads_nowhere_is_told_what_to_do(service: Service, reference: str, words: str) -> None:
    answer = service.get(f"/g/{reference}", **PAGE, accept_language="zh-CN")

    page = read_page(answer.text)

    assert answer.status_code == 404
    assert words in page.one("h1").text
    assert reference in page.one("input", name="reference").attributes["value"]


def test_spaces_case_and_hyphens_of_a_reference_do_not_count(service: Service) -> None:
    place = keep(service)

    typed = place.replace("-", " ").lower()

    assert page_of(service, typed).one(css="reference").text == place.removeprefix("/g/")


def test_a_guide_kept_in_another_language_stays_as_it_was(service: Service) -> None:
    place = keep(service, f"{ASKED}&lang=zh-CN")

    page = page_of(service, f"{place.partition('?')[0]}?lang=en")

    assert page.one("html").attributes["lang"] == "en"
    assert page.one(css="guide-body").attributes["lang"] == "zh-CN"
    assert "我要开小店" in page.one("h1").text
    assert "kept in Chinese" in page.text


def test_a_result_whose_rules_were_mended_says_what_changed(
    small_rulebook: Rulebook, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = tmp_path / "guides.db"
    with served(small_rulebook, database) as before:
        place = keep(before)
    mended = make_rulebook(
        tmp_path_factory.mktemp("mended"),
        files=with_change(f"topics/{TOPIC}/rules.yaml", "treatment: commitment", "treatment: simplified"),
    )

    with served(mended, database, today=lambda: date(2024, 3, 1)) as after:
        page = page_of(after, place)

    notice = page.one("section", "standing")
    assert "规则改过了" in notice.text
    assert "原来告知承诺，现在优化服务" in notice.text


def test_with_the_database_away_results_go_on_and_keeping_says_so(make_service: Make) -> None:
    service = make_service(database_url="postgresql://nobody@127.0.0.1:1/nowhere")
    result = service.get(f"/guide/{ASKED}", **PAGE)
    action, fields = form_of(read_page(result.text))

    kept = service.ask("POST", action, data=fields, headers=PAGE)
    opened = service.get("/g/ACD-EFG-HJKM", **PAGE)

    assert (result.status_code, kept.status_code, opened.status_code) == (200, 503, 503)
    assert form_of(read_page(kept.text)) == (action, fields)
    assert int(kept.headers["retry-after"]) > 0
    assert "编号还有效" in opened.text


def test_a_form_that_is_too_long_is_refused(service: Service) -> None:
    answer = service.ask("POST", f"/keep/{ASKED}", content=b"key=" + b"x" * 20_000, headers=PAGE)

    assert answer.status_code == 413


def test_the_earlier_path_of_a_kept_result_is_drawn_only_where_it_is_the_one_that_was_kept(
    small_rulebook: Rulebook, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    database = tmp_path / "guides.db"
    asked = f"{ASKED}&as_of=2024-03-01"
    with served(small_rulebook, database) as before:
        place = keep(before, asked)
        drawn = page_of(before, place).one("details", "former")
    mended = make_rulebook(
        tmp_path_factory.mktemp("moved"),
        files=with_change(f"topics/{TOPIC}/procedures.yaml", "value: 20", "value: 30"),
    )
    with served(mended, database) as after:
        moved = page_of(after, place).one("details", "former")

    assert len(drawn.all("li", "former-step")) == 1
    assert moved.all("li", "former-step") == []
    assert "规则改过" in moved.one("p", "former-note").text


def test_on_the_day_before_the_reform_nothing_is_set_beside_it(service: Service) -> None:
    former = page_of(service, f"/guide/{ASKED}&as_of=2020-12-29").one("details", "former")

    assert former.all("li", "former-step") == []
    assert "改革前这一天" in former.one("p", "former-note").text
