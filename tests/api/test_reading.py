"""The routes that read the rulebook: every list, every thing by its code, who uses it, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.rulebook import Rulebook, load
from tests.support.asking import Service, served

LISTS = ["topics", "facts", "procedures", "rules", "policies"]
ONES = [
    "/v1/topics/shop",
    "/v1/facts/goods",
    "/v1/procedures/licence",
    "/v1/rules/waived_by_night",
    "/v1/policies/plan",
    "/v1/policies/plan/clauses",
    "/v1/policies/plan/clauses/1.a",
]


@pytest.mark.parametrize("things", LISTS)
def test_a_list_counts_and_names_its_things(small_service: Service, things: str) -> None:
    answer = small_service.get(f"/v1/{things}").json()

    assert answer["total"] == len(answer[things]) > 0
    assert all(one["code"] for one in answer[things])


@pytest.mark.parametrize("things", LISTS)
def test_each_thing_of_a_list_can_be_read_alone(small_service: Service, things: str) -> None:
    codes = [one["code"] for one in small_service.get(f"/v1/{things}").json()[things]]

    answers = [small_service.get(f"/v1/{things}/{code}") for code in codes]

    assert [answer.status_code for answer in answers] == [200] * len(codes)
    assert [answer.json()["code"] for answer in answers] == codes


@pytest.mark.parametrize("route", [*(f"/v1/{things}" for things in LISTS), *ONES])
def test_every_route_speaks_both_languages(small_service: Service, route: str) -> None:
    chinese, english = (small_service.get(f"{route}?lang={lang}") for lang in ("zh-CN", "en"))

    assert (chinese.headers["content-language"], english.headers["content-language"]) == ("zh-CN", "en")
    assert chinese.content != english.content
    assert small_service.get(route, accept_language="en").content == english.content


@pytest.mark.parametrize("route", [*(f"/v1/{things}" for things in LISTS), *ONES])
def test_every_route_can_be_asked_for_changes_only(small_service: Service, route: str) -> None:
    first = small_service.get(route)

    again = small_service.get(route, if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("route", "problem"),
    [
        ("/v1/topics/nothing", "unknown-topic"),
        ("/v1/facts/nothing", "not-found"),
        ("/v1/procedures/nothing", "not-found"),
        ("/v1/rules/nothing", "not-found"),
        ("/v1/policies/nothing", "not-found"),
        ("/v1/policies/nothing/clauses", "not-found"),
        ("/v1/policies/nothing/clauses/1.a", "not-found"),
        ("/v1/policies/plan/clauses/9.z", "not-found"),
        ("/v1/facts?topic=nothing", "unknown-topic"),
        ("/v1/procedures?topic=nothing", "unknown-topic"),
        ("/v1/rules?topic=nothing", "unknown-topic"),
    ],
)
def test_what_is_not_there_is_a_404(small_service: Service, route: str, problem: str) -> None:
    answer = small_service.get(route)

    assert (answer.status_code, answer.json()["type"]) == (404, f"/problems/{problem}")
    assert "nothing" in answer.json()["detail"] or "9.z" in answer.json()["detail"]


@pytest.mark.parametrize("things", ["facts", "procedures", "rules"])
def test_a_list_can_be_narrowed_to_a_topic(small_service: Service, things: str) -> None:
    listed = small_service.get(f"/v1/{things}?topic=shop").json()[things]

    assert all("shop" in [topic["code"] for topic in one["topics"]] for one in listed)


# ---- what each thing says --------------------------------------------------------------------------------


def test_a_topic_holds_its_facts_procedures_rules_and_review_date(small_service: Service) -> None:
    topic = small_service.get("/v1/topics/shop?lang=en").json()

    assert (topic["name"], topic["reviewed_until"], topic["before_day"]) == (
        "Open a small shop",
        "2026-11-22",
        "2020-12-29",
    )
    assert [fact["code"] for fact in topic["facts"]] == [
        "open_by_night",
        "goods",
        "area_m2",
        "fits_out",
        "choose_commitment",
        "district",
    ]
    assert "licence" in [procedure["code"] for procedure in topic["procedures"]]
    assert "waived_by_night" in [rule["code"] for rule in topic["rules"]]
    assert topic["words"] == ["开店", "open a shop"]


def test_a_definition_is_spelled_out_with_its_source(small_service: Service) -> None:
    (definition,) = small_service.get("/v1/topics/shop?lang=en").json()["definitions"]

    (version,) = definition["versions"]
    assert (definition["code"], definition["name"]) == ("is_small", "small shop")
    assert "100" in version["text"]
    assert version["basis"][0]["document_number"] == "No. 1"


def test_a_fact_says_what_may_be_answered_and_who_asks(small_service: Service) -> None:
    fact = small_service.get("/v1/facts/goods?lang=en").json()

    assert (fact["type"], fact["question"], fact["empty_allowed"]) == ("choices", "What is sold?", True)
    assert [option["value"] for option in fact["options"]] == ["tea", "wine"]
    assert fact["topics"] == [{"code": "shop", "name": "Open a small shop"}]


def test_a_fact_names_the_rules_whose_condition_mentions_it(small_service: Service) -> None:
    fact = small_service.get("/v1/facts/open_by_night?lang=en").json()

    assert fact["rules"] == [{"code": "waived_by_night", "name": "Waived by night"}]


def test_a_number_says_its_bounds_and_unit(small_service: Service) -> None:
    fact = small_service.get("/v1/facts/area_m2").json()

    assert (fact["minimum"], fact["maximum"], fact["unit"], fact["options"]) == (0, None, "m2", [])


def test_a_procedure_says_what_it_is_without_any_rule(small_service: Service) -> None:
    procedure = small_service.get("/v1/procedures/licence?lang=en").json()

    (limit,) = procedure["limits"]
    assert (procedure["item_type_code"], procedure["level_code"]) == ("licensing", "city")
    assert limit["statutory"] == {
        "value": 20,
        "unit": "working_day",
        "parts": [],
        "extension": None,
        "note": None,
    }
    assert limit["promised"] is None
    assert [material["code"] for material in procedure["materials"]] == ["form"]
    assert [condition["unmet"] for condition in procedure["conditions"]] == ["barrier"]
    assert {"code": "waived_by_night", "name": "Waived by night"} in procedure["rules"]


def test_a_rule_says_when_what_and_why(small_service: Service) -> None:
    rule = small_service.get("/v1/rules/commitment_for_small?lang=en").json()

    (effect,) = rule["effects"]
    assert rule["when"] == "meets the definition “small shop”" or "small shop" in rule["when"]
    assert (effect["procedure"]["code"], effect["treatment"]) == ("licence", "commitment")
    assert effect["limits"][0]["limit"]["value"] == 0
    assert rule["voluntary"]["code"] == "choose_commitment"
    assert rule["overridden_by"] == [{"code": "waived_by_night", "name": "Waived by night"}]
    assert rule["notes"] == [{"code": "keep_word", "name": None, "text": "Keep your word"}]
    assert rule["effective"] == {"from": "2021-06-01", "to": None, "from_precision": "day", "to_precision": "day"}
    assert rule["basis"][0]["summary"] == "A shop needs a licence"


def test_a_policy_names_who_cites_it(small_service: Service) -> None:
    policy = small_service.get("/v1/policies/law?lang=en").json()

    assert (policy["document_number"], policy["status"], policy["clause_count"]) == ("No. 1", "in_force", 3)
    assert [rule["code"] for rule in policy["rules"]] == ["commitment_for_small"]
    assert [topic["code"] for topic in policy["topics"]] == ["shop"]


def test_clauses_stand_in_order_with_their_ledger_status(small_service: Service) -> None:
    answer = small_service.get("/v1/policies/plan/clauses").json()

    assert [(clause["clause"], clause["part_of"], clause["ledger_status"]) for clause in answer["clauses"]] == [
        ("0", None, "front_matter"),
        ("1", None, "encoded"),
        ("1.a", "1", "encoded"),
        ("1.b", "1", "pilot"),
    ]
    assert answer["by_status"] == {"encoded": 1, "front_matter": 1, "pilot": 1}


def test_a_clause_of_the_plan_is_quoted_with_who_cites_it(small_service: Service) -> None:
    clause = small_service.get("/v1/policies/plan/clauses/1.a?lang=en").json()

    assert (clause["quote"], clause["summary"]) == ("一、夜里开的小店免办许可；", None)
    assert clause["rules"] == [{"code": "waived_by_night", "name": "Waived by night"}]


def test_an_article_of_another_document_is_summed_up(small_service: Service) -> None:
    article = small_service.get("/v1/policies/law/clauses/1?lang=en").json()

    assert (article["quote"], article["summary"], article["ledger_status"]) == (None, "A shop needs a licence", None)
    assert {procedure["code"] for procedure in article["procedures"]} == {"licence", "fire_check"}


# ---- search ----------------------------------------------------------------------------------------------


def test_search_finds_by_everyday_words(small_service: Service) -> None:
    answer = small_service.get("/v1/search?q=我想开店&lang=en").json()

    assert answer["query"] == "我想开店"
    assert answer["total"] >= len(answer["results"]) >= 1
    assert answer["results"][0] | {"score": 0} == {
        "kind": "topic",
        "code": "shop",
        "topic": "shop",
        "title": "Open a small shop",
        "snippet": "Opening a small shop",
        "matched": ["开店"],
        "score": 0,
    }


def test_search_gives_no_more_than_asked(small_service: Service) -> None:
    answer = small_service.get("/v1/search?q=许可&limit=1").json()

    assert len(answer["results"]) == 1 < answer["total"]


def test_search_that_finds_nothing_says_so(small_service: Service) -> None:
    assert small_service.get("/v1/search?q=zzz").json() == {"query": "zzz", "total": 0, "results": []}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ("/q", "missing")),
        ("q=", ("/q", "missing")),
        ("q=%20%20", ("/q", "missing")),
        ("q=" + "a" * 201, ("/q", "above_maximum")),
        ("q=a&limit=0", ("/limit", "below_minimum")),
        ("q=a&limit=51", ("/limit", "above_maximum")),
        ("q=a&limit=many", ("/limit", "wrong_type")),
        ("q=a&lang=fr", ("/lang", "not_allowed")),
        ("q=a&q=b", ("/q", "duplicate")),
        ("q=a&page=2", ("/page", "unknown_field")),
        ("q=%ff", ("", "malformed")),
    ],
)
def test_search_refuses_what_it_cannot_read(small_service: Service, query: str, expected: tuple[str, str]) -> None:
    answer = small_service.get(f"/v1/search?{query}")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [expected]


# ---- the rulebook that is served ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Rulebook]]:
    """The service over the rulebook of this repository."""
    rulebook = load(Path(__file__).parents[2] / "rules")
    with served(rulebook, tmp_path_factory.mktemp("real") / "guides.db") as service:
        yield service, rulebook


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_everything_in_the_rulebook_can_be_read(real: tuple[Service, Rulebook], lang: str) -> None:
    service, book = real
    routes = [
        *(f"/v1/topics/{code}" for code in book.topics),
        *(f"/v1/facts/{code}" for code in book.facts),
        *(f"/v1/procedures/{code}" for code in book.procedures),
        *(f"/v1/rules/{code}" for code in book.rules),
        *(f"/v1/policies/{code}" for code in book.policies),
        *(f"/v1/policies/{code}/clauses" for code in book.policies),
    ]

    refused = [route for route in routes if service.get(f"{route}?lang={lang}").status_code != 200]

    assert refused == []
