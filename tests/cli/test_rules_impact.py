"""`approval-guide rules diff|impact`: two folders or releases compared, as text, JSON and a page."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from app.rulebook import load
from tests.support.make_rulebook import with_change, write_rulebook

TOPIC = "topics/shop/topic.yaml"


def run(*words: str | Path, **environment: str) -> Result:
    """What the command line answers."""
    return CliRunner().invoke(cli, ["rules", *map(str, words)], env=environment)


@pytest.fixture
def before(tmp_path: Path) -> Path:
    """The small rulebook's folder."""
    return write_rulebook(tmp_path / "before")


@pytest.fixture
def after(tmp_path: Path) -> Path:
    """The same with the threshold of a small shop raised."""
    return write_rulebook(tmp_path / "after", files=with_change(TOPIC, "below: 100", "below: 150"))


def test_diff_says_a_figure_before_and_after(before: Path, after: Path) -> None:
    result = run("diff", before, after, "--lang", "en")

    assert result.exit_code == 0
    assert "definition · small shop (is_small)" in result.output
    assert "- floor area: under 100 m²" in result.output
    assert "+ floor area: under 150 m²" in result.output
    assert "›  ›" not in result.output


def test_diff_of_the_same_says_so(before: Path) -> None:
    assert "两个版本内容相同" in run("diff", before, before).output


def test_impact_says_who_moves_from_what_to_what_with_an_example(before: Path, after: Path) -> None:
    output = run("impact", before, after, "--lang", "en").output

    assert "now meets, and did not before: small shop" in output
    assert "ordinary procedure → notification and commitment" in output
    assert "For example 2021-06-01: open by night: no; floor area: 100 m²" in output


def test_impact_in_json_holds_every_class_as_data(before: Path, after: Path) -> None:
    report = json.loads(run("impact", before, after, "--format", "json").output)
    (topic,) = report["topics"]
    (licence,) = [item for item in topic["procedures"] if (item["code"], item["facet"]) == ("licence", "outcome")]
    each = licence["stretches"][0]["classes"][0]

    assert (licence["stretches"][0]["from"], each["before"]["treatment"], each["after"]["treatment"]) == (
        "2021-06-01",
        "standard",
        "commitment",
    )
    assert {"definition": "is_small", "turns": ["gained"]} in each["conditions"]


def test_impact_as_a_page_is_written_where_it_is_wanted(before: Path, after: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    result = run("impact", before, after, "--format", "html", "--output", page)

    assert (result.exit_code, result.output) == (0, f"{page}\n")
    assert page.read_text("utf-8").startswith("<!doctype html>")


def test_the_later_rulebook_is_the_one_of_the_settings_where_none_is_named(before: Path, after: Path) -> None:
    own = load(after)

    assert "is_small" in run("diff", before, APG_RULES_DIR=str(after)).output
    assert "is_small" in run("diff", before, own.version, APG_RULES_DIR=str(after)).output
    assert "is_small" in run("diff", before, own.content_hash, APG_RULES_DIR=str(after)).output


@pytest.mark.parametrize("name", ["no/such/folder", "2021-01-01.1"])
def test_what_is_neither_folder_nor_release_is_refused(before: Path, tmp_path: Path, name: str) -> None:
    result = run("diff", before, name, APG_DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")

    assert result.exit_code == 2
    assert name in result.output


def test_a_topic_nobody_knows_is_refused(before: Path, after: Path) -> None:
    result = run("impact", before, after, "--topic", "shopp")

    assert (result.exit_code, result.output) == (
        2,
        "命令写得不对：共1处。\n  - “--topic”没有“shopp”，是不是shop？可以是：shop。\n",
    )


def test_a_rulebook_with_errors_is_refused_with_its_findings(before: Path, tmp_path: Path) -> None:
    faulty = write_rulebook(tmp_path, files=with_change("topics/shop/rules.yaml", "force: binding", "force: law"))
    result = run("impact", before, faulty)

    assert result.exit_code == 1
    assert "invalid_value" in result.output


def test_kept_guides_are_counted_when_asked_for(before: Path, after: Path, tmp_path: Path) -> None:
    result = run("impact", before, after, "--guides", "--lang", "en", APG_DATABASE_URL=f"sqlite:///{tmp_path}/new.db")

    assert result.exit_code == 0
    assert "Kept guides that would come out otherwise: 0 of 0." in result.output
