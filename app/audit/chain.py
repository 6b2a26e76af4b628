"""The chain itself: what is hashed, and finding the first entry that does not hold. No database here.

Each hash is SHA-256 over the entry's canonical form, which holds the hash before it: whoever changes, drops, adds or
moves an entry would have to write anew every one after it. Somebody who owns the database can do even that; so the
head is printed by `audit verify`, to be kept where that somebody cannot reach, and asked for again with `--head`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

import orjson

from app.audit.records import Actor, Entry

#: What the first entry names as the hash before it.
GENESIS: Final = "0" * 64
_FORM: Final = b"approval-guide audit 1\n"


class BreakKind(StrEnum):
    """What is wrong with a trail."""

    MISSING = "missing"
    """Entries before this one are gone."""
    UNCHAINED = "unchained"
    """The entry does not name the hash of the one before it."""
    ALTERED = "altered"
    """The entry is no longer what was hashed."""
    CUT_OFF = "cut_off"
    """The trail ends before the head that is kept beside it."""
    HEAD_ALTERED = "head_altered"
    """The head kept beside the trail is gone, or names another hash than the entry it stands for."""
    OTHER_CHAIN = "other_chain"
    """The head kept outside is not in this trail: it was cut off or written anew."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where a trail ends: the last entry's number and hash.

    Unknown: `number` None where only the hash is known.
    """

    number: int | None
    hash: str

    def __str__(self) -> str:
        """Return `number:hash`, as it is printed and given back."""
        return self.hash if self.number is None else f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Break:
    """The first thing that is wrong with a trail, and at which entry; `params` what the detail mentions."""

    number: int
    kind: BreakKind
    detail: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What going through the whole trail found.

    Shape: `entries` how many there are; `head` the last of them, None where there is none; `first_at` and `last_at`
        their moments; `broken` None where everything holds.
    """

    entries: int
    head: Head | None
    first_at: str | None
    last_at: str | None
    broken: Break | None


def link(
    before: Head | None, actor: Actor, action: str, subject: str, details: Mapping[str, Any], now: datetime
) -> Entry:
    """Return the entry that follows a head.

    Raises: ValueError for a moment without its zone.
    """
    if now.tzinfo is None:
        raise ValueError("a moment needs its zone")
    number = 1 if before is None or before.number is None else before.number + 1
    at = now.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    text = orjson.dumps(dict(details), option=orjson.OPT_SORT_KEYS).decode()
    previous = GENESIS if before is None else before.hash
    return Entry(
        number, at, str(actor), action, subject, text, previous,
        hash_of(number, at, str(actor), action, subject, text, previous),
    )  # fmt: skip


def hash_of(number: int, at: str, actor: str, action: str, subject: str, details: str, previous_hash: str) -> str:
    """Return the SHA-256 of an entry's canonical form: a line naming the form, then its parts as a JSON list."""
    parts = [number, at, actor, action, subject, details, previous_hash]
    # What somebody put in place of a text is no text perhaps; it then gives another hash, and no error.
    return hashlib.sha256(_FORM + orjson.dumps(parts, default=repr)).hexdigest()


class Walk:
    """Goes along a trail entry by entry and remembers the first that does not hold; memory does not grow.

    Shape: `kept` is the head kept beside the trail, read before the first entry; `expected` one kept elsewhere.
    """

    def __init__(self, kept: Head | None = None, expected: Head | None = None) -> None:
        self.kept = kept
        self.expected = expected
        self.entries = 0
        self.first_at: str | None = None
        self.last: Entry | None = None
        self.broken: Break | None = None
        self._kept_is_wrong = False
        self._expected_found = expected is None

    def step(self, entry: Entry) -> None:
        """Take the next entry, in order of number."""
        self.broken = self.broken or self._fault(entry)
        self.entries += 1
        self.first_at = self.first_at or entry.at
        self.last = entry
        if self.kept and self.kept.number == entry.number:
            self._kept_is_wrong = self.kept.hash != entry.hash
        if self.expected and self.expected.hash == entry.hash and self.expected.number in (None, entry.number):
            self._expected_found = True

    def finish(self, kept: Head | None) -> ChainReport:
        """Return the report; `kept` is the head beside the trail once more, for entries may have come meanwhile."""
        last = self.last
        return ChainReport(
            entries=self.entries,
            head=None if last is None else Head(last.number, last.hash),
            first_at=self.first_at,
            last_at=None if last is None else last.at,
            broken=self.broken or self._head_fault(kept) or self._expected_fault(),
        )

    def _fault(self, entry: Entry) -> Break | None:
        number, previous = (0, GENESIS) if self.last is None else (self.last.number, self.last.hash)
        if entry.number != number + 1:
            gone = f"{number + 1}" if entry.number == number + 2 else f"{number + 1} to {entry.number - 1}"
            return Break(number + 1, BreakKind.MISSING, f"there is no entry {gone}", {"last": entry.number - 1})
        if entry.previous_hash != previous:
            detail = f"it names {entry.previous_hash[:12]}… as the hash before it, which is {previous[:12]}…"
            return Break(entry.number, BreakKind.UNCHAINED, detail, _beginnings(entry.previous_hash, previous))
        found = hash_of(
            entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous_hash
        )
        if found != entry.hash:
            detail = f"its content gives the hash {found[:12]}…, and {entry.hash[:12]}… is kept"
            return Break(entry.number, BreakKind.ALTERED, detail, _beginnings(found, entry.hash))
        return None

    def _head_fault(self, kept: Head | None) -> Break | None:
        number = 0 if self.last is None else self.last.number
        first = 0 if self.kept is None else self.kept.number or 0
        then = 0 if kept is None else kept.number or 0
        if first > number:
            detail = f"the trail ends at entry {number}, and entry {first} was its last"
            return Break(number + 1, BreakKind.CUT_OFF, detail, {"first": number, "second": first})
        if then < number:
            return Break(number, BreakKind.HEAD_ALTERED, f"the head kept beside the trail stops at entry {then}")
        differs = kept is not None and self.last is not None and then == number and kept.hash != self.last.hash
        if self._kept_is_wrong or differs:
            return Break(first, BreakKind.HEAD_ALTERED, "the head kept beside the trail names another hash")
        return None

    def _expected_fault(self) -> Break | None:
        if self._expected_found or self.expected is None:
            return None
        detail = f"no entry is {self.expected}: the trail was cut off or written anew since that head was kept"
        return Break(self.expected.number or 0, BreakKind.OTHER_CHAIN, detail, {"first": str(self.expected)})


def _beginnings(first: str, second: str) -> dict[str, object]:
    return {"first": f"{first[:12]}…", "second": f"{second[:12]}…"}
