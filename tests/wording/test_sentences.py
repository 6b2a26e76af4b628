"""Conditions and answers as sentences, on a topic with a fact of each type."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from app.engine import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Defined,
    DefinitionCode,
    FactCode,
    IsOneOf,
    Not,
    ProcedureCode,
    Requires,
    SetIs,
    Value,
    Within,
)
from app.rulebook import TopicBook
from app.wording import Sentences, phrases_in
from tests.support.make_rulebook import TOPIC, make_rulebook, rulebook_files

FACTS = """
facts:
  - code: kind
    type: choice
    name: {zh: 店铺形式, en: kind of shop}
    question: {zh: 哪种店？, en: Which kind?}
    options:
      - {value: single, label: {zh: 单店, en: single shop}}
      - {value: chain, label: {zh: 连锁店, en: chain}, statement: {zh: 是连锁店, en: it is a chain}}
      - {value: stall, label: {zh: 摊位, en: stall}}
      - {value: cart, label: {zh: 推车, en: cart}}
  - code: floors
    type: integer
    unit: floor
    name: {zh: 层数, en: floors}
    question: {zh: 几层？, en: How many floors?}
  - code: opened_on
    type: date
    name: {zh: 开业日期, en: day of opening}
    question: {zh: 哪天开业？, en: When did it open?}
  - code: applied_on
    type: date
    name: {zh: 申请日期, en: day of application}
    question: {zh: 哪天申请？, en: When did you apply?}
"""
NIGHT, GOODS, AREA, KIND, OPENED, APPLIED, FLOORS = (
    FactCode(code) for code in ("open_by_night", "goods", "area_m2", "kind", "opened_on", "applied_on", "floors")
)
BY_NIGHT, SMALL = IsOneOf(NIGHT, frozenset({True})), Compare(AREA, "at_most", Decimal(60))


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> TopicBook:
    files = dict(rulebook_files(files={f"topics/{TOPIC}/facts.yaml": FACTS}))
    return make_rulebook(tmp_path_factory.mktemp("sentences"), files=files).topics[TOPIC]


def one_of(fact: FactCode, *values: str) -> IsOneOf:
    return IsOneOf(fact, frozenset(values))


def goods(test: str, *options: str) -> SetIs:
    return SetIs(GOODS, test, frozenset(options))  # type: ignore[arg-type]


CONDITIONS: Mapping[str, tuple[Condition, str, str]] = {
    "true": (BY_NIGHT, "夜里开门", "it is open by night"),
    "false": (Not(BY_NIGHT), "夜里不开门", "it is closed by night"),
    "either": (IsOneOf(NIGHT, frozenset({True, False})), "任何情形", "in every case"),
    "option": (one_of(KIND, "single"), "店铺形式：单店", "kind of shop: single shop"),
    "option with a sentence": (one_of(KIND, "chain"), "是连锁店", "it is a chain"),
    "options": (one_of(KIND, "single", "stall"), "店铺形式：单店或摊位", "kind of shop: single shop or stall"),
    "all but one": (Not(one_of(KIND, "cart")), "店铺形式：不是推车", "kind of shop: not cart"),
    "below": (Compare(AREA, "below", Decimal(60)), "面积不到60平方米", "floor area: under 60 m²"),
    "at most": (SMALL, "面积不超过60平方米", "floor area: not over 60 m²"),
    "not at most": (Not(SMALL), "面积超过60平方米", "floor area: over 60 m²"),
    "at least": (Compare(FLOORS, "at_least", 2), "层数达到2层", "floors: at least 2 floors"),
    "before": (
        Compare(OPENED, "below", date(2021, 9, 1)),
        "开业日期在2021年9月1日以前",
        "day of opening: before 1 September 2021",
    ),
    "on or after": (
        Not(Compare(OPENED, "below", date(2021, 9, 1))),
        "开业日期在2021年9月1日当天或以后",
        "day of opening: on or after 1 September 2021",
    ),
    "contains": (goods("contains_any", "tea"), "卖的东西里有茶", "goods: tea among them"),
    "contains any": (
        goods("contains_any", "tea", "wine"),
        "卖的东西里至少有茶和酒中的一项",
        "goods: at least one of tea and wine",
    ),
    "contains none": (Not(goods("contains_any", "tea", "wine")), "卖的东西里没有茶或酒", "goods: without tea or wine"),
    "contains all": (
        goods("contains_all", "tea", "wine"),
        "卖的东西里同时有茶和酒",
        "goods: tea and wine all among them",
    ),
    "only": (goods("only", "tea"), "卖的东西只有茶", "goods: only tea"),
    "not only": (Not(goods("only", "tea")), "卖的东西不是只有茶", "goods: not only tea"),
    "exactly": (goods("is_exactly", "tea", "wine"), "卖的东西正好是茶和酒", "goods: exactly tea and wine"),
    "empty": (goods("is_empty"), "卖的东西一项也没有", "goods: none"),
    "not empty": (Not(goods("is_empty")), "卖的东西至少有一项", "goods: at least one"),
    "within": (
        Within(APPLIED, OPENED, months=12),
        "申请日期在开业日期当天到其后12个月之内",
        "day of application: on the day of opening or within 12 months after it",
    ),
    "definition": (Defined(DefinitionCode("is_small")), "小店", "small shop"),
    "not the definition": (Not(Defined(DefinitionCode("is_small"))), "不是这种情形：小店", "not the case: small shop"),
    "required": (Requires(ProcedureCode("licence")), "需要办许可证", "licence is needed"),
    "all": (
        All((BY_NIGHT, SMALL)),
        "夜里开门，并且面积不超过60平方米",
        "it is open by night, and floor area: not over 60 m²",
    ),
    "not all": (
        Not(All((BY_NIGHT, SMALL))),
        "夜里不开门，或者面积超过60平方米",
        "it is closed by night, or floor area: over 60 m²",
    ),
    "any within all": (
        All((goods("is_empty"), Any((BY_NIGHT, SMALL)))),
        "卖的东西一项也没有，并且（夜里开门，或者面积不超过60平方米）",
        "goods: none, and (it is open by night, or floor area: not over 60 m²)",
    ),
    "never": (Always(False), "没有这样的情形", "in no case"),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_a_sentence(book: TopicBook, name: str) -> None:
    condition, chinese, english = CONDITIONS[name]

    assert Sentences(book, phrases_in("zh-CN")).condition(condition) == chinese
    assert Sentences(book, phrases_in("en")).condition(condition) == english


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_double_negation_says_the_same(book: TopicBook, name: str) -> None:
    condition, chinese, _ = CONDITIONS[name]

    assert Sentences(book, phrases_in("zh-CN")).condition(Not(Not(condition))) == chinese


@pytest.mark.parametrize(
    ("fact", "value", "chinese", "english"),
    [
        (NIGHT, True, "是", "yes"),
        (NIGHT, False, "否", "no"),
        (KIND, "chain", "连锁店", "chain"),
        (GOODS, frozenset({"wine", "tea"}), "茶、酒", "tea, wine"),
        (GOODS, frozenset(), "都没有", "none of these"),
        (AREA, Decimal("59.50"), "59.5平方米", "59.5 m²"),
        (OPENED, date(2024, 3, 1), "2024年3月1日", "1 March 2024"),
        (AREA, None, "还没有回答", "not answered yet"),
    ],
)
def test_an_answer_is_shown_in_words(
    book: TopicBook, fact: FactCode, value: Value | None, chinese: str, english: str
) -> None:
    assert Sentences(book, phrases_in("zh-CN")).answer(fact, value) == chinese
    assert Sentences(book, phrases_in("en")).answer(fact, value) == english
