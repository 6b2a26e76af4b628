"""`/v1/guides`: kept under a reference, back to the byte; every fault told in the contract's shape."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from app.evaluation import EvaluateRequest
from app.main import create_app
from app.rulebook import Rulebook, load
from app.settings import Settings
from tests.support.in_process import InProcess, in_process
from tests.support.make_rulebook import make_rulebook, with_change, write_rulebook

_ASKED = {"topic": "shop", "facts": {"open_by_night": False, "goods": ["tea"], "area_m2": 50}, "lang": "en"}
_BEFORE, _AFTER = date(2021, 5, 1), date(2021, 7, 1)
_AWAY = "postgresql://apg@127.0.0.1:1/apg"
_NO_FOLDER = "sqlite:////proc/no/such/folder/guides.db"
_FIELDS = {
    "reference", "reference_shown", "kept_at", "guide", "outdated", "outdated_because", "outdated_why", "changes",
    "other_changes", "compared_with",
}  # fmt: skip

Open = Callable[..., InProcess]


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return make_rulebook(tmp_path_factory.mktemp("rulebook"))


@pytest.fixture
def opened(rulebook: Rulebook) -> Iterator[Open]:
    """Opens a service on a database; all of them are closed after the test."""
    with ExitStack() as stack:

        def on(url: str, *, today: date = _BEFORE, rules: Rulebook = rulebook) -> InProcess:
            settings = Settings(database_url=url, log_level="error")
            app = create_app(settings, rulebook=rules, today=lambda: today)
            return stack.enter_context(in_process(app))

        yield on


def _guide_bytes(body: bytes) -> bytes:
    """The value of `guide`, cut out of the answer without being read."""
    found = re.fullmatch(rb'\{"reference":.*?,"guide":(.*),"outdated":.*\}', body, re.S)
    assert found is not None
    return found[1]


def test_a_guide_is_kept_and_comes_back_to_the_byte(database_url: str, opened: Open, rulebook: Rulebook) -> None:
    client = opened(database_url)

    kept = client.post("/v1/guides", json=_ASKED)
    fetched = client.get(f"/v1/guides/{kept.json()['reference_shown'].lower()}")

    assert (kept.status_code, fetched.status_code) == (201, 200)
    assert kept.headers["location"] == f"/v1/guides/{kept.json()['reference']}"
    assert kept.json().keys() == fetched.json().keys() == _FIELDS
    assert (
        _guide_bytes(kept.content) == _guide_bytes(fetched.content) == client.post("/v1/evaluate", json=_ASKED).content
    )
    assert kept.json() == fetched.json()
    assert re.fullmatch(r"[2-9ACDEFGHJKLMNPQRTUVWXY]{10}", kept.json()["reference"])
    assert (kept.headers["x-as-of"], kept.headers["content-language"]) == ("2021-05-01", "en")
    assert kept.headers["x-rules-release"] == rulebook.version


def test_a_restart_changes_nothing(database_url: str, opened: Open) -> None:
    kept = opened(database_url).post("/v1/guides", json=_ASKED)

    fetched = opened(database_url).get(kept.headers["location"])

    assert _guide_bytes(fetched.content) == _guide_bytes(kept.content)


def test_the_answer_of_a_fetch_has_a_tag_and_is_compressed_on_demand(database_url: str, opened: Open) -> None:
    client = opened(database_url)
    place = client.post("/v1/guides", json=_ASKED).headers["location"]

    first = client.get(place, headers={"accept-encoding": "gzip"})
    again = client.get(place, headers={"accept-encoding": "gzip", "if-none-match": first.headers["etag"]})
    created = client.post("/v1/guides", json=_ASKED, headers={"accept-encoding": "gzip"})

    assert (first.headers["content-encoding"], first.headers["cache-control"]) == ("gzip", "no-cache")
    assert (again.status_code, again.content) == (304, b"")
    assert created.headers["content-encoding"] == "gzip"


def test_the_law_that_changed_since_is_told_beside_the_guide(database_url: str, opened: Open) -> None:
    kept = opened(database_url, today=_BEFORE).post("/v1/guides", json=_ASKED)

    later = opened(database_url, today=_AFTER).get(kept.headers["location"])

    said = later.json()
    assert _guide_bytes(later.content) == _guide_bytes(kept.content)
    assert (said["outdated"], said["outdated_because"]) == (True, "law")
    assert said["outdated_why"].startswith("The law has changed: this guide follows the law of 1 May 2021")
    assert said["changes"] == [
        {
            "procedure": "licence", "name": "Small shop licence", "because": "law",
            "from": "standard", "from_name": "ordinary procedure", "from_possible": ["standard"],
            "to": "commitment", "to_name": "notification and commitment", "to_possible": ["commitment"],
        }
    ]  # fmt: skip
    assert said["compared_with"]["as_of"] == "2021-07-01"
    assert later.headers["x-as-of"] == "2021-05-01"


def test_mended_rules_are_told_apart_from_changed_law(database_url: str, opened: Open, tmp_path: Path) -> None:
    files = with_change("topics/shop/rules.yaml", "{from: 2021-06-01}", "{from: 2021-04-01}")
    mended = load(write_rulebook(tmp_path, files=files))
    kept = opened(database_url).post("/v1/guides", json={**_ASKED, "as_of": "2021-05-01"})

    later = opened(database_url, rules=mended).get(kept.headers["location"])

    assert (later.json()["outdated"], later.json()["outdated_because"]) == (True, "release")
    assert later.json()["outdated_why"].startswith("Our rules were mended")
    assert later.json()["guide"]["release"]["version"] != later.json()["compared_with"]["release"] == mended.version


def test_a_key_makes_sending_again_harmless(database_url: str, opened: Open) -> None:
    client, key = opened(database_url), {"idempotency-key": "desk 4, call 17"}

    first = client.post("/v1/guides", json=_ASKED, headers=key)
    again = client.post("/v1/guides", json={**_ASKED, "release": None}, headers=key)
    later = opened(database_url, today=_AFTER).post("/v1/guides", json=_ASKED, headers=key)

    assert "idempotency-replayed" not in first.headers
    assert [(one.status_code, one.headers["idempotency-replayed"]) for one in (again, later)] == [(201, "true")] * 2
    assert first.content == again.content == later.content


def test_a_key_that_comes_with_another_request_is_a_conflict(database_url: str, opened: Open) -> None:
    client, key = opened(database_url), {"idempotency-key": "desk 4, call 17"}
    client.post("/v1/guides", json=_ASKED, headers=key)

    other = client.post("/v1/guides", json={**_ASKED, "as_of": "2021-05-01"}, headers=key)

    assert (other.status_code, other.json()["type"]) == (409, "/problems/idempotency-conflict")


def test_the_same_key_sent_at_once_keeps_one_guide(database_url: str, opened: Open) -> None:
    """Two applications stand for two processes."""
    clients, key = [opened(database_url), opened(database_url)], {"idempotency-key": "at once"}

    with ThreadPoolExecutor(8) as pool:
        sent = [pool.submit(clients[n % 2].post, "/v1/guides", json=_ASKED, headers=key) for n in range(16)]
        answers = [one.result() for one in sent]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotency-replayed" not in answer.headers for answer in answers) == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_bad_key_is_an_invalid_request(opened: Open, key: str) -> None:
    answer = opened(_AWAY).post("/v1/guides", json=_ASKED, headers={"idempotency-key": key})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/Idempotency-Key"]
    assert answer.json()["errors"][0]["message"]


def test_blanks_around_a_key_are_no_part_of_it(database_url: str, opened: Open) -> None:
    client = opened(database_url)

    answers = [client.post("/v1/guides", json=_ASKED, headers={"idempotency-key": key}) for key in ("a b", " a b\t ")]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].content == answers[1].content


def test_two_keys_are_one_too_many(opened: Open) -> None:
    headers = [("idempotency-key", "a"), ("idempotency-key", "b")]

    answer = opened(_AWAY).post("/v1/guides", json=_ASKED, headers=headers)

    assert answer.json()["errors"][0]["code"] == "duplicate"


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        (b"{", 422, "invalid-request"),
        (b'{"topic": "shop", "as_of": "soon"}', 422, "invalid-request"),
        (b'{"topic": "shop", "facts": {"goods": "tea", "area_m2": -1}}', 422, "invalid-fact"),
        (b'{"topic": "shop", "as_of": "1949-10-01"}', 422, "as-of-out-of-range"),
        (b'{"topic": "stall"}', 404, "unknown-topic"),
        (b'{"topic": "shop", "release": "none"}', 404, "unknown-release"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "k"}])
def test_what_cannot_be_answered_is_not_kept(
    database_url: str, opened: Open, body: bytes, status: int, problem: str, headers: dict[str, str]
) -> None:
    client = opened(database_url)

    answer = client.post("/v1/guides", content=body, headers={"content-type": "application/json", **headers})

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")
    assert answer.headers["content-type"] == "application/problem+json"


def test_all_faults_are_told_at_once(opened: Open) -> None:
    body = {"topic": "shop", "as_of": "soon", "facts": {"area_m2": -1, "nobody": 1}}

    answer = opened(_AWAY).post("/v1/guides", json=body, headers={"idempotency-key": ""})

    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/as_of", "/Idempotency-Key", "/facts/area_m2", "/facts/nobody"}


def test_a_problem_speaks_the_language_of_the_request(opened: Open) -> None:
    client = opened(_AWAY)

    english = client.post("/v1/guides", json={**_ASKED, "topic": "stall"})
    chinese = client.get("/v1/guides/ACD-EFG-HJKL")

    assert (english.headers["content-language"], chinese.headers["content-language"]) == ("en", "zh-CN")


@pytest.mark.parametrize("url", [_AWAY, _NO_FOLDER])
def test_a_wrong_check_digit_is_told_without_asking_the_database(opened: Open, url: str) -> None:
    answer = opened(url).get("/v1/guides/ACD-EFG-HJKL", params={"lang": "en"})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-reference")
    assert "check digit" in answer.json()["detail"]


def test_a_sound_reference_under_which_nothing_is_kept(database_url: str, opened: Open) -> None:
    answer = opened(database_url).get("/v1/guides/ACD-EFG-HJKM", params={"lang": "en"})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-reference")
    assert "check digit" not in answer.json()["detail"]


@pytest.mark.parametrize("url", [_AWAY, _NO_FOLDER])
def test_with_the_database_away_questions_are_answered_and_guides_are_not_kept(opened: Open, url: str) -> None:
    client = opened(url)

    evaluated = client.post("/v1/evaluate", json=_ASKED)
    refused = [client.post("/v1/guides", json=_ASKED), client.get("/v1/guides/ACD-EFG-HJKM")]
    ready = client.get("/readyz")

    assert evaluated.status_code == 200
    assert [answer.status_code for answer in refused] == [503, 503]
    assert {answer.json()["type"] for answer in refused} == {"/problems/storage-unavailable"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in refused)
    assert (ready.json()["status"], ready.json()["database"]["reachable"]) == ("degraded", False)
    assert client.get("/livez").status_code == 200


def test_readyz_names_the_database(database_url: str, opened: Open) -> None:
    said = opened(database_url).get("/readyz").json()

    assert said["status"] == "ready"
    assert said["database"] == {
        "kind": database_url.partition(":")[0], "reachable": True, "schema": "current", "detail": None
    }  # fmt: skip


def test_a_kept_decimal_is_compared_exactly(database_url: str, opened: Open, rulebook: Rulebook) -> None:
    """The bytes of a guide do not depend on how a number was written."""
    client = opened(database_url)
    asked = [b'{"topic":"shop","facts":{"area_m2":%s}}' % number for number in (b"99.99", b"99.9900", b"9.999E1")]
    headers = {"content-type": "application/json", "idempotency-key": "decimal"}

    answers = [client.post("/v1/guides", content=body, headers=headers) for body in asked]

    assert [answer.status_code for answer in answers] == [201, 201, 201]
    assert len({answer.content for answer in answers}) == 1
    assert EvaluateRequest("shop").topic in rulebook.topics
