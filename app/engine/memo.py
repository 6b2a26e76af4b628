"""Work that many scenarios share: kept by what it depends on, so that an answer is mostly put together."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from itertools import count
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from app.engine.diagram import Store
from app.engine.facts import FactCode, ProcedureCode
from app.engine.linked import LinkedLaw, Links

if TYPE_CHECKING:
    from app.engine.conditions import Truth
    from app.engine.conflicts import Conflict
    from app.engine.decision import ExtraDecision, ProcedureDecision, WhatIf
    from app.engine.model import Outcome
    from app.engine.path import Part, Route
    from app.engine.settle import Settled
    from app.engine.work import Worked

_MOST_PROCEDURES: Final = 1_024
_MOST_ROUTES: Final = 256
_MOST_OPEN: Final = 1_024
_MOST_WORKED: Final = 12

K = TypeVar("K")
V = TypeVar("V")


class Memo(dict[K, V]):
    """Results by what they depend on; emptied when full, for what is asked often is soon there again.

    Safe to share between threads: two may make the same result, and either of the two stays.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def keep(self, key: K, value: V) -> V:
        """The value, kept under the key."""
        if len(self) >= self.most:
            self.clear()
        self[key] = value
        return value


class Latest(Generic[K, V]):
    """Results by what they depend on; the one unused longest goes first. Safe to share between threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: K) -> V | None:
        """The value kept under the key."""
        with self._lock:
            found = self._held.get(key)
            if found is not None:
                self._held.move_to_end(key)
            return found

    def keep(self, key: K, value: V) -> V:
        """The value, kept under the key."""
        with self._lock:
            self._held[key] = value
            while len(self._held) > self.most:
                self._held.popitem(last=False)
        return value


#: Numbers what is shared, so that what is made of it elsewhere is found by a number.
SERIALS = count(1)


class Remembered:
    """What a compiled topic remembers of the scenarios decided under it.

    Shape: `settled` by leaf node; by all that bears on the diagram: `outlined` what may come of what is open, `opened`
        that with the facts that settle it, `held` whether a boolean one holds, `truths` the facts that settle that;
        `choices` the choice an outcome rests on, by procedure and leaf node; `procedures` whole decisions of a
        procedure, `extras` those of what rules give besides; `parts` what each procedure adds to a path, `routes`
        steps and totals, by the procedures' decisions; `changes` the what-if of a procedure where something is open, by
        all that bears on it, `told` single changes by their cells, `seen` their serials; `conflicts` answers that
        cannot be true together, by those to one component of constraints; `links` the linked nodes, `laws` the linked
        law by period; `outcomes` the same possible outcomes as one; `worked` what was worked out for scenarios that
        leave something open, by their cells.
    """

    def __init__(self, store: Store, levels: int) -> None:
        self.settled: dict[int, Settled] = {}
        self.choices: dict[tuple[ProcedureCode, int], FactCode | None] = {}
        self.procedures: Memo[Hashable, ProcedureDecision] = Memo(_MOST_PROCEDURES)
        self.extras: Memo[Hashable, ExtraDecision] = Memo(_MOST_PROCEDURES)
        self.parts: Memo[int, Part] = Memo(_MOST_PROCEDURES)
        self.routes: Memo[Hashable, Route] = Memo(_MOST_ROUTES)
        self.opened: Memo[Hashable, Settled] = Memo(_MOST_OPEN)
        self.outlined: Memo[Hashable, Settled] = Memo(_MOST_OPEN)
        self.held: Memo[Hashable, Truth] = Memo(_MOST_OPEN)
        self.truths: Memo[Hashable, tuple[FactCode, ...]] = Memo(_MOST_OPEN)
        self.changes: Memo[Hashable, tuple[WhatIf, ...]] = Memo(_MOST_OPEN)
        self.told: Memo[Hashable, WhatIf] = Memo(_MOST_OPEN)
        self.seen: Memo[Hashable, int] = Memo(_MOST_OPEN)
        self.conflicts: Memo[Hashable, Conflict | None] = Memo(_MOST_OPEN)
        self.links = Links(store, levels)
        self.laws: dict[int, LinkedLaw] = {}
        self.outcomes: dict[tuple[Outcome, ...], tuple[Outcome, ...]] = {}
        self.worked: Latest[Hashable, Worked] = Latest(_MOST_WORKED)
