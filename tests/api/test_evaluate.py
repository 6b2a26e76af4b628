"""`/v1/evaluate`: one answer by body or by link, its headers, and what a cache may do with it."""

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import brotli
import pytest

from app.rulebook import Rulebook
from tests.support.asking import TODAY, Make, Service

FACTS = {"open_by_night": False, "goods": ["tea", "wine"], "area_m2": 50.5, "fits_out": False, "district": "east"}
LINK = "/v1/evaluate?topic=shop&open_by_night=false&goods=tea&goods=wine&area_m2=50.5&fits_out=false&district=east"


def asked(**more: object) -> dict[str, object]:
    """An evaluate request with every question answered."""
    return {"topic": "shop", "facts": FACTS, **more}


def test_a_scenario_gives_the_guide_of_the_contract(small_service: Service, small_rulebook: Rulebook) -> None:
    answer = small_service.post(asked(as_of="2022-01-01", lang="en"))

    guide = answer.json()
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert guide["topic"] == {"code": "shop", "name": "Open a small shop"}
    assert guide["as_of"] == "2022-01-01"
    assert guide["release"] == {"version": small_rulebook.version, "content_hash": small_rulebook.content_hash}
    assert [(one["code"], one["treatment"]) for one in guide["procedures"]] == [("licence", "commitment")]


def test_a_topic_alone_is_enough(small_service: Service) -> None:
    guide = small_service.post({"topic": "shop"}).json()

    assert guide["status"] == "needs_answers"
    assert guide["questions"] != []


def test_null_is_the_same_as_not_said(small_service: Service) -> None:
    spelled_out = {"topic": "shop", "facts": {"goods": None}, "as_of": None, "lang": None, "release": None}

    assert small_service.post(spelled_out).content == small_service.post({"topic": "shop"}).content


def test_a_link_gives_the_bytes_of_the_body(small_service: Service) -> None:
    by_body = small_service.post(asked(as_of="2022-01-01", lang="en"))

    by_link = small_service.get(f"{LINK}&as_of=2022-01-01&lang=en")

    assert by_link.content == by_body.content
    assert by_link.headers["etag"] == by_body.headers["etag"]


def test_an_empty_value_in_a_link_is_an_empty_list(small_service: Service) -> None:
    by_link = small_service.get("/v1/evaluate?topic=shop&goods=")

    assert by_link.json()["facts"] == {"goods": []}
    assert by_link.content == small_service.post({"topic": "shop", "facts": {"goods": []}}).content


def test_a_link_is_read_as_a_browser_writes_it(small_service: Service) -> None:
    answer = small_service.get("/v1/evaluate?topic=shop&&area_m2=%35%30&district=east&")

    assert answer.json()["facts"] == {"area_m2": 50, "district": "east"}


def test_numbers_come_through_exactly(small_service: Service) -> None:
    answer = small_service.post_bytes(b'{"topic": "shop", "facts": {"area_m2": 0.1000}}')

    assert b'"facts":{"area_m2":0.1}' in answer.content


def test_without_a_day_today_is_taken(small_service: Service) -> None:
    answer = small_service.post(asked())

    assert answer.json()["as_of"] == answer.headers["x-as-of"] == TODAY.isoformat()


def test_a_new_day_is_a_new_answer(make_service: Make) -> None:
    days = [date(2021, 6, 1), date(2021, 5, 31)]
    service = make_service(today=lambda: days[-1])

    before = service.post(asked()).json()
    days.pop()
    after = service.post(asked()).json()

    assert [one["procedures"][0]["treatment"] for one in (before, after)] == ["standard", "commitment"]


@pytest.mark.parametrize("known_by", ["version", "content_hash"])
def test_a_release_is_known_by_version_and_hash(
    small_service: Service, small_rulebook: Rulebook, known_by: str
) -> None:
    answer = small_service.post(asked(release=getattr(small_rulebook, known_by)))

    assert answer.status_code == 200
    assert answer.headers["x-rules-release"] == small_rulebook.version


# ---- language --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("", "zh-CN"), ("en-GB,en;q=0.9", "en"), ("fr", "zh-CN"), ("fr, en;q=0.1", "en"), ("en;q=0, *", "zh-CN")],
)
def test_the_browser_chooses_the_language(small_service: Service, accepted: str, language: str) -> None:
    answer = small_service.post(asked(), accept_language=accepted)

    assert answer.headers["content-language"] == language


def test_a_named_language_goes_before_the_browser(small_service: Service) -> None:
    answer = small_service.get("/v1/evaluate?topic=shop&lang=zh-CN", accept_language="en")

    assert answer.json()["topic"]["name"] == "我要开小店"


# ---- caching ---------------------------------------------------------------------------------------------


def test_the_same_request_gives_the_same_bytes(make_service: Make) -> None:
    keeping = make_service()
    forgetting = make_service(cache_entries=0)

    bodies = {service.post(asked()).content for service in (keeping, keeping, forgetting, forgetting)}

    assert len(bodies) == 1


def test_what_is_asked_in_another_order_gives_the_same_bytes(small_service: Service) -> None:
    turned = {"facts": dict(reversed(FACTS.items())), "topic": "shop"}

    assert small_service.post(turned).content == small_service.post(asked()).content


def test_known_bytes_are_not_sent_again(small_service: Service) -> None:
    first = small_service.get(LINK)

    again = small_service.get(LINK, if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert {"cache-control", "vary", "x-as-of", "x-rules-release"} <= set(again.headers)
    assert "content-length" not in again.headers


@pytest.mark.parametrize("known", ["*", 'W/{tag}, "other"', '"other", {tag}'])
def test_a_tag_is_found_in_every_form(small_service: Service, known: str) -> None:
    tag = small_service.get(LINK).headers["etag"]

    assert small_service.get(LINK, if_none_match=known.format(tag=tag)).status_code == 304


@pytest.mark.parametrize("known", ['"other"', "", '"', "rubbish"])
def test_another_tag_gets_the_whole_answer(small_service: Service, known: str) -> None:
    assert small_service.get(LINK, if_none_match=known).status_code == 200


def test_a_posted_request_is_always_answered_whole(small_service: Service) -> None:
    tag = small_service.post(asked()).headers["etag"]

    assert small_service.post(asked(), if_none_match=tag).status_code == 200


def test_an_answer_that_may_change_is_asked_for_again(small_service: Service) -> None:
    assert small_service.get(f"{LINK}&as_of=2022-01-01&lang=en").headers["cache-control"] == "no-cache"


def test_an_answer_fixed_by_day_release_and_language_is_kept(small_service: Service, small_rulebook: Rulebook) -> None:
    answer = small_service.get(f"{LINK}&as_of=2022-01-01&lang=en&release={small_rulebook.version}")

    assert answer.headers["cache-control"] == "public, max-age=86400"


def test_caches_are_told_what_the_answer_depends_on(small_service: Service) -> None:
    assert small_service.get(LINK).headers["vary"] == "Accept-Language, Accept-Encoding"


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_compressed_answer_has_a_tag_of_its_own(small_service: Service, coding: str) -> None:
    plain = small_service.get(LINK)

    packed = small_service.get(LINK, accept_encoding=coding)

    assert packed.headers["content-encoding"] == coding
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert packed.headers["etag"] == f'{plain.headers["etag"][:-1]}-{coding}"'


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_compressed_answer_is_the_same_bytes_every_time(make_service: Make, coding: str) -> None:
    services = [make_service() for _ in range(2)]

    lengths = {one.get(LINK, accept_encoding=coding).headers["content-length"] for one in services}

    assert len(lengths) == 1


def test_a_compressed_answer_is_known_by_its_own_tag_alone(small_service: Service) -> None:
    plain = small_service.get(LINK).headers["etag"]

    assert small_service.get(LINK, accept_encoding="gzip", if_none_match=plain).status_code == 200


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity", "zstd, deflate", "br;q=0, gzip; q=0.000, *;q=0"])
def test_an_answer_is_not_compressed_against_ones_will(small_service: Service, accepted: str) -> None:
    assert "content-encoding" not in small_service.get(LINK, accept_encoding=accepted).headers


# ---- asking by HEAD and from other sites -------------------------------------------------------------------


def test_head_says_all_but_the_body(small_service: Service) -> None:
    whole = small_service.get(LINK)

    head = small_service.ask("HEAD", LINK, headers={"accept-encoding": "identity"})

    changing = {"x-request-id"}
    assert (head.status_code, head.content) == (200, b"")
    assert {k: v for k, v in head.headers.items() if k not in changing} == {
        k: v for k, v in whole.headers.items() if k not in changing
    }


def test_pages_of_other_sites_may_read_the_answer(small_service: Service) -> None:
    answer = small_service.post(asked(), origin="https://hall.example")

    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert {"ETag", "X-As-Of", "X-Rules-Release"} <= set(answer.headers["access-control-expose-headers"].split(", "))


def test_a_browser_may_ask_first(small_service: Service) -> None:
    asking = {"origin": "https://hall.example", "access-control-request-method": "POST"}

    answer = small_service.ask("OPTIONS", "/v1/evaluate", headers=asking)

    assert (answer.status_code, answer.content) == (204, b"")
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Content-Type" in answer.headers["access-control-allow-headers"]


def test_many_at_once_get_what_each_asked_for(make_service: Make) -> None:
    service = make_service(cache_entries=3)
    days = [date(2021, 1, 1) + timedelta(days=40 * number) for number in range(8)]
    alone = {day: service.post(asked(as_of=day.isoformat())).content for day in days}

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda day: (day, service.post(asked(as_of=day.isoformat())).content), days * 8))

    assert all(body == alone[day] for day, body in together)


def test_a_hundred_scenarios_are_told_apart(small_service: Service) -> None:
    bodies = [small_service.post(asked(facts={"area_m2": area})).json()["facts"] for area in range(100)]

    assert bodies == [{"area_m2": area} for area in range(100)]


def test_the_compressed_bytes_unpack_to_the_body(small_service: Service) -> None:
    parts = small_service.app.api.state.parts
    small_service.get(LINK, accept_encoding="gzip")
    held = [prepared for prepared, _ in parts.recent._held.values()]

    assert [gzip.decompress(prepared.sent_in("gzip")[2]) for prepared in held] == [prepared.body for prepared in held]
    assert [brotli.decompress(prepared.sent_in("br")[2]) for prepared in held] == [prepared.body for prepared in held]
    assert all(json.loads(prepared.body) for prepared in held)
