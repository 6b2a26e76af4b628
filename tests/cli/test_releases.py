"""`approval-guide rules publish|activate|rollback|releases`, as policy staff use them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.cli.main import cli
from tests.support.make_release import numbered_files
from tests.support.make_rulebook import with_change, write_rulebook

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `approval-guide rules …` on a database of the test's own; words and status come back."""
    monkeypatch.setenv("APG_DATABASE_URL", f"sqlite:///{tmp_path / 'x.db'}")
    monkeypatch.setenv("APG_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("APG_RULES_DIR", str(write_rulebook(tmp_path, files=numbered_files(1))))
    return lambda *words: CliRunner().invoke(cli, ["rules", *words])


def listed(run: Run) -> dict[str, str]:
    """How each release stands, newest first."""
    return {one["version"]: one["state"] for one in json.loads(run("releases", "--format", "json").stdout)}


def published(run: Run, folder: Path, number: int) -> str:
    """Publish the rulebook of a number, and return its version."""
    files = write_rulebook(folder / str(number), files=numbered_files(number))
    said = run("publish", str(files), "--notes", f"number {number}", "--format", "json")
    assert said.exit_code == 0, said.output
    return str(json.loads(said.stdout)["version"])


def test_a_rulebook_is_published_activated_and_taken_back(run: Run, tmp_path: Path) -> None:
    one = published(run, tmp_path, 1)
    assert run("activate", one).stdout == f"{one} 已启用\n"
    two = published(run, tmp_path, 2)
    assert run("activate", two, "--lang", "en").stdout == f"{two} is active\n"

    back = run("rollback", "--from", two)

    assert back.stdout == f"已退回 {one}，{two} 不再使用\n"
    assert listed(run) == {two: "retired", one: "active"}
    assert run("rollback", "--from", two).exit_code == 1


def test_the_folder_of_the_settings_is_published_once(run: Run) -> None:
    first, again = run("publish"), run("publish")

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "已发布为" in first.stdout
    assert "以前已经发布过" in again.stdout
    assert len(listed(run)) == 1


def test_a_contradiction_is_refused_with_every_finding(run: Run, tmp_path: Path) -> None:
    files = with_change("topics/shop/rules.yaml", "    overrides: [commitment_for_small]\n", "")
    folder = write_rulebook(tmp_path / "faulty", files=files)

    said = run("publish", str(folder))
    as_json = json.loads(run("publish", str(folder), "--format", "json").stdout)

    assert said.exit_code == 1
    assert "rules/topics/shop/rules.yaml:" in said.stdout
    assert "没有发布" in said.stdout
    assert "contradiction" in {finding["code"] for finding in as_json}
    assert listed(run) == {}


def test_an_activation_is_set_for_later_in_chinas_time_and_taken_back(run: Run, tmp_path: Path) -> None:
    version = published(run, tmp_path, 1)
    # Not tomorrow, which has come where the test runs over midnight.
    day = datetime.now(UTC) + timedelta(days=2)

    set_for = json.loads(run("activate", version, "--at", f"{day:%Y-%m-%d}T08:00", "--format", "json").stdout)
    scheduled = listed(run)
    withdrawn = run("activate", version, "--cancel")

    assert (set_for["kind"], set_for["effective_at"]) == ("scheduled", f"{day:%Y-%m-%d}T00:00:00Z")
    assert scheduled == {version: "scheduled"}
    assert withdrawn.stdout == f"{version} 的定时启用已撤销\n"
    assert listed(run) == {version: "published"}


def test_with_the_two_person_rule_the_publisher_does_not_activate(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = published(run, tmp_path, 1)
    monkeypatch.setenv("APG_TWO_PERSON_RULE", "true")

    said = run("activate", version)

    assert said.exit_code == 1
    assert "须由另一人启用" in said.stderr


def test_a_release_shows_its_certificate_and_gives_its_files_back(run: Run, tmp_path: Path) -> None:
    version = published(run, tmp_path, 1)

    shown = json.loads(run("releases", version).stdout)
    written = run("releases", version, "--to", str(tmp_path / "out"))
    again = run("releases", version, "--to", str(tmp_path / "out"))

    assert shown["certificate"]["release"]["version"] == version
    assert written.exit_code == 0
    assert (tmp_path / "out" / "topics" / "shop" / "topic.yaml").read_text("utf-8") == numbered_files(1)[
        "topics/shop/topic.yaml"
    ]
    assert again.exit_code == 2


def test_what_cannot_be_done_says_so_and_why(run: Run, tmp_path: Path) -> None:
    never = run("rollback").stderr
    version = published(run, tmp_path, 1)
    run("activate", version)
    (tmp_path / "nothing").mkdir()
    other = str(write_rulebook(tmp_path / "other", files=numbered_files(2)))

    assert never == "没有可退的：还没有启用过规则版本，无法退回。\n"
    assert run("rollback").stderr == f"没有可退的：{version} 之前没有启用过的规则版本，无法退回。\n"
    assert run("activate", version, "--cancel").stderr == f"没有可撤的：{version} 没有定时启用的安排。\n"
    assert "“--at”须晚于北京时间" in run("activate", version, "--at", "2020-01-01T08:00").stderr
    assert "“--notes”最多4000个字符" in run("publish", other, "--notes", "x" * 4_001).stderr
    assert run("publish", str(tmp_path / "nothing")).exit_code == 2


@pytest.mark.parametrize(
    "words",
    [("activate", "2020-01-01.1"), ("releases", "2020-01-01.1"), ("activate", "x", "--at", "soon"), ("publish", "/no")],
)
def test_what_is_asked_wrongly_ends_with_two(run: Run, words: tuple[str, ...]) -> None:
    assert run(*words).exit_code == 2
