"""Two scenarios side by side: what differs is what two evaluations say differs."""

from typing import Any

import orjson
import pytest

from tests.support.asking import Service
from tests.support.reading_pages import Node, read_page
from tests.web.real import PLAIN, plain_facts, query

PAGE = {"accept": "text/html"}
AS_OF = "2026-11-22"


def compared(service: Service, topic: str, *change: tuple[str, str]) -> Node:
    given = [*query(plain_facts(topic), as_of=AS_OF, lang="zh-CN"), *change]
    answer = service.ask("GET", f"/compare/{topic}", params=given, headers=PAGE)
    assert answer.status_code == 200, answer.text
    return read_page(answer.text)


def treated(service: Service, topic: str, **changed: Any) -> dict[str, Any]:
    facts = {**plain_facts(topic), **changed}
    guide = orjson.loads(service.post({"topic": topic, "facts": facts, "as_of": AS_OF, "lang": "zh-CN"}).content)
    return {item["code"]: (item["treatment"], item["merged_into"]) for item in guide["procedures"]}


def test_declining_a_commitment_shows_the_procedures_that_move(real_service: Service) -> None:
    topic = "build_project"
    now, then = treated(real_service, topic), treated(real_service, topic, choose_commitment=False)

    page = compared(real_service, topic, ("change", "choose_commitment"), ("to", "false"))

    shown = {row.attributes["data-procedure"] for row in page.all("tr") if "data-procedure" in row.attributes}
    moved = {code for code in now.keys() | then.keys() if now.get(code) != then.get(code)}
    assert moved
    assert moved <= shown


def test_the_law_of_another_day_is_a_change_too(real_service: Service) -> None:
    page = compared(real_service, "open_pharmacy", ("change", "as_of"), ("to", "2020-12-29"))

    names = [side.text for side in page.all(css="side-name")]
    assert names == ["按哪一天的规定：2026年11月22日", "按哪一天的规定：2020年12月29日"]
    assert len(page.all("tr", **{"data-procedure": "drug_retail_license"})) == 1


@pytest.mark.parametrize(
    ("change", "to"),
    [
        ("in_beijing_eda", "true"),
        ("as_of", "1999-01-01"),
        ("as_of", "soon"),
        ("no_such_fact", "1"),
        ("premises_area_m2", "x"),
    ],
)
def test_a_change_that_does_not_fit_is_told_and_others_are_offered(real_service: Service, change: str, to: str) -> None:
    given = [*query(plain_facts("open_pharmacy"), as_of=AS_OF, lang="zh-CN"), ("change", change), ("to", to)]

    page = read_page(real_service.ask("GET", "/compare/open_pharmacy", params=given, headers=PAGE).text)

    assert len(page.one("section", "notice-error").all("li")) >= 1
    assert page.all("a", "pick")


@pytest.mark.parametrize("topic", PLAIN)
def test_every_change_that_is_offered_can_be_followed(real_service: Service, topic: str) -> None:
    picks = [link.attributes["href"] for link in compared(real_service, topic).all("a", "pick")]

    answers = [real_service.get(pick, **PAGE) for pick in picks[:4]]

    assert len(picks) > len(plain_facts(topic)) / 2
    assert {answer.status_code for answer in answers} == {200}
    assert all("change=" in pick for pick in picks)
