"""Questions: one page at a time, answers in the address, nothing lost, what is wrong told beside it."""

import doctest
import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from app.web import addresses, entered
from tests.support.asking import Service
from tests.support.forms import Form, question_form

PAGE = {"accept": "text/html"}


def shown(service: Service, target: str, **headers: str) -> httpx.Response:
    return service.get(target, **PAGE, **headers)


def form_at(service: Service, target: str) -> Form:
    return question_form(shown(service, target).text)


def led_to(answer: httpx.Response) -> tuple[str, list[tuple[str, str]]]:
    """Where a redirect leads: the path, and what the query says."""
    assert answer.status_code == 303, answer.text
    parts = urlsplit(answer.headers["location"])
    return parts.path, parse_qsl(parts.query, keep_blank_values=True)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page[page.index("<main") : page.index("</main")])).split())


@pytest.mark.parametrize("module", [entered, addresses])
def test_examples_of_the_docstrings_are_true(module: object) -> None:
    assert doctest.testmod(module).failed == 0


def test_a_wish_leads_to_its_questions_and_those_to_the_result(small_service: Service) -> None:
    home = shown(small_service, "/").text
    first = form_at(small_service, "/ask/shop?at=open_by_night")

    second = led_to(shown(small_service, first.sent(("open_by_night", "true"))))

    assert 'href="/ask/shop"' in home
    assert second == ("/ask/shop", [("open_by_night", "true")])


def test_the_best_question_comes_first(small_service: Service) -> None:
    best = small_service.get("/v1/evaluate?topic=shop").json()["questions"][0]["fact"]

    assert form_at(small_service, "/ask/shop").asked == [best]


def test_what_is_not_known_is_left_open_remembered_and_can_be_answered_later(small_service: Service) -> None:
    fact = "open_by_night"
    form = form_at(small_service, f"/ask/shop?at={fact}")

    path, pairs = led_to(shown(small_service, form.sent((fact, "?"))))
    later = form_at(small_service, f"{path}?skip={fact}")
    again = form_at(small_service, f"{path}?skip={fact}&at={fact}")

    assert pairs == [("skip", fact)]
    assert fact not in later.asked
    assert again.asked == [fact]
    assert led_to(shown(small_service, again.sent((fact, "true")))) == ("/ask/shop", [(fact, "true")])


ANSWERED = "open_by_night=true&goods=tea&area_m2=80&fits_out=false"


def test_where_nothing_is_left_to_ask_the_result_comes(small_service: Service) -> None:
    path, pairs = led_to(shown(small_service, f"/ask/shop?{ANSWERED}&as_of=2024-01-01"))

    assert path == "/guide/shop"
    assert pairs == [*parse_qsl(ANSWERED), ("as_of", "2024-01-01")]


def test_details_are_asked_where_they_are_wanted(small_service: Service) -> None:
    assert form_at(small_service, f"/ask/shop?{ANSWERED}&more=1").asked == ["district"]


def test_changing_one_answer_keeps_the_others(small_service: Service) -> None:
    form = form_at(small_service, f"/ask/shop?{ANSWERED}&at=goods")

    path, pairs = led_to(shown(small_service, form.sent(("goods", "tea"), ("goods", "wine"))))

    assert ("goods", "tea") in form.ticked
    assert path in ("/ask/shop", "/guide/shop")
    assert sorted(pairs) == sorted([*parse_qsl(ANSWERED), ("goods", "wine")])


def test_none_of_these_is_an_answer_and_goes_with_no_other(small_service: Service) -> None:
    form = form_at(small_service, "/ask/shop?open_by_night=true&at=goods")

    _, pairs = led_to(shown(small_service, form.sent(("goods", ""))))
    refused = shown(small_service, form.sent(("goods", "tea"), ("goods", "")))

    assert ("goods", "") in pairs
    assert refused.status_code == 422
    assert ("goods", "tea") in question_form(refused.text).ticked


@pytest.mark.parametrize(
    ("typed", "number"), [("５，０００", "5000"), ("80 平方米", "80"), ("1.5万", "15000"), ("0080.50", "80.5")]
)
def test_numbers_are_read_as_people_write_them(small_service: Service, typed: str, number: str) -> None:
    form = form_at(small_service, "/ask/shop?at=area_m2")

    _, pairs = led_to(shown(small_service, form.sent(("area_m2", typed))))

    assert ("area_m2", number) in pairs


@pytest.mark.parametrize("typed", ["about 80", "-5", "8e4", "1.23456"])
def test_a_wrong_number_stays_in_its_field_with_the_reason_beside_it(small_service: Service, typed: str) -> None:
    form = form_at(small_service, "/ask/shop?open_by_night=true&at=area_m2")

    refused = shown(small_service, form.sent(("area_m2", typed)))

    again = question_form(refused.text)
    assert refused.status_code == 422
    assert again.texts == [("area_m2", typed)]
    assert ("open_by_night", "true") in again.hidden
    assert 'id="error-area_m2"' in refused.text
    assert 'aria-invalid="true"' in refused.text


def test_the_same_address_shared_is_refused_the_same_way(small_service: Service) -> None:
    refused = shown(small_service, "/ask/shop?open_by_night=maybe&area_m2=x&nothing=1", accept_language="en")

    text = words(refused.text)
    assert refused.status_code == 422
    assert question_form(refused.text).asked == ["open_by_night"]
    assert "nothing" in text
    assert "Leave it out and go on" in text
    assert "at=area_m2" in refused.text


def test_going_on_without_an_answer_is_told_not_guessed(small_service: Service) -> None:
    form = form_at(small_service, "/ask/shop?at=goods")

    refused = shown(small_service, form.sent(), accept_language="en")

    assert refused.status_code == 422
    assert "Nothing is chosen yet" in words(refused.text)


@pytest.mark.parametrize("target", ["/ask/nothing", "/ask/shop?at=nothing", "/ask/shop?release=nothing", "/ask"])
def test_what_there_is_not_is_not_found(small_service: Service, target: str) -> None:
    assert shown(small_service, target).status_code == 404


@pytest.mark.parametrize("day", ["2001-01-01", "soon", "2024-02-30"])
def test_a_wrong_day_is_told_and_the_question_stays(small_service: Service, day: str) -> None:
    page = shown(small_service, f"/ask/shop?as_of={day}")

    assert page.status_code == 422
    assert f'value="{day}"' in page.text
    assert question_form(page.text).asked


def test_the_day_asked_about_is_the_day_whose_law_is_shown(small_service: Service) -> None:
    page = shown(small_service, "/ask/shop?as_of=2020-06-01", accept_language="en")

    assert "Law as of 1 June 2020" in page.text
    assert ("as_of", "2020-06-01") in question_form(page.text).hidden


def test_back_leads_to_the_answer_before(small_service: Service) -> None:
    page = shown(small_service, "/ask/shop?open_by_night=true&at=goods")
    first = shown(small_service, "/ask/shop")

    assert (
        re.search(r'class="back" href="([^"]*)"', page.text)[1] == "/ask/shop?open_by_night=true&amp;at=open_by_night"
    )  # type: ignore[index]
    assert re.search(r'class="back" href="([^"]*)"', first.text)[1] == "/"  # type: ignore[index]


def test_answers_are_nobody_elses_business(small_service: Service) -> None:
    page = shown(small_service, "/ask/shop?open_by_night=true")

    assert '<meta name="robots" content="noindex">' in page.text
    assert page.headers["cache-control"] == "private, no-cache"


def test_a_reference_is_read_as_it_is_said_and_a_misread_one_told(small_service: Service) -> None:
    right = shown(small_service, "/kept?reference=acd-efg+hjkm")
    wrong = shown(small_service, "/kept?reference=ACDEFGHJKN")

    assert led_to(right) == ("/g/ACDEFGHJKM", [])
    assert wrong.status_code == 422
    assert 'value="ACDEFGHJKN"' in wrong.text


def test_search_leads_to_the_wish(small_service: Service) -> None:
    found = shown(small_service, "/search?q=小店")
    nothing = shown(small_service, "/search?q=zzzz")

    assert 'href="/ask/shop"' in found.text
    assert 'href="/ask/shop"' in nothing.text
    assert "12345" in words(nothing.text)
