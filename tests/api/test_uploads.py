"""What is sent as a rulebook, whatever it is called and however it is packed: clear answers, every fault in one."""

import asyncio
import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clients import Scope
from app.releases import Examined, examine
from app.rulebook import Rulebook
from app.storage import Address, upgrade
from tests.support.asking import Service, served
from tests.support.make_client import make_client
from tests.support.make_release import numbered_files
from tests.support.make_rulebook import rulebook_files

FEW: Final = settings(max_examples=60)
#: Steps of paths: plain ones that the rulebook reads, and whatever has ever broken a file system or a web server.
STEPS: Final = st.one_of(
    st.sampled_from(
        ["policies", "shared", "topics", "changelog", "shop", "rules", "rules.yaml", "topic.yaml", "cases", "README.md"]
    ),
    st.sampled_from(
        ["", ".", "..", "...", "~", "\x00", "a\x00b", "\\", "C:", "con", " ", "a b", "%2e%2e", "\u202e", "-"]
    ),
    st.sampled_from(["É", "E\u0301", "é", "Shop", "SHOP", "店", "x" * 255, "x" * 256, "店" * 85, "店" * 86, "\ud800"]),
    st.text(max_size=3),
)
PATHS: Final = st.lists(STEPS, min_size=1, max_size=10).map("/".join)
TEXTS: Final = st.sampled_from(["", "x", "a: [", "rules: []", "- {}", "\ufeffa: 1", "a: &b [*b]", "\x00", "code: shop"])


@pytest.fixture(scope="module")
def service(small_rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service that examines in its own process, for hundreds of new ones would take minutes."""
    folder = tmp_path_factory.mktemp("uploads")
    database = folder / "guides.db"
    asyncio.run(upgrade(Address.of(f"sqlite:///{database}")))
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr("app.api.v1.releases.examine_apart", _examine_here)
        with served(small_rulebook, database, state_dir=folder, max_rulebook_bytes=2_000_000) as service:
            yield service


async def _examine_here(files: Mapping[str, str], made_at: datetime) -> Examined:
    return examine(files, made_at)


@pytest.fixture(scope="module")
def headers(service: Service) -> dict[str, str]:
    database = service.app.api.state.parts.database
    scopes = frozenset({Scope.RULES_PUBLISH})
    made = service.run(make_client(database, "policy-office", now=datetime.now(UTC), scopes=scopes))
    return {"authorization": f"Bearer {made.key}", "accept-language": "en"}


def send(service: Service, headers: dict[str, str], files: Mapping[str, str]) -> httpx.Response:
    # Half a sign can be written in JSON, though in no text.
    given = {**headers, "content-type": "application/json"}
    return service.ask("POST", "/v1/releases", headers=given, content=json.dumps({"files": files}).encode())


def send_zip(service: Service, headers: dict[str, str], body: bytes) -> httpx.Response:
    given = {**headers, "content-type": "application/zip"}
    return service.ask("POST", "/v1/releases", headers=given, content=body)


def zipped(files: Mapping[str, str], **how: Any) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", **how) as archive:
        for path, content in files.items():
            member = zipfile.ZipInfo("x")
            member.filename = path
            archive.writestr(member, content, how.get("compression"))
    return packed.getvalue()


def pointer(path: str) -> str:
    return f"/files/{path.replace('~', '~0').replace('/', '~1')}"


def told(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {fault["pointer"]: fault["message"] for fault in answer.json()["errors"]}


def expect_clear(answer: httpx.Response) -> None:
    """Taken, or refused with every fault in a sentence of its own; never a fault of ours."""
    assert answer.status_code in (200, 201, 413, 422), answer.text
    if answer.status_code == 422:
        said = answer.json()
        assert said["type"] in ("/problems/invalid-request", "/problems/invalid-rulebook")
        assert said["errors"]
        assert all(fault["message"] and "…" not in fault["message"][:1] for fault in said["errors"])


@FEW
@given(hostile=st.dictionaries(PATHS, TEXTS, min_size=1, max_size=6))
def test_whatever_the_paths_are_the_answer_is_clear(
    service: Service, headers: dict[str, str], hostile: dict[str, str]
) -> None:
    answer = send(service, headers, {**numbered_files(1), **hostile})

    expect_clear(answer)
    refused = {path for path in hostile if {"", ".", ".."} & set(path.split("/")) or "\x00" in path}
    halves = any("\ud800" <= sign <= "\udfff" for path in hostile for sign in path)
    assert halves or {pointer(path) for path in refused if len(path) <= 300} <= set(told(answer) if refused else {})


def _can_be_packed(path: str) -> bool:
    return path != "" and not any("\ud800" <= sign <= "\udfff" for sign in path)


@FEW
@given(hostile=st.dictionaries(PATHS.filter(_can_be_packed), TEXTS, max_size=6))
def test_whatever_the_names_in_a_zip_are_the_answer_is_clear(
    service: Service, headers: dict[str, str], hostile: dict[str, str]
) -> None:
    expect_clear(send_zip(service, headers, zipped({**numbered_files(1), **hostile})))


@settings(max_examples=150)
@given(changes=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_zip_with_any_bytes_changed_is_answered_clearly(
    service: Service, headers: dict[str, str], changes: list[tuple[int, int]]
) -> None:
    body = bytearray(zipped({"topics/shop/topic.yaml": "a: 1\n" * 40, "policies/x.md": "b"}))
    for place, value in changes:
        body[-1 - place % len(body)] = value

    expect_clear(send_zip(service, headers, bytes(body)))


@pytest.mark.parametrize(
    ("hostile", "said"),
    [
        ({"topics/a": "x", "topics/a/b.yaml": "x"}, {"topics/a": "as a file, and as a folder"}),
        ({"topics/A.yaml": "x", "topics/a.yaml": "x"}, {"topics/A.yaml": "only in capitals", "topics/a.yaml": "only"}),
        ({"topics/É": "x", "topics/E\u0301": "y"}, {"topics/É": "how an accent", "topics/E\u0301": "how an accent"}),
        ({"topics/A": "x", "topics/a/b": "x"}, {"topics/A": "as a file, and as a folder"}),
        ({f"topics/{'x' * 256}": "x"}, {f"topics/{'x' * 256}": "at most 255 bytes"}),
        ({f"topics/{'店' * 86}": "x"}, {f"topics/{'店' * 86}": "at most 255 bytes"}),
        ({"topics/" + "a/" * 9 + "b": "x"}, {"topics/" + "a/" * 9 + "b": "lies too deep"}),
        ({"topics": "x"}, {"topics": "as a file, and as a folder"}),
        ({"/etc/passwd": "x"}, {"/etc/passwd": "no path of a file"}),
        ({"topics/../../x": "x", "..": "y"}, {"topics/../../x": "no path of a file", "..": "no path of a file"}),
        ({"topics/a\x00b": "x"}, {"topics/a\x00b": "no path of a file"}),
        ({"topics/\u202egpj.yaml": "x"}, {"topics/\u202egpj.yaml": "no path of a file"}),
    ],
    ids=[
        "file and folder", "capitals", "accents", "file and folder by capitals", "a step too long", "too many bytes",
        "too deep", "a folder's name", "absolute", "out of it", "NUL", "reversed",
    ],
)  # fmt: skip
def test_each_hostile_path_is_named_with_its_fault(
    service: Service, headers: dict[str, str], hostile: dict[str, str], said: dict[str, str]
) -> None:
    found = told(send(service, headers, {**rulebook_files(), **hostile}))

    assert set(found) == {pointer(path) for path in said}
    assert all(words in found[pointer(path)] for path, words in said.items())


def test_all_hostile_paths_are_named_at_once(service: Service, headers: dict[str, str]) -> None:
    hostile = {"../a": "x", "topics/b": "x", "topics/b/c": "x", "run.sh": "x", "topics/C": "x", "topics/c": 5}

    found = told(send(service, headers, {**rulebook_files(), **hostile}))  # type: ignore[dict-item]

    assert set(found) == {pointer(path) for path in ("../a", "topics/b", "topics/C", "topics/c")}


def test_half_a_sign_in_a_path_is_refused(service: Service, headers: dict[str, str]) -> None:
    answer = send(service, headers, {"topics/\ud800.yaml": "x"})

    assert answer.status_code == 422


def test_too_many_files_are_refused_by_their_number(service: Service, headers: dict[str, str]) -> None:
    found = told(send(service, headers, {f"topics/{number}": "" for number in range(20_001)}))

    assert found == {"/files": "There may be at most 20,000 files."}


def test_a_zip_compressed_in_a_way_that_is_not_read_is_refused(service: Service, headers: dict[str, str]) -> None:
    found = told(send_zip(service, headers, zipped({"topics/shop/topic.yaml": "x"}, compression=zipfile.ZIP_LZMA)))

    assert list(found) == ["/files/topics~1shop~1topic.yaml"]


def test_files_too_large_together_are_refused(service: Service, headers: dict[str, str]) -> None:
    assert send(service, headers, {"topics/a.md": "x" * 2_000_001}).status_code == 413


@pytest.mark.parametrize(
    "path", ["topics/shop/rules/deep/more.yaml", "topics/shop/rules.yaml.d/x.yaml", "shared/facts/x/y.yaml"]
)
def test_a_file_that_nothing_would_read_is_a_finding(service: Service, headers: dict[str, str], path: str) -> None:
    assert list(told(send(service, headers, {**rulebook_files(), path: "rules: []\n"}))) == [pointer(path)]


def test_a_folder_with_the_name_of_a_file_is_a_finding(service: Service, headers: dict[str, str]) -> None:
    files = rulebook_files(without=["topics/shop/rules.yaml"])

    found = told(send(service, headers, {**files, "topics/shop/rules.yaml/x.yaml": "rules: []\n"}))

    assert pointer("topics/shop/rules.yaml/x.yaml") in found
