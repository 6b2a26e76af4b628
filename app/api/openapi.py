"""The OpenAPI document: FastAPI's, with problems in their own media type, headers, and examples out of the product.

Examples are no prose. Each is the answer this very application gives to the request beside it, made when the document
is first asked for; long lists in them are cut after their first entries, which the summary says.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.types import ASGIApp

from app.api.documented import PROBLEMS
from app.api.examples import Asked, ask, example_requests, staged_problems
from app.api.kept_examples import add_staged, describe_created, guide_requests, staged_answers
from app.api.parts import Parts
from app.api.release_examples import release_answers
from app.api.schemas.problems import Problem
from app.releases import Edition

DESCRIPTION: Final = """
What must a company really do in Beijing to get its approvals? Answered for a scenario, on a day, every line with its
clause. 企业要办什么、怎么办、依据哪一条：按情形、按日期回答，逐条注明出处。

* `POST /v1/evaluate` is the heart; `GET /v1/evaluate` is the same as a link.
* Everything else reads the rulebook the answers come from.
* Errors have one shape on every route: RFC 9457 `application/problem+json`, in the caller's language.
* Every answer names its release in `X-Rules-Release`; guides name their day in `X-As-Of`.
"""
_LONGEST_LIST: Final = 2
_PROBLEM_JSON: Final = "application/problem+json"
_REFERENCE: Final = "#/components/schemas/{model}"
_HEADERS: Final[Mapping[str, str]] = {
    "ETag": "Strong tag of the body in its coding; send it back in `If-None-Match` and get a 304.",
    "Cache-Control": "`no-cache`; `public, max-age=86400` for a guide whose day, release and language were given.",
    "X-Rules-Release": "Version of the rulebook the answer comes from.",
    "X-Request-Id": "Names this answer in our log; yours is taken over if it is one.",
}
_AS_OF: Final[Mapping[str, str]] = {"X-As-Of": "The day whose law was applied."}


def describe(app: FastAPI) -> None:
    """Let the application give our document, without examples, wherever FastAPI's is asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _bare_document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way of replacing it


async def openapi_document(app: FastAPI, front: ASGIApp, parts: Parts, edition: Edition) -> bytes:
    """Return the whole document as JSON, examples included.

    Shape: `front` is the application as a server sees it, which the examples are asked of, all of one edition.
    Cost: some dozens of questions.
    """
    document = orjson.loads(orjson.dumps(app.openapi()))
    for asked in (*example_requests(parts, edition), *guide_requests(parts, edition)):
        await _add_example(front, document, asked, edition)
        # Others are answered in between.
        await asyncio.sleep(0)
    for staged in (*staged_answers(parts, edition), *release_answers(parts)):
        add_staged(document, staged, shortened(staged.body))
    for status, code, summary, body in staged_problems():
        for operation in _operations(document):
            answer = operation["responses"].get(str(status), {})
            if f"`{code}`" not in answer.get("description", ""):
                continue
            answer["content"][_PROBLEM_JSON]["examples"].setdefault(code, {"summary": summary, "value": body})
    return orjson.dumps(document)


def _bare_document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes)
    problem = Problem.model_json_schema(ref_template=_REFERENCE)
    schemas = document["components"]["schemas"]
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for path, item in document["paths"].items():
        for operation in item.values():
            _describe_answers(operation, is_guide=path.startswith(("/v1/evaluate", "/v1/guides")))
    describe_created(document)
    _describe_facts_of_query(document["paths"]["/v1/evaluate"]["get"])
    return document


def _describe_answers(operation: dict[str, Any], *, is_guide: bool) -> None:
    headers = {**_HEADERS, **(_AS_OF if is_guide else {})}
    for status, answer in operation["responses"].items():
        if answer.pop(PROBLEMS, None) is None:
            answer["headers"] = _headers(headers)
            continue
        answer["headers"] = _headers({name: headers[name] for name in ("X-Rules-Release", "X-Request-Id")})
        schema = {"$ref": _REFERENCE.format(model="Problem")}
        answer["content"] = {_PROBLEM_JSON: {"schema": schema, "examples": {}}}
        if status in ("503", "429"):
            answer["headers"] |= _headers({"Retry-After": "Seconds to wait."})
        if status in ("401", "403"):
            answer["headers"] |= _headers({"WWW-Authenticate": "How to come with a key, and which scope is wanted."})


def _headers(described: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in described.items()}


def _describe_facts_of_query(operation: dict[str, Any]) -> None:
    """Facts of a query are free names, as an exploded object says it."""
    operation["parameters"].append(
        {
            "name": "facts",
            "in": "query",
            "required": False,
            "style": "form",
            "explode": True,
            "description": "Every other name is a fact of the topic: `pharmacy_scope=otc_b`.",
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        }
    )


async def _add_example(front: ASGIApp, document: dict[str, Any], asked: Asked, edition: Edition) -> None:
    operation = document["paths"][asked.route][asked.method.lower()]
    status, media_type, body = await ask(front, asked, edition)
    content = operation["responses"][str(status)].setdefault("content", {}).setdefault(media_type, {})
    value = orjson.loads(body) if "json" in media_type else body.decode()
    cut = shortened(value)
    note = " (long lists cut)" if cut != value else ""
    content.setdefault("examples", {})[asked.name] = {"summary": f"{asked.summary}{note}", "value": cut}
    if asked.body is not None and status == 200:
        request = operation["requestBody"]["content"]["application/json"]
        request.setdefault("examples", {})[asked.name] = {
            "summary": asked.summary, "value": orjson.loads(asked.body)
        }  # fmt: skip


def shortened(value: object) -> object:
    """Return JSON with every list of records cut after its first entries; lists of plain words stay whole."""
    if isinstance(value, dict):
        return {key: shortened(part) for key, part in value.items()}
    if isinstance(value, list):
        kept = value[:_LONGEST_LIST] if any(isinstance(part, dict) for part in value) else value
        return [shortened(part) for part in kept]
    return value


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]
