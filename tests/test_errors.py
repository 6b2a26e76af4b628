"""Errors read well, travel whole between processes, and keep the contract's problem types."""

import pickle
from datetime import date

import pytest

from app import errors
from app.errors import AppError, Fault, FaultCode, Finding, ProblemCode

LAST_DAY = date(2019, 12, 31)
FIRST_DAY = date(2020, 1, 1)
FAULT = Fault("/facts/height_m", FaultCode.BELOW_MINIMUM, "must be at least 0", 0, {"minimum": 0})
EXAMPLES: list[tuple[AppError, str]] = [
    (errors.RulebookError([Finding("a.yaml", 3, 5, "gap", "no treatment")]), "invalid-rulebook"),
    (errors.InvalidFact([FAULT], topic="t"), "invalid-fact"),
    (errors.InvalidRequest([FAULT]), "invalid-request"),
    (errors.AsOfOutOfRange(LAST_DAY, FIRST_DAY), "as-of-out-of-range"),
    (errors.UnknownTopic("x", ["a", "b"]), "unknown-topic"),
    (errors.UnknownRelease("x"), "unknown-release"),
    (errors.UnknownReference("x", misread=True), "unknown-reference"),
    (errors.NotFound("rule", "x"), "not-found"),
    (errors.NoDocument("p", "waived"), "no-document"),
    (errors.IdempotencyConflict("k"), "idempotency-conflict"),
    (errors.StaleRelease("a", "b"), "stale-release"),
    (errors.Unauthorized(), "unauthorized"),
    (errors.Forbidden("rules:publish"), "forbidden"),
    (errors.RateLimited(30), "rate-limited"),
    (errors.StorageUnavailable(), "storage-unavailable"),
    (errors.ScenarioError("too large", code=ProblemCode.PAYLOAD_TOO_LARGE), "payload-too-large"),
]


@pytest.mark.parametrize(("error", "code"), EXAMPLES, ids=[code for _, code in EXAMPLES])
def test_error_keeps_its_problem_type_and_everything_else_when_copied(error: AppError, code: str) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert copy.code == code == ProblemCode(code)
    assert str(copy) == error.detail
    assert vars(copy) == vars(error)


def test_every_class_has_an_example() -> None:
    classes = {cls for cls in vars(errors).values() if isinstance(cls, type) and issubclass(cls, AppError)}
    families = {AppError, errors.UnknownError, errors.ConflictError, errors.AccessError}

    assert classes - families - {errors.UnavailableError} == {type(error) for error, _ in EXAMPLES}


def test_the_tree_is_that_of_the_style_page() -> None:
    children = {
        cls.__name__: {sub.__name__ for sub in cls.__subclasses__() if sub.__module__ == errors.__name__}
        for cls in AppError.__subclasses__()
        if cls.__module__ == errors.__name__
    }

    assert children == {
        "RulebookError": set(),
        "ScenarioError": {"InvalidFact", "InvalidRequest", "AsOfOutOfRange"},
        "UnknownError": {"UnknownTopic", "UnknownRelease", "UnknownReference", "NotFound", "NoDocument"},
        "ConflictError": {"IdempotencyConflict", "StaleRelease"},
        "AccessError": {"Unauthorized", "Forbidden", "RateLimited"},
        "UnavailableError": {"StorageUnavailable"},
    }


def test_a_rulebook_error_lists_findings_in_order_of_place() -> None:
    late = Finding("b.yaml", 1, 1, "gap", "no treatment")
    early = Finding("a.yaml", 10, 2, "dead_rule", "never holds", hint="remove it")

    error = errors.RulebookError([late, early])

    assert error.detail == "a.yaml:10:2 dead_rule never holds\nb.yaml:1:1 gap no treatment"
    assert error.where == "a.yaml:10:2"


def test_faults_show_in_the_detail() -> None:
    error = errors.InvalidFact([FAULT], topic="t")

    assert error.detail == "facts do not fit the topic; /facts/height_m below_minimum must be at least 0"
    assert error.where == "/facts/height_m"
    assert error.params == {"count": 1, "topic": "t"}


def test_waiting_is_never_zero() -> None:
    assert errors.RateLimited(0).retry_after == 1
