"""Requests that differ in their numbers alone: answered as if each were read whole, and refused as readily."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from app.api.layouts import Layout, Layouts
from app.engine import FactCode
from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import Rulebook
from tests.support.asking import TODAY, Make, Service

FACTS = {"open_by_night": False, "goods": ["tea", "wine"], "area_m2": 50.5, "fits_out": False, "district": "east"}


def body(area: str, *, before: str = "") -> bytes:
    """A request written by hand, so that the number stands as it is given."""
    return b'{"topic": "shop", %s"facts": {"open_by_night": false, "area_m2": %s}}' % (before.encode(), area.encode())


def posted(service: Service, raw: bytes) -> tuple[int, bytes]:
    answer = service.ask("POST", "/v1/evaluate", content=raw, headers={"content-type": "application/json"})
    return answer.status_code, answer.content


# ---- taking a body apart ---------------------------------------------------------------------------------


def test_a_body_is_its_text_and_its_numbers() -> None:
    one, other = Layout.of(b'{"facts":{"a":1,"b": 22.50 ,"c":\n0}}'), Layout.of(b'{"facts":{"a": 3,"b":4 ,"c": 5}}')

    assert one is not None
    assert other is not None
    assert one.numbers == (b"1", b"22.50", b"0")
    assert one.text == other.text


@pytest.mark.parametrize("number", ["-1", "1e3", "1E3", "01", "1.", ".5", "1.23456", "1234567890123456", "NaN"])
def test_a_number_written_out_of_the_ordinary_stays_in_the_text(number: str) -> None:
    assert Layout.of(body(number)) is None


def test_a_body_longer_than_any_form_has_no_layout() -> None:
    assert Layout.of(body("5", before=" " * 5_000)) is None


def test_numbers_are_told_from_look_alikes_by_the_answers() -> None:
    layout = Layout.of(b'{"facts": {"name": "x: 5, ", "area_m2": 5}}')

    assert layout is not None
    assert layout.numbers == (b"5", b"5")
    assert layout.facts_in({"name": "x: 5, ", "area_m2": 5}) is None


def test_answers_that_are_no_numbers_are_passed_by() -> None:
    layout = Layout.of(b'{"facts": {"open": true, "area_m2": 5.0, "goods": ["1"], "none": null, "floors": 2}}')

    assert layout is not None
    facts = {"open": True, "area_m2": Decimal("5.0"), "goods": ["1"], "none": None, "floors": 2}
    assert layout.facts_in(facts) == ("area_m2", "floors")


# ---- the store -------------------------------------------------------------------------------------------


def test_the_layout_unused_longest_goes_first(small_rulebook: Rulebook) -> None:
    layouts, evaluator = Layouts(), Evaluator(small_rulebook)
    read = [Layout.of(body("5", before=" " * number)) for number in range(66)]
    asked = evaluator.asked(EvaluateRequest("shop", {"open_by_night": False, "area_m2": 5}), TODAY)

    kept = [layout for layout in read if layout is not None]
    for layout in kept:
        layouts.learn(layout, "context", {"open_by_night": False, "area_m2": 5}, asked)
        layouts.again(kept[0], "context")

    assert [layouts.again(layout, "context") is not None for layout in (kept[0], kept[1], kept[2], kept[65])] == [
        True,
        False,
        False,
        True,
    ]
    assert layouts.again(kept[0], "other context") is None


def test_the_request_has_the_new_numbers(small_rulebook: Rulebook) -> None:
    layouts, evaluator = Layouts(), Evaluator(small_rulebook)
    first, second = Layout.of(body("50.5")), Layout.of(body("49"))
    assert first is not None
    assert second is not None
    facts = {"open_by_night": False, "area_m2": Decimal("50.5")}
    layouts.learn(first, None, facts, evaluator.asked(EvaluateRequest("shop", facts), TODAY))

    again = layouts.again(second, None)

    assert again is not None
    assert again.asked().scenario.answers[FactCode("area_m2")] == 49
    whole = evaluator.asked(EvaluateRequest("shop", {"open_by_night": False, "area_m2": 49}), TODAY)
    assert again.asked().key == whole.key


def test_what_was_read_under_a_rulebook_served_before_is_let_go(small_rulebook: Rulebook) -> None:
    layouts, layout, facts = Layouts(), Layout.of(body("5")), {"open_by_night": False, "area_m2": 5}
    assert layout is not None
    request = EvaluateRequest("shop", facts)
    layouts.learn(layout, "before", facts, Evaluator(small_rulebook).asked(request, TODAY))

    layouts.learn(layout, "now", facts, Evaluator(replace(small_rulebook)).asked(request, TODAY))

    assert layouts.again(layout, "before") is None
    assert layouts.again(layout, "now") is not None


# ---- over the wire ---------------------------------------------------------------------------------------


def test_every_number_is_answered_as_by_a_service_that_was_asked_nothing_else(make_service: Make) -> None:
    asked, areas = make_service(), ("50.5", "50.5", "51", "0", "99.99", "100", "100.01", "5000", "50.50", "1e2")
    shown = [posted(asked, body(area)) for area in areas]

    assert shown == [posted(make_service(), body(area)) for area in areas]
    assert {status for status, _ in shown} == {200}


@pytest.mark.parametrize("area", ["-1", "9999999999999999", "1.23456", "[5]", '"5"', "true"])
def test_a_number_that_is_not_allowed_is_refused_however_often_others_were_taken(
    small_service: Service, area: str
) -> None:
    posted(small_service, body("50"))
    posted(small_service, body("51"))

    status, told = posted(small_service, body(area))

    assert status == 422
    assert json.loads(told)["errors"][0]["pointer"] == "/facts/area_m2"


def test_the_language_of_the_header_and_of_the_body_are_kept_apart(small_service: Service) -> None:
    headers = {"content-type": "application/json", "accept-language": "en"}
    posted(small_service, body("50"))
    english = small_service.ask("POST", "/v1/evaluate", content=body("51"), headers=headers)

    named = posted(small_service, body("52", before='"lang": "en", '))
    chinese = posted(small_service, body("53"))

    assert english.headers["content-language"] == "en"
    assert [json.loads(told)["lang"] for _, told in (named, chinese)] == ["en", "zh-CN"]


def test_a_release_that_is_not_there_is_refused_every_time(small_service: Service) -> None:
    posted(small_service, body("50"))

    refused = [posted(small_service, body(area, before='"release": "never", '))[0] for area in ("50", "51")]

    assert refused == [404, 404]
