"""What a guide tells of conditions is what their plain reading finds, however much of it was told before."""

from datetime import date
from typing import Any

import pytest

from app.engine import (
    All,
    Always,
    Condition,
    Defined,
    DefinitionCode,
    FactCode,
    IsOneOf,
    Not,
    ProcedureCode,
    Reader,
    Requires,
    RuleCode,
    Truth,
    flattened,
    full_condition,
)
from app.engine import (
    Any as AnyOf,
)
from app.evaluation import EvaluateRequest
from app.evaluation.situation import against
from tests.evaluation.real import TODAY, evaluator, requests, rulebook
from tests.evaluation.shape import entries

OPEN, HEAVY = IsOneOf(FactCode("open"), frozenset({True})), Defined(DefinitionCode("heavy"))


def plain(request: EvaluateRequest, condition: Condition) -> list[Truth]:
    """What the parts of the condition come to, each read by itself."""
    read = evaluator().asked(request, TODAY)
    reader = Reader(read.compiled, read.day)
    return [reader.holds(part, read.placed.full) for part in flattened(condition) if not isinstance(part, Always)]


def told(entry: Any) -> list[Truth]:
    return [part["holds"] for part in entry["conditions"]]


@pytest.mark.parametrize("topic", sorted(rulebook().topics))
def test_conditions_hold_in_a_guide_as_they_do_in_plain_reading(topic: str) -> None:
    rules, definitions = rulebook().topics[topic].topic.rules, rulebook().topics[topic].topic.definitions
    for request in (request for request, _ in requests() if request.topic == topic):
        guide = evaluator().evaluate(request, TODAY).guide
        for because in entries(guide, "procedures[].because[]"):
            assert told(because) == plain(request, full_condition(rules[RuleCode(str(because["rule"]))])), because[
                "rule"
            ]
        for detail in entries(guide, "definition_details[]"):
            version = definitions[DefinitionCode(str(detail["code"]))].version_on(
                date.fromisoformat(str(guide["as_of"]))
            )
            assert told(detail) == ([] if version is None else plain(request, version.when)), detail["code"]


def test_a_condition_is_read_against_what_it_names_itself() -> None:
    condition = All((Not(HEAVY), AnyOf((OPEN, Requires(ProcedureCode("licence"))))))

    class Spied(dict[str, str]):
        def __missing__(self, subject: str) -> str:
            return subject

    assert against(condition)(Spied()) == ("open", "definition heavy", "procedure licence")
    assert against(Always())(Spied()) is None
