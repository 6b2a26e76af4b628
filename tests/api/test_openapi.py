"""The OpenAPI document tells the truth: every route, every answer, and examples that are real answers."""

import json
import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from app.api.examples import ask, example_requests, example_scenario
from app.api.openapi import shortened
from app.api.schemas.guide import Guide
from app.errors import ProblemCode, StorageUnavailable
from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import Rulebook, load
from app.storage import Database
from tests.support.asking import Make, Service


@pytest.fixture(scope="module")
def document(small_service: Service) -> dict[str, Any]:
    """The document that is served."""
    served: dict[str, Any] = small_service.get("/openapi.json").json()
    return served


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of all routes but those that need a database to be asked."""
    return [
        (method, path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if "guides" not in path
    ]


def answers(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """(place, media type, content) of every documented answer with a body."""
    return [
        (f"{method} {path} {status}", kind, content)
        for method, path, operation in operations(document)
        for status, answer in operation["responses"].items()
        for kind, content in answer.get("content", {}).items()
    ]


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert "/v1/evaluate" in document["paths"]


def test_the_document_is_the_same_every_time(small_service: Service) -> None:
    first = small_service.get("/openapi.json")

    assert small_service.get("/openapi.json").headers["etag"] == first.headers["etag"]


def test_every_answer_with_a_body_has_an_example(document: dict[str, Any]) -> None:
    bare = [place for place, kind, content in answers(document) if kind != "text/plain" and not content.get("examples")]

    assert bare == []


def test_every_problem_named_has_an_example_of_its_own(document: dict[str, Any]) -> None:
    missing = [
        f"{method} {path} {code}"
        for method, path, operation in operations(document)
        for answer in operation["responses"].values()
        for code in re.findall(r"`([a-z-]+)`", answer["description"])
        if code in {known.value for known in ProblemCode}
        and code not in answer["content"]["application/problem+json"]["examples"]
    ]

    assert missing == []


def test_every_example_fits_the_schema_beside_it(document: dict[str, Any]) -> None:
    faults = []
    for place, _, content in answers(document):
        validator = validator_of(document, content.get("schema", {}))
        for name, example in content.get("examples", {}).items():
            faults += [f"{place} {name}: {error.message}" for error in validator.iter_errors(example["value"])]

    assert faults == []


def validator_of(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """What checks an example against one schema of the document."""
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def test_every_example_is_what_the_service_answers(small_service: Service, document: dict[str, Any]) -> None:
    parts = small_service.app.api.state.parts
    edition = parts.editions.active()
    differing = []
    for asked in example_requests(parts, edition):
        status, kind, body = small_service.run(ask(small_service.app, asked, edition))
        content = document["paths"][asked.route][asked.method.lower()]["responses"][str(status)]["content"][kind]
        given = json.loads(body) if "json" in kind else body.decode()
        if content["examples"][asked.name]["value"] != shortened(given):
            differing.append(f"{asked.method} {asked.target}")

    assert differing == []


_AWAY = "sqlite:////proc/no/such/folder/guides.db"


def test_the_document_is_the_same_however_the_database_is(small_service: Service, make_service: Make) -> None:
    """It is made once for all who ask: a database that is slow or away at that moment leaves no trace in it."""
    away = make_service(database_url=_AWAY)

    assert away.get("/openapi.json").headers["etag"] == small_service.get("/openapi.json").headers["etag"]


@pytest.mark.parametrize(("name", "settings"), [("ready", {}), ("degraded", {"database_url": _AWAY})])
def test_readiness_is_shown_as_a_process_tells_it(
    document: dict[str, Any], make_service: Make, name: str, settings: dict[str, str]
) -> None:
    service = make_service(**settings)
    with suppress(StorageUnavailable):
        service.run(opened(service.app.api.state.parts.database))

    examples = document["paths"]["/readyz"]["get"]["responses"]["200"]["content"]["application/json"]["examples"]
    assert examples[name]["value"] == service.get("/readyz").json()


async def opened(database: Database) -> None:
    """Open the database, however long making it takes."""
    async with database.reading():
        pass


def test_every_answer_names_the_headers_it_carries(document: dict[str, Any]) -> None:
    bare = [
        f"{method} {path} {status}"
        for method, path, operation in operations(document)
        for status, answer in operation["responses"].items()
        if not {"X-Rules-Release", "X-Request-Id"} <= set(answer.get("headers", {}))
    ]

    assert bare == []


def test_a_body_has_examples_too(document: dict[str, Any]) -> None:
    body = document["paths"]["/v1/evaluate"]["post"]["requestBody"]["content"]["application/json"]

    assert len(body["examples"]) >= 2


def test_no_field_of_an_answer_is_optional(document: dict[str, Any]) -> None:
    asked = {"EvaluateBody", "FeedbackBody"}
    optional = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field in schema.get("properties", {})
        if name not in asked and field not in schema.get("required", [])
    ]

    assert optional == []


def test_every_operation_has_a_name_and_says_what_it_gives(document: dict[str, Any]) -> None:
    described = [(operation["operationId"], operation["description"]) for _, _, operation in operations(document)]

    assert len({name for name, _ in described}) == len(described)
    assert all(len(text) > 20 for _, text in described)


# ---- the guide keeps its contract, whatever is asked --------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Rulebook:
    """The rulebook of this repository."""
    return load(Path(__file__).parents[2] / "rules")


def test_every_worked_example_gives_a_guide_of_the_documented_shape(real: Rulebook) -> None:
    evaluator = Evaluator(real, cache_entries=0)
    bodies = [
        evaluator.evaluate(EvaluateRequest(book.code, facts_of(book, case), case.as_of, lang), case.as_of).body
        for book in real.topics.values()
        for number, case in enumerate(book.cases)
        for lang in ("zh-CN", "en")
        if number % 5 == 0
    ]

    assert [Guide.model_validate_json(body).status for body in bodies]


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_a_guide_of_nothing_known_has_the_documented_shape(real: Rulebook, lang: str) -> None:
    evaluator = Evaluator(real, cache_entries=0)
    day = max(book.entry.reviewed_until for book in real.topics.values())

    guides = [
        Guide.model_validate_json(evaluator.evaluate(EvaluateRequest(code, lang=lang), day).body)
        for code in real.topics
    ]

    assert [guide.status != "complete" for guide in guides] == [True] * len(real.topics)


def facts_of(book: Any, case: Any) -> dict[str, object]:
    """A worked example's facts as a request has them."""
    facts, _ = example_scenario(type("Book", (), {"facts": book.facts, "cases": (case,), "entry": book.entry})())
    return facts
