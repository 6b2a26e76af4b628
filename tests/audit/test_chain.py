"""The chain without a database: what is hashed stays what it is, and the first fault in a walk is the one told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.audit import Actor, BreakKind, Entry, Head
from app.audit.chain import Walk, hash_of, link

_WANG = Actor.operator("wang")
_MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def _chain(length: int) -> list[Entry]:
    entries: list[Entry] = []
    for number in range(length):
        before = Head(entries[-1].number, entries[-1].hash) if entries else None
        entries.append(link(before, _WANG, "release.published", f"r{number}", {"n": number}, _MOMENT))
    return entries


def _head(entry: Entry) -> Head:
    return Head(entry.number, entry.hash)


def _rehashed(entry: Entry) -> Entry:
    parts = (entry.number, entry.at, entry.actor, entry.action, entry.subject, entry.details, entry.previous_hash)
    return replace(entry, hash=hash_of(*parts))


def _walked(entries: list[Entry], kept: Head | None, expected: Head | None = None, then: Head | None = None) -> object:
    walk = Walk(kept, expected)
    for entry in entries:
        walk.step(entry)
    broken = walk.finish(then or kept).broken
    return broken and (broken.number, broken.kind)


def test_the_canonical_form_never_changes() -> None:
    """Trails written years ago are verified by it; the hash was had from `sha256sum`."""
    entry = link(None, Actor.client("hall", "k7"), "client.created", "大厅", {"b": 1, "a": ["甲"]}, _MOMENT)

    assert (entry.at, entry.details) == ("2026-11-22T09:30:00.000000Z", '{"a":["甲"],"b":1}')
    assert entry.hash == "df3002b68dc72d72e8fc4d18dca303065898ceb94b109ab8c8676d5165619508"


def test_a_moment_of_another_zone_is_kept_in_utc() -> None:
    china = datetime(2026, 11, 22, 17, 30, tzinfo=timezone(timedelta(hours=8)))

    assert link(None, _WANG, "a.b", "x", {}, china) == link(None, _WANG, "a.b", "x", {}, _MOMENT)
    with pytest.raises(ValueError, match="zone"):
        link(None, _WANG, "a.b", "x", {}, china.replace(tzinfo=None))


def test_a_whole_chain_is_whole_also_while_it_grows() -> None:
    five = _chain(5)

    assert _walked(five, _head(five[-1])) is None
    assert _walked(five, _head(five[2])) == (5, BreakKind.HEAD_ALTERED)
    assert _walked(five, _head(five[2]), then=_head(five[-1])) is None
    assert _walked(five[:3], _head(five[2]), then=_head(five[-1])) is None
    assert _walked([], None) is None


@pytest.mark.parametrize("part", ["at", "actor", "action", "subject", "details"])
def test_each_part_of_an_entry_is_held(part: str) -> None:
    four = _chain(4)
    four[1] = replace(four[1], **{part: "other"})

    assert _walked(four, _head(four[-1])) == (2, BreakKind.ALTERED)


def test_an_entry_hashed_anew_no_longer_leads_on() -> None:
    four = _chain(4)
    four[1] = _rehashed(replace(four[1], subject="other"))

    assert _walked(four, _head(four[-1])) == (3, BreakKind.UNCHAINED)


def test_an_entry_that_is_gone_is_named() -> None:
    six = _chain(6)

    assert _walked([*six[:1], *six[2:]], _head(six[-1])) == (2, BreakKind.MISSING)
    assert _walked(six[2:], _head(six[-1])) == (1, BreakKind.MISSING)


def test_a_tail_cut_off_is_missed_by_the_head() -> None:
    six = _chain(6)

    assert _walked(six[:4], _head(six[-1])) == (5, BreakKind.CUT_OFF)
    assert _walked([], _head(six[-1])) == (1, BreakKind.CUT_OFF)
    assert _walked(six, None) == (6, BreakKind.HEAD_ALTERED)
    assert _walked(six, Head(6, "f" * 64)) == (6, BreakKind.HEAD_ALTERED)
    assert _walked(six, Head(3, "f" * 64), then=_head(six[-1])) == (3, BreakKind.HEAD_ALTERED)


def test_a_head_kept_elsewhere_catches_what_the_database_cannot() -> None:
    six, other = _chain(6), [_rehashed(replace(entry, subject="x")) for entry in _chain(1)]

    assert _walked(six, _head(six[-1]), _head(six[3])) is None
    assert _walked(six, _head(six[-1]), Head(None, six[3].hash)) is None
    assert _walked(six[:3], _head(six[2]), _head(six[3])) == (4, BreakKind.OTHER_CHAIN)
    assert _walked(other, _head(other[-1]), _head(six[0])) == (1, BreakKind.OTHER_CHAIN)
    assert _walked(six, _head(six[-1]), Head(2, six[3].hash)) == (2, BreakKind.OTHER_CHAIN)


@pytest.mark.parametrize("name", ["", "a\nb", "a/b", "x" * 201])
def test_an_actor_is_named_so_that_the_trail_reads_one_way(name: str) -> None:
    with pytest.raises(ValueError, match="plain characters"):
        Actor.operator(name)
