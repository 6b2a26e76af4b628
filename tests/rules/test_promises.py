"""Whoever promises under the commitment system is told what follows, and nobody else is."""

from datetime import date
from typing import Any

import pytest

from app.engine import Decision, RuleCode, Treatment, decide
from app.evaluation import EvaluateRequest
from tests.rules.real import books, compiled
from tests.rules.test_order_of_works import TOPIC, evaluator
from tests.support.make_scenario import make_scenario

PROMISING = {"commitment_system_eda_items", "commitment_system_elsewhere_items"}
DUTIES = RuleCode("commitment_system_duties")
#: Where the system is open, and the company chooses it; how large and of what kind the works are stays at random.
EDA: dict[str, Any] = {"in_beijing_eda": True}
SCIENCE_CITY: dict[str, Any] = {
    "in_beijing_eda": False,
    "in_future_science_city": True,
    "filing_type_project": True,
    "commitment_system_started_here": True,
}
CHOSEN: dict[str, Any] = {"choose_commitment": True, "serious_dishonesty_record": False, "on_negative_list": False}
SMALL: dict[str, Any] = {"fells_or_moves_trees": False, "location_flags": [], "reaches_energy_review_scale": False}
RELICS: dict[str, Any] = {
    **SMALL,
    "location_flags": ["relic_burial_area"],
    "eia_class": "exempt",
    "seismic_major_project": False,
    "regional_assessments_done": ["water", "traffic"],
    "regional_assessment_in_approved_plan": True,
}


def promises(decision: Decision) -> bool:
    """Whether any procedure goes by a promise under the system."""
    return any(
        item.outcome is not None
        and item.outcome.treatment is Treatment.COMMITMENT
        and any(carried.rule in PROMISING for carried in item.rules)
        for item in decision.procedures
    )


def told(decision: Decision) -> bool:
    """Whether what follows a broken promise is told for the system's sake."""
    return any(item.applies and DUTIES in item.rules for item in decision.extras)


@pytest.mark.parametrize("small", [{}, SMALL, RELICS], ids=["any", "little to promise", "relics at most"])
@pytest.mark.parametrize("place", [EDA, SCIENCE_CITY], ids=["development area", "science city"])
@pytest.mark.parametrize("day", ["2020-04-28", "2020-12-29", "2020-12-30", "2024-11-28", "2024-11-29", "2026-11-22"])
def test_what_follows_a_broken_promise_is_told_where_something_is_promised(
    day: str, place: dict[str, Any], small: dict[str, Any]
) -> None:
    """Random works in and outside the Development Area, wherever they are else."""
    book, law, on = books()[TOPIC], compiled(TOPIC), date.fromisoformat(day)
    seen: list[bool] = []
    for seed in range(80):
        works = {code: value for code, value in make_scenario(book, law, seed=seed).items() if code[:3] != "in_"}
        facts = {**works, "district": None, "needs_project_verification": None, **CHOSEN, **place, **small}
        request = EvaluateRequest(TOPIC, facts, on, "en")
        decision = decide(law, evaluator().asked(request, on).scenario.answers, on)
        assert told(decision) == promises(decision), facts
        seen.append(told(decision))

    is_open = place is EDA or day >= "2020-12-30"
    assert (True in seen) == is_open
