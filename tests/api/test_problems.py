"""Every error has one shape (RFC 9457) on every route, in the caller's language, and tells nothing it should not."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.api.catalogue import catalogues
from app.api.observing import make_log
from app.api.problems import STATUSES, problem_body, status_of
from app.errors import AppError, AsOfOutOfRange, ProblemCode, RateLimited, ScenarioError, StorageUnavailable
from app.guides import Reference
from app.guides.repository import DamagedGuide
from app.rulebook import Rulebook
from tests.support.asking import TODAY, Make, Service

KEYS = ["type", "title", "status", "detail", "instance", "errors", "request_id"]


def is_problem(answer: Any) -> bool:
    """Whether an answer is a problem of the contract's shape."""
    body = answer.json()
    return (
        answer.headers["content-type"] == "application/problem+json"
        and list(body) == KEYS
        and body["status"] == answer.status_code
        and body["type"].startswith("/problems/")
        and all(list(fault) == ["pointer", "code", "message", "allowed"] for fault in body["errors"])
        and all(fault["message"] for fault in body["errors"])
    )


def routes(service: Service) -> Iterator[str]:
    """Every path that is served, with something in its braces."""
    document = service.app.api.openapi()
    for path in [*document["paths"], "/docs", "/docs/{name}", "/openapi.json"]:
        yield path.replace("{", "").replace("}", "")


def test_every_error_code_has_a_status() -> None:
    assert set(STATUSES) == set(ProblemCode)


def test_a_code_nobody_knows_is_a_fault_of_ours() -> None:
    assert status_of(AppError("new", code="new-kind")) == 500


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_every_route_refuses_other_methods_in_shape(small_service: Service, method: str) -> None:
    answers = [small_service.ask(method, route) for route in routes(small_service)]

    assert len(answers) > 15
    assert {answer.status_code for answer in answers} == {405}
    assert all((is_problem(answer) and "GET" in answer.headers["allow"]) or "POST" in answer.headers["allow"]
               for answer in answers)  # fmt: skip


def test_every_reading_route_refuses_unknown_fields_in_shape(small_service: Service) -> None:
    reading = [path for path, item in small_service.app.api.openapi()["paths"].items() if "get" in item]
    open_routes = [
        path.replace("{", "").replace("}", "") for path in reading if path.startswith("/v1/") and "guides" not in path
    ]

    answers = [small_service.get(f"{route}?q=a&topic=shop&unheard_of=1") for route in open_routes]

    assert {answer.status_code for answer in answers} == {422}
    assert all(is_problem(answer) for answer in answers)


NOT_SERVED = [
    *("/nowhere", "/v1", "/v1/", "/v1/topics/", "/v1/nothing", "/v2/evaluate", "/v1/evaluate/", "/docs/", "/docs/x"),
    *("/v1/interpret", "/%00", "/%ff%fe", "/v1/topics/%E4%B8", "/v1//topics", "/v1/topics/a%2fb", "/" + "a" * 20_000),
    "/v1/topics/%0d%0aX:1",
]


@pytest.mark.parametrize("path", NOT_SERVED)
def test_what_is_not_served_is_not_found_in_shape(small_service: Service, path: str) -> None:
    answer = small_service.get(path)

    assert answer.status_code == 404
    assert is_problem(answer)
    assert len(answer.content) < 5_000
    assert "x" not in answer.headers


@pytest.mark.parametrize(("lang", "title"), [("zh-CN", "没有找到"), ("en", "Not found")])
def test_a_problem_speaks_the_callers_language(small_service: Service, lang: str, title: str) -> None:
    answer = small_service.get("/nothing", accept_language=lang)

    assert (answer.json()["title"], answer.headers["content-language"]) == (title, lang)


def test_a_named_language_is_spoken_of_other_faults(small_service: Service) -> None:
    answer = small_service.get("/v1/topics?lang=en&page=2", accept_language="zh")

    assert answer.headers["content-language"] == "en"


def test_a_problem_is_never_kept(small_service: Service) -> None:
    assert small_service.get("/nothing").headers["cache-control"] == "no-store"


def test_pages_of_other_sites_may_read_a_problem(small_service: Service) -> None:
    assert small_service.post({}).headers["access-control-allow-origin"] == "*"


def test_a_problem_of_evaluating_says_the_day(small_service: Service) -> None:
    assert small_service.post({"topic": "nothing"}).headers["x-as-of"] == TODAY.isoformat()
    assert small_service.post({"topic": "nothing", "as_of": "2020-05-05"}).headers["x-as-of"] == "2020-05-05"


def test_every_answer_names_its_release_and_itself(small_service: Service, small_rulebook: Rulebook) -> None:
    answers = [small_service.get(route) for route in (*routes(small_service), "/nothing")]

    assert {answer.headers["x-rules-release"] for answer in answers} == {small_rulebook.version}
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    assert {answer.headers["x-content-type-options"] for answer in answers} == {"nosniff"}


def test_a_request_keeps_the_name_it_came_with(small_service: Service) -> None:
    answer = small_service.get("/nothing", x_request_id="hall-7.window_2")

    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "hall-7.window_2"


@pytest.mark.parametrize("name", ["", "a b", "a" * 65, "<script>", "é"])
def test_a_name_that_is_none_is_replaced(small_service: Service, name: str) -> None:
    answer = small_service.ask("GET", "/nothing", headers={"x-request-id": name.encode()})

    assert answer.headers["x-request-id"] != name
    assert len(answer.headers["x-request-id"]) == 16


# ---- what nobody foresaw -----------------------------------------------------------------------------------


class Broken:
    """Stands where a part stood, and fails whatever is asked of it."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.__dict__["fault"] = fault or RuntimeError("secret of the house")

    def __getattr__(self, name: str) -> Any:
        raise self.__dict__["fault"]

    def __getitem__(self, name: str) -> Any:
        raise self.__dict__["fault"]

    def __call__(self) -> Any:
        raise self.__dict__["fault"]


@pytest.fixture
def broken(make_service: Make) -> Service:
    """A service whose evaluator and catalogues are broken."""
    service = make_service()
    edition = service.app.api.state.parts.editions.active()
    object.__setattr__(edition, "evaluator", Broken())
    edition._beside[catalogues] = Broken()
    return service


@pytest.mark.parametrize("path", ["/v1/evaluate?topic=shop", "/v1/topics"])
def test_an_unforeseen_error_tells_a_reference_and_nothing_else(broken: Service, path: str) -> None:
    answer = broken.get(path, accept_language="en")

    assert answer.status_code == 500
    assert is_problem(answer)
    assert answer.json()["type"] == "/problems/internal-error"
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text


def test_an_unforeseen_error_is_logged_whole(broken: Service, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    broken.app.log = make_log("error")

    answer = broken.get("/v1/topics")

    said = capfdbinary.readouterr().err
    assert b"secret of the house" in said
    assert answer.headers["x-request-id"].encode() in said


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
@pytest.mark.parametrize("path", ["/v1/guides/ACDEFGHJKM", "/g/ACDEFGHJKM"])
def test_an_error_about_which_a_caller_can_do_nothing_is_logged_and_told_by_its_number(
    make_service: Make, capfdbinary: pytest.CaptureFixture[bytes], path: str, accept: str
) -> None:
    """A guide that is damaged in the database: what it is stays with us, where somebody finds it."""
    service = make_service()
    service.app.log = make_log("error")
    service.app.api.state.parts.database.reading = Broken(DamagedGuide(Reference("ACDEFGHJKM")))

    answer = service.get(path, accept=accept, accept_language="en")

    said = capfdbinary.readouterr().err
    assert answer.status_code == 500
    assert answer.headers["x-request-id"] in answer.text
    assert "damaged" not in answer.text
    assert (said.count(b"DamagedGuide"), answer.headers["x-request-id"].encode() in said) == (1, True)


def test_so_is_one_met_while_keeping(make_service: Make, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """A key that leads to a guide which is damaged."""
    service = make_service()
    service.app.log = make_log("error")
    service.app.api.state.parts.database.writing = Broken(DamagedGuide(Reference("ACDEFGHJKM")))

    answer = service.ask("POST", "/v1/guides", json={"topic": "shop"}, headers={"idempotency-key": "k"})

    assert (answer.status_code, is_problem(answer)) == (500, True)
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    assert b"DamagedGuide" in capfdbinary.readouterr().err


# ---- the body and headers of errors that no route raises yet -------------------------------------------------


@pytest.mark.parametrize("error", [RateLimited(7), StorageUnavailable(retry_after=9)])
def test_an_error_that_passes_says_when_to_come_back(make_service: Make, error: AppError) -> None:
    async def fails(_: object) -> None:
        raise error

    service = make_service()
    service.app.api.router.add_route("/v1/fails", fails)

    answer = service.get("/v1/fails")

    assert answer.headers["retry-after"] == str(error.params["retry_after"])
    assert is_problem(answer)


def test_values_that_json_does_not_know_are_shown_plainly() -> None:
    error = AsOfOutOfRange(TODAY, TODAY)

    body = problem_body(error, "en", instance="/x", request_id="1")

    assert (body["status"], body["errors"]) == (422, [])


def test_a_problem_without_faults_has_an_empty_list() -> None:
    assert problem_body(ScenarioError("x"), "en", instance="/", request_id="")["errors"] == []
