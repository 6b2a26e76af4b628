"""Editions: releases made ready to be asked. Every request takes one at its start and answers from it alone."""

import threading
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeVar, cast

from app.errors import UnknownRelease
from app.evaluation import EvaluateRequest, Evaluator
from app.rulebook import Rulebook
from app.search import SearchIndex
from app.wording import LANGUAGES

T = TypeVar("T")

EDITION: Final = "apg.edition"
"""Key of a request's scope under which the edition stands that it is answered from."""
# The evaluation keeps its answers by scenario, however they were asked for, and counts them only.
_MOST_SCENARIOS: Final = 128


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
    def of(cls, rulebook: Rulebook, *, cache_entries: int = _MOST_SCENARIOS) -> "Edition":
        """Return the edition of a rulebook; nothing is compiled before it is asked for, or `make_ready` is."""
        evaluator = Evaluator(rulebook, cache_entries=min(cache_entries, _MOST_SCENARIOS))
        return cls(rulebook, evaluator, SearchIndex(rulebook), f"{rulebook.version} {rulebook.content_hash}")

    @property
    def version(self) -> str:
        """The release's name: `YYYY-MM-DD.N`, or `files-<8 hex>`."""
        return self.rulebook.version

    @property
    def content_hash(self) -> str:
        """`sha256:<hex>` of the release's canonical form."""
        return self.rulebook.content_hash

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
        """Make the search's tables and evaluate each topic once with nothing known, so that no caller waits for it.

        Shape: `is_stopped` is asked between two topics and ends it.
        """
        self.search.prepare()
        for topic in self.rulebook.topics:
            for language in LANGUAGES:
                if is_stopped():
                    return
                self.evaluator.evaluate(EvaluateRequest(topic=topic, lang=language), today)


class Editions:
    """The editions a process has at hand: the active one, and others that requests name."""

    def __init__(self, active: Edition) -> None:
        self._active = active

    def active(self) -> Edition:
        """Return the edition that answers whoever names no release; another one from one moment to the next."""
        return self._active

    async def named(self, release: str) -> Edition:
        """Return the edition of a release by its version or content hash.

        Raises: UnknownRelease · StorageUnavailable where it is not at hand and the database is away.
        """
        active = self._active
        if active.is_called(release):
            return active
        raise UnknownRelease(release)


def edition_of(scope: MutableMapping[str, Any]) -> Edition:
    """Return the edition that a request took at its start."""
    edition: Edition = scope[EDITION]
    return edition


def take_edition(scope: MutableMapping[str, Any], edition: Edition) -> None:
    """Let the request be answered from this edition; the answer's `X-Rules-Release` names it.

    The layer in front does so for every request; whoever answers by an older release does so again.
    """
    scope[EDITION] = edition
