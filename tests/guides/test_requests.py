"""The normal form of a request: what means the same is the same, what differs differs, numbers stay exact."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.evaluation import EvaluateRequest
from app.guides.requests import normal_form

_ASKED = EvaluateRequest("shop", {"goods": ["tea", "wine"], "area_m2": Decimal("12.5"), "open_by_night": True})


@pytest.mark.parametrize(
    "facts",
    [
        {"area_m2": Decimal("12.50"), "open_by_night": True, "goods": ["wine", "tea"]},
        {"open_by_night": True, "goods": ["wine", "tea", "wine"], "area_m2": 12.5, "fits_out": None},
    ],
)
def test_order_blanks_and_needless_zeros_make_no_difference(facts: dict[str, object]) -> None:
    same = normal_form(replace(_ASKED, facts=facts))

    assert same == normal_form(_ASKED)
    assert same.fingerprint == normal_form(_ASKED).fingerprint


@pytest.mark.parametrize(
    "other",
    [
        replace(_ASKED, topic="stall"),
        replace(_ASKED, facts={**_ASKED.facts, "goods": []}),
        replace(_ASKED, facts={**_ASKED.facts, "goods": None}),
        replace(_ASKED, facts={**_ASKED.facts, "area_m2": Decimal("12.5001")}),
        replace(_ASKED, as_of=date(2021, 1, 1)),
        replace(_ASKED, lang="en"),
        replace(_ASKED, release="files-00000000"),
    ],
)
def test_whatever_may_change_the_answer_makes_another_request(other: EvaluateRequest) -> None:
    assert normal_form(other).fingerprint != normal_form(_ASKED).fingerprint


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Decimal("1000"), "1000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0"), "0"),
        (Decimal("100.0"), "100"),
        (0.1, "0.1"),
        (Decimal("123456789012345.0001"), "123456789012345.0001"),
    ],
)
def test_numbers_are_written_out_exactly(number: object, text: str) -> None:
    assert normal_form(EvaluateRequest("shop", {"x": number})).facts == f'{{"x":{text}}}'


def test_a_request_can_be_asked_again_for_another_day() -> None:
    again = normal_form(_ASKED).again(release=None, as_of=date(2022, 1, 1))

    assert again == replace(_ASKED, as_of=date(2022, 1, 1))
    assert isinstance(again.facts["area_m2"], Decimal)
