"""Two rulebooks compared entry by entry: law, wording, and what is no difference at all."""

from pathlib import Path

import pytest

from app.rulebook import EntryChange, Figure, What, compare_rulebooks, load
from tests.support.make_rulebook import rulebook_files, with_change, write_rulebook

RULES = "topics/shop/rules.yaml"
TOPIC = "topics/shop/topic.yaml"
PROCEDURES = "topics/shop/procedures.yaml"
FACTS = "shared/facts.yaml"


def compared(tmp_path: Path, files: dict[str, str], before: dict[str, str] | None = None) -> tuple[EntryChange, ...]:
    """The changes from the small rulebook, or another one, to these files."""
    return compare_rulebooks(
        load(write_rulebook(tmp_path / "before", files=before)), load(write_rulebook(tmp_path / "after", files=files))
    )


def only(tmp_path: Path, path: str, old: str, new: str) -> EntryChange:
    """The one change that another piece of one file makes."""
    (change,) = compared(tmp_path, with_change(path, old, new))
    return change


def test_the_same_content_is_no_change(tmp_path: Path) -> None:
    assert compared(tmp_path, rulebook_files()) == ()


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (TOPIC, "{value: tea, label: {zh: 茶, en: tea}}, {value: wine, label: {zh: 酒, en: wine}}",
         "{value: wine, label: {zh: 酒, en: wine}}, {value: tea, label: {zh: 茶, en: tea}}"),
        (TOPIC, "clauses: [1.a, 1.b]", "clauses: [1.b, 1.a]"),
        (TOPIC, "  - area_m2\n  - fits_out\n", "  - fits_out\n  - area_m2\n"),
        (RULES, "when: {fact: open_by_night, is: true}", "when: {is: true, fact: open_by_night}"),
        (RULES, "value: 0, unit: working_day", "value: 0.0, unit: working_day"),
    ],
)  # fmt: skip
def test_another_order_or_spelling_is_no_change(tmp_path: Path, path: str, old: str, new: str) -> None:
    assert compared(tmp_path, with_change(path, old, new)) == ()


def test_rules_in_another_order_are_no_change(tmp_path: Path) -> None:
    head, first, second = rulebook_files()[RULES].partition("  - code: waived_by_night")[0], "", ""
    _, _, rest = rulebook_files()[RULES].partition(head)
    first, mark, second = rest.partition("  - code: commitment_for_small")

    assert compared(tmp_path, rulebook_files(rules=head + mark + second + first)) == ()


def test_a_changed_condition_is_law(tmp_path: Path) -> None:
    change = only(tmp_path, TOPIC, "below: 100", "below: 150")

    assert (change.kind, change.code, change.home, change.what) == ("definition", "is_small", "shop", What.CHANGED)
    assert [(field.path, field.is_wording) for field in change.fields] == [(("versions", "", "when"), False)]


def test_other_words_alone_are_wording(tmp_path: Path) -> None:
    change = only(tmp_path, RULES, "en: Waived by night", "en: No licence by night")

    assert (change.kind, change.what) == ("rule", What.WORDING)
    assert [field.path for field in change.fields] == [("title",)]


def test_words_beside_law_are_told_as_words(tmp_path: Path) -> None:
    files = with_change(RULES, "en: Waived by night", "en: No licence by night")
    (change,) = compared(tmp_path, with_change(RULES, "force: plan_commitment", "force: binding", files=files))

    assert change.what is What.CHANGED
    assert {field.path[0]: field.is_wording for field in change.fields} == {"title": True, "force": False}


def test_a_rule_that_is_given_an_end_has_ended(tmp_path: Path) -> None:
    change = only(tmp_path, RULES, "effective: {from: 2020-12-30}", "effective: {from: 2020-12-30, to: 2024-01-01}")

    assert change.what is What.ENDED
    assert [field.path for field in change.fields] == [("effective", "to")]


def test_a_figure_is_found_inside_its_effect(tmp_path: Path) -> None:
    change = only(tmp_path, RULES, "limit: {value: 0, unit: working_day}", "limit: {value: 3, unit: working_day}")
    (field,) = change.fields

    assert field.path == ("then", "licence", "limit", "")
    assert [side.duration.value for side in (field.before, field.after) if isinstance(side, Figure)] == [0, 3]


def test_rules_that_come_and_go_are_told_whole(tmp_path: Path) -> None:
    renamed = {path: text.replace("waived_by_night", "waived_at_night") for path, text in rulebook_files().items()}
    changes = compared(tmp_path, renamed)

    assert {(change.code, change.what) for change in changes} >= {
        ("waived_at_night", What.ADDED),
        ("waived_by_night", What.REMOVED),
    }


def test_a_paper_more_is_the_paper_alone(tmp_path: Path) -> None:
    change = only(tmp_path, PROCEDURES, "complete: true", "complete: false")

    assert [(field.path, field.before, field.after) for field in change.fields] == [
        (("materials", "complete"), True, False)
    ]


def test_what_a_module_writes_is_told_once_under_its_name(tmp_path: Path) -> None:
    change = only(tmp_path, "shared/premises/procedures.yaml", "kind: inspection", "kind: review")

    assert (change.kind, change.home, [field.path for field in change.fields]) == (
        "procedure",
        "premises",
        [("kind",)],
    )


def test_a_case_is_compared_like_everything_else(tmp_path: Path) -> None:
    change = only(tmp_path, "topics/shop/cases.yaml", "area_m2: 50", "area_m2: 60")

    assert (change.kind, change.code, change.fields[0].path) == ("case", "tea_by_night", ("facts", "area_m2"))
