"""All kept guides held against two rulebooks: which would come out otherwise, on both databases, nothing changed."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import TypeVar

import pytest
from sqlalchemy import text

from app.evaluation import EvaluateRequest, Evaluator
from app.guides import Sweep, draft_guide, keep, sweep
from app.rulebook import load
from app.storage import Database
from tests.support.make_rulebook import make_rulebook, with_change, write_rulebook

T = TypeVar("T")
TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
TOPIC = "topics/shop/topic.yaml"


@pytest.fixture(scope="module")
def evaluators(tmp_path_factory: pytest.TempPathFactory) -> tuple[Evaluator, Evaluator]:
    """The small rulebook, and one that counts larger shops as small and knows nothing of fit-outs by night."""
    files = with_change(TOPIC, "below: 100", "below: 150")
    after = load(write_rulebook(tmp_path_factory.mktemp("after"), files=files))
    return Evaluator(make_rulebook(tmp_path_factory.mktemp("before"))), Evaluator(after)


def shop(area: int, as_of: date | None = None) -> EvaluateRequest:
    """A shop of so many square metres that sells tea by day."""
    facts = {"open_by_night": False, "goods": ["tea"], "area_m2": area, "fits_out": False}
    return EvaluateRequest("shop", facts, as_of, lang="en")


def swept(
    url: str, evaluators: tuple[Evaluator, Evaluator], requests: list[EvaluateRequest]
) -> tuple[Sweep, list[str]]:
    """What a sweep finds among these guides, and their references in order."""

    async def work(database: Database) -> tuple[Sweep, list[str]]:
        references = []
        for request in requests:
            async with database.writing() as session:
                kept = await keep(session, draft_guide(evaluators[0], request, TODAY), None, NOW)
                references.append(str(kept.guide.reference))
        async with database.reading() as session:
            found = await sweep(session, *evaluators)
            left = (await session.execute(text("SELECT count(*) FROM guides"))).scalar()
        assert left == len(requests)
        return found, references

    return _with_database(url, work)


def _with_database(url: str, work: Callable[[Database], Awaitable[T]]) -> T:
    async def whole() -> T:
        database = Database(url)
        try:
            return await work(database)
        finally:
            await database.close()

    return asyncio.run(whole())


def test_the_guides_that_move_are_named(database_url: str, evaluators: tuple[Evaluator, Evaluator]) -> None:
    found, references = swept(database_url, evaluators, [shop(50), shop(120), shop(500), shop(149)])

    assert (found.checked, set(found.moved)) == (4, {references[1], references[3]})


def test_a_guide_is_held_against_the_law_of_its_own_day(
    database_url: str, evaluators: tuple[Evaluator, Evaluator]
) -> None:
    """Small shops go by commitment from June 2021 on only."""
    found, references = swept(database_url, evaluators, [shop(120, date(2021, 3, 1)), shop(120, date(2021, 7, 1))])

    assert found.moved == (references[1],)


def test_other_topics_are_left_out(database_url: str, evaluators: tuple[Evaluator, Evaluator]) -> None:
    async def work(database: Database) -> Sweep:
        async with database.writing() as session:
            await keep(session, draft_guide(evaluators[0], shop(120), TODAY), None, NOW)
        async with database.reading() as session:
            return await sweep(session, *evaluators, topics={"another"})

    assert _with_database(database_url, work) == Sweep(0, (), 0)
