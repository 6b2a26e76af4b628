"""Changes that clash: two carried rules give one procedure different limits, offices, papers' fates …

Changes add up; where two set the same field and neither overrides the other, that is a contradiction.
"""

from collections.abc import Iterator
from datetime import date
from itertools import combinations
from typing import Final

from app.engine.leaf import Leaf, effect_of
from app.engine.model import MaterialChange, Procedure, ProcedureEffect, Topic, Treatment
from app.engine.periods import Period

#: Fields of an effect that hold one value.
_SINGLE: Final = ("authority", "level", "channel", "visits")
#: Treatments under which no figure of days is taken.
_NO_DAYS: Final = frozenset({Treatment.WAIVED, Treatment.PROACTIVE, Treatment.MERGED, Treatment.CLOSED})


def clashes(topic: Topic, procedure: Procedure, leaf: Leaf, law: Period) -> Iterator[tuple[str, str, str, date | None]]:
    """What two rules carried in the leaf say differently while the law stands still.

    Shape: what it is about, both rules' codes in order, and the day it first happens where that is not the first one.
    """
    if not leaf.outcome.required or leaf.outcome.treatment is Treatment.CLOSED:
        return
    for one, other in combinations(sorted(leaf.carried), 2):
        mine, its = effect_of(topic.rules[one], procedure), effect_of(topic.rules[other], procedure)
        for about in _fields(mine, its):
            yield about, one, other, None
        if leaf.outcome.treatment not in _NO_DAYS:
            for day in _limits(mine, its, law):
                yield "limit", one, other, day


def _fields(mine: ProcedureEffect, its: ProcedureEffect) -> Iterator[str]:
    for name in _SINGLE:
        values = (getattr(mine, name), getattr(its, name))
        if None not in values and values[0] != values[1]:
            yield name
    if mine.has_fee and its.has_fee:
        yield "fee"
    if _papers_clash(mine.materials, its.materials) or _papers_clash(its.materials, mine.materials):
        yield "materials"


def _papers_clash(mine: MaterialChange, its: MaterialChange) -> bool:
    """Whether a paper that one rule drops or defers meets another fate by the other."""
    added = {item.code for item in its.added}
    return bool(mine.dropped & (its.deferred | its.shared | added) or mine.deferred & its.shared)


def _limits(mine: ProcedureEffect, its: ProcedureEffect, law: Period) -> Iterator[date | None]:
    """The first day of each stretch of the law's period in which the two give different figures."""
    for figure in mine.limits:
        for other in its.limits:
            if figure.duration != other.duration and figure.period.overlaps(other.period):
                starts = [start for start in (figure.period.start, other.period.start) if start is not None]
                ends = [end for end in (figure.period.end, other.period.end) if end is not None]
                shared = Period(max(starts, default=None), min(ends, default=None))
                if shared.overlaps(law):
                    inside = shared.start is not None and (law.start is None or shared.start > law.start)
                    yield shared.start if inside else None
