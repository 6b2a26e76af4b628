"""Work that many scenarios share: kept by what it depends on, so that an answer is mostly put together."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Final, TypeVar

from app.engine.facts import FactCode, ProcedureCode
from app.engine.model import Treatment

if TYPE_CHECKING:
    from app.engine.decision import ProcedureDecision
    from app.engine.path import Route
    from app.engine.settle import Settled

_MOST_PROCEDURES: Final = 4_096
_MOST_ROUTES: Final = 1_024

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


class Remembered:
    """What a compiled topic remembers of the scenarios decided under it.

    Shape: `settled` by leaf node; `choices` the choice an outcome rests on, by procedure and leaf node; `procedures`
        whole decisions of a procedure; `routes` steps and totals by the procedures' decisions; `below` the treatments
        below a node; `worked` everything worked out for a scenario, by its cells.
    """

    def __init__(self) -> None:
        self.settled: dict[int, Settled] = {}
        self.choices: dict[tuple[ProcedureCode, int], FactCode | None] = {}
        self.procedures: Memo[Hashable, ProcedureDecision] = Memo(_MOST_PROCEDURES)
        self.routes: Memo[Hashable, Route] = Memo(_MOST_ROUTES)
        self.below: dict[int, frozenset[Treatment | None]] = {}
