"""Keeping and reopening: the same bytes, one guide per key, collisions drawn again; on both databases."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text

import app.guides
from app.errors import IdempotencyConflict, InvalidRequest, UnknownReference, UnknownTopic
from app.evaluation import EvaluateRequest, Evaluator
from app.guides import Kept, Reference, draft_guide, keep, new_reference, read_key, read_reference, reopen
from app.guides.repository import DamagedGuide
from app.guides.service import KEY_LIFE
from app.storage import Database
from tests.support.make_rulebook import make_rulebook

T = TypeVar("T")
_TODAY = date(2026, 11, 22)
_NOW = datetime(2026, 11, 22, 9, 30, 15, 123456, tzinfo=UTC)
_KEY = read_key("a caller's own name 订单".encode().decode("latin-1"))
_ASKED = EvaluateRequest("shop", {"open_by_night": False, "goods": ["tea"]}, lang="en")
_OTHER = EvaluateRequest("shop", {"open_by_night": True}, lang="en")


@pytest.fixture(scope="module")
def evaluator(tmp_path_factory: pytest.TempPathFactory) -> Evaluator:
    return Evaluator(make_rulebook(tmp_path_factory.mktemp("rulebook")))


class Desk:
    """Keeps and reopens, each in a unit of work of its own, as the handlers do."""

    def __init__(self, database: Database, evaluator: Evaluator) -> None:
        self.database = database
        self.evaluator = evaluator

    async def keep(
        self,
        request: EvaluateRequest,
        key: object = None,
        *,
        now: datetime = _NOW,
        draw: Callable[[], Reference] = new_reference,
    ) -> Kept:
        draft = draft_guide(self.evaluator, request, _TODAY, keyed=key is not None)
        async with self.database.writing() as session:
            return await keep(session, draft, key, now, draw)  # type: ignore[arg-type]

    async def reopen(self, said: str) -> object:
        async with self.database.reading() as session:
            return await reopen(session, read_reference(said))

    async def count(self) -> object:
        async with self.database.reading() as session:
            return (await session.execute(text("SELECT count(*) FROM guides"))).scalar()


Run = Callable[[Callable[[Desk], Awaitable[T]]], T]


@pytest.fixture
def at_desk(database_url: str, evaluator: Evaluator) -> Iterator[Run[object]]:
    """Runs a piece of work at a desk, whose database is closed afterwards."""

    def run(work: Callable[[Desk], Awaitable[object]]) -> object:
        async def whole() -> object:
            database = Database(database_url)
            try:
                return await work(Desk(database, evaluator))
            finally:
                await database.close()

        return asyncio.run(whole())

    return run  # type: ignore[return-value]


def test_a_guide_comes_back_to_the_byte(at_desk: Run[object], evaluator: Evaluator) -> None:
    async def work(desk: Desk) -> tuple[Kept, object]:
        kept = await desk.keep(_ASKED)
        return kept, await desk.reopen(kept.guide.reference.lower())

    kept, reopened = at_desk(work)  # type: ignore[misc]

    assert reopened == kept.guide
    assert kept.guide.body == evaluator.evaluate(_ASKED, _TODAY).body
    assert kept.guide.kept_at == _NOW.replace(microsecond=0)
    assert (kept.guide.asked.as_of, kept.guide.as_of, kept.replayed) == (None, _TODAY, False)


def test_without_a_key_the_same_request_is_kept_twice(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> tuple[Reference, Reference]:
        return (await desk.keep(_ASKED)).guide.reference, (await desk.keep(_ASKED)).guide.reference

    first, second = at_desk(work)  # type: ignore[misc]

    assert first != second


def test_the_same_key_gives_the_same_guide(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> tuple[Kept, Kept, object]:
        again = EvaluateRequest("shop", {"goods": ["tea"], "open_by_night": False, "area_m2": None}, lang="en")
        return await desk.keep(_ASKED, _KEY), await desk.keep(again, _KEY), await desk.count()

    first, second, count = at_desk(work)  # type: ignore[misc]

    assert (first.replayed, second.replayed, count) == (False, True, 1)
    assert first.guide == second.guide


def test_the_same_key_with_another_request_is_a_conflict(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> object:
        await desk.keep(_ASKED, _KEY)
        with pytest.raises(IdempotencyConflict):
            await desk.keep(_OTHER, _KEY)
        return await desk.count()

    assert at_desk(work) == 1


def test_first_uses_of_a_key_at_once_keep_one_guide(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> tuple[list[Kept], object]:
        return await asyncio.gather(*(desk.keep(_ASKED, _KEY) for _ in range(24))), await desk.count()

    kept, count = at_desk(work)  # type: ignore[misc]

    assert count == 1
    assert len({one.guide.reference for one in kept}) == 1
    assert sorted(one.replayed for one in kept) == [False] + [True] * 23


def test_a_key_stands_for_its_request_for_a_day_at_least_and_not_for_ever(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> tuple[Kept, Kept, object]:
        await desk.keep(_ASKED, _KEY)
        a_day_later = await desk.keep(_ASKED, _KEY, now=_NOW + timedelta(hours=24))
        long_after = await desk.keep(_OTHER, _KEY, now=_NOW + KEY_LIFE)
        return a_day_later, long_after, await desk.count()

    a_day_later, long_after, count = at_desk(work)  # type: ignore[misc]

    assert (a_day_later.replayed, long_after.replayed, count) == (True, False, 2)


def test_a_key_leads_to_its_guide_even_once_the_rules_no_longer_answer(at_desk: Run[object], tmp_path: Path) -> None:
    async def work(desk: Desk) -> Kept:
        gone = EvaluateRequest("stall", {})
        draft = draft_guide(desk.evaluator, gone, _TODAY, keyed=True)
        assert isinstance(draft.error, UnknownTopic)
        with pytest.raises(UnknownTopic):
            await desk.keep(gone, _KEY)
        kept = await desk.keep(_ASKED, _KEY)
        async with desk.database.writing() as session:
            statement = text("UPDATE guides SET request_hash = :hash, topic = 'stall', facts = '{}', lang = 'zh-CN'")
            await session.execute(statement, {"hash": draft.asked.fingerprint})
        again = await desk.keep(gone, _KEY)
        assert again.guide.reference == kept.guide.reference
        return again

    assert at_desk(work).replayed  # type: ignore[attr-defined]


def test_keys_are_not_kept_as_they_came(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> object:
        await desk.keep(_ASKED, read_key("secret-key"))
        async with desk.database.reading() as session:
            return (await session.execute(text("SELECT key_hash FROM guides"))).scalar()

    kept = at_desk(work)

    assert isinstance(kept, bytes)
    assert len(kept) == 32


def test_a_reference_that_is_taken_is_drawn_again(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> tuple[Kept, Kept]:
        first = await desk.keep(_ASKED)
        drawn = iter([first.guide.reference, first.guide.reference, Reference("ACDEFGHJKM")])
        return first, await desk.keep(_OTHER, _KEY, draw=lambda: next(drawn))

    first, second = at_desk(work)  # type: ignore[misc]

    assert second.guide.reference == "ACDEFGHJKM"
    assert first.guide.body != second.guide.body


def test_a_source_of_randomness_that_is_broken_is_no_endless_loop(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> None:
        first = await desk.keep(_ASKED)
        with pytest.raises(RuntimeError):
            await desk.keep(_OTHER, draw=lambda: first.guide.reference)

    at_desk(work)


def test_a_sound_reference_that_nothing_is_kept_under_is_unknown(at_desk: Run[object]) -> None:
    async def work(desk: Desk) -> None:
        with pytest.raises(UnknownReference) as caught:
            await desk.reopen("ACD-EFG-HJKM")
        assert caught.value.params["misread"] is False

    at_desk(work)


@pytest.mark.parametrize("damage", [b"\x00not compressed", None])
def test_a_damaged_guide_is_told_and_not_given(at_desk: Run[object], damage: bytes | None) -> None:
    async def work(desk: Desk) -> None:
        kept = await desk.keep(_ASKED)
        other = await desk.keep(_OTHER)
        statement = "UPDATE guides SET body = :body WHERE reference = :mine"
        if damage is None:
            body = "(SELECT body FROM guides WHERE reference = :other)"
            statement = f"UPDATE guides SET body = {body} WHERE reference = :mine"
        given = {"mine": kept.guide.reference, "other": other.guide.reference, "body": damage}
        async with desk.database.writing() as session:
            named = {name: value for name, value in given.items() if f":{name}" in statement}
            await session.execute(text(statement), named)
        with pytest.raises(DamagedGuide):
            await desk.reopen(kept.guide.reference)

    at_desk(work)


@pytest.mark.parametrize(
    ("key", "code"),
    [("", "below_minimum"), ("x" * 256, "above_maximum"), ("a\tb", "not_allowed"), ("\x7f", "not_allowed")],
)
def test_a_bad_key_is_refused(key: str, code: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_key(key)

    assert [(fault.pointer, fault.code) for fault in caught.value.faults] == [("/Idempotency-Key", code)]


@pytest.mark.parametrize("key", ["x", "x" * 255, "a b", '"8e03978e-40d5-43dd-bc93-6894a57f9324"'])
def test_a_good_key_is_taken_as_it_is(key: str) -> None:
    assert read_key(key) == key


def test_services_never_commit() -> None:
    """The handler's unit of work does, so that no answer speaks of what is not on the disk yet."""
    sources = Path(app.guides.__file__).parent.glob("*.py")

    assert [source.name for source in sources if "commit(" in source.read_text("utf-8")] == []
