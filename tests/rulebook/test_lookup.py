"""Looking a code up: what it stands for, as it is written, and who names it."""

from pathlib import Path

import pytest

from app.rulebook import Rulebook, codes, find, plain
from tests.support.make_rulebook import make_rulebook


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    """The small rulebook."""
    return make_rulebook(tmp_path_factory.mktemp("small"))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("shop", "topic"),
        ("premises", "module"),
        ("waived_by_night", "rule"),
        ("licence", "procedure"),
        ("goods", "fact"),
        ("is_small", "definition"),
        ("plan#1.a", "clause"),
        ("1.a", "clause"),
        ("law#1", "clause"),
        ("law", "policy"),
        ("form", "material"),
        ("office", "authority"),
    ],
)
def test_code_is_found_with_its_kind(small: Rulebook, code: str, kind: str) -> None:
    (found,) = find(small, code)

    assert found.kind == kind
    assert found.entry.place.mark.line > 0


def test_article_of_a_law_is_not_found_by_its_number_alone(small: Rulebook) -> None:
    assert find(small, "press") == ()


def test_whoever_names_it_is_listed_by_kind(small: Rulebook) -> None:
    (found,) = find(small, "is_small")

    assert found.used_by == {
        "module": ("premises",),
        "rule": ("commitment_for_small",),
        "procedure": ("fire_check",),
    }


def test_entry_is_shown_as_its_file_writes_it(small: Rulebook) -> None:
    (found,) = find(small, "waived_by_night")

    assert plain(found.entry) == {
        "code": "waived_by_night",
        "title": {"zh": "夜里开的免办", "en": "Waived by night"},
        "basis": ["plan#1.a"],
        "force": "plan_commitment",
        "effective": {"from": found.entry.effective.start},  # type: ignore[attr-defined]
        "when": {"fact": "open_by_night", "is": True},
        "then": [{"procedure": "licence", "treatment": "waived"}],
        "overrides": ["commitment_for_small"],
    }


def test_every_code_leads_to_something(small: Rulebook) -> None:
    assert all(find(small, code) for code in codes(small))


def test_unknown_code_leads_to_nothing(small: Rulebook, tmp_path: Path) -> None:
    assert find(small, "nothing_like_it") == ()
