"""The light form of a rulebook: the same law word by word, without what only a reader of its files wants to know."""

import pickle
from pathlib import Path
from typing import Final

import pytest

from app.rulebook import Rulebook, load
from app.rulebook.files.base import ALL_TIME
from app.rulebook.lean import as_lean_bytes, from_lean_bytes
from tests.support.plain_records import plain

SMALL: Final = Path(__file__).parents[1] / "support" / "small_rulebook"


@pytest.fixture(scope="module")
def loaded() -> Rulebook:
    return load(SMALL)


@pytest.fixture(scope="module")
def lean(loaded: Rulebook) -> Rulebook:
    made = from_lean_bytes(as_lean_bytes(loaded))
    assert isinstance(made, Rulebook)
    return made


def test_the_light_form_is_the_same_rulebook_in_every_value_and_every_place_of_an_entry(
    loaded: Rulebook, lean: Rulebook
) -> None:
    assert plain(lean) == plain(loaded)


def test_an_entry_of_the_light_form_is_told_at_its_own_line_whatever_is_asked_inside_it(
    loaded: Rulebook, lean: Rulebook
) -> None:
    (code, *_) = loaded.rules
    place = lean.rules[code].place

    assert repr(place.at("then", 0)) == repr(place) == repr(loaded.rules[code].place)
    assert place.mark.children is None


def test_entries_that_give_the_same_fields_share_one_set_of_names(lean: Rulebook) -> None:
    titles = [rule.title for rule in lean.rules.values()]

    assert len({id(title.model_fields_set) for title in titles}) < len(titles)


def test_what_an_entry_says_of_no_period_is_the_one_period_of_all_time(lean: Rulebook) -> None:
    periods = [citation.effective for rule in lean.rules.values() for citation in rule.basis]

    assert periods
    assert all(period is ALL_TIME for period in periods)


def test_a_copy_of_a_light_entry_leaves_the_others_names_alone(lean: Rulebook) -> None:
    fact = next(iter(lean.facts.values()))
    given = set(fact.model_fields_set)

    copied = fact.model_copy(update={"empty_allowed": True})

    assert fact.model_fields_set == given
    assert copied.model_fields_set == given | {"empty_allowed"}


def test_the_light_form_weighs_less_than_half(loaded: Rulebook) -> None:
    assert len(as_lean_bytes(loaded)) < len(pickle.dumps(loaded, pickle.HIGHEST_PROTOCOL)) / 2
