"""Editions: releases made ready to be asked. Every request takes one at its start and answers from it alone."""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from app.errors import RulebookError, UnknownRelease
from app.evaluation import EvaluateRequest, Evaluator
from app.releases.contents import open_release
from app.releases.ready import find_ready
from app.releases.records import ReadyForm, Stored
from app.releases.repository import find_stored
from app.rulebook import Rulebook
from app.search import SearchIndex
from app.storage import Database
from app.wording import LANGUAGES

T = TypeVar("T")

EDITION: Final = "apg.edition"
"""Key of a request's scope under which the edition stands that it is answered from."""
# The evaluation keeps its answers by scenario, however they were asked for, and counts them only.
_MOST_SCENARIOS: Final = 64
# An edition weighs up to a hundred megabytes once it has answered: beside the active one and the next, one more.
_MOST_BESIDE: Final = 1
_FILES_PREFIX: Final = "files-"
_NAME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\.[0-9]{1,6}|sha256:[0-9a-f]{64}|files-[0-9a-f]{8}")


class Source(StrEnum):
    """Where the active edition is from: the database, the copy on disk of what was served last, or plain files."""

    DATABASE = "database"
    KEPT_COPY = "kept_copy"
    FILES = "files"


@dataclass(frozen=True, slots=True)
class ReleaseName:
    """What a release is known by: a version alone may stand for another content once a copy was put back."""

    version: str
    content_hash: str


@dataclass(frozen=True, slots=True, eq=False)
class Edition:
    """One release with all that answers from it.

    Shape: `key` tells this edition's answers from every other's, where several editions share a store of answers.
    """

    rulebook: Rulebook
    evaluator: Evaluator
    search: SearchIndex
    key: str
    _beside: dict[object, object] = field(default_factory=dict, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @classmethod
    def of(
        cls, rulebook: Rulebook, *, cache_entries: int = _MOST_SCENARIOS, like: "Edition | None" = None
    ) -> "Edition":
        """Return the edition of a rulebook; nothing is compiled before it is asked for, or `make_ready` is.

        Shape: `like` is an edition of nearly the same law, whose compiled topics serve here too where they are alike.
        """
        evaluator = Evaluator(
            rulebook,
            cache_entries=min(cache_entries, _MOST_SCENARIOS),
            like=None if like is None else like.evaluator,
        )
        return cls(rulebook, evaluator, SearchIndex(rulebook), f"{rulebook.version} {rulebook.content_hash}")

    @property
    def name(self) -> "ReleaseName":
        """Version and content hash together."""
        return ReleaseName(self.version, self.content_hash)

    @property
    def version(self) -> str:
        """The release's name: `YYYY-MM-DD.N`, or `files-<8 hex>`."""
        return self.rulebook.version

    @property
    def content_hash(self) -> str:
        """`sha256:<hex>` of the release's canonical form."""
        return self.rulebook.content_hash

    @property
    def is_of_files(self) -> bool:
        """Whether it was read from a folder and never published."""
        return self.version.startswith(_FILES_PREFIX)

    def is_called(self, release: str | None) -> bool:
        """Whether a request that names this release, or none, is answered from here."""
        return release is None or release in (self.rulebook.version, self.rulebook.content_hash)

    def beside(self, make: Callable[["Edition"], T]) -> T:
        """Return what `make` gives for this edition, made once and kept as long as the edition is.

        A door keeps here what it derives from a rulebook, so that it is never held against another one's.
        """
        found = self._beside.get(make)
        if found is None:
            with self._lock:
                found = self._beside.get(make)
                if found is None:
                    found = self._beside[make] = make(self)
        return cast("T", found)

    def make_ready(self, today: date, is_stopped: Callable[[], bool] = lambda: False) -> None:
        """Evaluate each topic once with nothing known and make the search's tables, so that no caller waits for it.

        Shape: `is_stopped` is asked between two topics and ends it.
        """
        for topic in self.rulebook.topics:
            for language in LANGUAGES:
                if is_stopped():
                    return
                self.evaluator.evaluate(EvaluateRequest(topic=topic, lang=language), today)
        self.search.prepare()


class Editions:
    """The editions a process has at hand: the active one, and a few others that requests name.

    Shape: `source` says where the active one is from; `database` holds the releases, `store` keeps what of them was
        read before; `files` reads the rulebook of the settings, whose release may be named too. Not thread-safe: one
        event loop uses it.
    """

    def __init__(
        self,
        active: Edition,
        *,
        source: Source = Source.FILES,
        database: Database | None = None,
        store: Path = Path("var"),
        files: Callable[[], Rulebook] | None = None,
        cache_entries: int = _MOST_SCENARIOS,
    ) -> None:
        self.source = source
        self._active = active
        self._database = database
        self._store = store
        self._files = files
        self._file_names: frozenset[str] | None = None
        self._cache_entries = cache_entries
        self._held: OrderedDict[str, Edition] = OrderedDict()
        self._next: Edition | None = None
        self._contents: Mapping[str, str] | None = None
        self._turn = asyncio.Lock()
        self._preparing = asyncio.Lock()
        self.awaited: asyncio.Event | None = None
        """Set once the next edition answers; None while nobody has to wait for it."""

    def active(self) -> Edition:
        """Return the edition that answers whoever names no release; another one from one moment to the next."""
        return self._active

    def at_hand(self, release: str) -> Edition | None:
        """Return the edition of a release by its version or content hash, None where it would have to be loaded."""
        found = next((one for one in self._all() if one.is_called(release)), None)
        if found is not None and found.version in self._held:
            self._held.move_to_end(found.version)
        return found

    async def named(self, release: str) -> Edition:
        """Return the edition of a release by its version or content hash.

        Raises: UnknownRelease · StorageUnavailable where it is not at hand and the database is away.
        Cost: seconds where it has to be loaded; others are answered meanwhile, further ones to be loaded wait.
        """
        found = self.at_hand(release)
        if found is not None:
            return found
        if not _NAME.fullmatch(release):
            raise UnknownRelease(release)
        async with self._turn:
            # Somebody who waited before may have asked for the same one.
            return self.at_hand(release) or await self._load(release)

    async def prepare(self, name: ReleaseName) -> Edition:
        """Return the edition of a release that will be active soon, kept at hand until another one is prepared.

        It waits for nobody who asks for older releases by name, however many of these are to be loaded.

        Raises: as `named`.
        """
        async with self._preparing:
            found = next((one for one in self._all() if one.name == name), None)
            found = found or await self._load(name.content_hash)
        if found.name != name:
            # It was taken away while it was looked for.
            raise UnknownRelease(name.version)
        self._next = found
        self._held.pop(found.version, None)
        return found

    async def from_files(self) -> Edition:
        """Return the edition of the settings' folder, which answers while no release is active.

        Raises: RulebookError where it cannot be served.
        """
        if self._files is None:
            return self._active
        return self._edition(await asyncio.to_thread(self._files))

    def forget_others(self, contents: Mapping[str, str]) -> None:
        """Keep at hand only what the database still calls so: another copy of it may hold other releases.

        Shape: `contents` version -> content hash of every release there is.
        """
        self._contents = contents
        for edition in [one for one in self._held.values() if self._is_gone(one)]:
            del self._held[edition.version]
        if self._next is not None and self._is_gone(self._next):
            self._next = None

    def _is_gone(self, edition: Edition) -> bool:
        if self._contents is None or edition.is_of_files:
            return False
        return self._contents.get(edition.version) != edition.content_hash

    def switch(self, edition: Edition, source: Source = Source.DATABASE) -> None:
        """Answer from this edition from now on; the one before stays at hand for a while, to be gone back to.

        Of that the law and its diagrams stay, not the words, tables and answers made of them: it is hardly asked.
        """
        before, self._active, self.source = self._active, edition, source
        self._held.pop(edition.version, None)
        self._next = None if self._next is edition else self._next
        if before is not edition and not self._is_gone(before):
            self._hold(Edition.of(before.rulebook, cache_entries=self._cache_entries, like=before))

    def _all(self) -> Iterator[Edition]:
        yield self._active
        if self._next is not None:
            yield self._next
        yield from self._held.values()

    def _hold(self, edition: Edition) -> None:
        self._held[edition.version] = edition
        self._held.move_to_end(edition.version)
        while len(self._held) > _MOST_BESIDE:
            self._held.popitem(last=False)

    async def _load(self, release: str) -> Edition:
        stored, ready = (None, None) if release.startswith(_FILES_PREFIX) else await self._find(release)
        if stored is not None:
            rulebook: Rulebook | None = await asyncio.to_thread(open_release, stored, self._store, ready)
        else:
            rulebook = await asyncio.to_thread(self._from_files, release)
        if rulebook is None:
            raise UnknownRelease(release)
        edition = await asyncio.to_thread(self._edition, rulebook)
        self._hold(edition)
        return edition

    def _edition(self, rulebook: Rulebook) -> Edition:
        return Edition.of(rulebook, cache_entries=self._cache_entries, like=self._active)

    async def _find(self, release: str) -> tuple[Stored | None, ReadyForm | None]:
        if self._database is None:
            return None, None
        async with self._database.reading() as session:
            stored = await find_stored(session, release)
        return stored, None if stored is None else await find_ready(self._database, stored)

    def _from_files(self, release: str) -> Rulebook | None:
        """The rulebook of the settings' folder where it is the one asked for; read once to know its names."""
        if self._files is None or release[0].isdigit():
            return None
        if self._file_names is not None and release not in self._file_names:
            return None
        try:
            rulebook = self._files()
        except RulebookError:
            # Somebody is editing it; what was once served from there is gone.
            self._file_names = frozenset()
            return None
        self._file_names = frozenset({rulebook.version, rulebook.content_hash})
        return rulebook if release in self._file_names else None


def edition_of(scope: MutableMapping[str, Any]) -> Edition:
    """Return the edition that a request took at its start."""
    edition: Edition = scope[EDITION]
    return edition


def take_edition(scope: MutableMapping[str, Any], edition: Edition) -> None:
    """Let the request be answered from this edition; the answer's `X-Rules-Release` names it.

    The layer in front does so for every request; whoever answers by an older release does so again.
    """
    scope[EDITION] = edition
