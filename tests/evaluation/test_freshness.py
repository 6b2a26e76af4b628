"""Answers that rest on a source overdue for review say so; the others are as they were."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.evaluation import EvaluateRequest, Evaluator
from tests.support.make_rulebook import TOPIC, make_rulebook, rulebook_files

#: Both documents of the small rulebook were verified on 2026-11-22 and are to be reviewed by this day.
REVIEW_DAY = date(2027, 5, 22)
DAY_AFTER = date(2027, 5, 23)
BY_NIGHT = EvaluateRequest(TOPIC, {"open_by_night": True, "goods": ["tea"], "area_m2": 50, "fits_out": False})
BY_DAY = replace(BY_NIGHT, facts={**BY_NIGHT.facts, "open_by_night": False})


def make_evaluator(folder: Path, **review_by: str) -> Evaluator:
    """One over the small rulebook, the policies named reviewed by other days."""
    files = rulebook_files()
    for policy, day in review_by.items():
        path = f"policies/{policy}/policy.yaml"
        files[path] = files[path].replace("review_by: 2027-05-22", f"review_by: {day}")
    return Evaluator(make_rulebook(folder, files=files))


def overdue_texts(evaluator: Evaluator, request: EvaluateRequest, today: date) -> list[str]:
    guide: Any = evaluator.evaluate(request, today).guide
    return [note["text"] for note in guide["notes"] if note["code"] == "overdue_sources"]


def test_source_is_overdue_from_the_day_after_its_review_day(tmp_path: Path) -> None:
    evaluator = make_evaluator(tmp_path)

    assert overdue_texts(evaluator, BY_DAY, REVIEW_DAY) == []
    assert len(overdue_texts(evaluator, BY_DAY, DAY_AFTER)) == 1


def test_note_names_the_sources_and_when_they_were_last_verified(tmp_path: Path) -> None:
    evaluator = make_evaluator(tmp_path)

    (chinese,) = overdue_texts(evaluator, BY_DAY, DAY_AFTER)
    (english,) = overdue_texts(evaluator, replace(BY_DAY, lang="en"), DAY_AFTER)

    assert "《小店法》" in chinese
    assert "2026年11月22日" in chinese
    assert "“Small Shop Law”" in english
    assert "22 November 2026" in english


def test_only_sources_the_answer_rests_on_are_named(tmp_path: Path) -> None:
    """The plan waives the licence of shops open by night; the others are the law's alone."""
    evaluator = make_evaluator(tmp_path, plan="2026-12-31")
    today = date(2027, 1, 1)

    assert overdue_texts(evaluator, BY_DAY, today) == []
    assert ["《方案》" in text for text in overdue_texts(evaluator, BY_NIGHT, today)] == [True]


def test_definition_counts_among_what_an_answer_rests_on(tmp_path: Path) -> None:
    files = rulebook_files()
    files["topics/shop/topic.yaml"] = files["topics/shop/topic.yaml"].replace("basis: [law#1]}", "basis: [plan#1.b]}")
    files["policies/plan/policy.yaml"] = files["policies/plan/policy.yaml"].replace("2027-05-22", "2026-12-31")
    evaluator = Evaluator(make_rulebook(tmp_path, files=files))

    assert ["《方案》" in text for text in overdue_texts(evaluator, BY_DAY, date(2027, 1, 1))] == [True]


@pytest.mark.parametrize("as_of", [date(2022, 3, 1), date(2026, 11, 22)])
def test_answers_about_days_up_to_the_last_review_are_as_sound_as_they_were(tmp_path: Path, as_of: date) -> None:
    evaluator = make_evaluator(tmp_path)
    request = replace(BY_DAY, as_of=as_of)

    before, after = (evaluator.evaluate(request, today) for today in (REVIEW_DAY, date(2030, 1, 1)))

    assert (before.body, before.etag) == (after.body, after.etag)


def test_answer_kept_ready_before_the_review_day_is_not_given_after_it(tmp_path: Path) -> None:
    evaluator, request = make_evaluator(tmp_path), replace(BY_DAY, as_of=date(2027, 5, 1))

    first = evaluator.evaluate(request, REVIEW_DAY)
    later = evaluator.evaluate(request, DAY_AFTER)
    again = evaluator.evaluate(request, DAY_AFTER)

    assert first.etag != later.etag
    assert (again.body, again.etag) == (later.body, later.etag)
