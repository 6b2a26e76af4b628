"""The result page: wrong answers, other days, details, and what it says to those who cannot see it."""

import pytest

from tests.support.asking import Make, Service
from tests.support.make_rulebook import TOPIC
from tests.support.reading_pages import Node, read_page

PAGE = {"accept": "text/html"}
ASKED = f"/guide/{TOPIC}?goods=tea&open_by_night=false&area_m2=50&fits_out=false&district=east"


@pytest.fixture
def service(make_service: Make) -> Service:
    return make_service()


def page_of(service: Service, address: str) -> Node:
    answer = service.get(address, **PAGE)
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def test_answers_that_do_not_fit_lead_to_the_questions_that_mend_them(service: Service) -> None:
    address = f"/guide/{TOPIC}?area_m2=ca.50&no_such_fact=1"

    page = service.get(address, **PAGE)
    data = service.get(address, accept="*/*")

    assert (page.status_code, data.status_code) == (303, 422)
    assert page.headers["location"].startswith(f"/ask/{TOPIC}?area_m2=ca.50")
    assert data.json()["type"] == "/problems/invalid-fact"


@pytest.mark.parametrize(("address", "status"), [("/guide/nothing", 404), (f"{ASKED}&as_of=1990-01-01", 422)])
def test_a_topic_or_day_there_is_not_is_a_helpful_page(service: Service, address: str, status: int) -> None:
    answer = service.get(address, **PAGE)

    assert answer.status_code == status
    assert read_page(answer.text).one("h1").text


def test_the_day_and_the_release_stand_on_the_page_and_in_the_headers(service: Service) -> None:
    answer = service.get(f"{ASKED}&as_of=2022-03-01&lang=zh-CN", **PAGE)

    page = read_page(answer.text)

    assert answer.headers["x-as-of"] == "2022-03-01"
    assert answer.headers["x-rules-release"] in page.one("section", "surety").text
    assert "2022年3月1日" in page.one("section", "surety").text


def test_every_detail_opens_at_once_for_paper(service: Service) -> None:
    closed, whole = page_of(service, ASKED), page_of(service, f"{ASKED}&view=whole")

    assert [one for one in whole.all("details") if "open" not in one.attributes] == []
    assert any("open" not in one.attributes for one in closed.all("details"))


def test_each_answer_leads_back_to_its_question_with_the_others_kept(service: Service) -> None:
    links = page_of(service, ASKED).all("a", "answer-change")

    addresses = [link.attributes["href"] for link in links]

    assert addresses
    assert all(address.startswith(f"/ask/{TOPIC}?goods=tea") and "at=" in address for address in addresses)
    assert {service.get(address, **PAGE).status_code for address in addresses} == {200}


def test_a_picture_is_a_list_and_no_treatment_is_told_by_colour_alone(service: Service) -> None:
    page = page_of(service, f"{ASKED}&lang=zh-CN")

    marks = page.all("span", "treatment")
    assert page.one("ol", "stages").all("li", "step")
    assert [mark for mark in marks if not mark.text or not mark.all("svg")] == []
    assert [bar for bar in page.all("svg") if bar.attributes.get("aria-hidden") != "true"] == []


def test_the_law_of_another_day_is_asked_for_with_the_answers_kept(service: Service) -> None:
    form = page_of(service, f"{ASKED}&as_of=2022-03-01").one("form", "other-day")
    sent = {field.attributes["name"]: field.attributes["value"] for field in form.all("input")} | {
        "as_of": "2023-05-01"
    }

    answer = service.ask("GET", form.attributes["action"], params=sent, headers=PAGE)

    assert answer.headers["x-as-of"] == "2023-05-01"
    assert len(read_page(answer.text).all("a", "answer-change")) == len(
        page_of(service, ASKED).all("a", "answer-change")
    )
