"""Half-written files are what an editor checks all day: the checks say what is wrong, and never fall over."""

from pathlib import Path

import pytest

from app.rulebook import check
from tests.support.make_rulebook import rulebook_files, write_rulebook

LINES = [(path, number) for path, text in rulebook_files().items() for number in range(len(text.splitlines()))]


@pytest.mark.parametrize(("path", "number"), [pytest.param(*line, id=f"{line[0]}:{line[1] + 1}") for line in LINES])
def test_file_without_one_line_is_checked(path: str, number: int, tmp_path: Path) -> None:
    files = rulebook_files()
    lines = files[path].splitlines(keepends=True)
    without = "".join([*lines[:number], *lines[number + 1 :]])

    report = check(write_rulebook(tmp_path, files={**files, path: without}))

    assert report.draft is not None
    assert (report.rulebook is None) == bool(report.errors)
