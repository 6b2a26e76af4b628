"""A release's content: packed, hashed, opened again; and what is refused before it becomes one."""

import asyncio
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from app.errors import RulebookError
from app.releases import DamagedRelease, examine, examine_apart, read_files, write_files
from app.releases.contents import open_release, pack, ready_form, unpack
from app.releases.records import Examined, Stored
from app.rulebook import Rulebook, load
from app.rulebook.release import canonical_form
from tests.support.make_release import as_examined, content_hash_of, numbered_files
from tests.support.make_rulebook import make_rulebook, rulebook_files, with_change, with_more, write_rulebook
from tests.support.make_trail import MOMENT


def stored(files: dict[str, str], version: str = "2026-11-22.1") -> Stored:
    packed, files_hash = pack(files)
    return Stored(version, content_hash_of(tuple(sorted(files.items()))), packed, files_hash)


@pytest.mark.parametrize("is_ready", [False, True], ids=["read", "ready"])
def test_a_release_opened_is_the_rulebook_under_its_version(tmp_path: Path, is_ready: bool) -> None:
    files = rulebook_files()
    ready = ready_form(make_rulebook(tmp_path)) if is_ready else None

    opened = open_release(stored(files), tmp_path / "store", ready)

    written = load(write_rulebook(tmp_path, files=files))
    assert (opened.version, opened.content_hash) == ("2026-11-22.1", written.content_hash)
    assert opened.topics["shop"].topic == written.topics["shop"].topic


def test_the_same_files_are_packed_alike_whatever_their_order() -> None:
    files = rulebook_files()

    assert pack(files) == pack(dict(reversed(list(files.items()))))


def test_comments_and_layout_are_kept_and_make_no_other_release() -> None:
    files = with_more("topics/shop/rules.yaml", "\n# a word to the reader\n")

    assert unpack(stored(files))["topics/shop/rules.yaml"].endswith("# a word to the reader\n")
    assert stored(files).content_hash == stored(rulebook_files()).content_hash
    assert stored(files).files_hash != stored(rulebook_files()).files_hash


@pytest.mark.parametrize(
    "damaged",
    [
        replace(stored(rulebook_files()), packed=b"no zlib"),
        replace(stored(rulebook_files()), packed=zlib.compress(b"{}")),
        replace(stored(rulebook_files()), packed=pack(numbered_files(2))[0], files_hash=pack(numbered_files(2))[1]),
    ],
    ids=["cut off", "other bytes", "other rules with hashes of their own"],
)
def test_what_is_not_what_was_published_is_never_opened(damaged: Stored, tmp_path: Path) -> None:
    with pytest.raises(DamagedRelease):
        open_release(damaged, tmp_path)


def test_the_canonical_form_stands_still() -> None:
    """Another form would give every release another hash: none in a database could be opened any more."""
    source = type("Source", (), {"contents": {"a.yaml": {"b": (1, "x", None, True)}}, "texts": {"law": "甲"}})()

    assert canonical_form(source) == (
        '{"files":{"a.yaml":{"b":[{"number":"1"},"x",null,true]}},"texts":{"law":"甲"}}'.encode()
    )


def test_only_what_belongs_to_a_rulebook_is_read(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path)
    (root / "schemas").mkdir()
    (root / "schemas" / "rules.json").write_text("{}")
    (root / "topics" / "shop" / ".rules.yaml.swp").write_bytes(b"\xff")
    (root / "README.md").write_text("read me")

    assert read_files(root) == {"README.md": "read me", **rulebook_files()}


def test_a_file_that_is_no_text_is_a_finding(tmp_path: Path) -> None:
    root = write_rulebook(tmp_path)
    (root / "topics" / "shop" / "words.yaml").write_bytes(b"words: \xe4\xb8")

    with pytest.raises(RulebookError) as caught:
        read_files(root)

    assert [(finding.file, finding.code) for finding in caught.value.findings] == [
        ("rules/topics/shop/words.yaml", "syntax")
    ]


@pytest.mark.parametrize("path", ["../out.yaml", "/etc/out.yaml", "topics/../../out.yaml"])
def test_nothing_is_written_outside_the_folder(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        write_files({path: "x"}, tmp_path / "rules")

    assert not list(tmp_path.rglob("out.yaml"))


# ---- what is examined before it is published ----------------------------------------------------------------


def test_a_sound_rulebook_gets_a_certificate() -> None:
    examined = examine(rulebook_files(), MOMENT)

    assert examined.content_hash == as_examined(rulebook_files()).content_hash
    assert examined.certificate["cases"] == 1
    assert examined.certificate["complete"] is True
    assert [topic["topic"] for topic in examined.certificate["topics"]] == ["shop"]


def test_a_contradiction_is_refused_with_its_place() -> None:
    files = with_change("topics/shop/rules.yaml", "    overrides: [commitment_for_small]\n", "")

    with pytest.raises(RulebookError) as caught:
        examine(files, MOMENT)

    found = [finding for finding in caught.value.findings if finding.code == "contradiction"]
    assert [finding.file for finding in found] == ["rules/topics/shop/rules.yaml"]
    assert found[0].line > 1


def test_everything_is_told_at_once() -> None:
    """A fault of form, an example that fails, a contradiction: one answer."""
    files = with_change("topics/shop/rules.yaml", "    overrides: [commitment_for_small]\n", "")
    files = with_change("topics/shop/cases.yaml", "treatment: waived", "treatment: standard", files=files)
    files["policies/plan/more.yaml"] = "nobody: reads this\n"

    with pytest.raises(RulebookError) as caught:
        examine(files, MOMENT)

    codes = {finding.code for finding in caught.value.findings}
    assert {"contradiction", "failed_case", "unknown_file"} <= codes


async def _apart(files: dict[str, str]) -> Examined:
    return await examine_apart(files, MOMENT)


def test_an_examination_in_a_process_of_its_own_says_the_same_and_makes_the_ready_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = rulebook_files()

    said = asyncio.run(_apart(files))
    monkeypatch.setattr("app.releases.contents.load_kept", _not_read)

    opened = open_release(stored(files), tmp_path, said.ready)
    assert said.content_hash == as_examined(files).content_hash == opened.content_hash


def _not_read(*_: object) -> Rulebook:
    raise AssertionError("its files were read although it was ready")


def test_findings_come_whole_out_of_a_process_of_their_own() -> None:
    files = with_change("topics/shop/rules.yaml", "force: binding", "force: law")

    with pytest.raises(RulebookError) as caught:
        asyncio.run(_apart(files))

    assert "invalid_value" in {finding.code for finding in caught.value.findings}
