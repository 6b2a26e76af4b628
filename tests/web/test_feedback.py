"""The form of 好差评 without JavaScript: sent, thanked for, shown again where something is missing."""

import re
from urllib.parse import urlencode

import httpx
import pytest

from tests.support.asking import Make, Service

PAGE = {"accept": "text/html"}
ASKED = {"topic": "shop", "facts": {"area_m2": 50, "open_by_night": False}, "as_of": "2021-07-01", "lang": "zh-CN"}


@pytest.fixture
def kept(small_service: Service) -> str:
    """Where a kept guide is graded."""
    reference: str = small_service.ask("POST", "/v1/guides", json=ASKED).json()["reference"]
    return f"/g/{reference}/feedback"


def send(service: Service, place: str, fields: list[tuple[str, str]], **more: str) -> httpx.Response:
    headers = {"content-type": "application/x-www-form-urlencoded", **PAGE, **more}
    return service.ask("POST", place, content=urlencode(fields).encode(), headers=headers)


def test_the_form_stands_on_a_page_of_its_own(small_service: Service, kept: str) -> None:
    page = small_service.get(kept, **PAGE)

    assert page.status_code == 200
    assert f'action="{kept}"' in page.text
    assert re.findall(r'name="grade" value="(\w+)"', page.text) == [
        "very_satisfied", "satisfied", "fairly_satisfied", "dissatisfied", "very_dissatisfied"
    ]  # fmt: skip
    assert len(re.findall(r'name="reasons"', page.text)) == 7
    assert 'name="robots" content="noindex"' in page.text
    assert "form-action 'self'" in page.headers["content-security-policy"]


def test_a_grade_is_sent_and_thanked_for(small_service: Service, kept: str) -> None:
    answer = send(small_service, kept, [("grade", "satisfied"), ("comment", ""), ("key", "k1")])

    assert (answer.status_code, answer.headers["location"]) == (303, f"{kept}/thanks")
    assert "谢谢" in small_service.get(f"{kept}/thanks", **PAGE).text


def test_a_covered_number_is_said_so_on_the_page_of_thanks(small_service: Service, kept: str) -> None:
    answer = send(small_service, kept, [("grade", "satisfied"), ("comment", "找13800138000")])

    thanks = small_service.get(answer.headers["location"], **PAGE)
    assert "已经遮住" in thanks.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ([("comment", "很 好")], "缺少"),
        ([("grade", "five"), ("comment", "很 好")], "不能是five"),
        ([("grade", "dissatisfied"), ("reasons", "none"), ("comment", "很 好")], "不能是none"),
    ],
)
def test_a_form_with_something_wrong_comes_back_as_it_was_with_what_to_mend(
    small_service: Service, kept: str, fields: list[tuple[str, str]], said: str
) -> None:
    page = send(small_service, kept, [*fields, ("key", "k2")])

    assert page.status_code == 422
    assert said in page.text
    assert "很 好</textarea>" in page.text
    assert 'value="k2"' in page.text
    assert 'role="alert"' in page.text


def test_a_reason_left_beside_a_good_grade_does_not_stand_in_the_way(small_service: Service, kept: str) -> None:
    answer = send(small_service, kept, [("grade", "satisfied"), ("reasons", "hard_to_use")])

    assert answer.status_code == 303


def test_pressing_twice_counts_once_and_a_changed_mind_is_kept_too(make_service: Make) -> None:
    service = make_service()
    reference = service.ask("POST", "/v1/guides", json=ASKED).json()["reference"]
    place = f"/g/{reference}/feedback"

    sent = [
        send(service, place, [("grade", grade), ("key", "k")]) for grade in ("satisfied", "satisfied", "dissatisfied")
    ]

    assert [answer.status_code for answer in sent] == [303, 303, 303]


def test_the_page_speaks_the_language_that_was_chosen(small_service: Service, kept: str) -> None:
    page = small_service.get(f"{kept}?lang=en", **PAGE)

    assert "very dissatisfied" in page.text
    assert "小店" not in page.text
    assert f'action="{kept}?lang=en"' in page.text


@pytest.mark.parametrize("place", ["/g/ACDEFGHJKM/feedback", "/g/ACDEFGHJKL/feedback", "/g/x/feedback/thanks"])
def test_a_reference_that_is_none_is_told_in_the_same_look(small_service: Service, place: str) -> None:
    page = small_service.get(place, **PAGE)

    assert page.status_code == 404
    assert "<h1" in page.text


def test_with_the_database_away_the_page_says_when_to_come_back(make_service: Make) -> None:
    service = make_service(database_url="postgresql://apg@127.0.0.1:1/apg")

    answers = [
        service.get("/g/ACDEFGHJKM/feedback", **PAGE), send(service, "/g/ACDEFGHJKM/feedback", [("grade", "satisfied")])
    ]  # fmt: skip

    assert [answer.status_code for answer in answers] == [503, 503]


def test_a_form_longer_than_any_of_ours_is_refused(small_service: Service, kept: str) -> None:
    answer = send(small_service, kept, [("comment", "x" * 60_000)])

    assert answer.status_code == 413
