"""Three whole visits to a real server process: a company, a hotline agent, a service hall's system."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import reaching
from tests.support.serving import running_server

RULES = Path(__file__).parents[2] / "rules"
#: A small shop for class-B over-the-counter drugs alone, as its owner would describe it.
SHOP = {
    "pharmacy_scope": ["otc_b"],
    "pharmacy_kind": "single_store",
    "entity_exists": True,
    "sells_medical_device": "none",
    "sells_food": "none",
    "sells_online": "no",
    "has_valid_food_license": False,
    "has_licensed_pharmacist": "licensed_pharmacist",
    "premises_is_virtual_or_residential": False,
    "wants_medical_insurance": False,
    "serious_dishonesty_record": False,
    "district": "chaoyang",
}
AS_OF = "2024-03-01"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a server over the rulebook of this repository."""
    folder = tmp_path_factory.mktemp("visits")
    database = f"sqlite:///{folder / 'guides.db'}"
    with (
        running_server(folder, database_url=database, rules_dir=RULES) as server,
        reaching.client(base_url=server.url) as client,
    ):
        yield client


def guide(client: httpx.Client, **asked: Any) -> dict[str, Any]:
    """The guide for a scenario of the pharmacy."""
    answer = client.post("/v1/evaluate", json={"topic": "open_pharmacy", "as_of": AS_OF, **asked})
    assert answer.status_code == 200, answer.text
    given: dict[str, Any] = answer.json()
    return given


def procedure(given: dict[str, Any], code: str) -> dict[str, Any]:
    """One procedure of a guide."""
    return next(one for one in given["procedures"] if one["code"] == code)


def test_a_company_is_led_by_questions_to_its_path(client: httpx.Client) -> None:
    topics = client.get("/v1/topics", headers={"accept-language": "zh-CN"}).json()["topics"]
    assert "open_pharmacy" in [topic["code"] for topic in topics]
    facts: dict[str, object] = {}
    asked: list[str] = []

    given = guide(client, facts=facts)
    while open_questions := [one["fact"] for one in given["questions"] if one["fact"] in SHOP.keys() - facts.keys()]:
        asked.append(open_questions[0])
        facts[open_questions[0]] = SHOP[open_questions[0]]
        given = guide(client, facts=facts)

    licence = procedure(given, "drug_retail_license")
    assert len(asked) == len(set(asked)) <= len(SHOP)
    assert "pharmacy_scope" in asked
    assert (licence["treatment"], licence["decided"], licence["fallback"]) == ("commitment", True, "simplified")
    assert licence["time_limit"]["applicable"]["value"] == 0
    assert procedure(given, "pharmacy_preparation_approval")["treatment"] == "waived"
    assert given["path"]["before"]["day"] == "2020-12-29"
    assert all(one["basis"] for one in given["procedures"])


def test_a_company_learns_what_another_answer_would_change(client: httpx.Client) -> None:
    wider = guide(client, facts={**SHOP, "pharmacy_scope": ["otc_b", "prescription"]})

    assert procedure(wider, "drug_retail_license")["treatment"] != "commitment"
    assert any(change["treatment"] == "commitment" for change in procedure(wider, "drug_retail_license")["what_if"])


def test_a_company_declines_the_commitment(client: httpx.Client) -> None:
    given = guide(client, facts={**SHOP, "choose_commitment": False})

    assert procedure(given, "drug_retail_license")["treatment"] == "simplified"
    assert given["assumed"].get("choose_commitment") is None


def test_a_hotline_agent_finds_reads_and_cites(client: httpx.Client) -> None:
    hits = client.get("/v1/search", params={"q": "想在朝阳开个只卖非处方药的小药店", "limit": 5}).json()["results"]
    topic = hits[0]["code"]

    answer = client.get(
        "/v1/evaluate", params={"topic": topic, "as_of": AS_OF, "pharmacy_scope": "otc_b", "district": "chaoyang"}
    )
    given = answer.json()
    basis = procedure(given, "drug_retail_license")["basis"][0]
    clause = client.get(f"/v1/policies/{basis['policy']}/clauses/{basis['clause']}").json()

    assert (hits[0]["kind"], topic) == ("topic", "open_pharmacy")
    assert 20 < len(given["answer"]) < 400
    assert (clause["quote"] or clause["summary"]) == (basis["quote"] or basis["summary"])
    assert clause["rules"] != []
    assert "朝阳" in procedure(given, "drug_retail_license")["authority"]


def test_a_hotline_agent_is_told_what_does_not_go_together(client: httpx.Client) -> None:
    answer = client.post(
        "/v1/evaluate",
        json={"topic": "open_pharmacy", "lang": "zh-CN", "facts": {"district": "yanqing", "in_beijing_eda": True}},
    )

    problem = answer.json()
    assert (answer.status_code, problem["type"]) == (422, "/problems/invalid-fact")
    assert {one["pointer"] for one in problem["errors"]} == {"/facts/district", "/facts/in_beijing_eda"}
    assert {one["code"] for one in problem["errors"]} == {"contradiction"}


def test_a_hall_system_asks_many_at_once_and_keeps_what_it_has(client: httpx.Client) -> None:
    release = client.get("/readyz").json()["release"]["version"]
    days = [f"20{year}-0{month}-15" for year in (20, 21, 22, 23) for month in (1, 4, 7)]

    def asked(day: str) -> httpx.Response:
        query = {"topic": "open_pharmacy", "as_of": day, "lang": "zh-CN", "release": release, "pharmacy_scope": "otc_b"}
        return client.get("/v1/evaluate", params=query, headers={"x-request-id": f"hall-{day}"})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(asked, days * 3))

    assert {answer.status_code for answer in answers} == {200}
    assert [answer.headers["x-as-of"] for answer in answers] == days * 3
    assert [answer.headers["x-request-id"] for answer in answers] == [f"hall-{day}" for day in days * 3]
    assert {answer.headers["cache-control"] for answer in answers} == {"public, max-age=86400"}
    assert len({answer.content for answer in answers}) == len(days)
    again = client.get(answers[0].url, headers={"if-none-match": answers[0].headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (304, answers[0].headers["etag"])


def test_a_hall_system_reads_the_rules_behind_an_outcome(client: httpx.Client) -> None:
    given = guide(client, facts=SHOP)

    rules = [client.get(f"/v1/rules/{code}").json() for code in procedure(given, "drug_retail_license")["rules"]]

    assert rules != []
    assert all(rule["basis"] and rule["when"] and rule["topics"] for rule in rules)


def test_a_hall_system_takes_the_contract_from_the_document(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()
    example = document["paths"]["/v1/evaluate"]["post"]["requestBody"]["content"]["application/json"]["examples"]

    answer = client.post("/v1/evaluate", json=example["worked_example"]["value"])

    assert answer.status_code == 200
    # What the client offers, liked best first.
    assert answer.headers["content-encoding"] == "br"
    assert answer.json()["topic"]["code"] == example["worked_example"]["value"]["topic"]
