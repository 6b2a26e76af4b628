"""Official figures beside ours: of the whole path, or of the procedures they name alone."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.evaluation import EvaluateRequest, Evaluator
from tests.support.make_rulebook import TOPIC, make_rulebook, rulebook_files

DAY = date(2022, 3, 1)
#: No food shop by night: the licence is applied for, 20 working days before the reform, by commitment at once after it.
SMALL = {"open_by_night": False, "goods": ["tea"], "area_m2": 50, "fits_out": False, "district": "east"}

Official = Callable[..., Any]


@pytest.fixture
def official(tmp_path: Path) -> Official:
    """Asks for the one official figure of a rulebook that has it."""

    def asked(figure: str, facts: dict[str, object] = SMALL) -> Any:
        files = rulebook_files()
        files[f"topics/{TOPIC}/benchmarks.yaml"] = (
            "benchmarks:\n"
            "  - code: official\n"
            "    text: {zh: 官方数字, en: official figure}\n"
            "    why: {zh: 说不清, en: unclear}\n"
            f"    {figure}\n"
            "    basis: [law#press]\n"
        )
        evaluator = Evaluator(make_rulebook(tmp_path, files=files))
        [found] = evaluator.evaluate(EvaluateRequest(TOPIC, facts, DAY, "en"), DAY).guide["path"]["benchmarks"]  # type: ignore[index]
        return found

    return asked


@pytest.mark.parametrize(
    ("figure", "agrees", "why"),
    [
        ("side: before\n    procedures: [licence]\n    value: 20\n    unit: working_day", True, None),
        ("side: before\n    procedures: [licence]\n    value: 19\n    unit: working_day", False, "unclear"),
        ("side: before\n    procedures: [licence]\n    value: 20\n    unit: day_unspecified", None, "unclear"),
        ("side: after\n    procedures: [licence]\n    value: 0\n    unit: working_day", True, None),
        ("side: after\n    procedures: [licence]\n    value: 20\n    unit: working_day", False, "unclear"),
        ("side: after\n    procedures: [licence]", None, "unclear"),
    ],
)
def test_a_figure_of_one_procedure_is_held_against_that_procedure_alone(
    official: Official, figure: str, agrees: bool | None, why: str | None
) -> None:
    found = official(figure)

    assert (found["procedures"], found["agrees"], found["why"]) == (["licence"], agrees, why)


def test_a_figure_of_a_procedure_that_is_not_there_is_held_against_nothing(official: Official) -> None:
    found = official("side: after\n    procedures: [fire_check]\n    value: 20\n    unit: working_day")

    assert (found["agrees"], found["why"]) == (None, "unclear")


def test_a_figure_of_several_procedures_is_neither_one_of_them_nor_the_whole_path(official: Official) -> None:
    found = official(
        "side: before\n    procedures: [licence, fire_check]\n    steps: 1\n    value: 20\n    unit: working_day"
    )

    assert (found["procedures"], found["agrees"]) == (["licence", "fire_check"], None)


def test_a_figure_of_one_procedure_is_compared_while_others_are_open(official: Official) -> None:
    half = {key: value for key, value in SMALL.items() if key != "fits_out"}

    found = official("side: after\n    procedures: [licence]\n    value: 0\n    unit: working_day", half)

    assert found["agrees"] is True


def test_a_figure_that_names_no_procedure_is_held_against_the_whole_path(official: Official) -> None:
    found = official("side: before\n    steps: 1\n    value: 20\n    unit: working_day")

    assert (found["procedures"], found["agrees"]) == ([], True)
