"""A guide read in full: names, titles and sources that it leaves to the rulebook, in new guides and in older ones."""

from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from app.evaluation import EvaluateRequest, Evaluator, in_full, limit_sources
from app.rulebook import Rulebook
from tests.evaluation.real import asked
from tests.evaluation.real import rulebook as real_rulebook
from tests.support.make_rulebook import TOPIC, make_rulebook

DAY: Final = date(2022, 3, 1)
FACTS: Final = {"goods": ["tea"], "open_by_night": False, "area_m2": 50, "fits_out": False, "district": "east"}
#: Such a guide as the software kept it before names, titles and sources were left to the rulebook.
OLDER: Final = Path(__file__).parents[1] / "guides" / "older" / "guide.json"


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return make_rulebook(tmp_path_factory.mktemp("reading"))


@pytest.fixture(scope="module")
def body(rulebook: Rulebook) -> bytes:
    """The guide of one scenario, as it is sent."""
    return Evaluator(rulebook).evaluate(EvaluateRequest(TOPIC, FACTS, DAY, "zh-CN"), DAY).body


@pytest.fixture(scope="module")
def older() -> dict[str, Any]:
    """The same guide as older software kept it, some of its names being others then."""
    found: dict[str, Any] = orjson.loads(OLDER.read_bytes())
    return found


def procedures(guide: Any) -> list[Any]:
    """All there are."""
    return list(guide["procedures"])


def licence(guide: Any) -> Any:
    """The one procedure there is."""
    [item] = guide["procedures"]
    return item


def short_sources(guide: Any) -> list[Any]:
    """All sources that are cited in short."""
    extras = [*guide["entitlements"], *guide["obligations"], *guide["notes"]]
    conditions = [one for item in procedures(guide) for one in item["conditions"]]
    citing = [*guide["definition_details"], *conditions, *extras, *guide["path"]["benchmarks"]]
    return [source for item in citing for source in item["basis"]]


def test_answers_get_their_names_and_say_what_was_assumed(body: bytes, rulebook: Rulebook) -> None:
    told = in_full(orjson.loads(body), rulebook)["answers"]

    assert {"fact": "area_m2", "name": "面积", "answer": "50平方米", "assumed": False} in told
    assert [one["fact"] for one in told if one["assumed"]] == ["choose_commitment"]


def test_rules_get_their_titles_and_the_treatment_that_goes_without_saying(body: bytes, rulebook: Rulebook) -> None:
    [sent] = licence(orjson.loads(body))["because"]
    [told] = licence(in_full(orjson.loads(body), rulebook))["because"]

    assert sent.keys() == {"rule", "conditions"}
    assert (told["title"], told["treatment"], told["certain"]) == ("小店告知承诺", "commitment", True)
    assert told["conditions"] == sent["conditions"]


def test_answers_are_said_again_in_the_order_of_the_topic(body: bytes, rulebook: Rulebook) -> None:
    sent = orjson.loads(body)

    told = in_full(sent, rulebook)["answers"]

    assert "answers" not in sent
    assert [(one["fact"], one["answer"]) for one in told] == [
        ("open_by_night", "否"),
        ("goods", "茶"),
        ("area_m2", "50平方米"),
        ("fits_out", "否"),
        ("choose_commitment", "是"),
        ("district", "东区"),
    ]


def test_an_answer_that_the_rulebook_does_not_take_any_more_is_told_as_it_was_sent(
    body: bytes, rulebook: Rulebook
) -> None:
    guide = orjson.loads(body)
    facts = {**guide["facts"], "goods": ["opium"], "district": "atlantis", "aside": 3}

    told = {one["fact"]: one["answer"] for one in in_full({**guide, "facts": facts}, rulebook)["answers"]}

    assert (told["goods"], told["district"], told["aside"]) == ("opium", "atlantis", "3")


def test_what_if_is_read_with_what_was_asked(body: bytes, rulebook: Rulebook) -> None:
    sent = licence(orjson.loads(body))["what_if"]
    told = licence(in_full(orjson.loads(body), rulebook))["what_if"]

    assert [one["text"] for one in sent] == ["是", "达到100平方米", "否"]
    assert [one["text"] for one in told] == ["夜里开门", "面积达到100平方米", "不走告知承诺"]


def test_documents_without_a_number_get_their_titles_wherever_they_are_cited() -> None:
    sent = [cited for one in asked()[::3] for cited in short_sources(one.answer.guide)]
    told = [cited for one in asked()[::3] for cited in short_sources(in_full(one.answer.guide, real_rulebook()))]

    without = [source for source in told if source["document_number"] is None]
    assert len(without) > 100
    assert all(source["title"] for source in without)
    assert not any("title" in source for source in sent)


def test_standing_notes_of_procedures_are_read_in_the_catalogue() -> None:
    told = [item for one in asked()[::3] for item in procedures(in_full(one.answer.guide, real_rulebook()))]

    noted = {item["code"] for item in told if item.get("notes")}
    assert len(noted) > 10
    assert noted == {item["code"] for item in told if real_rulebook().procedures[item["code"]].notes}


def test_figures_get_their_sources_with_their_words(body: bytes, rulebook: Rulebook) -> None:
    item = licence(in_full(orjson.loads(body), rulebook))

    [source] = limit_sources(item)
    assert (item["time_limit"]["applicable"]["from"], item["time_limit"]["promised"]) == ("rule", None)
    assert (source["document_number"], source["cite"], source["summary"]) == ("第1号", "第一条", "开店要许可")


def test_the_sources_of_details_stand_with_their_rule_and_are_read_among_the_others() -> None:
    sent = [item for one in asked()[::3] for item in procedures(one.answer.guide)]
    told = [item for one in asked()[::3] for item in procedures(in_full(one.answer.guide, real_rulebook()))]

    details = [{source for rule in item["because"] for source in rule.get("sources", ())} for item in sent]
    read = [{f"{source['policy']}#{source['clause']}" for source in item["basis"]} for item in told]
    assert any(details)
    assert all(some <= every for some, every in zip(details, read, strict=True))


def test_the_guide_itself_stays_as_it_was_sent(body: bytes, rulebook: Rulebook) -> None:
    guide = orjson.loads(body)

    in_full(guide, rulebook)

    assert guide == orjson.loads(body)


def test_an_older_guide_keeps_the_words_it_was_told_in(older: dict[str, Any], rulebook: Rulebook) -> None:
    told = in_full(older, rulebook)

    assert told["answers"] == older["answers"]
    assert licence(told)["because"] == licence(older)["because"]
    assert licence(told)["what_if"] == licence(older)["what_if"]
    assert licence(told)["time_limit"]["statutory"] == licence(older)["time_limit"]["statutory"]


def test_an_older_and_a_new_guide_of_one_scenario_read_alike(
    older: dict[str, Any], body: bytes, rulebook: Rulebook
) -> None:
    new = licence(in_full(orjson.loads(body), rulebook))

    assert licence(in_full(older, rulebook)).keys() - new.keys() == {"authority_code"}
    assert new.keys() <= licence(in_full(older, rulebook)).keys()
    assert licence(in_full(older, rulebook))["basis"] == new["basis"]


def test_what_the_rulebook_no_longer_knows_is_called_by_its_code(body: bytes, rulebook: Rulebook) -> None:
    renamed = body.replace(b'"commitment_for_small"', b'"retired_rule"').replace(b"law#1", b"gone#1")
    renamed = renamed.replace(b'"area_m2"', b'"retired_fact"').replace(b'"code":"licence"', b'"code":"retired"')

    told = in_full(orjson.loads(renamed), rulebook)

    [source] = limit_sources(licence(told))
    assert (licence(told)["because"][0]["title"], licence(told)["summary"]) == ("retired_rule", None)
    assert (source["title"], source["cite"], source["verification"]) == ("gone", "1", None)
    assert "retired_fact" in [one["name"] for one in told["answers"]]


def test_a_topic_that_is_gone_still_has_the_names_of_its_facts(body: bytes, rulebook: Rulebook) -> None:
    guide = {**orjson.loads(body), "topic": {"code": "gone", "name": "没有了"}}

    assert "面积" in [one["name"] for one in in_full(guide, rulebook)["answers"]]


def test_every_figure_of_the_real_topics_leads_to_its_sources() -> None:
    guides = [in_full(one.answer.guide, real_rulebook()) for one in asked()[::9]]

    items = [item for guide in guides for item in guide["procedures"] if item["time_limit"]["applicable"]]
    assert len(items) > 20
    assert all(limit_sources(item) for item in items)
    assert all(source["verification"] for item in items for source in limit_sources(item))
