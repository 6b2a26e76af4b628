"""Watches which release is active, in every process: makes the next one ready, and changes over at the right moment."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from threading import Event
from time import monotonic
from typing import Final

from app.audit import Head, trail_head
from app.collector import give_memory_back
from app.errors import StorageUnavailable
from app.plain_log import FilteringBoundLogger
from app.releases import repository
from app.releases.editions import Edition, Editions, ReleaseName, Source
from app.releases.last_served import LastServed
from app.releases.records import Step
from app.releases.timeline import Timeline
from app.storage import Database

# Every process of every machine serves a release within five seconds of its activation, on a machine many times slower
# too: half a second to notice it, a quarter of one to fetch its ready form (see `ready.py`), the rest to spare.
PERIOD_SECONDS: Final = 0.5
# Topics that are not compiled by then are compiled after the change, or by whoever asks first.
_READY_SECONDS: Final = 1.5
_CHANGED_BY: Final = timedelta(seconds=2.5)
# A process so short of time that it has not changed over by then answers nobody by the release before any more:
# whoever asks waits for the next one, which is a matter of moments. For ever it does not wait.
_AWAITED_FROM: Final = timedelta(seconds=4)
_AWAITED_SECONDS: Final = 20.0
# What was published lately will most likely be activated soon, and is made ready beforehand.
_LATELY: Final = timedelta(hours=12)
_SOON: Final = timedelta(minutes=10)
# A release that cannot be loaded is tried again, but not all the time.
_TRY_AGAIN_SECONDS: Final = 30.0
_TIDY_SECONDS: Final = 10.0
_CANNOT: Final = "a release cannot be served"
_FILES: Final = ReleaseName("files", "")


class Watch:
    """Keeps one process on the active release.

    Shape: `tell` hears of each edition that has become the active one; `owns_process` where memory may be tidied.
    """

    def __init__(
        self,
        editions: Editions,
        database: Database,
        last_served: LastServed,
        *,
        today: Callable[[], date],
        log: FilteringBoundLogger,
        tell: Callable[[Edition], None] = lambda edition: None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        owns_process: bool = False,
    ) -> None:
        self.editions = editions
        self.owns_process = owns_process
        self.is_changing = False
        """Whether another edition is about to answer; whatever can wait then does."""
        self._database = database
        self._last_served = last_served
        self._today = today
        self._now = now
        self.log = log
        self._tell = tell
        self._mark: Head | None = None
        self._has_read = False
        self._timeline = Timeline(())
        self._contents: dict[str, str] = {}
        self._newest: tuple[str, datetime] | None = None
        self._preparing: asyncio.Task[None] | None = None
        self._finishing: asyncio.Task[None] | None = None
        self._warming: tuple[Edition, asyncio.Task[None]] | None = None
        self._stop_warming = Event()
        self._failed: dict[ReleaseName, float] = {}

    async def run(self) -> None:
        """Look again and again, until cancelled."""
        if self.editions.source is Source.DATABASE:
            self._finishing = asyncio.create_task(self._keep_copy(self.editions.active().name))
        try:
            while True:
                await asyncio.sleep(PERIOD_SECONDS)
                await self.look()
        finally:
            await self.close()

    async def close(self) -> None:
        """End what goes on in the background."""
        self._stop_warming.set()
        warming = self._warming and self._warming[1]
        for task in (self._preparing, self._finishing, warming):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def look(self) -> None:
        """Look once: change over if another release is active by now, else make the next one ready. Never raises."""
        try:
            await self._read()
        except StorageUnavailable:
            # What is known of the time to come goes on counting.
            pass
        except Exception:
            self.log.exception("releases cannot be watched")
            return
        active = self._timeline.active(self._now())
        if active is None:
            await self._back_to_files()
            self._prepare_next()
        elif self.editions.active().name == self._name_of(active.version):
            self.editions.source = Source.DATABASE if self._has_read else self.editions.source
            self._prepare_next()
        elif self._is_given_up(self._name_of(active.version)):
            self._prepare_next()
        else:
            await self._change_to(active)

    async def _read(self) -> None:
        async with self._database.reading() as session:
            # Every step is in the trail, whose end is unlike any other's: not even a copy put back, and as many
            # steps done again, end in the same hash.
            mark = await trail_head(session)
            if self._has_read and mark == self._mark:
                return
            steps, newest = await repository.all_steps(session), await repository.newest(session)
            self._contents = await repository.contents(session)
        self._timeline, self._newest = Timeline(steps), newest
        self._mark, self._has_read = mark, True
        self.editions.forget_others(self._contents)

    def _name_of(self, version: str) -> ReleaseName:
        return ReleaseName(version, self._contents.get(version, ""))

    async def _change_to(self, step: Step) -> None:
        name = self._name_of(step.version)
        self.is_changing = True
        if self._warming is not None and self._warming[0].name != name:
            self._stop_warming.set()
        try:
            async with self._awaited(step.effective_at):
                edition = await self.editions.prepare(name)
                left = min((step.effective_at + _CHANGED_BY - self._now()).total_seconds(), _READY_SECONDS)
                if left > 0:
                    await asyncio.wait([self._warm(edition)], timeout=left)
                self._change_over(edition, Source.DATABASE)
        except StorageUnavailable:
            return
        except Exception:
            self._give_up(name)
            self.log.exception(_CANNOT, version=name.version)
            return
        finally:
            self.is_changing = False
        self._finishing = asyncio.create_task(self._finish(edition))

    @asynccontextmanager
    async def _awaited(self, effective_at: datetime) -> AsyncIterator[None]:
        """Let whoever asks wait for the end of the block, once it has been due for some seconds, and not for ever."""
        changed, loop = asyncio.Event(), asyncio.get_running_loop()

        def await_it() -> None:
            self.editions.awaited = changed

        delay = (effective_at + _AWAITED_FROM - self._now()).total_seconds()
        timers = [
            loop.call_later(max(0.0, delay), await_it),
            loop.call_later(max(0.0, delay) + _AWAITED_SECONDS, changed.set),
        ]
        try:
            yield
        finally:
            for timer in timers:
                timer.cancel()
            self.editions.awaited = None
            changed.set()

    async def _back_to_files(self) -> None:
        """Answer from the files again where another copy of the database was put back, in which nothing is active."""
        if not self._has_read or self.editions.source is Source.FILES or self._is_given_up(_FILES):
            return
        try:
            edition = await self.editions.from_files()
        except Exception:
            self._give_up(_FILES)
            self.log.exception("the rulebook of the files cannot be served")
            return
        self._change_over(edition, Source.FILES)
        self._finishing = self._warm(edition)

    def _change_over(self, edition: Edition, source: Source) -> None:
        self.editions.switch(edition, source)
        self._failed.clear()
        self._tell(edition)
        self.log.info("release active", version=edition.version, content_hash=edition.content_hash)
        if self._finishing is not None:
            self._finishing.cancel()

    async def _finish(self, edition: Edition) -> None:
        """What may come after the change: the remaining topics, the copy on disk, the memory of the one before."""
        await self._keep_copy(edition.name)
        await asyncio.wait([self._warm(edition)])
        if self.owns_process:
            await asyncio.sleep(_TIDY_SECONDS)
            await asyncio.to_thread(_tidy)

    async def _keep_copy(self, name: ReleaseName) -> None:
        """Keep the release on disk for a start without the database; whatever fails, this process goes on answering."""
        try:
            async with self._database.reading() as session:
                stored = await repository.find_stored(session, name.content_hash)
            if stored is not None:
                await asyncio.to_thread(self._last_served.keep, stored)
        except (StorageUnavailable, OSError) as error:
            self.log.warning("the release served is not kept on disk", version=name.version, reason=str(error)[:200])

    def _prepare_next(self) -> None:
        version = self._next_version()
        if version is None or self.editions.at_hand(version) is not None or self._is_given_up(self._name_of(version)):
            return
        if self._preparing is None or self._preparing.done():
            self._preparing = asyncio.create_task(self._prepare(self._name_of(version)))

    async def _prepare(self, name: ReleaseName) -> None:
        try:
            self._warm(await self.editions.prepare(name))
        except StorageUnavailable:
            return
        except Exception:
            self._give_up(name)
            self.log.exception(_CANNOT, version=name.version)

    def _warm(self, edition: Edition) -> asyncio.Task[None]:
        """The work that makes an edition ready, begun once; another one's stops between two topics."""
        if self._warming is None or self._warming[0] is not edition:
            self._stop_warming.set()
            self._stop_warming = Event()
            self._warming = edition, asyncio.create_task(self._make_ready(edition, self._stop_warming))
        return self._warming[1]

    async def _make_ready(self, edition: Edition, stop: Event) -> None:
        try:
            await asyncio.to_thread(edition.make_ready, self._today(), stop.is_set)
            if self.owns_process and not stop.is_set():
                await asyncio.to_thread(give_memory_back)
        except Exception:
            # Whoever asks will meet the same fault, and is told.
            self.log.exception("not everything could be made ready", version=edition.version)

    def _next_version(self) -> str | None:
        """The release that will most likely be active next: one that is set for soon, else one just published."""
        now = self._now()
        for step in self._timeline.coming(now):
            if step.effective_at - now <= _SOON:
                return step.version
        if self._newest is None:
            return None
        version, created_at = self._newest
        was_active = any(step.version == version for step in self._timeline.steps)
        return None if was_active or now - created_at > _LATELY else version

    def _is_given_up(self, name: ReleaseName) -> bool:
        return monotonic() < self._failed.get(name, 0.0)

    def _give_up(self, name: ReleaseName) -> None:
        self._failed[name] = monotonic() + _TRY_AGAIN_SECONDS


def _tidy() -> None:
    """Let go of the editions before; the law in memory is then looked through no more (it would stop all answers)."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    give_memory_back()
