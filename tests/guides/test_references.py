"""References: every slip of one character and every exchange of two is caught by the check digit."""

import doctest
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app.guides.references
import app.guides.requests
from app.errors import UnknownReference
from app.guides import Reference, new_reference, read_reference, spoken_groups
from app.guides.references import ALPHABET, LENGTH, check_digit

references = st.text(alphabet=ALPHABET, min_size=LENGTH - 1, max_size=LENGTH - 1).map(
    lambda drawn: Reference(drawn + check_digit(drawn))
)


def _sum(reference: str) -> int:
    return sum(position * ALPHABET.index(symbol) for position, symbol in enumerate(reference, start=1))


def test_the_alphabet_has_29_symbols_and_none_that_is_misread() -> None:
    assert len(set(ALPHABET)) == len(ALPHABET) == 29
    assert not set("01BIOSZ") & set(ALPHABET)


def test_drawn_references_are_sound_and_differ() -> None:
    drawn = {new_reference() for _ in range(500)}

    assert len(drawn) == 500
    assert {(len(reference), _sum(reference) % 29) for reference in drawn} == {(10, 0)}


@given(references)
def test_case_spaces_and_hyphens_do_not_count(reference: Reference) -> None:
    shown = spoken_groups(reference)
    fullwidth = "".join(chr(ord(symbol) + 0xFEE0) for symbol in reference)

    assert [len(group) for group in shown.split("-")] == [3, 3, 4]
    dashes = [shown.replace("-", dash) for dash in "—–‑－\N{MINUS SIGN}"]  # all that keyboards give
    for said in (shown, shown.lower(), f" {reference} ", " ".join(reference), *dashes, fullwidth):
        assert read_reference(said) == reference


@given(references, st.integers(0, LENGTH - 1), st.sampled_from(ALPHABET))
def test_every_wrong_character_is_caught(reference: Reference, place: int, symbol: str) -> None:
    wrong = reference[:place] + symbol + reference[place + 1 :]

    if wrong != reference:
        with pytest.raises(UnknownReference) as caught:
            read_reference(wrong)
        assert caught.value.params["misread"] is True


@given(references, st.integers(0, LENGTH - 1), st.integers(0, LENGTH - 1))
def test_every_exchange_of_two_is_caught(reference: Reference, one: int, other: int) -> None:
    symbols = list(reference)
    symbols[one], symbols[other] = symbols[other], symbols[one]

    if symbols != list(reference):
        with pytest.raises(UnknownReference):
            read_reference("".join(symbols))


@pytest.mark.parametrize(
    "said", ["", "ABC", "ACDEFGHJKMM", "ACD-EFG-HJK0", "药店药店药店药店药店", "\x00" * 10, "A" * 10_000]
)
def test_what_is_no_reference_at_all_was_misread(said: str) -> None:
    with pytest.raises(UnknownReference) as caught:
        read_reference(said)

    assert caught.value.params["misread"] is True
    assert len(str(caught.value.params["reference"])) <= 40


@pytest.mark.parametrize("module", [app.guides.references, app.guides.requests])
def test_examples_in_docstrings_hold(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_the_alphabet_is_the_one_that_was_agreed() -> None:
    """Another order would make every reference given out before unreadable."""
    assert ALPHABET == "2346789ACDEFGHJKLMNPQRTUVWXY5"
    assert (check_digit("ACDEFGHJK"), read_reference("222-222-2222")) == ("M", "2222222222")
