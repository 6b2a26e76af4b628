"""Requests made from the OpenAPI document by a machine, right ones and wrong ones: each answer is as documented.

Schemathesis' own way into pytest does not know this pytest yet, so its strategies are used as they are.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from starlette.types import Receive, Scope, Send

from tests.support.asking import Service

OPERATIONS = [
    "POST /v1/evaluate",
    "GET /v1/evaluate",
    *(f"GET /v1/{things}" for things in ("topics", "facts", "procedures", "rules", "policies", "search")),
    *(f"GET /v1/{things}/{{code}}" for things in ("topics", "facts", "procedures", "rules", "policies")),
    "GET /v1/policies/{code}/clauses",
    "GET /v1/policies/{code}/clauses/{clause}",
    "GET /v1/changes",
    "GET /v1/changes.atom",
]
#: Nothing can be asked wrongly of these, or they need a database.
APART = {"GET /livez", "GET /readyz", "GET /metrics"}
#: What the document cannot say: a well-formed scenario may contradict itself, and every name of a link may be a fact.
BEYOND_THE_DOCUMENT = ("positive_data_acceptance",)
BOUNDED = settings(
    max_examples=25, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.fixture(scope="module")
def documented(small_service: Service) -> dict[str, Any]:
    """Each operation of the document as it is served, with the application behind it."""

    async def without_life(scope: Scope, receive: Receive, send: Send) -> None:
        # Each of many requests would otherwise start and end the application anew.
        if scope["type"] == "http":
            await small_service.app(scope, receive, send)
            return
        for happened in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{happened}.complete"})

    schema = schemathesis.openapi.from_asgi("/openapi.json", without_life)
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


def test_every_operation_is_tried(documented: dict[str, Any]) -> None:
    of_database = {label for label in documented if "guides" in label or "releases" in label}

    assert set(documented) - of_database - APART == set(OPERATIONS)


@pytest.mark.slow
@pytest.mark.parametrize("label", OPERATIONS)
@pytest.mark.parametrize("mode", list(GenerationMode))
def test_any_request_is_answered_as_documented(documented: dict[str, Any], label: str, mode: GenerationMode) -> None:
    excluded = [schemathesis.checks.CHECKS.get_one(name) for name in BEYOND_THE_DOCUMENT]

    @BOUNDED
    @given(case=documented[label].as_strategy(generation_mode=mode))
    def each(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=excluded)

    each()
