"""All periods of a topic gone through at once: every procedure's diagram under the constraints, each read once.

Most procedures stay as they are from one change of the law to the next, so that few diagrams have to be looked at.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta

from app.engine.compile import CompiledTopic
from app.engine.facts import FactCode, ProcedureCode, Value
from app.engine.leaf import Leaf
from app.engine.periods import Period
from app.engine.view import View
from app.engine.witness import witness


class Sweep:
    """The topic's diagrams in every period it answers for, under the constraints and perhaps some answers.

    Shape: `periods` their numbers in order · `roots` (procedure, period) -> the diagram of its `Leaf`.
    """

    def __init__(self, compiled: CompiledTopic, periods: tuple[int, ...], on: date | None = None) -> None:
        self.compiled = compiled
        self.topic = compiled.topic
        self.store = compiled.store
        self.periods = periods
        self.roots: Mapping[tuple[ProcedureCode, int], int] = {
            (code, period): compiled.procedure(code, period) for period in periods for code in compiled.topic.procedures
        }
        self._on = on
        self.view: View
        self._reduced: dict[int, int] = {}
        self._leaves: dict[int, tuple[Leaf, ...]] = {}

    def begin(self, answers: Mapping[FactCode, Value]) -> None:
        """Read the constraints against the answers; inside `Store.scratch`.

        Raises: ValueError where they leave no scenario.
        """
        self.view = View(self.compiled, answers)

    def day(self, period: int) -> date:
        """The first day of the period on which the topic answers, or the one day the sweep is about."""
        return self._on or answered_from(self.compiled, period)

    def law(self, period: int) -> Period:
        """The days of the period that the sweep is about."""
        days = self.compiled.law_days
        if self._on is not None:
            return Period(self._on, self._on + timedelta(days=1))
        return Period(self.day(period), days[period] if period < len(days) else None)

    def in_period(self, period: int) -> dict[ProcedureCode, int]:
        """Each procedure's diagram in the period."""
        return {code: self.roots[code, period] for code in self.topic.procedures}

    def distinct(self) -> Iterator[tuple[ProcedureCode, int, int]]:
        """Each different diagram of each procedure once: procedure, first period it stands in, diagram."""
        seen: set[tuple[ProcedureCode, int]] = set()
        for period in self.periods:
            for code in self.topic.procedures:
                root = self.roots[code, period]
                if (code, root) not in seen:
                    seen.add((code, root))
                    yield code, period, root

    def reduced(self, root: int) -> int:
        """The diagram under the constraints and answers."""
        found = self._reduced.get(root)
        if found is None:
            found = self._reduced[root] = self.view.reduced(root)
        return found

    def leaves(self, root: int) -> tuple[Leaf, ...]:
        """The leaves that some admissible scenario leads to."""
        found = self._leaves.get(root)
        if found is None:
            values = self.store.leaves_in(self.reduced(root))
            found = self._leaves[root] = tuple(value for value in values if isinstance(value, Leaf))
        return found

    def can_hold(self, root: int) -> bool:
        """Whether some admissible scenario makes the boolean diagram true."""
        return True in self.store.leaves_in(self.reduced(root))

    def example(self, root: int, wanted: Callable[[Hashable], bool]) -> dict[FactCode, Value]:
        """Answers that lead to a wanted leaf of the diagram; those the sweep began with are among them."""
        return {**self.view.answers, **witness(self.compiled, self.view, self.reduced(root), wanted)}


def first_day(compiled: CompiledTopic) -> date:
    """The first day the topic answers for, the one before the reform included."""
    return min(compiled.topic.covers_from, compiled.topic.before_day)


def periods_answered(compiled: CompiledTopic) -> tuple[int, ...]:
    """The numbers of the periods from the first day the topic answers for on."""
    return tuple(range(compiled.period_of(first_day(compiled)), len(compiled.law_days) + 1))


def answered_from(compiled: CompiledTopic, period: int) -> date:
    """The first day of a period on which the topic answers."""
    first = first_day(compiled)
    return first if period == compiled.period_of(first) else compiled.day_in(period)


@contextmanager
def sweep(compiled: CompiledTopic) -> Iterator[Sweep]:
    """All periods, ready to be read; what is built inside is forgotten at the end.

    Raises: ValueError where the constraints leave no scenario.
    """
    with _begun(Sweep(compiled, periods_answered(compiled)), {}) as swept:
        yield swept


@contextmanager
def sweep_of_a_day(compiled: CompiledTopic, answers: Mapping[FactCode, Value], day: date) -> Iterator[Sweep]:
    """One day under some answers, ready to be read; what is built inside is forgotten at the end.

    Raises: ValueError where constraints and answers leave no scenario.
    """
    with _begun(Sweep(compiled, (compiled.period_of(day),), day), answers) as swept:
        yield swept


@contextmanager
def _begun(swept: Sweep, answers: Mapping[FactCode, Value]) -> Iterator[Sweep]:
    with swept.store.scratch():
        swept.begin(answers)
        yield swept
