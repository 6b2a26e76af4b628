"""Keys on the wire: the contract's problems, RFC 6750's headers, the documented scheme; on the real application."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Security

from app.api.documented import answers
from app.api.keys import KEY_PROBLEMS, authorised, caller_with
from app.api.problems import headers_of
from app.clients import Caller, Issued, Scope, revoke_client
from app.clients.keys import new_key
from app.errors import AccessError, Forbidden
from app.rulebook import Rulebook
from app.storage import Address, upgrade
from tests.support.asking import Service, served
from tests.support.make_client import make_client
from tests.support.make_trail import WANG

ROUTE = "/v1/only-with-a-key"


def protected() -> APIRouter:
    """A route that asks for a scope, as those of the product do."""
    router = APIRouter()

    @router.post(ROUTE, responses=answers(*KEY_PROBLEMS))
    async def only_with_a_key(caller: Annotated[Caller, Security(caller_with(Scope.BATCH))]) -> dict[str, str]:
        """Who asks, told to whoever may ask for a batch."""
        return {"client": caller.client}

    return router


@contextmanager
def guarded(rulebook: Rulebook, database: Path, **settings: Any) -> Iterator[Service]:
    asyncio.run(upgrade(Address.of(f"sqlite:///{database}")))
    with served(rulebook, database, **settings) as service:
        service.app.api.include_router(protected())
        yield service


@pytest.fixture
def service(small_rulebook: Rulebook, tmp_path: Path) -> Iterator[Service]:
    with guarded(small_rulebook, tmp_path / "x.db") as service:
        yield service


def _issued(service: Service, **given: Any) -> Issued:
    return service.run(make_client(service.app.api.state.parts.database, now=datetime.now(UTC), **given))


def _ask(service: Service, authorization: str | None = None, **headers: str) -> httpx.Response:
    sent = {**headers} if authorization is None else {**headers, "Authorization": authorization}
    return service.ask("POST", ROUTE, headers=sent)


def test_a_valid_key_comes_in(service: Service) -> None:
    issued = _issued(service)

    answered = [_ask(service, f"{scheme} {issued.key}") for scheme in ("Bearer", "bearer", "BEARER ")]

    assert [(one.status_code, one.json()) for one in answered] == [(200, {"client": "hall"})] * 3


@pytest.mark.parametrize(
    ("authorization", "challenge"),
    [
        (None, 'Bearer realm="approval-guide"'),
        ("", 'Bearer realm="approval-guide"'),
        ("Basic aGFsbDpoYWxs", 'Bearer realm="approval-guide"'),
        ("Bearer", 'Bearer realm="approval-guide"'),
        ("Bearer apg_x", 'Bearer realm="approval-guide", error="invalid_token"'),
        ("Bearer " + "x" * 4_000, 'Bearer realm="approval-guide", error="invalid_token"'),
    ],
)
def test_without_a_valid_key_it_is_unauthorized(service: Service, authorization: str | None, challenge: str) -> None:
    refused = _ask(service, authorization, **{"Accept-Language": "en"})

    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["www-authenticate"] == challenge
    assert refused.headers["cache-control"] == "no-store"
    assert refused.json()["type"] == "/problems/unauthorized"


def test_a_key_for_other_things_is_forbidden_and_told_which_scope_is_wanted(service: Service) -> None:
    issued = _issued(service, scopes=frozenset({Scope.PLACES}))

    refused = _ask(service, f"Bearer {issued.key}", **{"Accept-Language": "zh-CN"})

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert refused.headers["www-authenticate"].endswith('error="insufficient_scope", scope="batch"')
    assert refused.json()["detail"] == "这个密钥没有“batch”权限。"


def test_what_is_forbidden_for_another_reason_asks_for_no_scope() -> None:
    assert headers_of(AccessError("somebody else has to do this", params={"reason": "two_persons"})) == []
    assert b"scope" in headers_of(Forbidden(Scope.BATCH))[0][1]


def test_a_revoked_key_is_told_so_in_the_callers_language(service: Service) -> None:
    issued = _issued(service)

    async def revoke() -> None:
        async with service.app.api.state.parts.database.writing() as session:
            await revoke_client(session, issued.client.code, WANG, datetime.now(UTC))

    service.run(revoke())
    told = [_ask(service, f"Bearer {issued.key}", **{"Accept-Language": lang}).json() for lang in ("zh-CN", "en")]

    assert [one["detail"] for one in told] == ["这个密钥已经作废。", "This key was revoked."]


def test_two_authorizations_in_one_request_are_none(service: Service) -> None:
    issued = _issued(service)
    twice = [("Authorization", f"Bearer {issued.key}"), ("Authorization", f"Bearer {issued.key}")]

    assert service.ask("POST", ROUTE, headers=twice).status_code == 401


def test_a_client_that_asks_too_often_is_told_when_to_come_again(small_rulebook: Rulebook, tmp_path: Path) -> None:
    with guarded(small_rulebook, tmp_path / "x.db", client_requests_per_minute=1) as service:
        issued = _issued(service)
        answered = [_ask(service, f"Bearer {issued.key}") for _ in range(2)]

    assert [one.status_code for one in answered] == [200, 429]
    assert answered[1].json()["type"] == "/problems/rate-limited"
    assert 1 <= int(answered[1].headers["retry-after"]) <= 60


def test_with_the_database_away_it_is_unavailable_and_questions_are_answered(
    small_rulebook: Rulebook, tmp_path: Path
) -> None:
    with guarded(small_rulebook, tmp_path / "x.db") as service:
        _issued(service)
        (tmp_path / "x.db").rename(tmp_path / "away.db")
        refused = _ask(service, f"Bearer {new_key().text}")
        malformed = _ask(service, "Bearer apg_x")
        asked = service.get("/v1/topics")

    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/storage-unavailable")
    assert int(refused.headers["retry-after"]) >= 1
    assert (malformed.status_code, asked.status_code) == (401, 200)


def test_a_plain_application_is_guarded_alike(service: Service) -> None:
    issued, parts = _issued(service), service.app.api.state.parts
    scope = {"type": "http", "headers": [(b"authorization", f"Bearer {issued.key}".encode())]}

    assert service.run(authorised(parts, scope, Scope.BATCH)).key_id == issued.key_id


def test_the_scheme_and_the_scope_are_documented(service: Service) -> None:
    document = service.get("/openapi.json").json()
    operation = document["paths"][ROUTE]["post"]
    scheme = document["components"]["securitySchemes"]["clientKey"]

    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    assert operation["security"] == [{"clientKey": ["batch"]}]
    assert {"401", "403", "429", "503"} <= set(operation["responses"])
    refused = operation["responses"]["401"]
    assert "WWW-Authenticate" in refused["headers"]
    assert refused["content"]["application/problem+json"]["examples"]["unauthorized"]["value"]["status"] == 401


def test_what_asks_for_no_key_names_no_scheme(service: Service) -> None:
    document = service.get("/openapi.json").json()

    assert "security" not in document["paths"]["/v1/evaluate"]["post"]


def test_no_key_reaches_the_log(
    small_rulebook: Rulebook, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    with guarded(small_rulebook, tmp_path / "x.db", log_level="debug") as service:
        issued = _issued(service)
        _ask(service, f"Bearer {issued.key}")
        service.get(f"/v1/topics?key={issued.key}")
    said = b"".join(capfdbinary.readouterr())

    assert b'"request"' in said
    assert issued.key.encode() not in said
