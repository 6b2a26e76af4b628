"""`/v1/changes`: the changelog of the law as a list and as an Atom feed."""

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from tests.support.asking import Service, served
from tests.support.make_rulebook import make_rulebook, rulebook_files
from tests.support.small_changelog import CHANGELOG

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over the small rulebook with a changelog of two fragments."""
    folder = tmp_path_factory.mktemp("changes")
    rulebook = make_rulebook(folder, files={**rulebook_files(), **CHANGELOG})
    with served(rulebook, folder / "guides.db") as running:
        yield running


def feed_of(service: Service, query: str = "") -> ElementTree.Element:
    return ElementTree.fromstring(service.get(f"/v1/changes.atom{query}").content)


def texts(element: ElementTree.Element, path: str) -> list[str | None]:
    return [found.text for found in element.iterfind(path.replace("/", f"/{ATOM}"))]


def test_changes_are_listed_newest_first_with_their_clauses(service: Service) -> None:
    answer = service.get("/v1/changes?lang=en").json()

    assert answer["total"] == 2
    assert [change["code"] for change in answer["changes"]] == ["small_by_commitment", "waived_by_night"]
    assert answer["changes"][1] == {
        "code": "waived_by_night",
        "from": "2020-12-30",
        "from_precision": "month",
        "recorded": "2021-01-04",
        "title": "No licence for shops open by night",
        "notice": "No licence for shops open by night, as the shop will notice.",
        "topics": [{"code": "shop", "name": "Open a small shop"}],
        "rules": [{"code": "waived_by_night", "name": "Waived by night"}],
        "procedures": [{"code": "licence", "name": "Small shop licence"}],
        "basis": answer["changes"][1]["basis"],
    }
    assert [cite["clause"] for cite in answer["changes"][1]["basis"]] == ["1.a"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("since=2021-01-01", ["small_by_commitment"]),
        ("since=2021-06-01", ["small_by_commitment"]),
        ("since=2021-06-02", []),
        ("recorded_since=2021-01-04", ["small_by_commitment", "waived_by_night"]),
        ("recorded_since=2021-01-05&since=2019-01-01", ["small_by_commitment"]),
        ("topic=shop", ["small_by_commitment", "waived_by_night"]),
    ],
)
def test_changes_are_narrowed_to_what_is_asked_for(service: Service, query: str, codes: list[str]) -> None:
    listed = service.get(f"/v1/changes?{query}").json()
    fed = feed_of(service, f"?{query}")

    assert [change["code"] for change in listed["changes"]] == codes
    assert len(fed.findall(f"{ATOM}entry")) == len(codes)


@pytest.mark.parametrize("route", ["/v1/changes", "/v1/changes.atom"])
@pytest.mark.parametrize("day", ["soon", "2024-02-30", "1609459200", "2024-1-1", ""])
def test_a_day_that_is_none_is_refused(service: Service, route: str, day: str) -> None:
    answer = service.get(f"{route}?since={day}&lang=en")

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid-request")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/since"]
    assert "2024-03-01" in answer.json()["errors"][0]["message"]


def test_feed_says_what_feed_readers_need(service: Service) -> None:
    answer = service.get("/v1/changes.atom?lang=zh-CN")
    feed = ElementTree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")

    assert answer.headers["content-type"] == "application/atom+xml"
    assert texts(feed, "./updated") == ["2026-11-22T00:00:00+08:00"]
    assert texts(feed, "./entry/title") == [
        "2021年6月1日起：小店可以告知承诺",
        "约2020年12月30日起：夜里开的小店免办许可",
    ]
    assert texts(feed, "./entry/updated") == ["2026-11-22T00:00:00+08:00", "2021-01-04T00:00:00+08:00"]
    assert all((found.text or "").startswith("urn:uuid:") for found in feed.iter(f"{ATOM}id"))
    assert len({found.text for found in feed.iter(f"{ATOM}id")}) == len(entries) + 1
    assert entries[0].find(f"{ATOM}category").attrib == {"term": "shop", "label": "我要开小店"}  # type: ignore[union-attr]


def test_feed_is_not_sent_again_while_nothing_changes(service: Service) -> None:
    first = service.get("/v1/changes.atom")

    again = service.get("/v1/changes.atom", if_none_match=first.headers["etag"])

    assert again.status_code == 304


def test_unknown_topic_is_a_404(service: Service) -> None:
    assert service.get("/v1/changes?topic=nothing").json()["type"] == "/problems/unknown-topic"
