"""The hotline search over the rulebook of this repository: everyday words lead where they should."""

from pathlib import Path

import pytest

from app.rulebook import Rulebook, load
from app.search import SearchIndex

#: What callers say, and what they should be shown first; written before the search was tried on it.
SAID = [
    ("我想开个药店", "open_pharmacy"),
    ("只卖乙类非处方药的小店怎么办手续", "open_pharmacy"),
    ("便利店里摆个药品柜台", "open_pharmacy"),
    ("how do I open a pharmacy", "open_pharmacy"),
    ("开饭馆要办什么证", "food_business"),
    ("只卖袋装零食还要不要许可证", "food_business"),
    ("I want to sell prepackaged food", "food_business"),
    ("食品经营许可怎么办", "food_business"),
    ("我想开个中医诊所", "open_clinic"),
    ("盖个小厂房要走哪些审批", "build_project"),
]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    """The rulebook of this repository."""
    return load(Path(__file__).parents[2] / "rules")


@pytest.fixture(scope="module")
def index(rulebook: Rulebook) -> SearchIndex:
    """The search over it."""
    return SearchIndex(rulebook)


@pytest.mark.parametrize(("said", "topic"), SAID)
def test_what_callers_say_leads_to_the_topic(index: SearchIndex, said: str, topic: str) -> None:
    best = index.search(said, 3, "zh-CN")[1]

    assert best[0].topic == topic


def test_a_topics_own_words_lead_to_it(rulebook: Rulebook, index: SearchIndex) -> None:
    astray = [
        phrase
        for book in rulebook.topics.values()
        for phrase in book.words.topic
        if book.code not in {one.topic for one in index.search(phrase, 3, "zh-CN")[1]}
    ]

    assert astray == []


def test_a_procedures_own_words_lead_to_it(rulebook: Rulebook, index: SearchIndex) -> None:
    astray = [
        f"{phrase} should lead to {code}"
        for book in rulebook.topics.values()
        for code, phrases in book.words.procedures.items()
        for phrase in phrases
        if code not in {one.code for one in index.search(phrase, 5, "zh-CN")[1]}
    ]

    assert astray == []


def test_every_topic_and_procedure_is_found_by_its_name(rulebook: Rulebook, index: SearchIndex) -> None:
    named = {code: book.entry.name for code, book in rulebook.topics.items()}
    named |= {str(code): procedure.name for code, procedure in rulebook.procedures.items()}

    astray = [
        code
        for code, name in named.items()
        for words in (name.zh, name.en)
        if code not in {one.code for one in index.search(words, 3, "en")[1]}
    ]

    assert astray == []


def test_snippets_are_short_and_hold_what_was_found(index: SearchIndex) -> None:
    hits = index.search("消防安全检查", 50, "zh-CN")[1]

    assert all(0 < len(one.snippet) <= 62 for one in hits)
