"""Opinions are read strictly, and everything wrong with one is said at once."""

import pytest

from app.errors import InvalidRequest
from app.feedback import LONGEST_COMMENT, Grade, Opinion, Reason, as_opinion
from app.wording import problem_text


def faults(given: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidRequest) as caught:
        as_opinion(given)
    assert all(problem_text(caught.value, "zh-CN").messages)
    return [(fault.pointer, fault.code) for fault in caught.value.faults]


def test_an_opinion_as_it_should_be() -> None:
    given = {"grade": "dissatisfied", "reasons": ["hard_to_use", "answer_wrong", "hard_to_use"], "comment": "  慢 \n"}

    assert as_opinion(given) == Opinion(Grade.DISSATISFIED, (Reason.ANSWER_WRONG, Reason.HARD_TO_USE), "慢")


@pytest.mark.parametrize("more", [{}, {"reasons": None, "comment": None}, {"reasons": [], "comment": "  "}])
def test_a_grade_is_enough(more: dict[str, object]) -> None:
    assert as_opinion({"grade": "satisfied", **more}) == Opinion(Grade.SATISFIED)


@pytest.mark.parametrize("grade", list(Grade))
def test_only_low_grades_take_reasons(grade: Grade) -> None:
    is_low = grade in (Grade.DISSATISFIED, Grade.VERY_DISSATISFIED)
    wanted = [] if is_low else [("/reasons", "not_allowed")]

    try:
        as_opinion({"grade": grade.value, "reasons": ["other_reason"]})
        found = []
    except InvalidRequest as error:
        found = [(fault.pointer, fault.code) for fault in error.faults]

    assert found == wanted


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ([], [("", "wrong_type")]),
        ({}, [("/grade", "missing")]),
        ({"grade": ""}, [("/grade", "missing")]),
        ({"grade": 5}, [("/grade", "wrong_type")]),
        ({"grade": "five"}, [("/grade", "not_allowed")]),
        ({"grade": "satisfied", "reasons": "hard_to_use"}, [("/reasons", "wrong_type")]),
        (
            {"grade": "dissatisfied", "reasons": [1, "no"]},
            [("/reasons/0", "wrong_type"), ("/reasons/1", "not_allowed")],
        ),
        ({"grade": "satisfied", "comment": 1}, [("/comment", "wrong_type")]),
        ({"grade": "satisfied", "comment": "字" * (LONGEST_COMMENT + 1)}, [("/comment", "above_maximum")]),
        ({"grade": "satisfied", "comment": "a\0b"}, [("/comment", "not_allowed")]),
        (
            {"stars": 5, "reasons": ["other_reason", "no"], "comment": 1},
            [
                ("/stars", "unknown_field"),
                ("/grade", "missing"),
                ("/reasons/1", "not_allowed"),
                ("/comment", "wrong_type"),
            ],
        ),
    ],
)
def test_every_fault_is_named(given: object, wrong: list[tuple[str, str]]) -> None:
    assert faults(given) == wrong


def test_a_comment_may_be_as_long_as_is_said_and_have_lines() -> None:
    comment = "一\n" * (LONGEST_COMMENT // 2 - 1) + "二"

    assert as_opinion({"grade": "satisfied", "comment": comment}).comment == comment
