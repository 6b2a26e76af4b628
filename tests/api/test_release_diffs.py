"""`GET /v1/releases/{a}/diff/{b}`: two releases compared over the wire."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.main import create_app
from app.releases import Edition, Editions
from app.rulebook import Rulebook, load
from app.settings import Settings
from tests.support.in_process import InProcess, in_process
from tests.support.make_rulebook import with_change, write_rulebook

# One of plain files, for a release that is not in the database is forgotten once that was looked into.
OLD, NEW = "files-0000000a", "2026-02-01.1"


@pytest.fixture(scope="module")
def rulebooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Rulebook, Rulebook]:
    """The small rulebook, and the same with the threshold of a small shop raised."""
    folder = tmp_path_factory.mktemp("releases")
    files = with_change("topics/shop/topic.yaml", "below: 100", "below: 150")
    old, new = load(write_rulebook(folder / "old")), load(write_rulebook(folder / "new", files=files))
    return replace(old, version=OLD), replace(new, version=NEW)


@pytest.fixture(scope="module")
def client(rulebooks: tuple[Rulebook, Rulebook], tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    old, new = rulebooks
    folder: Path = tmp_path_factory.mktemp("server")
    app = create_app(Settings(database_url=f"sqlite:///{folder}/apg.db"), rulebook=new)
    editions: Editions = app.api.state.parts.editions
    editions._hold(Edition.of(old))  # as if somebody had named it before
    with in_process(app) as made:
        yield made


def test_both_releases_are_compared_once_and_told_in_words(client: InProcess) -> None:
    answer = client.get(f"/v1/releases/{OLD}/diff/{NEW}?lang=en")
    again = client.get(f"/v1/releases/{OLD}/diff/{NEW}?lang=en")
    found = answer.json()
    (topic,) = found["topics"]
    licence = next(item for item in topic["procedures"] if (item["code"], item["facet"]) == ("licence", "outcome"))
    (way,) = licence["stretches"][0]["ways"]

    assert (answer.status_code, again.headers["etag"]) == (200, answer.headers["etag"])
    assert (found["before"]["version"], found["after"]["version"]) == (OLD, NEW)
    assert found["homes"][0]["changes"][0]["fields"][0]["after"] == "floor area: under 150 m²"
    assert (way["before"], way["after"]) == ("ordinary procedure", "notification and commitment")
    assert "now meets, and did not before: small shop" in way["when"]


def test_an_example_of_a_way_can_be_evaluated_as_it_stands(client: InProcess) -> None:
    found = client.get(f"/v1/releases/{OLD}/diff/{NEW}?lang=en").json()
    licence = next(item for item in found["topics"][0]["procedures"] if item["code"] == "licence")
    example = licence["stretches"][0]["ways"][0]["example"]
    guide = client.post("/v1/evaluate", json={"topic": "shop", "lang": "en", **example}).json()

    assert next(item for item in guide["procedures"] if item["code"] == "licence")["treatment"] == "commitment"


def test_a_content_hash_names_a_release_too(client: InProcess, rulebooks: tuple[Rulebook, Rulebook]) -> None:
    old, new = rulebooks
    found = client.get(f"/v1/releases/{old.content_hash}/diff/{new.content_hash}").json()

    assert found["summary"]["changes"] == {"added": 0, "removed": 0, "ended": 0, "changed": 1, "wording": 0}


def test_a_release_beside_itself_has_not_changed(client: InProcess) -> None:
    found = client.get(f"/v1/releases/{NEW}/diff/{NEW}").json()

    assert (found["homes"], found["topics"], found["summary"]["text"]) == ([], [], "两个版本内容相同。")


@pytest.mark.parametrize("path", [f"{OLD}/diff/2020-01-01.1", f"2020-01-01.1/diff/{NEW}"])
def test_a_release_nobody_knows_is_a_404(client: InProcess, path: str) -> None:
    answer = client.get(f"/v1/releases/{path}")

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-release")
