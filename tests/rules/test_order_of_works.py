"""The path of building works: what is there before drawings are reviewed, before works start, before the end."""

from datetime import date
from functools import cache
from typing import Any, Final

import pytest

from app.engine import ProcedureCode
from app.evaluation import EvaluateRequest, Evaluator
from tests.rules.real import report

TOPIC: Final = "build_project"
DAY: Final = date(2026, 11, 22)
#: A warehouse that is no low-risk project: it is 30 m high.
ORDINARY: Final = {
    "work_type": "new_build",
    "building_use": "warehouse",
    "area_total_m2": 3000,
    "area_above_ground_m2": 3000,
    "height_m": 30,
    "investment_yuan": 8_000_000,
    "uses_public_finance": False,
    "in_rural_planning_area": False,
    "needs_project_verification": False,
    "land_tenure": "state_granted",
    "eia_class": "form",
    "architect_accountability": False,
    "filing_type_project": False,
    "in_beijing_eda": False,
    "fells_or_moves_trees": True,
    "special_fire_project": True,
    "location_flags": [],
    "regional_assessments_done": [],
}
#: The same as a low-risk project, whose construction permit runs beside the planning permit.
LOW_RISK: Final = {
    **ORDINARY,
    "height_m": 20,
    "single_function": True,
    "technically_simple": True,
    "surrounding_network_complete": True,
    "underground_space_development": False,
    "crowded_place": False,
    "special_fire_project": False,
    "serious_dishonesty_record": False,
}


@cache
def evaluator() -> Evaluator:
    rulebook = report().rulebook
    assert rulebook is not None
    return Evaluator(rulebook)


def steps(facts: dict[str, Any], day: date = DAY) -> tuple[dict[str, int], dict[int, set[int]]]:
    """The number of each procedure's step, and all steps that each of them comes after, near or far."""
    path = evaluator().evaluate(EvaluateRequest(TOPIC, facts, day, "en"), day).guide["path"]
    numbers = {str(ProcedureCode(code)): step["number"] for step in path["steps"] for code in step["procedures"]}
    before: dict[int, set[int]] = {}
    for step in path["steps"]:
        near = set(step["starts_after"])
        before[step["number"]] = near.union(*(before[number] for number in near))
    return numbers, before


def comes_before(facts: dict[str, Any], first: str, second: str, day: date = DAY) -> bool:
    numbers, before = steps(facts, day)
    return numbers[first] in before[numbers[second]]


def test_drawings_are_reviewed_when_the_planning_permit_is_there() -> None:
    assert comes_before(ORDINARY, "planning_permit", "drawing_review")


def test_drawings_on_rural_land_are_reviewed_when_the_rural_permit_is_there() -> None:
    assert comes_before({**ORDINARY, "in_rural_planning_area": True}, "rural_planning_permit", "drawing_review")


def test_connections_are_asked_for_with_the_planning_permit() -> None:
    assert comes_before(ORDINARY, "planning_permit", "utility_connection")


def test_fire_design_environment_and_trees_are_cleared_before_works_start() -> None:
    cleared = ("fire_design_review", "eia_form", "tree_permit", "construction_permit")

    assert [code for code in cleared if not comes_before(ORDINARY, code, "planning_line_check")] == []


def test_a_fit_out_is_filed_after_all_that_comes_before_works() -> None:
    cleared = ("fire_design_review", "eia_form", "tree_permit", "construction_permit", "fire_acceptance")
    fit_out = {**ORDINARY, "work_type": "interior_renovation", "small_renovation_fire_exempt": False}

    assert [code for code in cleared if not comes_before(fit_out, code, "completion_filing")] == []


def test_trees_of_an_ordinary_project_do_not_wait_for_the_construction_permit() -> None:
    numbers, before = steps(ORDINARY)

    assert before[numbers["tree_permit"]] == before[numbers["construction_permit"]]


def test_the_permits_of_a_small_low_risk_project_start_together() -> None:
    numbers, before = steps(LOW_RISK)

    assert before[numbers["construction_permit"]] == before[numbers["planning_permit"]]
    assert numbers["planning_permit"] == numbers["utility_connection"] == numbers["low_risk_one_form"]


def test_works_come_after_a_construction_permit_whose_way_is_still_open() -> None:
    open_way = {**LOW_RISK, "area_total_m2": 9800, "area_above_ground_m2": 9800}
    later = ("planning_line_check", "completion_survey", "joint_acceptance", "completion_filing")

    assert [code for code in later if not comes_before(open_way, "construction_permit", code)] == []


def test_lines_are_checked_when_the_planning_permit_beside_the_commitment_is_there() -> None:
    assert comes_before(LOW_RISK, "planning_permit", "planning_line_check")


@pytest.mark.parametrize("last", ["completion_filing", "real_estate_registration"])
@pytest.mark.parametrize(
    "acceptance",
    [
        "planning_verification",
        "civil_defense_acceptance",
        "traffic_acceptance",
        "archive_acceptance",
        "greening_acceptance",
        "water_saving_acceptance",
        "soil_conservation_acceptance",
        "fire_acceptance",
    ],
)
def test_every_acceptance_on_its_own_comes_before_the_filing_and_the_registration(acceptance: str, last: str) -> None:
    apart = {**ORDINARY, "choose_joint_handling": False, "new_civil_building_in_city": True, "building_use": "office"}
    large = {**apart, "area_total_m2": 21_000, "area_above_ground_m2": 20_001, "choose_commitment": False}

    assert comes_before(large, acceptance, last)


def test_water_saving_by_commitment_comes_before_the_registration() -> None:
    assert comes_before(
        {**ORDINARY, "serious_dishonesty_record": False}, "water_saving_acceptance", "completion_filing"
    )


@pytest.mark.parametrize(("day", "waits"), [(date(2019, 3, 17), True), (date(2019, 3, 18), False)])
def test_quality_and_safety_come_before_the_construction_permit_until_they_are_part_of_it(
    day: date, waits: bool
) -> None:
    numbers, _ = steps(ORDINARY, day)

    assert comes_before(ORDINARY, "quality_safety_registration", "construction_permit", day) == waits
    assert (numbers["quality_safety_registration"] == numbers["construction_permit"]) == (not waits)
