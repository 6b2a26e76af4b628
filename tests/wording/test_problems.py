"""Errors in words: every kind in both languages, every fault by itself, and nothing an error carries breaks it."""

from datetime import date

import pytest

from app.errors import (
    AppError,
    AsOfOutOfRange,
    Fault,
    FaultCode,
    InvalidFact,
    InvalidRequest,
    NotFound,
    ProblemCode,
    RateLimited,
    UnknownReference,
    UnknownTopic,
)
from app.wording import LANGUAGES, problem_text

NAME = {"zh": "面积", "en": "floor area"}
FAULTS = {
    "unknown": (
        Fault("/facts/aera_m2", FaultCode.UNKNOWN_FACT, params={"fact": "aera_m2", "near": ["area_m2"]}),
        "没有“aera_m2”这个情形要素，您是不是要写area_m2？",
        "There is no fact “aera_m2”; did you mean area_m2?",
    ),
    "unknown and nothing near": (
        Fault("/facts/x", FaultCode.UNKNOWN_FACT, params={"fact": "x", "near": []}),
        "没有“x”这个情形要素。",
        "There is no fact “x”.",
    ),
    "type": (
        Fault("/facts/area_m2", FaultCode.WRONG_TYPE, allowed="decimal", params={"fact": "area_m2", "name": NAME}),
        "“面积”应当填数字，最多4位小数。",
        "“floor area” takes a number with at most 4 decimal places.",
    ),
    "minimum": (
        Fault("/facts/area_m2", FaultCode.BELOW_MINIMUM, allowed=0, params={"fact": "area_m2", "name": NAME}),
        "“面积”不能小于0。",
        "“floor area” cannot be less than 0.",
    ),
    "field": (
        Fault("/as_of", FaultCode.WRONG_TYPE, allowed="date", params={"name": "as_of", "expected": "date"}),
        "“as_of”应当是日期，如2024-03-01。",
        "“as_of” takes a date such as 2024-03-01.",
    ),
    "missing": (
        Fault("/topic", FaultCode.MISSING, params={"name": "topic"}),
        "缺少“topic”。",
        "“topic” is missing.",
    ),
    "language": (
        Fault("/lang", FaultCode.NOT_ALLOWED, allowed=["zh-CN", "en"], params={"name": "lang", "value": "fr"}),
        "“lang”不能是fr，可以是：zh-CN、en。",
        "“lang” cannot be fr; it takes: zh-CN, en.",
    ),
    "json": (
        Fault("", "malformed", params={"line": 2, "column": 7}),
        "第2行第7个字符处不是合法的JSON。",
        "Not valid JSON at line 2, character 7.",
    ),
    "json variant": (
        Fault("", "malformed", params={"variant": "utf8"}),
        "文字不是UTF-8编码。",
        "The text is not UTF-8.",
    ),
    "without a phrase": (Fault("/x", "odd", "something odd"), "something odd", "something odd"),
}
ERRORS: list[AppError] = [
    UnknownTopic("open_shop", ["shop"]),
    UnknownReference("ABC", misread=True),
    AsOfOutOfRange(date(2010, 1, 1), date(2019, 7, 1)),
    RateLimited(3),
    NotFound("rule", "x"),
    AppError("odd", code="nobody-knows"),
    AppError("", code=ProblemCode.PAYLOAD_TOO_LARGE),
    AppError("braces {in} it", params={"reference": object(), "kind": 3, "detail": "{x}"}),
    InvalidFact([Fault("/facts/x", FaultCode.NOT_ALLOWED, allowed=object(), params={"fact": None, "name": []})]),
    InvalidRequest([Fault("/x", "duplicate", params={"name": {"zh": "甲"}})]),
    InvalidRequest([Fault("/x", code, params={}) for code in FaultCode]),
]


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_in_both_languages(name: str) -> None:
    fault, chinese, english = FAULTS[name]
    error = InvalidRequest([fault])

    assert problem_text(error, "zh-CN").messages == (chinese,)
    assert problem_text(error, "en").messages == (english,)


@pytest.mark.parametrize("lang", [*LANGUAGES, "en-US", "fr", ""])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: f"{type(error).__name__} {error.code}")
def test_saying_a_problem_never_fails(error: AppError, lang: str) -> None:
    said = problem_text(error, lang)

    assert said.title
    assert len(said.messages) == len(getattr(error, "faults", ()))


def test_an_early_day_is_told_the_first_one() -> None:
    said = problem_text(AsOfOutOfRange(date(2010, 1, 1), date(2019, 7, 1)), "zh-CN")

    assert said.title == "日期太早"
    assert "2019年7月1日" in said.detail


def test_a_misread_reference_is_told_apart_from_an_unknown_one() -> None:
    misread, unknown = (problem_text(UnknownReference("ABC", misread=wrong), "en").detail for wrong in (True, False))

    assert "check digit" in misread
    assert "No guide" in unknown


def test_a_problem_nobody_worded_keeps_its_own_words() -> None:
    assert problem_text(AppError("the disk is full", code="odd"), "zh-CN").detail == "the disk is full"
