"""What a guide of the small rulebook says: outcomes, grounds, limits, questions, path, notes and the spoken answer."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import Rulebook
from tests.support.make_rulebook import TOPIC, make_rulebook, rulebook_files

NIGHT = {"open_by_night": True, "goods": ["tea"], "area_m2": 50, "fits_out": False, "district": "east"}
SMALL = {**NIGHT, "open_by_night": False}
LARGE = {**SMALL, "area_m2": 200}
IN_2021, IN_2022 = date(2021, 3, 1), date(2022, 3, 1)


@pytest.fixture(scope="module")
def rulebook(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook with an office in each district, and a rule that has doubts."""
    files = rulebook_files()
    files["shared/authorities.yaml"] = (
        "authorities:\n"
        "  - code: office\n"
        "    name: {zh: 区局, en: district office}\n"
        "    by_district: true\n"
        '    district_name: {zh: "{district}市场局", en: "{district} Market Office"}\n'
    )
    files["shared/places.yaml"] = (
        "districts:\n"
        "  - {code: east, name: {zh: 东区, en: East}, gb2260: '110101', verification: full_text}\n"
        "  - {code: west, name: {zh: 西区, en: West}, gb2260: '110102', verification: full_text}\n"
        "zones: []\n"
    )
    files[f"topics/{TOPIC}/rules.yaml"] += """
  - code: small_wine_shops
    title: {zh: 小酒店, en: Small wine shops}
    basis: [law#rumour]
    force: binding
    when: {all: [{fact: goods, contains: wine}, {definition: is_small}]}
    confirm_with: {authority: office, why: {zh: 没有见到原文, en: The original was not seen}}
    then:
      - {procedure: licence, visits: 2, materials: {defer: [form]}}
      - obligation:
          code: no_minors
          name: {zh: 不卖给小孩, en: not to minors}
          text: {zh: 看证件, en: Look at the papers}
          due: {value: 5, unit: day_unspecified, after: {zh: 开业, en: opening}}
"""
    return make_rulebook(tmp_path_factory.mktemp("guide"), files=files)


@pytest.fixture(scope="module")
def evaluator(rulebook: Rulebook) -> Evaluator:
    return Evaluator(rulebook)


def guide(
    evaluator: Evaluator, facts: Mapping[str, object], day: date = IN_2022, lang: str = "zh-CN"
) -> Mapping[str, Any]:
    return evaluator.evaluate(EvaluateRequest(TOPIC, facts, day, lang), day).guide


def licence(evaluator: Evaluator, facts: Mapping[str, object], day: date = IN_2022, lang: str = "zh-CN") -> Any:
    found = {item["code"]: item for item in guide(evaluator, facts, day, lang)["procedures"]}
    return found["licence"]


def test_facts_are_echoed_in_the_topics_order_and_defaults_are_assumed(evaluator: Evaluator) -> None:
    told = guide(evaluator, {"area_m2": 50, "district": "east", "goods": ["wine", "tea"]})

    assert list(told["facts"].items()) == [("goods", ["tea", "wine"]), ("area_m2", 50), ("district", "east")]
    assert told["assumed"] == {"choose_commitment": True}


def test_a_waived_licence_rests_on_the_plans_clause(evaluator: Evaluator) -> None:
    item = licence(evaluator, NIGHT)

    assert (item["treatment"], item["treatment_name"]) == ("waived", "取消/免予办理")
    assert (item["legal_force"], item["verification"]) == ("plan_commitment", "full_text")
    assert item["basis"][0] == {
        "policy": "plan",
        "clause": "1.a",
        "cite": "一",
        "title": "方案",
        "document_number": None,
        "quote": "一、夜里开的小店免办许可；",
        "summary": None,
        "effective_from": "2020-12-30",
        "effective_to": None,
        "url": None,
        "verification": "full_text",
    }
    assert item["since"] == "2020-12-30"


def test_what_the_plan_promises_is_to_be_confirmed_with_the_districts_own_office(evaluator: Evaluator) -> None:
    item = licence(evaluator, NIGHT)

    assert item["authority"] == "东区市场局"
    assert item["confirm_with"]["authority"] == "东区市场局"
    assert "没有找到落实文件" in item["confirm_with"]["why"]


def test_without_a_district_the_office_has_its_general_name(evaluator: Evaluator) -> None:
    facts = {key: value for key, value in NIGHT.items() if key != "district"}

    assert licence(evaluator, facts)["authority"] == "区局"


def test_a_voluntary_way_names_its_fallback_and_its_figure(evaluator: Evaluator) -> None:
    item = licence(evaluator, SMALL)

    assert (item["treatment"], item["fallback"], item["voluntary"]) == ("commitment", "standard", "choose_commitment")
    limits = item["time_limit"]
    assert (limits["applicable"]["value"], limits["applicable"]["rule"]) == (0, "commitment_for_small")
    assert (limits["statutory"]["value"], limits["promised"]) == (20, None)
    assert limits["statutory"]["sources"] == ["law#1"]


def test_the_law_stands_where_no_rule_holds(evaluator: Evaluator) -> None:
    item = licence(evaluator, LARGE)

    assert (item["treatment"], item["rules"]) == ("standard", [])
    assert [source["policy"] for source in item["basis"]] == ["law"]
    assert item["time_limit"]["applicable"] == {"value": 20, "unit": "working_day", "verification": "full_text"}


def test_reasons_say_each_condition_with_its_answer(evaluator: Evaluator) -> None:
    [reason] = licence(evaluator, SMALL)["because"]

    assert reason["rule"] == "commitment_for_small"
    assert reason["conditions"] == [
        {"fact": None, "text": "小店", "answer": None, "holds": True},
        {"fact": "choose_commitment", "text": "走告知承诺", "answer": "是", "holds": True},
    ]


def test_definitions_are_spelled_out_once(evaluator: Evaluator) -> None:
    [detail] = guide(evaluator, SMALL)["definition_details"]

    assert (detail["code"], detail["text"]) == ("is_small", "小店")
    assert detail["conditions"][0]["text"] == "面积不到100平方米"
    assert detail["conditions"][0]["answer"] == "50平方米"


def test_an_undecided_procedure_tells_the_sources_of_each_way(evaluator: Evaluator) -> None:
    item = licence(evaluator, {"open_by_night": False, "goods": ["tea"]})

    assert (item["decided"], item["treatment"], item["verification"]) == (False, None, None)
    assert item["possible_treatments"] == ["commitment", "standard"]
    assert item["depends_on_facts"] == ["area_m2"]
    assert {source["treatment"] for source in item["basis"]} == {"commitment", "standard"}


def test_what_if_names_the_boundary_in_words(evaluator: Evaluator) -> None:
    changes = licence(evaluator, LARGE)["what_if"]

    assert [(change["fact"], change["treatment"]) for change in changes] == [
        ("open_by_night", "waived"),
        ("area_m2", "commitment"),
        ("goods", "closed"),
    ]
    assert [change["text"] for change in changes] == ["是", "不到100平方米", "去掉茶"]
    assert [change["answer"] for change in changes] == [True, 100, []]


def test_what_if_upwards_begins_at_the_boundary(evaluator: Evaluator) -> None:
    changes = {change["fact"]: change for change in licence(evaluator, SMALL)["what_if"]}

    assert (changes["area_m2"]["answer"], changes["area_m2"]["treatment"]) == (100, "standard")
    assert changes["area_m2"]["text"] == "达到100平方米"


def test_an_unmet_condition_bars_and_leaves_no_path(evaluator: Evaluator) -> None:
    told = guide(evaluator, {**LARGE, "goods": []})

    assert [(item["code"], item["applies"]) for item in told["barriers"]] == [("has_goods", True)]
    assert told["barriers"][0]["reason"] == "不符合受理条件：有东西卖"
    assert (told["path"]["steps"], told["path"]["before"], told["path"]["after"]) == ([], None, None)
    assert "有东西卖（第1号第一条）" in told["answer"]


def test_a_rules_doubt_is_told_beside_what_it_changes(evaluator: Evaluator) -> None:
    item = licence(evaluator, {**SMALL, "goods": ["wine"]})

    assert item["confirm_with"] == {"authority": "东区市场局", "why": "没有见到原文"}
    assert (item["visits"], item["materials"][0]["status"]) == (2, "deferred")


def test_obligations_carry_their_day_and_source(evaluator: Evaluator) -> None:
    [duty] = guide(evaluator, {**SMALL, "goods": ["wine"]})["obligations"]

    assert (duty["code"], duty["applies"], duty["legal_force"]) == ("no_minors", True, "binding")
    assert duty["due"] == {"value": 5, "unit": "day_unspecified", "after": "开业"}
    assert duty["basis"][0]["verification"] == "unverified"


def test_open_extras_say_on_what_they_hang(evaluator: Evaluator) -> None:
    facts = {key: value for key, value in SMALL.items() if key != "goods"}

    [duty] = guide(evaluator, facts)["obligations"]

    assert (duty["applies"], duty["depends_on_facts"]) == (None, ["goods"])


def test_a_question_carries_all_a_page_needs(evaluator: Evaluator) -> None:
    asked = {item["fact"]: item for item in guide(evaluator, {})["questions"]}

    assert asked["area_m2"]["unit"] == "m2"
    assert asked["area_m2"]["minimum"] == 0
    assert [option["value"] for option in asked["goods"]["options"]] == ["tea", "wine"]
    assert asked["district"]["purpose"] == "where"
    assert asked["district"]["optional"] is True
    assert asked["district"]["decides"] == []


def test_before_and_after_stand_beside_the_official_figure(evaluator: Evaluator) -> None:
    path = guide(evaluator, SMALL)["path"]

    assert (path["before"]["day"], path["before"]["days"]["value"]) == ("2020-12-29", 20)
    assert (path["after"]["days"]["value"], path["after"]["materials"]) == (0, 1)
    [official] = path["benchmarks"]
    assert (official["side"], official["steps"], official["value"], official["agrees"]) == ("before", 2, 20, False)


def test_a_day_after_the_last_review_gets_a_note(evaluator: Evaluator) -> None:
    late = guide(evaluator, SMALL, date(2027, 1, 1))["notes"][-1]

    assert late["code"] == "after_review"
    assert "2026年11月22日" in late["text"]
    assert all(note["code"] != "after_review" for note in guide(evaluator, SMALL)["notes"])


@pytest.mark.parametrize(
    ("facts", "day", "chinese", "english"),
    [
        (
            SMALL,
            IN_2022,
            "按2022年3月1日的规定，许可证按告知承诺办，当日办结（第1号第一条）。",
            "Under the law of 1 March 2022 this applies: licence by notification and commitment, done the same day "
            "(No. 1 Article 1).",
        ),
        (
            NIGHT,
            IN_2021,
            "按2021年3月1日的规定，许可证不用办。",
            "Under the law of 1 March 2021 this applies: not needed: licence.",
        ),
        (
            {},
            IN_2022,
            "按2022年3月1日的规定，许可证怎么办还没有定（可能：取消/免予办理、告知承诺、一般程序或不予办理）。"
            "还有4个问题没有回答，先要知道：卖什么？",
            "Under the law of 1 March 2022 this applies: licence still open (waived, notification and "
            "commitment, ordinary procedure or not granted). There are 4 questions left; the first is: What is "
            "sold?",
        ),
        (
            {**LARGE, "goods": []},
            IN_2022,
            "按2022年3月1日的规定，照这样办不了：不符合受理条件：有东西卖（第1号第一条）。这一点能改的，改好以后再问一次。",
            "Under the law of 1 March 2022 it cannot be done this way: A condition for acceptance is not met: there is "
            "something to sell (No. 1 Article 1). If that can be changed, change it and ask again.",
        ),
        (
            {**SMALL, "goods": ["wine"]},
            IN_2022,
            "按2022年3月1日的规定，许可证按告知承诺办，当日办结（第1号第一条）。办之前请先问东区市场局：没有见到原文。",
            "Under the law of 1 March 2022 this applies: licence by notification and commitment, done the same day "
            "(No. 1 Article 1). Ask East Market Office first: The original was not seen.",
        ),
    ],
)
def test_the_spoken_answer(
    evaluator: Evaluator, facts: Mapping[str, object], day: date, chinese: str, english: str
) -> None:
    assert guide(evaluator, facts, day)["answer"] == chinese
    assert guide(evaluator, facts, day, "en")["answer"] == english
