"""`/v1/releases`: published, activated and taken back over the wire, with keys; what is refused says why."""

import asyncio
import io
import os
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from app.audit import Actor
from app.clients import Scope
from app.releases import publish
from app.rulebook import Rulebook
from app.storage import Address, upgrade
from tests.support.asking import Service, served
from tests.support.make_client import make_client
from tests.support.make_release import as_examined, numbered_files, publish_number
from tests.support.make_rulebook import with_change
from tests.support.processes import Busy

ROUTE = "/v1/releases"
OFFICE = Actor.client("office", "k7q2m9xa")
BOTH = frozenset({Scope.RULES_PUBLISH, Scope.RULES_ACTIVATE})


@pytest.fixture(scope="module")
def service(small_rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that every test of this file publishes to; the releases of others do not matter to any of them."""
    folder = tmp_path_factory.mktemp("releases")
    database = folder / "guides.db"
    asyncio.run(upgrade(Address.of(f"sqlite:///{database}")))
    with served(small_rulebook, database, state_dir=folder, max_rulebook_bytes=200_000) as service:
        yield service


@pytest.fixture(scope="module")
def key(service: Service) -> str:
    return made_key(service, "policy-office", BOTH)


def made_key(service: Service, code: str, scopes: frozenset[Scope]) -> str:
    database = service.app.api.state.parts.database
    return str(service.run(make_client(database, code, now=datetime.now(UTC), scopes=scopes)).key)


def send(service: Service, method: str, path: str, key: str | None, **given: Any) -> httpx.Response:
    headers = {**given.pop("headers", {}), **({"authorization": f"Bearer {key}"} if key else {})}
    return service.ask(method, f"{ROUTE}{path}", headers=headers, **given)


def published(service: Service, key: str, number: int, **given: Any) -> dict[str, Any]:
    answer = send(service, "POST", "", key, json={"files": numbered_files(number), **given})
    assert answer.status_code in (200, 201), answer.text
    body: dict[str, Any] = answer.json()
    return body


def kept(service: Service, number: int) -> str:
    """Publish without the examination, which takes a process of its own, and return the version."""
    database = service.app.api.state.parts.database
    done = service.run(publish_number(database, number, datetime.now(UTC), actor=OFFICE))
    return str(done.release.version)


def active(service: Service) -> str | None:
    """The release the database says is active, None where none is."""
    found = service.get(ROUTE).json()["releases"]
    return next((one["version"] for one in found if one["state"] == "active"), None)


def activated(service: Service, key: str, number: int) -> str:
    """Publish and activate whatever is active."""
    version = kept(service, number)
    now = active(service)
    answer = send(service, "POST", f"/{version}/activate", key, json={"replaces": now} if now else {})
    assert answer.status_code == 200, answer.text
    return version


def zipped(files: Mapping[str, str | bytes], root: str = "") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(f"{root}{path}", content)
    return packed.getvalue()


def send_zip(service: Service, key: str, body: bytes, **query: str) -> httpx.Response:
    return send(service, "POST", "", key, content=body, params=query, headers={"content-type": "application/zip"})


def codes(answer: httpx.Response) -> dict[str, str]:
    return {fault["pointer"]: fault["code"] for fault in answer.json()["errors"]}


# ---- publishing ---------------------------------------------------------------------------------------------


def test_a_rulebook_is_published_with_its_certificate(service: Service, key: str) -> None:
    answer = send(service, "POST", "", key, json={"files": numbered_files(1), "notes": "一处改动"})

    said = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"{ROUTE}/{said['version']}")
    assert (said["state"], said["author"], said["notes"]) == ("published", "client:policy-office", "一处改动")
    assert said["certificate"]["release"] == {"version": said["version"], "content_hash": said["content_hash"]}
    assert service.get(f"{ROUTE}/{said['content_hash']}").json() == said


def test_the_same_rules_sent_again_are_the_same_release(service: Service, key: str) -> None:
    first = published(service, key, 2)

    again = send_zip(service, key, zipped(numbered_files(2), root="rules/"))

    assert (again.status_code, again.json()["version"]) == (200, first["version"])


def test_a_contradiction_is_refused_with_its_finding(service: Service, key: str) -> None:
    files = with_change("topics/shop/rules.yaml", "    overrides: [commitment_for_small]\n", "")

    answer = send(service, "POST", "", key, json={"files": files})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-rulebook"
    assert codes(answer)["/files/topics~1shop~1rules.yaml"] == "contradiction"


def test_all_findings_are_told_at_once(service: Service, key: str) -> None:
    files = with_change("topics/shop/rules.yaml", "force: plan_commitment", "force: law")
    files = with_change("topics/shop/topic.yaml", "covers_from: 2019-01-01", "covers_from: soon", files=files)

    answer = send(service, "POST", "", key, json={"files": files})

    assert {"/files/topics~1shop~1rules.yaml", "/files/topics~1shop~1topic.yaml"} <= set(codes(answer))


def test_a_base_that_is_not_active_is_stale(service: Service, key: str) -> None:
    answer = send(service, "POST", "", key, json={"files": numbered_files(3), "base": "2020-01-01.1"})

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/stale-release")


# ---- what is no rulebook ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"PK\x03\x04 and no more", {"": "malformed"}),
        (zipped(numbered_files(1))[:-200], {"": "malformed"}),
        (zipped({}), {"/files": "missing"}),
        (zipped({"../../etc/passwd": "x"}), {"/files/..~1..~1etc~1passwd": "not_allowed"}),
        (zipped({"/etc/passwd": "x"}), {"/files/~1etc~1passwd": "not_allowed"}),
        (zipped({"topics\\x.yaml": "x"}), {"/files/topics\\x.yaml": "not_allowed"}),
        (zipped({"topics/shop/topic.yaml": "x", "run.sh": "x"}), {"/files/run.sh": "not_allowed"}),
    ],
    ids=["no zip", "cut off", "empty", "out of the folder", "absolute", "backslash", "stranger"],
)
def test_what_is_no_rulebook_is_refused(service: Service, key: str, body: bytes, fault: dict[str, str]) -> None:
    answer = send_zip(service, key, body)

    assert answer.status_code == 422, answer.text
    assert codes(answer) == fault


def test_a_link_in_a_zip_is_refused(service: Service, key: str) -> None:
    packed = io.BytesIO()
    link = zipfile.ZipInfo("topics/shop/topic.yaml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(link, "/etc/passwd")

    assert codes(send_zip(service, key, packed.getvalue())) == {"/files/topics~1shop~1topic.yaml": "not_allowed"}


def test_a_zip_that_unpacks_to_more_than_is_taken_is_refused(service: Service, key: str) -> None:
    bomb = zipped({"topics/shop/topic.yaml": "a" * 5_000_000})

    answer = send_zip(service, key, bomb)

    assert len(bomb) < 10_000
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/payload-too-large")


def test_a_body_over_the_bound_is_refused_unread(service: Service, key: str) -> None:
    assert send_zip(service, key, b"x" * 300_000).status_code == 413


def test_a_file_that_is_no_text_is_a_finding(service: Service, key: str) -> None:
    answer = send_zip(service, key, zipped({**numbered_files(1), "topics/shop/words.yaml": b"\xff\xfe"}))

    assert answer.json()["type"] == "/problems/invalid-rulebook"
    assert codes(answer) == {"/files/topics~1shop~1words.yaml": "syntax"}


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ([], {"": "wrong_type"}),
        ({"files": []}, {"/files": "wrong_type"}),
        ({"files": {"topics/a.yaml": 1}}, {"/files/topics~1a.yaml": "wrong_type"}),
        ({"files": {}, "notes": 1, "more": 2}, {"/more": "unknown_field", "/notes": "wrong_type"}),
    ],
)
def test_a_body_of_another_shape_is_refused(service: Service, key: str, body: object, fault: dict[str, str]) -> None:
    assert codes(send(service, "POST", "", key, json=body)) == fault


# ---- who may --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", ""), ("POST", "/2026-11-22.1/activate"), ("POST", "/2026-11-22.1/withdraw"), ("POST", "/rollback")],
)
def test_without_a_key_nothing_is_changed(service: Service, method: str, path: str) -> None:
    assert send(service, method, path, None, json={}).status_code == 401


def test_a_key_for_publishing_does_not_activate(service: Service, key: str) -> None:
    version = kept(service, 4)
    publisher = made_key(service, "publisher", frozenset({Scope.RULES_PUBLISH}))

    assert send(service, "POST", f"/{version}/activate", publisher, json={}).status_code == 403


def test_with_the_two_person_rule_another_client_activates(small_rulebook: Rulebook, tmp_path: Path) -> None:
    asyncio.run(upgrade(Address.of(f"sqlite:///{tmp_path / 'x.db'}")))
    with served(small_rulebook, tmp_path / "x.db", state_dir=tmp_path, two_person_rule=True) as service:
        office, desk = (made_key(service, code, BOTH) for code in ("office", "desk"))
        version = kept(service, 1)
        refused = send(service, "POST", f"/{version}/activate", office, headers={"accept-language": "en"})
        taken = send(service, "POST", f"/{version}/activate", desk)

    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    assert "somebody else has to activate it" in refused.json()["detail"]
    assert (taken.status_code, taken.json()["state"]) == (200, "active")


# ---- activating and taking back -------------------------------------------------------------------------------


def test_what_is_activated_answers_within_seconds_and_is_taken_back(service: Service, key: str) -> None:
    before, after = activated(service, key, 10), activated(service, key, 11)

    assert served_within(service, 5, after) == "Open small shop 11"
    back = send(service, "POST", "/rollback", key, json={"active": after})
    assert (back.json()["taken_back"], back.json()["release"]["version"]) == (after, before)
    assert served_within(service, 5, before) == "Open small shop 10"


def served_within(service: Service, seconds: float, version: str) -> str:
    """The topic's name once the version is served; fails where that takes longer, waiting for a processor apart."""
    began, busy = monotonic(), Busy(os.getpid())

    async def wait() -> None:
        editions = service.app.api.state.parts.editions
        async with asyncio.timeout(300):
            while editions.active().version != version:
                await asyncio.sleep(0.02)

    service.run(wait())
    assert monotonic() - began - busy.seconds() <= seconds
    answer = service.get("/v1/topics/shop?lang=en")
    assert answer.headers["x-rules-release"] == version
    return str(answer.json()["name"])


def test_whoever_asks_while_a_release_is_awaited_is_answered_once_it_is_there(service: Service) -> None:
    async def ask() -> tuple[list[bool], int]:
        editions = service.app.editions
        editions.awaited = asyncio.Event()
        asking = [asyncio.create_task(service.client.get(path)) for path in ("/livez", "/v1/topics")]
        await asyncio.wait(asking[:1])
        done = [task.done() for task in asking]
        editions.awaited.set()
        editions.awaited = None
        return done, (await asking[1]).status_code

    assert service.run(ask()) == ([True, False], 200)


def test_an_older_release_is_answered_by_its_name(service: Service, key: str) -> None:
    version = kept(service, 12)

    answer = service.get(f"/v1/evaluate?topic=shop&lang=en&release={version}")

    assert answer.json()["topic"]["name"] == "Open small shop 12"
    assert answer.json()["release"]["version"] == answer.headers["x-rules-release"] == version


def test_a_release_nobody_published_is_unknown(service: Service) -> None:
    asked = service.get("/v1/evaluate?topic=shop&release=2020-01-01.1")

    assert (asked.status_code, asked.json()["type"]) == (404, "/problems/unknown-release")
    assert service.get(f"{ROUTE}/2020-01-01.1").status_code == 404


def test_an_activation_is_set_for_later_and_withdrawn(service: Service, key: str) -> None:
    activated(service, key, 13)
    version = kept(service, 14)
    at = (datetime.now(UTC) + timedelta(hours=3)).isoformat(timespec="seconds")

    scheduled = send(service, "POST", f"/{version}/activate", key, json={"at": at}).json()
    withdrawn = send(service, "POST", f"/{version}/withdraw", key).json()

    assert (scheduled["state"], datetime.fromisoformat(scheduled["active_from"])) == (
        "scheduled",
        datetime.fromisoformat(at),
    )
    assert (withdrawn["state"], [step["kind"] for step in withdrawn["history"]]) == (
        "published",
        ["scheduled", "withdrawn"],
    )
    assert send(service, "POST", f"/{version}/withdraw", key).status_code == 409


@pytest.mark.parametrize("at", ["soon", "2030-01-01T08:00:00", "2020-01-01T08:00:00+08:00", 5])
def test_a_moment_that_is_none_or_past_is_refused(service: Service, key: str, at: object) -> None:
    version = kept(service, 15)

    answer = send(service, "POST", f"/{version}/activate", key, json={"at": at})

    assert (answer.status_code, list(codes(answer))) == (422, ["/at"])


def test_a_release_made_from_another_is_stale_until_the_active_one_is_named(service: Service, key: str) -> None:
    first, second = (kept(service, number) for number in (16, 17))
    now = active(service)
    send(service, "POST", f"/{first}/activate", key, json={"replaces": now} if now else {})

    refused = send(service, "POST", f"/{second}/activate", key, json={})
    taken = send(service, "POST", f"/{second}/activate", key, json={"replaces": first})

    assert (refused.status_code, taken.status_code) == (409, 200)


def test_the_list_says_what_this_server_answers_from(service: Service, key: str) -> None:
    version = activated(service, key, 18)
    served_within(service, 30, version)

    found = service.get(ROUTE).json()

    assert (found["served"]["version"], found["served"]["source"]) == (version, "database")
    assert found["releases"][0]["version"] == version
    assert found["total"] == len(found["releases"])


# ---- two time axes ----------------------------------------------------------------------------------------------


def test_a_guide_by_an_older_release_says_what_our_rules_say_now(service: Service, key: str) -> None:
    """The law of one day, by what the rules said then and by what they say now; the guide itself stays as it was."""
    files = with_change("topics/shop/rules.yaml", "{from: 2021-06-01}", "{from: 2021-04-01}")
    mended = published_files(service, files)
    older = activated(service, key, 20)
    send(service, "POST", f"/{mended}/activate", key, json={"replaces": older})
    served_within(service, 30, mended)
    facts = {"open_by_night": False, "goods": ["tea"], "area_m2": 50, "fits_out": False}
    asked = {"topic": "shop", "facts": facts, "lang": "en", "as_of": "2021-05-01", "release": older}

    kept = service.ask("POST", "/v1/guides", json=asked)
    said = service.get(kept.headers["location"]).json()

    assert kept.headers["x-rules-release"] == said["guide"]["release"]["version"] == older
    assert (said["outdated"], said["outdated_because"]) == (True, "release")
    assert [(one["procedure"], one["from"], one["to"]) for one in said["changes"]] == [
        ("licence", "standard", "commitment")
    ]
    assert f"release {mended} says something else than release {older}" in said["outdated_why"]


def published_files(service: Service, files: Mapping[str, str]) -> str:
    """Publish files without the examination, and return the version."""

    async def keep() -> str:
        now = datetime.now(UTC)
        async with service.app.api.state.parts.database.writing() as session:
            done = await publish(session, as_examined(files), notes="", base=None, actor=OFFICE, now=now)
        return done.release.version

    return service.run(keep())
