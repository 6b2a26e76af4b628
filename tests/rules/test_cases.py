"""The worked examples are the specification: one test each, failing with the clause and both outcomes."""

import pytest

from app.rulebook import CaseEntry, run_case
from tests.rules.real import books, cases, compiled


@pytest.mark.parametrize(
    ("topic", "case"), [pytest.param(topic, case, id=f"{topic}::{case.code}") for topic, case in cases()]
)
def test_case_comes_out_as_its_clause_says(topic: str, case: CaseEntry) -> None:
    result = run_case(books()[topic], compiled(topic), case)

    said = "\n".join(str(difference) for difference in result.differences)
    assert result.passed, f"{case.place!r} on {case.as_of} by {case.clause.ref}\n{said}"
