"""Whatever JSON is sent as facts: a guide, or every fault in words; never anything else."""

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.errors import InvalidFact
from app.evaluation import Answer, EvaluateRequest
from app.wording import problem_text
from tests.evaluation.real import evaluator, rulebook

DAY = date(2024, 3, 1)
TOPIC, BOOK = next(iter(rulebook().topics.items()))
OPTIONS = sorted({option for entry in BOOK.facts.values() for option in entry.values})
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=12),
    st.sampled_from(OPTIONS),
    st.dates().map(lambda day: day.isoformat()),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=4), st.dictionaries(st.text(max_size=3), SCALARS, max_size=2))
NAMES = st.one_of(st.sampled_from([str(code) for code in BOOK.facts]), st.text(max_size=10))


def outcome_of(facts: dict[str, object]) -> Answer | InvalidFact:
    try:
        return evaluator().evaluate(EvaluateRequest(TOPIC, facts, DAY), DAY)
    except InvalidFact as error:
        return error


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_any_facts_give_a_guide_or_their_faults(facts: dict[str, object]) -> None:
    outcome = outcome_of(facts)

    if isinstance(outcome, InvalidFact):
        said = [problem_text(outcome, lang).messages for lang in ("zh-CN", "en")]
        assert len(said[0]) == len(said[1]) == len(outcome.faults) > 0
        assert all(message for messages in said for message in messages)
    else:
        answered = {code for code, value in facts.items() if value is not None}
        assert set(outcome.guide["facts"]) == answered  # type: ignore[call-overload]
