"""One broken file, one fault: each file under `bad/` says in front where it belongs and what has to be said of it."""

from pathlib import Path

import pytest

from app.rulebook import CODES, check
from tests.support.make_rulebook import rulebook_files, write_rulebook

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
CASES = "topics/shop/cases.yaml"


def header(text: str, key: str) -> list[str]:
    """What the comment lines in front of a file say under a key."""
    mark = f"# {key}: "
    return [line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark)]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_broken_file_gives_exactly_its_message(path: Path, tmp_path: Path) -> None:
    broken = path.read_text("utf-8")
    (where,) = header(broken, "file")
    # The small rulebook's worked example would fail beside many a broken rule; it comes back where it is the subject.
    rest = rulebook_files(without={CASES})

    report = check(write_rulebook(tmp_path, files={**rest, where: broken}))

    said = [f"{finding}{' (warning)' if finding.warning else ''}" for finding in report.findings]
    assert said == header(broken, "says")


def test_small_rulebook_itself_is_clean(tmp_path: Path) -> None:
    report = check(write_rulebook(tmp_path))

    assert report.findings == ()
    assert report.rulebook is not None


def test_every_code_of_the_table_has_a_broken_file() -> None:
    said = {line.split()[1] for path in BAD for line in header(path.read_text("utf-8"), "says")}

    assert set(CODES) == said
