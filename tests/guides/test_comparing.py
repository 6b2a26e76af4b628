"""`outdated`: by the rules, by the law, by both, or not at all (semantics 31)."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.evaluation import EvaluateRequest, Evaluator
from app.guides import Comparison, Draft, draft_guide
from app.guides.comparing import compare
from app.rulebook import load
from tests.support.make_rulebook import rulebook_files, with_change, write_rulebook

# The small rulebook takes small shops by commitment from 2021-06-01 on.
_BEFORE, _AFTER = date(2021, 5, 1), date(2021, 7, 1)
_RULES = "topics/shop/rules.yaml"
_SMALL = {"open_by_night": False, "area_m2": 50, "goods": ["tea"]}

Compared = Callable[..., Comparison]


def _evaluator(folder: Path, files: dict[str, str]) -> Evaluator:
    folder.mkdir()
    return Evaluator(load(write_rulebook(folder, files=files)))


@pytest.fixture(scope="module")
def kept_by(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return _evaluator(tmp_path_factory.mktemp("kept") / "rulebook", rulebook_files())


def _draft(evaluator: Evaluator, *, as_of: date | None, today: date) -> Draft:
    return draft_guide(evaluator, EvaluateRequest("shop", _SMALL, as_of=as_of, lang="en"), today)


def _compared(draft: Draft, kept_by: Evaluator, active: Evaluator, today: date) -> Comparison:
    assert draft.answer is not None
    return compare(
        active,
        draft.asked,
        draft.answer.body,
        as_of=draft.answer.as_of,
        release_hash=kept_by.rulebook.content_hash,
        today=today,
    )


def test_a_guide_just_kept_stands(kept_by: Evaluator) -> None:
    draft = _draft(kept_by, as_of=None, today=_BEFORE)

    assert draft.comparison == Comparison(False, None, (), (), kept_by.rulebook.version, _BEFORE)


def test_the_law_of_today_makes_a_guide_without_a_day_outdated(kept_by: Evaluator) -> None:
    draft = _draft(kept_by, as_of=None, today=_BEFORE)

    found = _compared(draft, kept_by, kept_by, _AFTER)

    assert (found.outdated, found.because, found.as_of) == (True, "law", _AFTER)
    [change] = found.changes
    assert (change.procedure, change.cause, change.before, change.after) == ("licence", "law", "standard", "commitment")
    assert (change.before_name, change.after_name) == ("ordinary procedure", "notification and commitment")
    assert {(other.part, other.procedure) for other in found.other_changes} >= {("time_limit", "licence")}


def test_a_guide_that_named_its_day_is_not_held_against_today(kept_by: Evaluator) -> None:
    draft = _draft(kept_by, as_of=_BEFORE, today=_BEFORE)

    found = _compared(draft, kept_by, kept_by, _AFTER)

    assert (found.outdated, found.because, found.changes, found.as_of) == (False, None, (), _BEFORE)


def test_another_day_under_the_same_law_changes_nothing(kept_by: Evaluator) -> None:
    draft = _draft(kept_by, as_of=None, today=_AFTER)

    found = _compared(draft, kept_by, kept_by, date(2022, 3, 1))

    assert (found.outdated, found.because, found.as_of) == (False, None, date(2022, 3, 1))


def test_mended_rules_make_a_guide_outdated_by_release(kept_by: Evaluator, tmp_path: Path) -> None:
    mended = _evaluator(tmp_path / "m", with_change(_RULES, "{from: 2021-06-01}", "{from: 2021-04-01}"))
    draft = _draft(kept_by, as_of=_BEFORE, today=_BEFORE)

    found = _compared(draft, kept_by, mended, _AFTER)

    assert (found.outdated, found.because, found.release) == (True, "release", mended.rulebook.version)
    assert [(change.cause, change.before, change.after) for change in found.changes] == [
        ("release", "standard", "commitment")
    ]


def test_rules_and_law_may_both_have_moved(kept_by: Evaluator, tmp_path: Path) -> None:
    """The mended rules say commitment already for the day, and waive the licence since."""
    files = with_change(_RULES, "{from: 2021-06-01}", "{from: 2021-04-01}")
    files = with_change(_RULES, "{from: 2020-12-30}", "{from: 2021-06-15}", files=files)
    files = with_change(_RULES, "{fact: open_by_night, is: true}", "{fact: open_by_night, is: false}", files=files)
    mended = _evaluator(tmp_path / "m", files)
    draft = _draft(kept_by, as_of=None, today=_BEFORE)

    found = _compared(draft, kept_by, mended, _AFTER)

    assert (found.outdated, found.because) == (True, "both")
    assert [(change.cause, change.before, change.after) for change in found.changes] == [
        ("release", "standard", "commitment"),
        ("law", "commitment", "waived"),
    ]


def test_other_words_for_the_same_do_not_make_a_guide_outdated(kept_by: Evaluator, tmp_path: Path) -> None:
    mended = _evaluator(tmp_path / "m", with_change(_RULES, "小店告知承诺", "小店可以告知承诺"))
    draft = _draft(kept_by, as_of=_AFTER, today=_AFTER)

    found = _compared(draft, kept_by, mended, _AFTER)

    assert mended.rulebook.content_hash != kept_by.rulebook.content_hash
    assert (found.outdated, found.because, found.other_changes) == (False, None, ())


def test_facts_the_active_release_no_longer_takes_cannot_be_compared(kept_by: Evaluator, tmp_path: Path) -> None:
    topic = "topics/shop/topic.yaml"
    files = with_change(topic, "code: open_by_night\n    type", "code: open_at_night\n    type")
    files = {path: text.replace("fact: open_by_night", "fact: open_at_night") for path, text in files.items()}
    files = {path: text.replace("open_by_night:", "open_at_night:") for path, text in files.items()}
    mended = _evaluator(tmp_path / "m", files)
    draft = _draft(kept_by, as_of=_AFTER, today=_AFTER)

    found = _compared(draft, kept_by, mended, _AFTER)

    assert (found.outdated, found.because, found.changes) == (None, None, ())
