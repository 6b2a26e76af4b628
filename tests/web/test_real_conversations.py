"""Whole conversations over the repository's own rules: honest progress, no needless page, no law told twice."""

import random
from pathlib import Path

import httpx
import pytest

from app.web.scenarios import RESERVED
from tests.support import reaching
from tests.support.asking import Service
from tests.support.forms import question_form
from tests.support.pages_shown import SHOWN, ShownPage
from tests.web.real import plain_facts, query, rulebook

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = {"accept": "text/html", "accept_language": "en"}
MOST_BYTES = 100_000
MOST_PAGES = 8
#: Answers that contradict each other are taken back and given anew, so often.
PATIENCE = 12


TOPICS = sorted(path.name for path in (REPOSITORY / "rules" / "topics").iterdir())


def most_left(page: str) -> int:
    """How many pages are still to come at most, this one included, as the bar of progress says."""
    most, done = page.split('<progress max="', 1)[1].split('"', 3)[0:3:2]
    return int(most) - int(done)


def answered(real_service: Service, page: httpx.Response, chance: random.Random) -> str:
    """Where an answer given by chance leads."""
    for _ in range(PATIENCE):
        answer = real_service.get(question_form(page.text).filled(chance), **PAGE)
        if answer.status_code == 303:
            return str(answer.headers["location"])
        assert answer.status_code == 422
    raise AssertionError(f"no answer fits {page.url}")


def visit(real_service: Service, topic: str, chance: random.Random) -> tuple[list[int], list[str], str]:
    """Answer by chance to the end: what the progress said page by page, the facts asked, where the result is."""
    said: list[int] = []
    asked: list[str] = []
    target = f"/ask/{topic}"
    while target.startswith("/ask/"):
        page = real_service.get(target, **PAGE)
        said.append(most_left(page.text))
        asked += question_form(page.text).asked
        target = answered(real_service, page, chance)
    return said, asked, target


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("topic", TOPICS)
def test_progress_never_promises_less_than_comes_and_nothing_is_asked_twice(
    real_service: Service, topic: str, seed: int
) -> None:
    said, asked, _ = visit(real_service, topic, random.Random(f"{topic} {seed}"))

    to_come = range(len(said), 0, -1)
    assert [claim for claim, real in zip(said, to_come, strict=True) if claim < real] == []
    assert said == sorted(said, reverse=True)
    assert len(asked) == len(set(asked))


@pytest.mark.parametrize("topic", TOPICS)
def test_only_what_the_company_can_say_is_asked(real_service: Service, topic: str) -> None:
    _, asked, _ = visit(real_service, topic, random.Random(topic))

    assert {rulebook().facts[fact].asked_of for fact in rulebook().facts if fact in asked} == {"company"}


@pytest.mark.parametrize("topic", TOPICS)
def test_the_conversation_ends_where_the_api_has_nothing_left_to_ask(real_service: Service, topic: str) -> None:
    _, _, target = visit(real_service, topic, random.Random(f"end {topic}"))

    path, _, query = target.partition("?")
    told = [part for part in query.split("&") if not part.startswith("skip=")]
    skipped = {part.removeprefix("skip=") for part in query.split("&") if part.startswith("skip=")}
    guide = real_service.get(f"/v1/evaluate?topic={topic}&{'&'.join(told)}").json()
    assert path == f"/guide/{topic}"
    assert {item["fact"] for item in guide["questions"] if not item["optional"]} <= skipped


def test_the_plainest_building_is_settled_on_at_most_eight_pages(real_service: Service) -> None:
    facts, target, pages = plain_facts("build_project"), "/ask/build_project", 0

    while target.startswith("/ask/"):
        form = question_form(real_service.get(target, **PAGE).text)
        known = {fact: facts[fact] for fact in form.asked if facts.get(fact)}
        none = [pair for pair in form.buttons if pair == ("do", "none")]
        rest = {fact: facts[fact] for fact in form.asked if fact in facts}
        target = real_service.get(form.sent(*(none if none and not known else query(rest))), **PAGE).headers["location"]
        pages += 1

    guide = real_service.get(f"/v1/evaluate?topic=build_project&{target.partition('?')[2]}").json()
    permit = next(item for item in guide["procedures"] if item["code"] == "construction_permit")
    assert pages <= MOST_PAGES
    assert (guide["status"], permit["treatment"]) == ("complete", "commitment")
    assert "二(一)3.二" in [source["cite"] for source in permit["basis"] if source["quote"]]
    assert permit["parallel_with"] == ["planning_permit"]


def test_names_of_the_pages_are_no_facts() -> None:
    assert {str(fact) for fact in rulebook().facts} & set(RESERVED) == set()


@pytest.mark.parametrize("item", [*SHOWN, ShownPage("largest", "/guide/build_project")], ids=lambda item: item.name)
def test_a_page_of_every_kind_with_all_it_needs_is_small_on_the_wire(url: str, item: ShownPage) -> None:
    page = reaching.get(item.on(url), headers={"accept": "text/html", "accept-encoding": "identity"})
    parts = {part.split('"')[0] for part in page.text.split('"/static/')[1:]}

    whole = sum(on_the_wire(address) for address in [str(page.url), *(f"{url}/static/{part}" for part in parts)])

    assert page.status_code < 500
    assert len(parts) >= 3
    assert whole < MOST_BYTES


def on_the_wire(address: str) -> int:
    """How many bytes of a body come over the line to a browser."""
    headers = {"accept": "text/html", "accept-encoding": "gzip"}
    with (
        reaching.client(follow_redirects=True) as asking,
        asking.stream("GET", address, headers=headers) as answer,
    ):
        return sum(map(len, answer.iter_raw()))


def test_a_page_of_areas_says_no_fit_out_in_one_tap_and_keeps_what_was_typed(real_service: Service) -> None:
    form = question_form(real_service.get("/ask/open_pharmacy?entity_exists=false", **PAGE).text)

    answer = real_service.get(
        form.sent(("premises_area_m2", "80"), ("decoration_area_m2", ""), ("decoration_area_m2", "0")), **PAGE
    )

    assert form.asked == ["premises_area_m2", "decoration_area_m2"]
    assert ("decoration_area_m2", "0") in form.buttons
    assert "premises_area_m2=80&decoration_area_m2=0" in str(answer.headers["location"])
