"""What is committed works anywhere: no addresses in the locks, no registries, no paths of one machine."""

import re
from pathlib import Path

from tests.architecture.tree import REPOSITORY, plant, texts

LOCK_FILES = ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt")
ADDRESS = re.compile(r"://|^\s*--(?!hash=sha256:)|^-|\s@\s|\bfile:")
# Written in pieces, so that this file does not hold what it looks for.
REGISTRY = re.compile(r"\b(?:[\w-]+\.)*(?:py" + r"pi|python" + r"hosted|npm" + r"js)\.(?:org|io|com)\b", re.I)
MACHINE_PATH = re.compile(r"(?<![\w.}~*-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me)/[\w.]")


def addresses_in_locks(root: Path) -> list[str]:
    """Return each line of a lock file that says where from, instead of what."""
    return [
        f"{name}:{number} {line.strip()}"
        for name in LOCK_FILES
        for number, line in enumerate(texts(root).get(name, "").splitlines(), start=1)
        if ADDRESS.search(line)
    ]


def matching_lines(root: Path, pattern: re.Pattern[str]) -> list[str]:
    """Return each place in a committed file where the pattern is found."""
    return [
        f"{name}:{number}"
        for name, text in texts(root).items()
        if pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_locks_hold_no_address() -> None:
    assert addresses_in_locks(REPOSITORY) == []


def test_no_registry_is_named() -> None:
    assert matching_lines(REPOSITORY, REGISTRY) == []


def test_no_path_of_a_machine_is_written_down() -> None:
    assert matching_lines(REPOSITORY, MACHINE_PATH) == []


def test_every_lock_line_is_pinned_with_hashes() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^ *#.*\n?", "", texts(REPOSITORY)[name]).strip())

        assert entries
        assert [entry for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_an_address_in_a_lock_is_caught(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "requirements.txt",
        "--index-url https://example.org\nhttpx==1 \\\n    --hash=sha256:00\n    # via fastapi\nx @ file:///x\n",
    )

    assert addresses_in_locks(tmp_path) == [
        "requirements.txt:1 --index-url https://example.org",
        "requirements.txt:5 x @ file:///x",
    ]


def test_a_registry_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "README.md", "fine\nhttps://files.python" + "hosted.org/x\n")

    assert matching_lines(tmp_path, REGISTRY) == ["README.md:2"]


def test_a_path_of_a_machine_is_caught(tmp_path: Path) -> None:
    plant(tmp_path, "README.md", "see /wo" + "rk/main\n`/ro" + "ot/x`\nhttps://example.org/ho" + "me/x\n")

    assert matching_lines(tmp_path, MACHINE_PATH) == ["README.md:1", "README.md:2"]
