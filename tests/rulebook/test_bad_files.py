"""One broken file, one fault: each file under `bad/` says in front where it belongs and what has to be said of it.

A fault that takes two files has both in one, each under its own `# file:`; `# by: verify` names what `rules check`
leaves to `rules verify`.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import Finding
from app.rulebook import CODES, check, verify
from tests.support.make_rulebook import rulebook_files, write_rulebook

BAD = sorted((Path(__file__).parent / "bad").glob("*.yaml"))
CASES = "topics/shop/cases.yaml"


def header(text: str, key: str) -> list[str]:
    """What the comment lines in front of a file say under a key."""
    mark = f"# {key}: "
    return [line.removeprefix(mark) for line in text.splitlines() if line.startswith(mark)]


def parts(text: str) -> dict[str, str]:
    """The files that a broken one stands for: path -> text, its own heading included."""
    first, *more = re.split(r"^(?=# file: )", text, flags=re.MULTILINE)
    pieces = [first, *more] if header(first, "file") else [first + more[0], *more[1:]]
    return {header(piece, "file")[0]: piece for piece in pieces}


def found_in(root: Path, *, by: list[str]) -> tuple[Finding, ...]:
    """What the checks say of a rulebook, or the whole proof after clean checks."""
    report = check(root)
    if by != ["verify"]:
        return report.findings
    assert report.findings == ()
    assert report.rulebook is not None
    return verify(report.rulebook, made_at=datetime(2026, 11, 22, tzinfo=UTC), workers=1).findings


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_broken_file_gives_exactly_its_message(path: Path, tmp_path: Path) -> None:
    broken = path.read_text("utf-8")
    # The small rulebook's worked example would fail beside many a broken rule; it comes back where it is the subject.
    rest = rulebook_files(without={CASES})
    root = write_rulebook(tmp_path, files={**rest, **parts(broken)})

    findings = found_in(root, by=header(broken, "by"))

    said = [f"{finding}{' (warning)' if finding.warning else ''}" for finding in findings]
    assert said == header(broken, "says")


def test_small_rulebook_itself_is_clean(tmp_path: Path) -> None:
    report = check(write_rulebook(tmp_path))

    assert report.findings == ()
    assert report.rulebook is not None


def test_every_code_of_the_table_has_a_broken_file() -> None:
    said = {line.split()[1] for path in BAD for line in header(path.read_text("utf-8"), "says")}

    assert set(CODES) == said
