"""What `/v1/evaluate` refuses: everything that is wrong, in one answer, each fault with its place."""

import json
from collections.abc import AsyncIterator

import pytest

from tests.support.asking import Make, Service


def faults(service: Service, body: object) -> list[tuple[str, str]]:
    """(pointer, code) of each fault the service finds in a body."""
    return [(one["pointer"], one["code"]) for one in service.post(body).json()["errors"]]


def faults_of_link(service: Service, query: str) -> list[tuple[str, str]]:
    """The same of a link."""
    return [(one["pointer"], one["code"]) for one in service.get(f"/v1/evaluate?{query}").json()["errors"]]


def test_all_faults_are_told_at_once(small_service: Service) -> None:
    body = {
        "topic": "shop",
        "facts": {"area_m2": -1, "goods": "tea", "open_by_night": "yes", "colour": "red"},
        "as_of": "soon",
        "lang": "fr",
        "release": 7,
        "colour": 1,
    }

    answer = small_service.post(body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert sorted((one["pointer"], one["code"]) for one in answer.json()["errors"]) == [
        ("/as_of", "wrong_type"),
        ("/colour", "unknown_field"),
        ("/facts/area_m2", "below_minimum"),
        ("/facts/colour", "unknown_fact"),
        ("/facts/goods", "wrong_type"),
        ("/facts/open_by_night", "wrong_type"),
        ("/lang", "not_allowed"),
        ("/release", "wrong_type"),
    ]


def test_faulty_facts_alone_are_invalid_facts(small_service: Service) -> None:
    answer = small_service.post({"topic": "shop", "facts": {"area_m2": -1, "goods": ["beer"]}})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-fact")
    assert {one["pointer"]: one["allowed"] for one in answer.json()["errors"]} == {
        "/facts/area_m2": 0,
        "/facts/goods": ["tea", "wine"],
    }


def test_every_fault_has_a_sentence_in_the_callers_language(small_service: Service) -> None:
    body = {"topic": "shop", "facts": {"area_m2": -1, "colour": 1}, "lang": "en", "as_of": 5, "x": 1}

    messages = [one["message"] for one in small_service.post(body).json()["errors"]]

    assert len(messages) == 4
    assert all((message.isascii() and message.endswith(".")) or "“" in message for message in messages)


@pytest.mark.parametrize(
    "day", ["2024-02-30", "2024-2-3", "20240203", "", 20240203, True, ["2024-01-01"], "２０２４-01-01"]
)
def test_a_day_that_is_none_is_refused(small_service: Service, day: object) -> None:
    assert faults(small_service, {"topic": "shop", "as_of": day}) == [("/as_of", "wrong_type")]


def test_a_day_before_the_law_encoded_is_refused(small_service: Service) -> None:
    answer = small_service.post({"topic": "shop", "as_of": "2018-12-31"})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/as-of-out-of-range")
    assert "2019" in answer.json()["detail"]


@pytest.mark.parametrize("topic", ["nothing", "SHOP", "shop ", "x" * 10_000, "我要开小店", "../shop", "\u0000"])
def test_an_unknown_topic_is_not_found(small_service: Service, topic: str) -> None:
    answer = small_service.post({"topic": topic})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-topic")
    assert len(answer.content) < 5_000


@pytest.mark.parametrize("topic", [None, ""])
def test_a_topic_has_to_be_named(small_service: Service, topic: object) -> None:
    assert faults(small_service, {"topic": topic}) == [("/topic", "missing")]


def test_a_body_without_topic_says_so(small_service: Service) -> None:
    assert faults(small_service, {}) == [("/topic", "missing")]


def test_an_unknown_release_is_not_found(small_service: Service) -> None:
    answer = small_service.post({"topic": "shop", "release": "2020-01-01.1"})

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-release")


# ---- bodies that are no request ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nonsense",
        b'{"topic": "shop",}',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        '{"topic": "shop"}'.encode("utf-16"),
    ],
)
def test_what_is_no_json_is_refused(small_service: Service, body: bytes) -> None:
    answer = small_service.post_bytes(body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [one["code"] for one in answer.json()["errors"]] == ["malformed"]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "1e-999999999", "9" * 5_000, "0.1e5000"])
def test_numbers_beyond_reason_are_refused(small_service: Service, number: str) -> None:
    answer = small_service.post_bytes(f'{{"topic": "shop", "facts": {{"area_m2": {number}}}}}'.encode())

    assert answer.status_code == 422


@pytest.mark.parametrize("body", [[], "shop", 1, None, True])
def test_a_body_that_is_no_object_is_refused(small_service: Service, body: object) -> None:
    assert [one["code"] for one in small_service.post_bytes(json.dumps(body).encode()).json()["errors"]] == [
        "wrong_type"
    ]


@pytest.mark.parametrize("facts", [[], "area_m2", 1, True])
def test_facts_that_are_no_object_are_refused(small_service: Service, facts: object) -> None:
    assert faults(small_service, {"topic": "shop", "facts": facts}) == [("/facts", "wrong_type")]


def test_a_key_given_twice_is_refused_where_it_stands(small_service: Service) -> None:
    body = b'{"topic": "shop", "facts": {"area_m2": 1, "area_m2": 2}, "lang": "en", "lang": "en"}'

    errors = small_service.post_bytes(body).json()["errors"]

    assert [(one["pointer"], one["code"]) for one in errors] == [
        ("/lang", "duplicate"),
        ("/facts/area_m2", "duplicate"),
    ]


@pytest.mark.parametrize("nested", ["[" * 100 + "]" * 100, '{"a":' * 100 + "1" + "}" * 100, "[" * 90_000])
def test_deep_nesting_is_refused(small_service: Service, nested: str) -> None:
    answer = small_service.post_bytes(f'{{"topic": "shop", "facts": {{"x": {nested}}}}}'.encode())

    assert [one["code"] for one in answer.json()["errors"]] == ["too_deep"]


def test_brackets_inside_words_are_no_nesting(small_service: Service) -> None:
    body = {"topic": "shop", "facts": {"district": "[{" * 100 + '"\\'}}

    assert faults(small_service, body) == [("/facts/district", "not_allowed")]


@pytest.mark.parametrize("text", [r'"\ud800"', r'"\udc00\ud800"'])
def test_half_a_surrogate_pair_is_refused(small_service: Service, text: str) -> None:
    answer = small_service.post_bytes(f'{{"topic": {text}}}'.encode())

    assert [one["code"] for one in answer.json()["errors"]] == ["malformed"]


def test_a_whole_surrogate_pair_is_a_character(small_service: Service) -> None:
    answer = small_service.post_bytes(rb'{"topic": "\ud83d\ude00"}')

    assert answer.json()["type"] == "/problems/unknown-topic"


def test_a_pointer_is_escaped(small_service: Service) -> None:
    assert faults(small_service, {"topic": "shop", "a/b~c": 1}) == [("/a~1b~0c", "unknown_field")]


def test_endless_lists_of_facts_are_refused_without_judging_each(small_service: Service) -> None:
    body = {"topic": "shop", "facts": {f"fact_{number}": 1 for number in range(5_000)}}

    answer = small_service.post(body)

    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/facts", "above_maximum")]
    assert len(answer.content) < 2_000


# ---- size and kind -------------------------------------------------------------------------------------


@pytest.fixture
def narrow(make_service: Make) -> Service:
    """A service that reads bodies of 1 KiB at most."""
    return make_service(max_body_bytes=1_024)


def test_a_body_over_the_bound_is_refused(narrow: Service) -> None:
    answer = narrow.post_bytes(b" " * 1_025)

    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/payload-too-large")
    assert answer.headers["connection"] == "close"


def test_a_body_at_the_bound_is_read(narrow: Service) -> None:
    body = b'{"topic": "shop"}'

    assert narrow.post_bytes(body.ljust(1_024)).status_code == 200


def test_a_body_that_hides_its_length_is_refused_on_the_way(narrow: Service) -> None:
    sent = []

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(1_000):
            sent.append(1)
            yield b" " * 100

    answer = narrow.ask("POST", "/v1/evaluate", content=pieces())

    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", "application/x+json"],
)
def test_json_is_taken_under_all_its_names(small_service: Service, kind: str) -> None:
    assert small_service.post_bytes(b'{"topic": "shop"}', content_type=kind).status_code == 200


def test_a_body_without_a_kind_is_taken_for_json(small_service: Service) -> None:
    assert small_service.post_bytes(b'{"topic": "shop"}').status_code == 200


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=gbk",
    ],
)
def test_another_kind_of_body_is_refused(small_service: Service, kind: str) -> None:
    answer = small_service.post_bytes(b'{"topic": "shop"}', content_type=kind)

    assert (answer.status_code, answer.json()["type"]) == (415, "/problems/unsupported-media-type")


def test_a_compressed_body_is_refused(small_service: Service) -> None:
    assert small_service.post_bytes(b"x", content_encoding="gzip").status_code == 415


# ---- links ---------------------------------------------------------------------------------------------


def test_a_single_fact_given_twice_is_a_fault(small_service: Service) -> None:
    assert faults_of_link(small_service, "topic=shop&area_m2=1&area_m2=2") == [("/facts/area_m2", "duplicate")]


@pytest.mark.parametrize("name", ["topic", "as_of", "lang", "release"])
def test_a_reserved_name_given_twice_is_a_fault(small_service: Service, name: str) -> None:
    query = f"topic=shop&{name}=a&{name}=a" if name != "topic" else "topic=shop&topic=shop"

    assert (f"/{name}", "duplicate") in faults_of_link(small_service, query)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("area_m2=large", ("/facts/area_m2", "wrong_type")),
        ("area_m2=", ("/facts/area_m2", "wrong_type")),
        ("area_m2=1e3", ("/facts/area_m2", "wrong_type")),
        ("open_by_night=True", ("/facts/open_by_night", "wrong_type")),
        ("open_by_night=1", ("/facts/open_by_night", "wrong_type")),
        ("goods=beer", ("/facts/goods", "not_allowed")),
        ("district=north", ("/facts/district", "not_allowed")),
        ("facts=1", ("/facts/facts", "unknown_fact")),
        ("colour=red", ("/facts/colour", "unknown_fact")),
    ],
)
def test_faulty_facts_of_a_link_are_told(small_service: Service, query: str, expected: tuple[str, str]) -> None:
    assert faults_of_link(small_service, f"topic=shop&{query}") == [expected]


@pytest.mark.parametrize("query", ["topic=%ff", "topic=shop&%c3%28=1", "topic=shop&district=%E4%B8"])
def test_a_link_that_is_no_utf8_is_refused(small_service: Service, query: str) -> None:
    assert [code for _, code in faults_of_link(small_service, query)] == ["malformed"]


@pytest.mark.parametrize("query", ["topic=shop&a%00b=1", "topic=%0d%0aX-Evil:1", "%", "&&&", "=", "topic=shop&=1"])
def test_rubbish_in_a_link_is_told_as_a_fault(small_service: Service, query: str) -> None:
    answer = small_service.get(f"/v1/evaluate?{query}")

    assert answer.status_code in (404, 422)
    assert "x-evil" not in answer.headers


def test_an_endless_link_is_refused(small_service: Service) -> None:
    answer = small_service.get("/v1/evaluate?topic=shop" + "&goods=tea" * 5_000)

    assert [one["code"] for one in answer.json()["errors"]] == ["above_maximum"]
