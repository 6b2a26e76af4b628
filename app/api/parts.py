"""The parts of the application: all that its doors answer from, and what day it is."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from time import time
from typing import Final

from starlette.types import Scope

from app.api.exchange import Header, header
from app.api.layouts import Layouts
from app.api.observing import Figures, make_log
from app.api.recent import Recent
from app.clients import Gate
from app.errors import InvalidRequest
from app.evaluation import read_query
from app.plain_log import FilteringBoundLogger
from app.releases import Edition, Editions, LastServed, Start, Watch
from app.rulebook import Rulebook
from app.settings import Settings
from app.storage import Database
from app.wording import LANGUAGES, Language, preferred_language

# China has one time zone and no summer time; a fixed offset needs no zone files on the machine.
_CHINA_OFFSET: Final = 8 * 60 * 60
_SECONDS_OF_DAY: Final = 24 * 60 * 60
_FIRST_DAY: Final = date(1970, 1, 1).toordinal()

# A worker stays under 200 MB whatever the answers weigh; a guide has up to 128 KiB.
_MOST_GUIDE_BYTES: Final = 8 * 1024 * 1024
_MOST_PAGE_BYTES: Final = 8 * 1024 * 1024

Clock = Callable[[], date]


def today_in_china() -> date:
    """Return the day it is in Beijing (Asia/Shanghai)."""
    return _day(int(time() + _CHINA_OFFSET) // _SECONDS_OF_DAY)


@lru_cache(maxsize=2)
def _day(number: int) -> date:
    return date.fromordinal(_FIRST_DAY + number)


@dataclass(frozen=True, slots=True)
class Parts:
    """All that the API answers from, put together once in `app/main.py`."""

    settings: Settings
    editions: Editions
    """Which rulebook answers: every request takes one edition of it at its start."""
    figures: Figures
    log: FilteringBoundLogger
    today: Clock
    recent: Recent
    """Guides given more than once lately, by edition and the bytes of the request."""
    layouts: Layouts
    """What surrounds the numbers of requests read lately."""
    read: Recent
    """Pages of the rulebook read lately, by edition, what and in which language."""
    evaluating: Executor
    """The one thread in which what does not lie ready is worked out, while ready answers go on being given."""
    database: Database
    """Where guides are kept; opened when first needed, so that it may be away at the start."""
    gate: Gate
    """Who may come in with a key."""
    publishing: asyncio.Lock
    """Held while a rulebook is proved: one at a time, for it takes every processor."""
    watch: Watch
    """What changes over to another release once that is active."""


def language_header(language: Language) -> Header:
    """Return the header that says which language an answer is in."""
    return b"content-language", language.encode()


def language_of_request(scope: Scope) -> Language:
    """Return the language to speak of a request's faults in: what its query names, if we speak it, else its browser's.

    Never raises: the query may be what is wrong.
    """
    try:
        named = read_query(scope["query_string"]).get("lang", [])
    except InvalidRequest:
        named = []
    for language in LANGUAGES:
        if named == [language]:
            return language
    return preferred_language(header(scope, b"accept-language"))


def make_parts(
    settings: Settings,
    start: Start,
    files: Callable[[], Rulebook],
    today: Clock = today_in_china,
    *,
    owns_process: bool = False,
) -> Parts:
    """Return the parts made from settings.

    Shape: `start` is what is answered from at first; `files` reads the rulebook of the settings' folder.
    """
    log = make_log(settings.log_level)
    database = Database(settings.database_url, log=log)
    active = Edition.of(start.rulebook, cache_entries=settings.cache_entries)
    editions = Editions(
        active,
        source=start.source,
        database=database,
        files=files,
        store=settings.state_dir,
        cache_entries=settings.cache_entries,
    )
    figures = Figures(version=active.version, content_hash=active.content_hash)
    watch = Watch(
        editions,
        database,
        LastServed(settings.state_dir, settings.database_url),
        today=today,
        log=log,
        tell=lambda edition: figures.show_release(edition.version, edition.content_hash),
        owns_process=owns_process,
    )
    return Parts(
        settings=settings,
        editions=editions,
        figures=figures,
        log=log,
        today=today,
        recent=Recent(settings.cache_entries, _MOST_GUIDE_BYTES, from_second_time=True),
        layouts=Layouts(),
        read=Recent(settings.cache_entries, _MOST_PAGE_BYTES),
        evaluating=ThreadPoolExecutor(1, thread_name_prefix="evaluating"),
        database=database,
        gate=Gate(database, requests_per_minute=settings.client_requests_per_minute),
        publishing=asyncio.Lock(),
        watch=watch,
    )
