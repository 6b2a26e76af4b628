"""`POST /v1/guides/{reference}/feedback`: kept once, in the caller's language, every fault in the contract's shape."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest

from app.main import create_app
from app.rulebook import Rulebook
from app.settings import Settings
from tests.support.in_process import InProcess, in_process

_ASKED = {"topic": "shop", "facts": {"open_by_night": False, "goods": ["tea"], "area_m2": 50}, "as_of": "2021-07-01"}
_AWAY = "postgresql://apg@127.0.0.1:1/apg"
_GOOD = {"grade": "very_satisfied"}
_FIELDS = {"reference", "topic", "release", "rules", "grade", "reasons", "comment", "masked", "notice", "given_at"}

Open = Callable[[str], InProcess]


@pytest.fixture
def opened(small_rulebook: Rulebook) -> Iterator[Open]:
    with ExitStack() as stack:

        def on(url: str) -> InProcess:
            settings = Settings(database_url=url, log_level="error")
            return stack.enter_context(in_process(create_app(settings, rulebook=small_rulebook)))

        yield on


@pytest.fixture
def kept(database_url: str, opened: Open) -> tuple[InProcess, str]:
    """A service, and where a guide kept in it is graded."""
    client = opened(database_url)
    return client, client.post("/v1/guides", json=_ASKED).headers["location"] + "/feedback"


def test_a_grade_is_kept_and_told_in_words(kept: tuple[InProcess, str]) -> None:
    client, place = kept
    sent = {"grade": "dissatisfied", "reasons": ["office_said_otherwise"], "comment": "多要一份材料"}

    answer = client.post(place, json=sent, headers={"accept-language": "zh"})

    said = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    assert said.keys() == _FIELDS
    assert said["grade"] == {"code": "dissatisfied", "name": "不满意"}
    assert said["reasons"] == [{"code": "office_said_otherwise", "name": "窗口说的不一样"}]
    assert (said["comment"], said["masked"], said["notice"]) == ("多要一份材料", False, None)
    assert "commitment_for_small" in said["rules"]
    assert said["given_at"].endswith("Z")


@pytest.mark.parametrize(("lang", "word"), [("en", "covered"), ("zh-CN", "遮住")])
def test_a_number_in_the_comment_is_covered_and_said_so(kept: tuple[InProcess, str], lang: str, word: str) -> None:
    client, place = kept

    said = client.post(f"{place}?lang={lang}", json={**_GOOD, "comment": "找13800138000"}).json()

    assert (said["comment"], said["masked"]) == ("找***", True)
    assert word in said["notice"]


def test_sending_again_with_the_key_is_harmless(kept: tuple[InProcess, str]) -> None:
    client, place = kept
    key = {"idempotency-key": "desk 4"}

    first, again = (client.post(place, json=_GOOD, headers=key) for _ in range(2))
    other = client.post(place, json={"grade": "satisfied"}, headers=key)

    assert first.content == again.content
    assert ("idempotency-replayed" in first.headers, again.headers["idempotency-replayed"]) == (False, "true")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/idempotency-conflict")


def test_every_fault_is_told_at_once(kept: tuple[InProcess, str]) -> None:
    client, place = kept
    sent = {"grade": "five", "reasons": ["none"], "comment": 1, "stars": 5}

    answer = client.post(place, json=sent, headers={"idempotency-key": ""})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    pointers = {fault["pointer"] for fault in answer.json()["errors"]}
    assert pointers == {"/grade", "/reasons/0", "/comment", "/stars", "/Idempotency-Key"}
    assert all(fault["message"] for fault in answer.json()["errors"])


@pytest.mark.parametrize(
    ("given", "status", "problem"),
    [
        ({"content": b"{"}, 422, "invalid-request"),
        ({"content": b'{"grade":"satisfied","grade":"satisfied"}'}, 422, "invalid-request"),
        ({"content": b"[]"}, 422, "invalid-request"),
        ({"content": b" " * 300_000}, 413, "payload-too-large"),
        ({"content": b"grade=satisfied", "headers": {"content-type": "text/plain"}}, 415, "unsupported-media-type"),
    ],
)
def test_a_body_that_cannot_be_read(opened: Open, given: dict[str, object], status: int, problem: str) -> None:
    answer = opened(_AWAY).post("/v1/guides/ACDEFGHJKM/feedback", **given)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


@pytest.mark.parametrize("reference", ["ACD-EFG-HJKM", "ACD-EFG-HJKL"])
def test_a_reference_under_which_nothing_is_kept(kept: tuple[InProcess, str], reference: str) -> None:
    answer = kept[0].post(f"/v1/guides/{reference}/feedback", json=_GOOD)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-reference")


def test_with_the_database_away_nothing_is_acknowledged(opened: Open) -> None:
    answer: httpx.Response = opened(_AWAY).post("/v1/guides/ACDEFGHJKM/feedback", json=_GOOD)

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/storage-unavailable")
    assert int(answer.headers["retry-after"]) > 0
