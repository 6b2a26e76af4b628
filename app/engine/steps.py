"""Steps in order: which procedures are handled together, and what each step has to wait for.

Sets of procedures are bit masks here, each procedure the bit at its place in the topic: nearly every scenario has an
order of its own, so it has to be found quickly.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeAlias

from app.engine.facts import ProcedureCode
from app.engine.memo import Memo
from app.engine.model import Topic

_MOST_BEFORE: Final = 1_024

#: The places of a step's procedures, the leading one first, and the numbers of the steps it starts after, rising.
Ordered: TypeAlias = tuple[list[int], list[int]]


@dataclass(frozen=True, slots=True)
class Handled:
    """A procedure that is a step, or part of one.

    Shape: `place` its own in the topic, `target` that of the procedure it is merged into, `beside` the mask of those
        it is parallel with.
    """

    place: int
    target: int | None
    beside: int


class Waiting:
    """What each procedure of a topic depends on."""

    def __init__(self, topic: Topic) -> None:
        self.codes = tuple(topic.procedures)
        self.places: Mapping[ProcedureCode, int] = {code: place for place, code in enumerate(topic.procedures)}
        self._needed = tuple(self.mask(procedure.depends_on) for procedure in topic.procedures.values())
        self._reach = tuple(self._reached(place, 0) for place in range(len(self.codes)))
        self._before: Memo[tuple[int, int], int] = Memo(_MOST_BEFORE)
        #: How many procedures each waits for in all: more than any of those. None where some wait for themselves.
        waits_for_itself = any(reach >> place & 1 for place, reach in enumerate(self._reach))
        self._rank = None if waits_for_itself else tuple([reach.bit_count() for reach in self._reach])

    def mask(self, codes: Iterable[ProcedureCode]) -> int:
        """The procedures among these that the topic has."""
        return sum(1 << self.places[code] for code in set(codes) if code in self.places)

    def steps_before(self, place: int, steps: int) -> int:
        """Those of the steps that the procedure depends on; dependencies pass through what is no step."""
        needed = self._needed[place]
        if not needed & ~steps:
            return needed
        among = steps & self._reach[place]
        if not among:
            return 0
        key = (place, among)
        found = self._before.get(key)
        return self._before.keep(key, self._reached(place, among) & among) if found is None else found

    def longest_chain(self, days: Mapping[int, Decimal]) -> Decimal | None:
        """The most days that steps which wait for each other take, where each is one procedure and beside no other.

        Shape: `days` those of each step by its place.
        Unknown: None where procedures wait for themselves.
        """
        if self._rank is None:
            return None
        steps = sum([1 << place for place in days])
        ends: dict[int, Decimal] = {}
        for place in sorted(days, key=self._rank.__getitem__):
            before, end = self.steps_before(place, steps), days[place]
            if before:
                end += max([ends[other] for other in _places(before)])
            ends[place] = end
        return max(ends.values(), default=Decimal(0))

    def _reached(self, place: int, steps: int) -> int:
        """All that the procedure depends on, up to the steps that are met first."""
        needed = self._needed
        seen = needed[place]
        through = seen & ~steps
        while through:
            lowest = through & -through
            fresh = needed[lowest.bit_length() - 1] & ~seen
            seen |= fresh
            through = through ^ lowest | fresh & ~steps
        return seen


def in_order(waiting: Waiting, handled: Sequence[Handled]) -> list[Ordered]:
    """The steps that the procedures come to, in an order that keeps every dependency.

    Shape: a step holds a procedure and all that is merged into it, even where that is none of those handled.
    """
    leaders = _leaders(handled)
    members = {item.place: [item.place] for item in handled if item.place not in leaders}
    # What is merged into and no step itself leads one all the same, which later steps do not pass by.
    alone = set(leaders.values()) - members.keys()
    if alone:
        members = {place: [place] for place in sorted(members.keys() | alone)}
    for place, leader in leaders.items():
        members[leader].append(place)
    order: list[int] = []
    waits: dict[int, int] = {}
    for waits in _waits(waiting, handled, leaders, members):
        order, goes_round = _ordered(waits)
        if not goes_round:
            break
    # By bit, not by place: the masks are taken apart bit by bit.
    numbers: dict[int, int] = {}
    found = []
    for number, leader in enumerate(order, 1):
        after, before = [], waits[leader]
        while before:
            lowest = before & -before
            if lowest in numbers:
                after.append(numbers[lowest])
            before ^= lowest
        after.sort()
        found.append((members[leader], after))
        numbers[1 << leader] = number
    return found


def _leaders(handled: Sequence[Handled]) -> dict[int, int]:
    """For each procedure that is merged into another one the last target of its merges."""
    targets = {item.place: item.target for item in handled if item.target is not None}
    leaders = {}
    for place in targets:
        last, seen = place, {place}
        while (target := targets.get(last)) is not None and target not in seen:
            seen.add(target)
            last = target
        if last != place:
            leaders[place] = last
    return leaders


def _waits(
    waiting: Waiting, handled: Sequence[Handled], leaders: Mapping[int, int], members: Mapping[int, list[int]]
) -> Iterator[dict[int, int]]:
    """For each step those it has to wait for; more than one way to see it where steps are parallel.

    Parallel steps do not wait for each other, and start when the last of them can; where this would make steps wait
    for themselves, each when it can itself.
    """
    steps = parallel = 0
    for item in handled:
        steps |= 1 << item.place
        parallel |= item.beside
    for leader in members:
        steps |= 1 << leader
    merged = {1 << place: 1 << leader for place, leader in leaders.items()}
    gone = sum(merged)
    waits: dict[int, int] = {}
    for leader, places in members.items():
        found = targets = 0
        for place in places:
            found |= waiting.steps_before(place, steps)
        if found & gone:
            for bit in merged:
                if found & bit:
                    targets |= merged[bit]
        waits[leader] = (found & ~gone | targets) & ~(1 << leader)
    if parallel & steps:
        beside = _beside(handled, leaders, steps)
        waits = {leader: found & ~beside.get(leader, 0) for leader, found in waits.items()}
        yield {leader: _with_those(leader, waits, beside) for leader in waits}
    yield waits


def _beside(handled: Sequence[Handled], leaders: Mapping[int, int], steps: int) -> dict[int, int]:
    """For each step that has any the steps it is parallel with."""
    found: dict[int, int] = {}
    for item in handled:
        for other in _places(item.beside & steps):
            mine, its = leaders.get(item.place, item.place), leaders.get(other, other)
            found[mine] = found.get(mine, 0) | 1 << its
            found[its] = found.get(its, 0) | 1 << mine
    return found


def _with_those(leader: int, waits: Mapping[int, int], beside: Mapping[int, int]) -> int:
    """What the step and those parallel with it wait for together."""
    others = beside.get(leader, 0)
    found = waits[leader]
    for other in _places(others):
        found |= waits[other]
    return found & ~others & ~(1 << leader)


def _ordered(waits: Mapping[int, int]) -> tuple[list[int], bool]:
    """The steps, each after all it waits for and else as they come; and whether some wait for themselves."""
    order: list[int] = []
    remaining, ahead, goes_round = list(waits.items()), -1, False
    while remaining:
        at = 0
        for _, before in remaining:
            if not before & ahead:
                break
            at += 1
        else:
            at, goes_round = 0, True
        step, _ = remaining.pop(at)
        order.append(step)
        ahead ^= 1 << step
    return order, goes_round


def _places(mask: int) -> list[int]:
    """The places of the bits in the mask, rising."""
    found = []
    while mask:
        lowest = mask & -mask
        found.append(lowest.bit_length() - 1)
        mask ^= lowest
    return found
