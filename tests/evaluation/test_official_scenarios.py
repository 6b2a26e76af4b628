"""Official figures beside the path: of which scenarios each speaks."""

import orjson

from app.evaluation import EvaluateRequest, plain
from tests.evaluation.real import evaluator, rulebook

LOW_RISK = [
    "small_building_before",
    "low_risk_2023",
    "low_risk_cap_2024",
    "fourteen_dropped",
    "one_form_four_matters",
    "joint_acceptance_2018",
    "joint_acceptance_low_risk",
    "planning_permit_low_risk_days",
]


def figures(case: str, **other: object) -> list[str]:
    """The figures beside a worked example of building, some answers of it changed."""
    book = rulebook().topics["build_project"]
    (found,) = [one for one in book.cases if one.code == case]
    given = {code: frozenset(value) if isinstance(value, tuple) else value for code, value in found.facts.items()}
    facts = {str(code): plain(book.facts[code], value) for code, value in given.items()} | other
    request = EvaluateRequest(book.code, facts, found.as_of, "zh-CN")
    path = orjson.loads(evaluator().evaluate(request, found.as_of).body)["path"]
    return [official["code"] for official in path["benchmarks"]]


def test_a_low_risk_project_stands_beside_the_figures_of_its_kind() -> None:
    assert figures("plain_private_warehouse_3000", in_beijing_eda=False) == LOW_RISK


def test_a_zone_nobody_has_named_brings_no_figures_of_its_own() -> None:
    assert figures("plain_private_warehouse_3000") == LOW_RISK


def test_a_low_risk_project_in_the_development_area_has_those_of_its_system_too() -> None:
    """construction.md 8.3: the company chooses between the two ways."""
    found = figures("eda_low_risk_trees_by_commitment_system")

    assert found == [*LOW_RISK, "eda_twenty_items", "eda_three_days"]


def test_a_low_risk_alteration_is_no_new_building() -> None:
    found = figures("plain_private_warehouse_3000", work_type="alteration")

    assert "small_building_before" not in found
    assert {"low_risk_2023", "low_risk_cap_2024"} <= set(found)


def test_figures_promised_to_private_projects_are_not_told_to_public_ones() -> None:
    private = set(figures("area_assessed_all_seven_2024"))
    public = set(figures("area_assessed_all_seven_2024", uses_public_finance=True, central_unit_self_funded=False))

    assert private - public == {"joint_acceptance_2018", "tree_permit_five_days"}


def test_land_is_no_matter_of_a_fit_out_in_the_development_area() -> None:
    found = figures("office_fit_out", in_beijing_eda=True, on_negative_list=False)

    assert "eda_twenty_items" in found
    assert "eda_three_days" not in found
