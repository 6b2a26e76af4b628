"""Tests ask servers and browsers by what waits as long as a busy machine needs: anything else fails by chance."""

import re
from pathlib import Path

from tests.architecture.tree import REPOSITORY, plant, python_files

#: What is impatient by itself -> the file that makes it patient, in which alone it stands.
IMPATIENT = {
    r"\bhttpx\.(?:get|post|put|delete|stream|request|Client)\(": "tests/support/reaching.py",
    r"\.new_context\(": "tests/support/browser.py",
    r"\bsync_playwright\(\)\.start\b|\.chromium\.launch\(": "tests/support/browser.py",
}


def impatient(root: Path) -> list[str]:
    """Return each line of a test that asks without patience."""
    return [
        f"{name}:{number}"
        for file in python_files(root, "tests")
        for name in [file.relative_to(root).as_posix()]
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1)
        for pattern, place in IMPATIENT.items()
        if name != place and re.search(pattern, line)
    ]


def test_servers_and_browsers_are_asked_patiently() -> None:
    # Its own example below apart.
    assert [place for place in impatient(REPOSITORY) if "test_patient_tests.py" not in place] == []


def test_an_impatient_test_is_caught(tmp_path: Path) -> None:
    plant(
        tmp_path, "tests/api/test_x.py", "page = httpx.get(url)\nok = reaching.get(url)\ntab = chromium.new_context()\n"
    )

    assert impatient(tmp_path) == ["tests/api/test_x.py:1", "tests/api/test_x.py:3"]
