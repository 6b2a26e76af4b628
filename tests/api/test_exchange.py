"""Small parts of an exchange: languages, codings, tags, queries, bodies, recent answers."""

import doctest
import importlib
import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.types import Message, Scope

from app.api import parts
from app.api.bodies import read_body, read_json
from app.api.exchange import Prepared, coding_for, headers_of, matches
from app.api.recent import Recent
from app.errors import AppError, InvalidRequest
from app.evaluation import read_query
from app.wording import preferred_language

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("EN-us", "en"),
        ("zh-TW", "zh-CN"),
        ("fr", "zh-CN"),
        ("*", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=0.4, zh;q=0.5", "zh-CN"),
        ("zh;q=0.4, en;q=0.5", "en"),
        ("en, zh", "en"),
        ("en;q=nan, zh;q=0.1", "zh-CN"),
        ("en;q=2", "zh-CN"),
        (";;,,=", "zh-CN"),
        ("en;q=0.5;level=1", "zh-CN"),
    ],
)
def test_the_best_liked_language_is_taken(accepted: str, language: str) -> None:
    assert preferred_language(accepted) == language


@given(st.text())
def test_every_header_has_a_language(accepted: str) -> None:
    assert preferred_language(accepted) in ("zh-CN", "en")


@pytest.mark.parametrize(
    ("accepted", "taken"),
    [
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("BR", "br"),
        ("br, gzip;q=0.1", "br"),
        ("br;q=0.1, gzip", "gzip"),
        ("br;q=0, gzip;q=0.001", "gzip"),
        ("br;q=0.5, gzip;q=0.5", "br"),
        ("*", "gzip"),
        ("*;q=0", None),
        ("gzip;q=0", None),
        ("gzip;q=0.0, br", "br"),
        ("gzip; q=0, *", None),
        ("identity", None),
        ("gzipped", None),
        ("", None),
        ("gzip;q=", None),
        ("gzip;q=2", None),
        ("br;q=nan", None),
    ],
)
def test_a_coding_is_taken_where_it_is_welcome(accepted: str, taken: str | None) -> None:
    assert coding_for(accepted) == taken


@given(st.text())
def test_no_header_breaks_the_negotiation(header: str) -> None:
    assert coding_for(header) in ("br", "gzip", None)
    assert matches(header, '"tag"') in (True, False)


def test_a_small_body_is_never_compressed() -> None:
    prepared = Prepared.of(b"small")

    assert [prepared.sent_in(accepted)[2] for accepted in ("gzip", "br")] == [b"small", b"small"]


def test_different_bodies_have_different_tags() -> None:
    assert Prepared.of(b"a").tag != Prepared.of(b"b").tag


def test_headers_of_one_name_are_joined() -> None:
    scope: Scope = {"headers": [(b"accept", b"a"), (b"host", b"h"), (b"accept", b"b")]}

    assert headers_of(scope) == {b"accept": b"a, b", b"host": b"h"}


@pytest.mark.parametrize("name", ["app.wording.preference", "app.api.exchange", "app.evaluation.queries"])
def test_examples_of_the_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


# ---- queries and bodies ----------------------------------------------------------------------------------


def outcome(read: Callable[[bytes], object], raw: bytes) -> object:
    """What reading came to: that it was read, or the faults it was refused with."""
    try:
        read(raw)
    except InvalidRequest as error:
        return error.faults
    return "read"


@given(st.dictionaries(st.text(min_size=1), st.lists(st.text(), min_size=1, max_size=3), max_size=5))
def test_a_query_comes_back_as_it_was_written(fields: dict[str, list[str]]) -> None:
    try:
        raw = urlencode([(name, value) for name, values in fields.items() for value in values]).encode()
    except UnicodeEncodeError:
        return

    assert read_query(raw) == fields


@given(st.binary(max_size=200))
def test_any_query_is_read_or_refused(raw: bytes) -> None:
    assert outcome(read_query, raw)


@given(JSON_VALUES)
def test_json_comes_back_as_it_was_written(value: object) -> None:
    try:
        body = json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return

    assert read_json(body) == value


@given(st.binary(max_size=300))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    assert outcome(read_json, body)


def test_decimals_stay_exact() -> None:
    assert read_json(b'{"a": 0.1, "b": 1e3, "c": 2}') == {"a": Decimal("0.1"), "b": Decimal("1E+3"), "c": 2}


def chunks(*parts: bytes, gone: bool = False) -> Any:
    """A body that arrives in parts, its sender gone before the end if so wished."""
    waiting: list[Message] = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Message:
        return waiting.pop(0)

    return receive


def run(work: Any) -> Any:
    """What a coroutine returns that waits for nothing."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waits")


def test_a_body_in_pieces_is_put_together() -> None:
    assert run(read_body({"headers": []}, chunks(b"ab", b"", b"cd"), 10)) == b"abcd"


def test_a_body_is_refused_once_the_bound_is_passed() -> None:
    receive = chunks(b"a" * 6, b"b" * 6, b"never read")

    with pytest.raises(AppError, match="larger than 10"):
        run(read_body({"headers": []}, receive, 10))


def test_a_declared_length_over_the_bound_is_refused_unread() -> None:
    with pytest.raises(AppError, match="larger than 10"):
        run(read_body({"headers": [(b"content-length", b"11")]}, chunks(gone=True), 10))


def test_a_caller_who_goes_away_is_noticed() -> None:
    with pytest.raises(ClientDisconnect):
        run(read_body({"headers": []}, chunks(b"ab", gone=True), 10))


# ---- recent answers --------------------------------------------------------------------------------------


def test_the_answer_unused_longest_goes_first() -> None:
    recent = Recent(2, 1_000_000)
    recent.put("a", Prepared.of(b"a"))
    recent.put("b", Prepared.of(b"b"))
    recent.get("a")

    recent.put("c", Prepared.of(b"c"))

    assert [recent.get(key) is not None for key in "abc"] == [True, False, True]


def test_answers_are_bounded_by_their_bytes() -> None:
    recent = Recent(1_000, 100_000)

    for number in range(50):
        recent.put(number, Prepared.of(b"x" * 10_000))

    assert 0 < recent.held_bytes <= 100_000
    assert recent.get(49) is not None
    assert recent.get(0) is None


def test_an_answer_put_again_is_counted_once() -> None:
    recent = Recent(10, 100_000)

    recent.put("a", Prepared.of(b"x" * 1_000))
    held = recent.held_bytes
    recent.put("a", Prepared.of(b"y" * 1_000))

    assert (recent.held_bytes, len(recent)) == (held, 1)


def test_without_entries_nothing_is_kept() -> None:
    recent = Recent(0, 100_000)

    recent.put("a", Prepared.of(b"a"))

    assert recent.get("a") is None


def test_where_asked_for_answers_are_kept_from_the_second_time_on() -> None:
    recent = Recent(10, 100_000, from_second_time=True)

    recent.put("a", Prepared.of(b"a"))
    recent.put("b", Prepared.of(b"b"))
    recent.put("a", Prepared.of(b"a"))

    assert [recent.get(key) is not None for key in "ab"] == [True, False]


def test_an_answer_kept_and_put_again_stays() -> None:
    recent = Recent(10, 100_000, from_second_time=True)
    for _ in range(3):
        recent.put("a", Prepared.of(b"a"))

    assert recent.get("a") is not None


def test_only_so_many_are_remembered_to_have_been_given_once() -> None:
    recent = Recent(2, 100_000, from_second_time=True)

    for key in "abca":
        recent.put(key, Prepared.of(b"a"))

    assert recent.get("a") is None


# ---- the day ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2024-02-29T15:59:59Z", "2024-02-29"),
        ("2024-02-29T16:00:00Z", "2024-03-01"),
        ("1970-01-01T00:00:00Z", "1970-01-01"),
        ("2026-12-31T16:00:00.5Z", "2027-01-01"),
    ],
)
def test_the_day_is_that_of_beijing(monkeypatch: pytest.MonkeyPatch, moment: str, day: str) -> None:
    monkeypatch.setattr(parts, "time", lambda: datetime.fromisoformat(moment).timestamp())

    assert parts.today_in_china().isoformat() == day
