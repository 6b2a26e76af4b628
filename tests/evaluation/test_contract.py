"""The guide as the contract fixes it, over generated scenarios of every real topic in both languages."""

import gzip
import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson
import pytest

from app.engine import Treatment, Verification
from app.evaluation import Evaluator
from app.wording import NOT_REQUIRED
from tests.evaluation.real import TODAY, Asked, asked, evaluator, requests, rulebook
from tests.evaluation.shape import ORDER, entries, missing_keys

HAN = re.compile(r"[\u3400-\u9fff]")
#: Fields that may hold Chinese in an English guide: quotations, and where and how documents are found.
CHINESE_FIELDS = frozenset({"quote", "cite", "title", "document_number", "url"})
DOCUMENT_NUMBER = re.compile(r"[\u3400-\u9fff]+〔\d{4}〕(第)?\d+号")
BRACKETED = re.compile(r"\([^()]*\)|（[^（）]*）|《[^《》]*》|“[^“”]*”|\"[^\"]*\"|「[^「」]*」")
#: A guide with everything open holds every possibility with its sources, and weighs more than the contract's size.
MOST_BYTES_OPEN, MOST_COMPRESSED_OPEN = 448 * 1024, 64 * 1024


@pytest.fixture(params=sorted(rulebook().topics))
def guides(request: pytest.FixtureRequest) -> list[Asked]:
    """The topic's guides."""
    return [one for one in asked() if one.topic == request.param]


def strings(node: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text in the guide with the name of its field."""
    if isinstance(node, str):
        yield field, node
    elif isinstance(node, Mapping):
        for key, value in node.items():
            yield from strings(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value, field)


def without_brackets(text: str) -> str:
    text = DOCUMENT_NUMBER.sub("", text)
    while BRACKETED.search(text):
        text = BRACKETED.sub("", text)
    return text


def procedures(one: Asked) -> list[Mapping[str, Any]]:
    return list(entries(one.answer.guide, "procedures[]"))


def test_every_key_of_the_contract_is_always_there(guides: list[Asked]) -> None:
    assert {str(one): missing for one in guides if (missing := missing_keys(one.answer.guide))} == {}


def test_keys_stand_in_the_contracts_order(guides: list[Asked]) -> None:
    for one in guides:
        assert [key for key in one.answer.guide if key in ORDER] == ORDER, one


def test_english_guides_hold_chinese_only_where_it_belongs(guides: list[Asked]) -> None:
    stray = {
        f"{field}: {text}"
        for one in guides
        if one.lang == "en"
        for field, text in strings(one.answer.guide)
        if field not in CHINESE_FIELDS and HAN.search(without_brackets(text))
    }

    assert stray == set()


def test_no_text_is_unfinished(guides: list[Asked]) -> None:
    unfinished = re.compile(r"\{\w*\}|\bNone\b|Decimal\(|frozenset")

    assert {text for one in guides for _, text in strings(one.answer.guide) if unfinished.search(text)} == set()


def test_an_open_guide_stays_within_its_size(guides: list[Asked]) -> None:
    for one in guides:
        raw, packed = len(one.answer.body), len(gzip.compress(one.answer.body, 8))

        assert raw < MOST_BYTES_OPEN, (str(one), raw)
        assert packed < MOST_COMPRESSED_OPEN, (str(one), packed)


def test_decided_means_one_treatment(guides: list[Asked]) -> None:
    for one in guides:
        for item in procedures(one):
            single = len(item["possible_treatments"]) == 1
            assert item["decided"] == (item["treatment"] is not None), (str(one), item["code"])
            assert not item["decided"] or single, (str(one), item["code"])
            assert item["decided"] == (item["depends_on_facts"] == []), (str(one), item["code"])
            assert item["required"] is not False
            assert (item["required"] is None) == (NOT_REQUIRED in item["possible_treatments"])


def test_every_outcome_names_its_source(guides: list[Asked]) -> None:
    for one in guides:
        for item in procedures(one):
            assert item["basis"], (str(one), item["code"])
            for source in item["basis"]:
                assert (source["quote"] is None) != (source["summary"] is None), (str(one), source)
            for rule in item["because"]:
                assert rule["rule"] in item["rules"]


def test_quotes_are_the_plans_own_words(guides: list[Asked]) -> None:
    texts = {code: re.sub(r"\s", "", book.text or "") for code, book in rulebook().policies.items()}
    for one in guides:
        for source in entries(one.answer.guide, "procedures[].basis[]"):
            if source["quote"] is not None:
                assert re.sub(r"\s", "", str(source["quote"])) in texts[str(source["policy"])]


def test_a_decided_way_shows_the_verification_of_a_source(guides: list[Asked]) -> None:
    for one in guides:
        for item in procedures(one):
            known = item["verification"] in set(Verification)
            assert known == item["decided"], (str(one), item["code"])
            assert (item["legal_force"] is not None) == item["decided"]


def test_voluntary_ways_name_what_applies_otherwise(guides: list[Asked]) -> None:
    for one in guides:
        for item in procedures(one):
            if item["fallback"] is not None:
                assert item["fallback"] in {*Treatment, NOT_REQUIRED}
                assert (
                    item["voluntary"] in one.answer.guide["assumed"] or item["voluntary"] in one.answer.guide["facts"]
                )  # type: ignore[operator]


def test_merged_procedures_are_in_no_step_of_their_own(guides: list[Asked]) -> None:
    for one in guides:
        merged = {item["code"] for item in procedures(one) if item["treatment"] == "merged"}
        for step in entries(one.answer.guide, "path.steps[]"):
            assert step["procedures"][0] not in merged, (str(one), step)  # type: ignore[index]


def test_the_spoken_answer_can_be_read_aloud(guides: list[Asked]) -> None:
    for one in guides:
        answer = str(one.answer.guide["answer"])
        assert 8 < len(answer) < 900, (str(one), answer)
        assert answer[-1] in "。？！.?!", (str(one), answer)
        assert "。。" not in answer
        assert ".." not in answer


def test_same_request_gives_the_same_bytes_without_the_cache() -> None:
    again = Evaluator(rulebook(), cache_entries=0)

    for (request, _), one in zip(list(requests())[::7], asked()[::7], strict=True):
        answer = again.evaluate(request, TODAY)
        assert (answer.body, answer.etag) == (one.answer.body, one.answer.etag), str(one)


def test_the_body_is_the_guide() -> None:
    for one in asked()[::11]:
        assert orjson.loads(one.answer.body) == one.answer.guide


def test_both_languages_decide_alike() -> None:
    for request, _ in list(requests())[::5]:
        guides = [
            evaluator().evaluate(type(request)(request.topic, request.facts, request.as_of, lang), TODAY).guide
            for lang in ("zh-CN", "en")
        ]
        decided = [
            [(item["code"], item["treatment"], item["rules"]) for item in entries(guide, "procedures[]")]
            for guide in guides
        ]
        assert decided[0] == decided[1]
        assert guides[0]["status"] == guides[1]["status"]
