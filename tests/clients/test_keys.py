"""Keys: nobody guesses them, a misread one is told, and nothing of ours shows one."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients import KEY_PATTERN, Issued, Scope, read_scopes
from app.clients.keys import digest_of, new_key, read_presented
from app.errors import InvalidRequest


def test_a_key_has_256_random_bits_and_says_whose_it_is() -> None:
    asked: list[int] = []

    def draw(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    key = new_key(draw)

    assert asked == [5, 32]
    assert key.text == "apg_aaaqeaye_aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dypqjbqikmq"
    assert re.fullmatch(KEY_PATTERN, key.text)


def test_keys_drawn_differ() -> None:
    assert len({new_key().text for _ in range(100)}) == 100


def test_a_key_is_read_back_as_what_is_kept_of_it() -> None:
    key = new_key()
    presented = read_presented(key.text)

    assert presented is not None
    assert (presented.key_id, presented.digest) == (key.key_id, key.digest)
    assert key.digest == hashlib.sha256(b"approval-guide key 1\n" + key.text.encode()).digest()
    assert digest_of(key.text) != digest_of(new_key().text)


@given(place=st.integers(0, 71), letter=st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_one_wrong_character_is_no_key(place: int, letter: str) -> None:
    text = new_key(lambda count: b"\x5a" * count).text
    changed = text[:place] + letter + text[place + 1 :]

    assert (read_presented(changed) is None) == (changed != text)


@pytest.mark.parametrize("text", ["", "apg_", "x" * 72, "密钥", "apg_aaaqeaye_\x00", "APG_AAAQEAYE_A", " "])
def test_what_is_no_key_is_none(text: str) -> None:
    assert read_presented(text) is None


def test_a_key_stands_in_no_trace_of_the_records_that_carry_it() -> None:
    key = new_key()

    assert key.text not in repr(key)
    assert key.text not in repr(Issued(client=None, key_id=key.key_id, key=key.text))  # type: ignore[arg-type]


def test_scopes_are_read_with_commas_and_every_wrong_one_is_named() -> None:
    assert read_scopes(["batch, places", "batch"]) == {Scope.BATCH, Scope.PLACES}

    with pytest.raises(InvalidRequest) as caught:
        read_scopes(["rules:pubish", "batch", "all"])
    with pytest.raises(InvalidRequest, match="at least one"):
        read_scopes([" ,"])

    assert [fault.params["value"] for fault in caught.value.faults] == ["rules:pubish", "all"]
    assert "did you mean rules:publish?" in caught.value.faults[0].message
