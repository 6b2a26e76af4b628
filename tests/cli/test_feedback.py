"""`approval-guide feedback …`: what was given, and how often."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from app.main import create_app
from app.rulebook import Rulebook
from app.settings import Settings
from tests.support.asking import small_rulebook
from tests.support.in_process import in_process

__all__ = ["small_rulebook"]
_RUNNER = CliRunner()


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_rulebook: Rulebook) -> str:
    """A database with a guide that was graded twice; the guide's reference."""
    address = f"sqlite:///{tmp_path / 'x.db'}"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("APG_DATABASE_URL", address)
    app = create_app(Settings(database_url=address, log_level="error"), rulebook=small_rulebook)
    with in_process(app) as client:
        asked = {"topic": "shop", "facts": {"area_m2": 50, "open_by_night": False}, "as_of": "2021-07-01"}
        place = client.post("/v1/guides", json=asked).headers["location"]
        client.post(f"{place}/feedback", json={"grade": "satisfied", "comment": "[red]好"})
        client.post(f"{place}/feedback", json={"grade": "dissatisfied", "reasons": ["hard_to_use"]})
    return place.rpartition("/")[2]


def _ask(*words: str) -> Result:
    return _RUNNER.invoke(cli, ["feedback", *words])


def test_the_list_shows_grade_reason_and_comment(graded: str) -> None:
    said, listed = _ask("list"), json.loads(_ask("list", "--format", "json").stdout)

    assert said.exit_code == 0
    assert all(word in said.stdout for word in (graded, "不好用", "不满意", "[red]好"))
    assert {one["grade"] for one in listed} == {"satisfied", "dissatisfied"}
    assert json.loads(_ask("list", "--topic", "other", "--format", "json").stdout) == []


@pytest.mark.usefixtures("graded")
def test_the_summary_counts_by_topic_release_and_rule() -> None:
    said, counted = _ask("summary"), json.loads(_ask("summary", "--format", "json").stdout)

    (topic,) = counted["topics"]
    assert (topic["name"], topic["total"], topic["low"]) == ("shop", 2, 1)
    assert "commitment_for_small" in {one["name"] for one in counted["rules"]}
    assert all(word in said.stdout for word in ("一件事", "规则版本", "规则", "非常满意"))
