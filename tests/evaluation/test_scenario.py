"""Facts that do not fit: every fault in one answer, each with its pointer, said in both languages."""

from collections.abc import Mapping

import pytest

from app.engine import compile_topic
from app.errors import FaultCode, InvalidFact
from app.evaluation.scenario import Scenario, ScenarioReader
from app.rulebook import Rulebook
from app.wording import problem_text
from tests.support.make_rulebook import TOPIC, make_rulebook, rulebook_files

_TOPIC_FILE = f"topics/{TOPIC}/topic.yaml"
_OTHER = "topics/kiosk"


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook with a fact that this topic narrows, and one only another topic asks."""
    files = rulebook_files()
    files["shared/facts.yaml"] += """
  - code: shape
    type: choice
    name: {zh: 形式, en: shape}
    question: {zh: 哪种？, en: Which?}
    options:
      - {value: round, label: {zh: 圆, en: round}}
      - {value: square, label: {zh: 方, en: square}}
  - code: aside
    type: integer
    name: {zh: 别处的, en: asked elsewhere}
    question: {zh: 多少？, en: How many?}
"""
    files["shared/constraints.yaml"] += """
  - code: few_in_the_east
    says: {zh: 东区最多三个, en: the east has three at most}
    common_sense: true
    if: {fact: district, is: east}
    then: {fact: aside, at_most: 3}
"""
    files[_TOPIC_FILE] = files[_TOPIC_FILE].replace(
        "  - district\n", "  - district\n  - {use: shape, options: [round], elsewhere: {square: kiosk}}\n"
    )
    for name in ("topic", "procedures", "rules", "cases"):
        files[f"{_OTHER}/{name}.yaml"] = files[f"topics/{TOPIC}/{name}.yaml"]
    kiosk = files[f"{_OTHER}/topic.yaml"].replace("code: shop", "code: kiosk").replace("我要开小店", "我要摆亭子")
    kiosk = kiosk.replace("{use: shape, options: [round], elsewhere: {square: kiosk}}", "shape\n  - aside")
    files[f"{_OTHER}/topic.yaml"] = _without_own_facts(kiosk)
    files[f"{_OTHER}/procedures.yaml"] = "procedures: []\n"
    files[f"{_OTHER}/rules.yaml"] = "rules: []\n"
    files[f"{_OTHER}/cases.yaml"] = "cases: []\n"
    return make_rulebook(tmp_path_factory.mktemp("scenario"), files=files)


def _without_own_facts(topic: str) -> str:
    """The topic with facts named by code only: two topics cannot both write one."""
    start, end = topic.index("  - code: open_by_night"), topic.index("  - area_m2")
    return topic[:start] + topic[end:]


def read(rulebook: Rulebook, facts: Mapping[str, object], topic: str = TOPIC) -> Scenario:
    book = rulebook.topics[topic]
    shared = compile_topic(rulebook.shared_topic)
    return ScenarioReader(rulebook, book, compile_topic(book.topic), shared).read(facts)


def refused(rulebook: Rulebook, facts: Mapping[str, object]) -> InvalidFact:
    with pytest.raises(InvalidFact) as caught:
        read(rulebook, facts)
    return caught.value


def test_answers_come_in_the_topics_order(rulebook: Rulebook) -> None:
    scenario = read(rulebook, {"area_m2": 50, "goods": ["tea"], "open_by_night": True})

    assert list(scenario.answers) == ["open_by_night", "goods", "area_m2"]


def test_null_is_not_answered(rulebook: Rulebook) -> None:
    assert read(rulebook, {"area_m2": None, "goods": None}).answers == {}


def test_shared_facts_are_taken_by_every_topic(rulebook: Rulebook) -> None:
    scenario = read(rulebook, {"aside": 3})

    assert (scenario.answers, scenario.aside) == ({}, {"aside": 3})


def test_shared_facts_must_not_contradict_each_other_in_any_topic(rulebook: Rulebook) -> None:
    error = refused(rulebook, {"aside": 4, "district": "east"})

    assert [(fault.pointer, fault.code) for fault in error.faults] == [
        ("/facts/district", FaultCode.CONTRADICTION),
        ("/facts/aside", FaultCode.CONTRADICTION),
    ]
    assert "东区最多三个" in problem_text(error, "zh-CN").messages[0]


def test_all_faults_are_told_at_once(rulebook: Rulebook) -> None:
    error = refused(
        rulebook,
        {
            "aera_m2": 1,
            "open_by_night": "yes",
            "goods": ["tea", "milk"],
            "area_m2": -1,
            "shape": "square",
            "district": 3,
        },
    )

    assert [(fault.pointer, fault.code) for fault in error.faults] == [
        ("/facts/aera_m2", FaultCode.UNKNOWN_FACT),
        ("/facts/open_by_night", FaultCode.WRONG_TYPE),
        ("/facts/goods", FaultCode.NOT_ALLOWED),
        ("/facts/area_m2", FaultCode.BELOW_MINIMUM),
        ("/facts/shape", FaultCode.NOT_ALLOWED),
        ("/facts/district", FaultCode.WRONG_TYPE),
    ]
    assert all(fault.message for fault in error.faults)


def test_a_contradiction_points_at_each_fact_of_it_beside_other_faults(rulebook: Rulebook) -> None:
    error = refused(rulebook, {"area_m2": 0, "open_by_night": True, "goods": "tea"})

    assert [(fault.pointer, fault.code) for fault in error.faults] == [
        ("/facts/goods", FaultCode.WRONG_TYPE),
        ("/facts/open_by_night", FaultCode.CONTRADICTION),
        ("/facts/area_m2", FaultCode.CONTRADICTION),
    ]
    assert "面积是零就没有店" in problem_text(error, "zh-CN").messages[1]
    assert "No floor area means no shop" in problem_text(error, "en").messages[1]


def test_an_option_of_another_topic_names_that_topic(rulebook: Rulebook) -> None:
    error = refused(rulebook, {"shape": "square"})

    assert error.faults[0].allowed == ["round"]
    assert "我要摆亭子" in problem_text(error, "zh-CN").messages[0]


def test_an_unknown_fact_is_told_its_neighbours(rulebook: Rulebook) -> None:
    error = refused(rulebook, {"open_at_night": True})

    assert error.faults[0].allowed == ["open_by_night"]


def test_a_fact_of_another_topic_alone_is_unknown(rulebook: Rulebook) -> None:
    with pytest.raises(InvalidFact) as caught:
        read(rulebook, {"open_by_night": True}, topic="kiosk")
    assert caught.value.faults[0].code == FaultCode.UNKNOWN_FACT


@pytest.mark.parametrize("code", ["a/b", "a~b", "", "面积", "x" * 500])
def test_any_name_makes_a_pointer(rulebook: Rulebook, code: str) -> None:
    fault = refused(rulebook, {code: 1}).faults[0]

    assert fault.pointer.startswith("/facts/")
    assert fault.pointer.count("/") == 2
    assert len(fault.pointer) < 100
