"""The steps of the schema stand in one line, oldest first: two that follow the same one would never both be run."""

import re
from collections import Counter
from pathlib import Path

from tests.architecture.tree import REPOSITORY, plant

ASSIGNED = re.compile(r"^(revision|down_revision)\b[^=\n]*= *(.+)$", re.M)


def forks(root: Path) -> list[str]:
    """Return each migration that does not follow the one before it by file name."""
    found, before = [], "None"
    for path in sorted((root / "migrations" / "versions").glob("*.py")):
        said = dict(ASSIGNED.findall(path.read_text("utf-8")))
        if said["down_revision"] != before:
            found.append(f"{path.name} follows {said['down_revision']}, not {before}")
        before = said["revision"]
    return found


def revisions_used_twice(root: Path) -> list[str]:
    """Return each revision that two migrations claim."""
    texts = [path.read_text("utf-8") for path in (root / "migrations" / "versions").glob("*.py")]
    return [
        name for name, times in Counter(dict(ASSIGNED.findall(text))["revision"] for text in texts).items() if times > 1
    ]


def test_the_migrations_stand_in_one_line() -> None:
    assert forks(REPOSITORY) == []
    assert revisions_used_twice(REPOSITORY) == []


def test_a_fork_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "migrations/versions/2026-01-01-0000_a.py", 'revision = "a"\ndown_revision = None\n')
    plant(tmp_path, "migrations/versions/2026-01-02-0000_b.py", 'revision = "b"\ndown_revision = "a"\n')
    plant(tmp_path, "migrations/versions/2026-01-03-0000_c.py", 'revision = "b"\ndown_revision = "a"\n')

    assert forks(tmp_path) == ['2026-01-03-0000_c.py follows "a", not "b"']
    assert revisions_used_twice(tmp_path) == ['"b"']
