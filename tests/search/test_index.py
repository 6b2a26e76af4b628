"""The hotline search over the small rulebook: what is found, in which order, and how it is shown."""

import doctest
import importlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rulebook import Rulebook
from app.search import Found, SearchIndex
from tests.support.asking import small_rulebook

__all__ = ["small_rulebook"]


@pytest.fixture(scope="module")
def index(small_rulebook: Rulebook) -> SearchIndex:
    """The search over the small rulebook."""
    return SearchIndex(small_rulebook)


def found(index: SearchIndex, query: str, limit: int = 10) -> list[str]:
    """Kind and code of what is found, best first."""
    return [f"{one.kind} {one.code}" for one in index.search(query, limit, "zh-CN")[1]]


def best(index: SearchIndex, query: str) -> Found:
    """The best of what is found."""
    return index.search(query, 1, "zh-CN")[1][0]


@pytest.mark.parametrize("query", ["我要开小店", "开店", "想开店怎么办", "open a shop", "OPEN A SHOP!", "开 店"])
def test_a_topic_is_found_by_its_name_and_everyday_words(index: SearchIndex, query: str) -> None:
    assert found(index, query)[:1] == ["topic shop"]


@pytest.mark.parametrize("query", ["小店许可", "许可证", "Small shop licence", "small shop licences"])
def test_a_procedure_is_found_by_its_name_and_everyday_words(index: SearchIndex, query: str) -> None:
    assert found(index, query)[:1] == ["procedure licence"]


def test_a_rule_is_found_by_its_title(index: SearchIndex) -> None:
    assert found(index, "夜里开的免办")[:1] == ["rule waived_by_night"]


def test_a_clause_is_found_by_its_words(index: SearchIndex) -> None:
    assert "clause plan#1.b" in found(index, "探索更多办法")


def test_a_clause_belongs_to_the_topic_that_rests_on_it(index: SearchIndex) -> None:
    hits = {one.code: one.topic for one in index.search("小店", 50, "zh-CN")[1]}

    assert hits["plan#1.a"] == "shop"


def test_answers_of_a_topic_lead_to_it(index: SearchIndex) -> None:
    assert found(index, "卖茶叶")[:1] == ["topic shop"]


def test_all_that_is_found_is_counted_and_the_limit_kept(index: SearchIndex) -> None:
    total, hits = index.search("许可", 1, "zh-CN")

    assert len(hits) == 1 < total


def test_scores_fall(index: SearchIndex) -> None:
    scores = [one.score for one in index.search("小店许可", 50, "zh-CN")[1]]

    assert scores == sorted(scores, reverse=True)
    assert scores[-1] > 0


def test_matched_words_stand_as_the_caller_wrote_them(index: SearchIndex) -> None:
    assert best(index, "请问怎么开小店").matched == ("开小店",)


def test_words_and_snippet_are_in_the_language_asked_for(index: SearchIndex) -> None:
    (english,) = index.search("开小店", 1, "en")[1]

    assert (english.title, english.snippet) == ("Open a small shop", "Opening a small shop")


@pytest.mark.parametrize("name", ["index", "snippets", "terms"])
def test_examples_of_the_docstrings_are_true(name: str) -> None:
    assert doctest.testmod(importlib.import_module(f"app.search.{name}")).failed == 0


@pytest.mark.parametrize("query", ["zzz", "？！", "  ", "的", "の", "🎉", "the of and"])
def test_what_means_nothing_finds_nothing(index: SearchIndex, query: str) -> None:
    assert index.search(query, 10, "zh-CN") == (0, ())


def test_a_single_character_finds_what_holds_it(index: SearchIndex) -> None:
    assert found(index, "茶") != []


def test_full_width_letters_are_letters(index: SearchIndex) -> None:
    assert found(index, "ｏｐｅｎ　ｓｈｏｐ")[:1] == ["topic shop"]


@given(st.text(max_size=60))
def test_any_query_is_answered(index: SearchIndex, query: str) -> None:
    total, hits = index.search(query, 5, "en")

    assert len(hits) == min(total, 5)
    assert all(one.score > 0 and one.matched for one in hits)


def test_the_same_query_gives_the_same_list(small_rulebook: Rulebook, index: SearchIndex) -> None:
    assert SearchIndex(small_rulebook).search("小店许可", 50, "en") == index.search("小店许可", 50, "en")
