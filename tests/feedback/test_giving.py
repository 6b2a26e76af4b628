"""Grades are kept with what their guide came from, once per key, and counted; on both databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.errors import IdempotencyConflict
from app.evaluation import EvaluateRequest, Evaluator
from app.feedback import Feedback, Given, Grade, Opinion, Reason, Summary, give, list_feedback, summarise
from app.guides import KEY_LIFE, IdempotencyKey, KeptGuide, draft_guide, keep, read_key, reopen
from app.storage import Database
from tests.support.make_rulebook import make_rulebook
from tests.support.make_trail import at_database

_NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
_GOOD, _BAD = Opinion(Grade.SATISFIED), Opinion(Grade.VERY_DISSATISFIED, (Reason.ANSWER_WRONG,), "电话13800138000")
_KEY = read_key("press once")


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return Evaluator(make_rulebook(tmp_path_factory.mktemp("rulebook")))


class Desk:
    """Keeps guides and grades, each in a unit of work of its own."""

    def __init__(self, database: Database, evaluator: Evaluator) -> None:
        self.database = database
        self.evaluator = evaluator

    async def guide(self, **facts: object) -> KeptGuide:
        request = EvaluateRequest("shop", facts, date(2021, 7, 1), "zh-CN")
        draft = draft_guide(self.evaluator, request, date(2026, 11, 22), active=self.evaluator)
        async with self.database.writing() as session:
            kept = await keep(session, draft, None, _NOW)
            return await reopen(session, kept.guide.reference)

    async def give(
        self, guide: KeptGuide, opinion: Opinion, key: IdempotencyKey | None = None, now: datetime = _NOW
    ) -> Given:
        async with self.database.writing() as session:
            return await give(session, guide, opinion, key, "zh-CN", now)

    async def summary(self) -> Summary:
        async with self.database.reading() as session:
            return await summarise(session)

    async def count(self) -> object:
        async with self.database.reading() as session:
            return (await session.execute(text("SELECT count(*) FROM feedback"))).scalar()


def test_a_grade_is_kept_with_the_release_and_the_rules_of_its_guide(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> tuple[KeptGuide, Feedback, list[Feedback]]:
        desk = Desk(database, evaluator)
        guide = await desk.guide(open_by_night=False, goods=["tea"], area_m2=50)
        given = await desk.give(guide, _BAD)
        async with database.reading() as session:
            return guide, given.feedback, await list_feedback(session)

    guide, given, listed = at_database(database_url, work)

    assert listed == [given]
    assert given.reference == guide.reference
    assert given.release_hash == evaluator.rulebook.content_hash
    assert "commitment_for_small" in given.rules
    assert (given.grade, given.reasons) == (Grade.VERY_DISSATISFIED, (Reason.ANSWER_WRONG,))


def test_what_may_name_somebody_never_reaches_the_database(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> tuple[Given, str]:
        desk = Desk(database, evaluator)
        given = await desk.give(await desk.guide(), _BAD)
        async with database.reading() as session:
            rows = await session.execute(text("SELECT * FROM feedback"))
            return given, repr(rows.all())

    given, rows = at_database(database_url, work)

    assert (given.feedback.comment, given.feedback.is_masked) == ("电话***", True)
    assert "电话***" in rows
    assert "13800138000" not in rows


def test_the_same_key_keeps_one_grade(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> tuple[Given, Given, object]:
        desk = Desk(database, evaluator)
        guide = await desk.guide()
        first, again = await desk.give(guide, _GOOD, _KEY), await desk.give(guide, _GOOD, _KEY)
        return first, again, await desk.count()

    first, again, count = at_database(database_url, work)

    assert (first.replayed, again.replayed, count) == (False, True, 1)
    assert again.feedback == first.feedback


def test_without_a_key_each_grade_counts(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> object:
        desk = Desk(database, evaluator)
        guide = await desk.guide()
        await desk.give(guide, _GOOD)
        await desk.give(guide, _GOOD)
        return await desk.count()

    assert at_database(database_url, work) == 2


@pytest.mark.parametrize("is_other_guide", [True, False])
def test_a_key_that_comes_with_something_else_is_a_conflict(
    database_url: str, evaluator: Evaluator, is_other_guide: bool
) -> None:
    async def work(database: Database) -> None:
        desk = Desk(database, evaluator)
        guide, other = await desk.guide(), await desk.guide(open_by_night=True)
        await desk.give(guide, _GOOD, _KEY)
        await desk.give(other if is_other_guide else guide, _GOOD if is_other_guide else _BAD, _KEY)

    with pytest.raises(IdempotencyConflict):
        at_database(database_url, work)


def test_an_old_key_may_be_used_anew(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> tuple[bool, bool, object]:
        desk = Desk(database, evaluator)
        guide = await desk.guide()
        await desk.give(guide, _GOOD, _KEY)
        soon = await desk.give(guide, _GOOD, _KEY, _NOW + KEY_LIFE - timedelta(minutes=1))
        late = await desk.give(guide, _BAD, _KEY, _NOW + KEY_LIFE + timedelta(minutes=1))
        return soon.replayed, late.replayed, await desk.count()

    assert at_database(database_url, work) == (True, False, 2)


def test_grades_are_counted_by_topic_release_and_rule(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> Summary:
        desk = Desk(database, evaluator)
        small, night = await desk.guide(area_m2=50, open_by_night=False), await desk.guide(open_by_night=True)
        await desk.give(small, _GOOD)
        await desk.give(small, _BAD)
        await desk.give(night, _GOOD)
        return await desk.summary()

    found = at_database(database_url, work)

    (topic,), (release,) = found.topics, found.releases
    rules = {one.name: one for one in found.rules}
    assert (topic.name, topic.total, topic.low) == ("shop", 3, 1)
    assert (release.name, release.grades[Grade.SATISFIED]) == (evaluator.rulebook.version, 2)
    assert list(topic.grades) == list(Grade)
    assert (rules["commitment_for_small"].total, rules["commitment_for_small"].low) == (2, 1)
    assert (rules["waived_by_night"].total, rules["waived_by_night"].low) == (1, 0)
    assert found.rules[0].name == "commitment_for_small"


def test_nothing_given_is_an_empty_summary(tmp_path: Path, evaluator: Evaluator) -> None:
    found = at_database(f"sqlite:///{tmp_path / 'x.db'}", lambda database: Desk(database, evaluator).summary())

    assert found == Summary((), (), ())


def test_the_newest_come_first_and_of_one_topic_alone(database_url: str, evaluator: Evaluator) -> None:
    async def work(database: Database) -> tuple[list[Grade], list[object]]:
        desk = Desk(database, evaluator)
        guide = await desk.guide()
        await desk.give(guide, _GOOD)
        await desk.give(guide, _BAD, now=_NOW + timedelta(hours=1))
        async with database.reading() as session:
            newest = await list_feedback(session, limit=1)
            return [one.grade for one in newest], list(await list_feedback(session, topic="other"))

    assert at_database(database_url, work) == ([Grade.VERY_DISSATISFIED], [])
