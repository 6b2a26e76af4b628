"""What a company is told beside the treatments: whom to ask, what is not known, what is left out."""

from datetime import date
from typing import Any

from app.engine import Force
from app.evaluation import EvaluateRequest
from tests.rules.test_order_of_works import LOW_RISK, evaluator

#: A factory all of whose questions to the company are answered.
FACTORY: dict[str, Any] = {
    **LOW_RISK,
    "building_use": "factory",
    "eia_class": "registration",
    "soe_self_funded": False,
    "land_price_supplement_due": False,
    "area_underground_m2": 0,
    "single_building_above_ground_m2": 3000,
    "reaches_energy_review_scale": False,
    "seismic_major_project": False,
    "new_civil_building_in_city": False,
    "regional_assessment_in_approved_plan": False,
}

#: A clinic that is filed, whoever of its physicians opens it.
CLINIC: dict[str, Any] = {
    "institution_type": "clinic_general",
    "foreign_capital": "none",
    "applicant_kind": "private_company",
    "profit_nature": "for_profit",
    "entity_exists": True,
    "principal_license_kind": "physician",
    "principal_practice_years": 6,
    "is_inservice_medic": False,
    "barred_from_setup": False,
    "has_xray": False,
    "in_clinic_pharmacy": False,
    "discharges_wastewater": False,
    "decoration_area_m2": 0,
    "decoration_cost_yuan": 0,
    "special_fire_project": False,
}


def guide(facts: dict[str, Any], day: date, *, topic: str = "build_project", lang: str = "zh-CN") -> dict[str, Any]:
    found = evaluator().evaluate(EvaluateRequest(topic, facts, day, lang), date(2026, 11, 22)).guide
    return dict(found)


def test_whoever_surveys_is_told_to_ask_an_office_and_not_himself() -> None:
    procedures = guide(LOW_RISK, date(2026, 11, 22))["procedures"]
    survey = next(item for item in procedures if item["code"] == "completion_survey")

    assert survey["confirm_with"]["authority"] != survey["authority"]
    assert "规划" in survey["confirm_with"]["authority"]


def test_no_rule_of_the_plan_leaves_what_the_company_contracts_itself_to_be_asked_of_itself() -> None:
    book = evaluator().rulebook.topics["build_project"]
    own = {code for code, entry in book.procedures.items() if entry.authority == "developer_contracts"}
    promised = [
        rule
        for rule in book.topic.rules.values()
        if rule.period.start is not None
        and rule.force_on(rule.period.start) is Force.PLAN_COMMITMENT
        and any(effect.procedure in own and effect.treatment for effect in rule.effects)
    ]

    assert promised
    assert [rule.code for rule in promised if book.rules[rule.code].confirm_with is None] == []


def test_several_things_to_ask_are_counted() -> None:
    chinese, english = (guide(FACTORY, date(2026, 11, 22), lang=lang)["answer"] for lang in ("zh-CN", "en"))

    assert "还有2点要问主管部门，先问" in chinese
    assert "There are 2 things to ask the authorities, the first of" in english


def test_one_thing_to_ask_is_one() -> None:
    assert "还有一点要问" in guide({**FACTORY, "factory_eia_waived": True}, date(2026, 11, 22))["answer"]


def test_papers_of_a_filing_that_no_source_names_for_the_day_are_not_known() -> None:
    facts = {"institution_type": "clinic_general"}
    clinic = guide(facts, date(2021, 3, 1), topic="open_clinic")["procedures"]
    filing = next(item for item in clinic if item["code"] == "clinic_filing")

    assert (filing["materials"], filing["materials_complete"]) == (None, False)


def test_a_figure_of_2023_is_no_benchmark_of_2019() -> None:
    high = {**LOW_RISK, "height_m": 30, "eia_class": "registration"}
    then, now = (guide(high, day)["path"]["benchmarks"] for day in (date(2019, 4, 24), date(2026, 11, 22)))

    assert "planning_permit_days" not in {item["code"] for item in then}
    assert "planning_permit_days" in {item["code"] for item in now}


def test_what_is_asked_first_of_an_office_is_asked_of_the_one_that_handles_it() -> None:
    facts = {**CLINIC, "in_beijing_eda": True, "district": "daxing"}
    told = guide(facts, date(2024, 6, 1), topic="open_clinic")
    filing = next(item for item in told["procedures"] if item["code"] == "clinic_filing")

    assert filing["confirm_with"]["authority"] == filing["authority"] == "北京经济技术开发区社会事业局"
    assert f"先问{filing['authority']}" in told["answer"]


def test_the_protection_review_that_takes_a_filing_certificate_comes_after_the_filing() -> None:
    facts = {
        **CLINIC,
        "institution_type": "clinic_dental",
        "principal_license_kind": "dental_physician",
        "has_xray": True,
    }
    steps = guide(facts, date(2024, 6, 1), topic="open_clinic")["path"]["steps"]
    numbers = {code: step["number"] for step in steps for code in step["procedures"]}
    review = next(step for step in steps if "radiation_protection_review" in step["procedures"])

    assert numbers["clinic_filing"] in review["starts_after"]


def test_a_filing_said_to_be_done_the_same_day_is_not_told_as_certain() -> None:
    chinese, english = (
        guide(CLINIC, date(2024, 6, 1), topic="open_clinic", lang=lang)["answer"] for lang in ("zh-CN", "en")
    )

    assert "据说当日办结（待核实；" in chinese
    assert "said to be done the same day (not verified; " in english
