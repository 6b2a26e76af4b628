"""A rulebook kept from an earlier start: the same one, and only where nothing it depends on has changed."""

import os
import shutil
from pathlib import Path

import pytest

from app.errors import RulebookError
from app.rulebook import Rulebook, checking, kept, load, load_kept

SMALL = Path(__file__).parents[1] / "support" / "small_rulebook"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return shutil.copytree(SMALL, tmp_path / "rules")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were really read."""
    found: list[Path] = []

    def reading(path: Path) -> Rulebook:
        found.append(path)
        return load(path)

    monkeypatch.setattr(checking, "load", reading)
    return found


def load_with(remark: str, rules: Path, store: Path) -> set[str]:
    """The files in the store after the rulebook with a remark of its own was asked for."""
    (rules / "README.md").write_text(remark, "utf-8")
    load_kept(rules, store)
    return {path.name for path in store.glob("*.pickle")}


def law(rulebook: Rulebook) -> object:
    """All that a rulebook decides by, and the name it goes under."""
    return rulebook.content_hash, {code: (book.topic, len(book.cases)) for code, book in rulebook.topics.items()}


def test_the_second_start_takes_the_same_rulebook_without_reading_its_files(
    rules: Path, store: Path, reads: list[Path]
) -> None:
    first, second = load_kept(rules, store), load_kept(rules, store)

    assert reads == [rules]
    assert law(second) == law(first)


def test_a_changed_file_is_read(rules: Path, store: Path, reads: list[Path]) -> None:
    before = load_kept(rules, store)
    file = next(rules.glob("topics/*/topic.yaml"))
    file.write_text(file.read_text("utf-8") + "# a remark\n", "utf-8")

    assert load_kept(rules, store) is not before
    assert reads == [rules, rules]


def test_other_software_reads_anew(
    rules: Path, store: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_kept(rules, store)
    monkeypatch.setattr(kept, "reading_software", lambda: "sha256:other")

    load_kept(rules, store)

    assert reads == [rules, rules]


def test_a_large_rulebook_is_read_by_another_process_and_its_work_taken_over(
    rules: Path, store: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_WORTH_A_PROCESS", 0)

    found = load_kept(rules, store)

    assert reads == []
    assert law(found) == law(load(rules))


@pytest.mark.parametrize("program", ["/bin/false", "/no/such/program"])
def test_where_the_other_process_fails_the_rulebook_is_read_here(
    rules: Path, store: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr(kept, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(kept.sys, "executable", program)

    found = load_kept(rules, store)

    assert reads == [rules]
    assert law(found) == law(load(rules))


def test_no_other_process_is_asked_to_write_where_nothing_can_be_written(
    rules: Path, tmp_path: Path, reads: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(kept, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(kept, "_load_apart", asked)

    load_kept(rules, tmp_path / "neither" / "is there")

    assert reads == [rules]


def test_the_rulebooks_used_last_are_those_that_stay(rules: Path, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST_KEPT", 2)
    first, second = load_with("first", rules, store), load_with("second", rules, store)
    # Used long enough ago for a file system that counts whole seconds.
    for name in second:
        os.utime(store / name, (1_000_000_000, 1_000_000_000))

    again = load_with("first", rules, store)
    third = load_with("third", rules, store)

    assert (len(first), again) == (1, second)
    assert third == first | (third - second)


@pytest.mark.parametrize("content", [b"", b"not a pickle", b"0" * 64 + b"\ncut off"])
def test_a_damaged_file_is_passed_over(rules: Path, store: Path, content: bytes) -> None:
    first = load_kept(rules, store)
    (file,) = store.glob("rulebook-*")
    file.write_bytes(content)

    assert law(load_kept(rules, store)) == law(first)


def test_a_file_that_others_can_write_is_not_trusted(rules: Path, store: Path, reads: list[Path]) -> None:
    load_kept(rules, store)
    (file,) = store.glob("rulebook-*")
    file.chmod(0o666)

    load_kept(rules, store)

    assert reads == [rules, rules]


def test_a_store_that_cannot_be_written_is_no_fault(rules: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file where the folder should be")

    assert law(load_kept(rules, taken)) == law(load(rules))


def test_a_faulty_rulebook_is_reported_and_not_kept(rules: Path, store: Path) -> None:
    next(rules.glob("topics/*/topic.yaml")).write_text("code: [", "utf-8")

    with pytest.raises(RulebookError):
        load_kept(rules, store)

    assert not store.exists()
