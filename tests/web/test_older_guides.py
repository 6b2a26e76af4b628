"""A guide that older software kept, in its shape of then: page, papers and comparison as for any other."""

import hashlib
import sqlite3
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

import orjson
import pytest
from docx import Document

from app.rulebook import Rulebook
from tests.support.asking import Service, served
from tests.support.make_rulebook import TOPIC
from tests.support.reading_pages import Node, read_page

PAGE: Final = {"accept": "text/html"}
OLDER: Final = Path(__file__).parents[1] / "guides" / "older" / "guide.json"
FACTS: Final = {"goods": ["tea"], "open_by_night": False, "area_m2": 50, "fits_out": False, "district": "east"}


@pytest.fixture
def kept(small_rulebook: Rulebook, tmp_path: Path) -> Iterator[tuple[Service, str]]:
    """A service, and the reference under which the older guide lies in its database."""
    body = orjson.dumps(orjson.loads(OLDER.read_bytes()))
    database = tmp_path / "guides.db"
    with served(small_rulebook, database) as service:
        request = {"topic": TOPIC, "facts": FACTS, "as_of": "2022-03-01", "lang": "zh-CN"}
        reference = orjson.loads(service.ask("POST", "/v1/guides", json=request).content)["reference"]
        with sqlite3.connect(database) as connection:
            connection.execute(
                "UPDATE guides SET body = ?, body_hash = ?, release_hash = 'sha256:older'",
                (zlib.compress(body), hashlib.sha256(body).digest()),
            )
        yield service, reference


def page_of(kept: tuple[Service, str]) -> Node:
    service, reference = kept
    return read_page(service.get(f"/g/{reference}", **PAGE).text)


def test_the_api_gives_it_back_as_it_was_kept(kept: tuple[Service, str]) -> None:
    service, reference = kept

    answer = orjson.loads(service.get(f"/v1/guides/{reference}").content)

    assert answer["guide"] == orjson.loads(OLDER.read_bytes())
    assert answer["outdated"] is False


def test_its_page_shows_the_words_of_then(kept: tuple[Service, str]) -> None:
    page = page_of(kept)

    assert "小店当时的告知承诺" in page.one("article", "proc").text
    assert "当时的面积" in page.text
    assert "当日" in page.one("article", "proc").text


def test_its_page_names_the_source_of_its_time_limit(kept: tuple[Service, str]) -> None:
    assert "时限依据：第1号第一条" in page_of(kept).one("article", "proc").text


@pytest.mark.parametrize("paper", ["notice.docx", "documents/licence.docx"])
def test_its_papers_are_made(kept: tuple[Service, str], paper: str) -> None:
    service, reference = kept

    answer = service.get(f"/v1/guides/{reference}/{paper}")

    document = Document(BytesIO(answer.content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "当时的面积" in cells
