"""The use case: what a request may name, what is kept ready, and that threads may share it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from app.errors import AsOfOutOfRange, InvalidFact, InvalidRequest, UnknownRelease, UnknownTopic
from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import Rulebook
from tests.support.make_rulebook import TOPIC, make_rulebook

TODAY = date(2026, 11, 22)
FACTS: Mapping[str, object] = {"open_by_night": False, "goods": ["tea"], "area_m2": 50}
REQUEST = EvaluateRequest(TOPIC, FACTS, date(2022, 3, 1), "zh-CN")


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return make_rulebook(tmp_path_factory.mktemp("service"))


@pytest.fixture
def evaluator(rulebook: Rulebook) -> Evaluator:
    return Evaluator(rulebook, cache_entries=4)


def test_without_a_day_today_is_taken(evaluator: Evaluator) -> None:
    answer = evaluator.evaluate(replace(REQUEST, as_of=None), TODAY)

    assert answer.as_of == TODAY
    assert answer.guide["as_of"] == "2026-11-22"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"topic": "open_shop"}, UnknownTopic),
        ({"topic": ""}, UnknownTopic),
        ({"release": "files-00000000"}, UnknownRelease),
        ({"lang": "fr"}, InvalidRequest),
        ({"as_of": date(2018, 12, 31)}, AsOfOutOfRange),
        ({"facts": {"nobody": 1}}, InvalidFact),
    ],
)
def test_what_cannot_be_answered_is_refused(
    evaluator: Evaluator, changes: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        evaluator.evaluate(replace(REQUEST, **changes), TODAY)


def test_the_first_day_covered_is_answered(evaluator: Evaluator) -> None:
    assert evaluator.evaluate(replace(REQUEST, as_of=date(2019, 1, 1)), TODAY).as_of == date(2019, 1, 1)


def test_a_release_is_named_by_version_or_hash(evaluator: Evaluator, rulebook: Rulebook) -> None:
    bodies = {
        evaluator.evaluate(replace(REQUEST, release=name), TODAY).body
        for name in (None, rulebook.version, rulebook.content_hash)
    }

    assert len(bodies) == 1


def test_an_answer_is_fixed_when_day_release_and_language_were_given(evaluator: Evaluator, rulebook: Rulebook) -> None:
    whole = replace(REQUEST, release=rulebook.version)

    assert evaluator.evaluate(whole, TODAY).is_fixed
    assert not evaluator.evaluate(replace(whole, release=None), TODAY).is_fixed
    assert not evaluator.evaluate(replace(whole, as_of=None), TODAY).is_fixed
    assert not evaluator.evaluate(replace(whole, lang_is_given=False), TODAY).is_fixed


def test_equal_scenarios_share_their_bytes_however_they_are_written(evaluator: Evaluator) -> None:
    other = {"area_m2": 50.0, "goods": ["tea", "tea"], "fits_out": None, "open_by_night": False}

    assert evaluator.evaluate(replace(REQUEST, facts=other), TODAY).body == evaluator.evaluate(REQUEST, TODAY).body


def test_a_guide_is_at_hand_once_it_was_given_whatever_the_numbers_are(evaluator: Evaluator) -> None:
    asked = evaluator.asked(REQUEST, TODAY)
    like_it = evaluator.asked(replace(REQUEST, facts={**FACTS, "area_m2": 51}), TODAY)
    beyond_a_bound = evaluator.asked(replace(REQUEST, facts={**FACTS, "area_m2": 5000}), TODAY)
    before = evaluator.answer_at_hand(asked)

    given = evaluator.answer(asked)

    assert before is None
    assert evaluator.answer_at_hand(asked) == given
    assert evaluator.answer_at_hand(like_it) == evaluator.answer(like_it)
    assert evaluator.answer_at_hand(beyond_a_bound) is None


def test_only_so_many_guides_are_kept(evaluator: Evaluator) -> None:
    asked = evaluator.asked(REQUEST, TODAY)
    first = evaluator.answer(asked)
    for offset in range(1, 5):
        evaluator.evaluate(replace(REQUEST, as_of=date(2022, 3, 1) + timedelta(days=offset)), TODAY)

    assert evaluator.answer_at_hand(asked) is None
    assert evaluator.answer(asked) == first


def test_no_cache_is_possible(rulebook: Rulebook) -> None:
    without = Evaluator(rulebook, cache_entries=0)
    asked = without.asked(REQUEST, TODAY)

    one, other = without.answer(asked), without.answer(asked)

    assert one == other
    assert without.answer_at_hand(asked) is None


def test_the_tag_follows_the_body(evaluator: Evaluator) -> None:
    one, same, other = (evaluator.evaluate(replace(REQUEST, lang=lang), TODAY) for lang in ("zh-CN", "zh-CN", "en"))

    assert one.etag == same.etag != other.etag
    assert one.etag.startswith('"')
    assert one.etag.endswith('"')


def test_threads_get_the_same_answers_as_one(rulebook: Rulebook) -> None:
    asked = [
        replace(REQUEST, facts={**FACTS, "area_m2": area}, lang=lang, as_of=date(2020, 12, 1) + timedelta(days=area))
        for area in range(1, 200, 8)
        for lang in ("zh-CN", "en")
    ]
    alone = Evaluator(rulebook, cache_entries=0)
    shared = Evaluator(rulebook, cache_entries=8)

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda request: shared.evaluate(request, TODAY).body, asked))

    assert together == [alone.evaluate(request, TODAY).body for request in asked]


def test_texts_are_read_by_the_topics_facts(evaluator: Evaluator) -> None:
    given = evaluator.facts_from_text(TOPIC, [("area_m2", "50"), ("goods", "tea,wine"), ("open_by_night", "false")])

    answer = evaluator.evaluate(replace(REQUEST, facts=given), TODAY)

    assert answer.guide["facts"] == {"open_by_night": False, "goods": ["tea", "wine"], "area_m2": 50}
