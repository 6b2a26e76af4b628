"""The content hash: the same law gives the same hash, another law another one."""

from pathlib import Path

from tests.support.make_rulebook import make_rulebook, with_change

RULES = "topics/shop/rules.yaml"


def test_version_names_the_first_eight_digits_of_the_hash(tmp_path: Path) -> None:
    rulebook = make_rulebook(tmp_path)

    assert rulebook.content_hash.startswith("sha256:")
    assert rulebook.version == f"files-{rulebook.content_hash[7:15]}"


def test_comments_quotes_and_trailing_zeros_change_nothing(tmp_path: Path) -> None:
    files = with_change(RULES, "basis: [plan#1.a]", 'basis: ["plan#1.a"]  # the plan')
    files = with_change("shared/facts.yaml", "minimum: 0", "minimum: 0.00", files=files)

    written_otherwise = make_rulebook(tmp_path / "b", files=files)

    assert written_otherwise.content_hash == make_rulebook(tmp_path / "a").content_hash


def test_one_date_changed_is_another_release(tmp_path: Path) -> None:
    files = with_change(RULES, "2021-06-01", "2021-06-02")

    assert make_rulebook(tmp_path / "a").version != make_rulebook(tmp_path / "b", files=files).version


def test_change_of_the_stored_text_is_another_release(tmp_path: Path) -> None:
    files = with_change("policies/plan/text.txt", "方案\n", "方 案\n")

    assert make_rulebook(tmp_path / "a").version != make_rulebook(tmp_path / "b", files=files).version
