"""A scenario as an address says it: what was answered, what was left out, the day whose law is asked for."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.errors import Fault, FaultCode, InvalidRequest
from app.evaluation import EvaluateRequest
from app.web.addresses import Address, Pair
from app.web.entered import entered_day
from app.web.visit import PREFERENCES, RELEASE, Visit

AS_OF: Final = "as_of"
SKIP: Final = "skip"
MORE: Final = "more"
AT: Final = "at"
ASKED: Final = "asked"
DO: Final = "do"
VIEW: Final = "view"
CHANGE: Final = "change"
TO: Final = "to"
RESERVED: Final = (*PREFERENCES, AS_OF, RELEASE, SKIP, MORE, AT, ASKED, DO, VIEW, CHANGE, TO)
"""Names of a query that are no facts; every other one is, written as `GET /v1/evaluate` takes it."""
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class ScenarioAddress:
    """情形, written in an address so that it can be shared, kept as a bookmark and opened again.

    Shape: `answers` fact -> its texts in the order given, [""] the empty set · `skipped` facts left open on purpose ·
        `as_of`, `release` as they were written, "" where nothing was · `wants_more` whether questions that move only
        details are asked too.
    """

    topic: str
    answers: Mapping[str, tuple[str, ...]]
    skipped: tuple[str, ...] = ()
    as_of: str = ""
    release: str = ""
    wants_more: bool = False

    @classmethod
    def of(cls, visit: Visit, topic: str) -> "ScenarioAddress":
        """Return what the visit's address says.

        Raises: InvalidRequest where the query cannot be read.
        """
        answers = {name: tuple(values) for name, values in visit.query.items() if name not in RESERVED}
        return cls(
            topic,
            answers,
            tuple(dict.fromkeys(fact for fact in visit.query.get(SKIP, ()) if fact and fact not in answers)),
            entered_day(visit.value(AS_OF)),
            visit.value(RELEASE),
            bool(visit.value(MORE)),
        )

    # The same scenario, changed -----------------------------------------------------------------

    def answering(self, answers: Mapping[str, Iterable[str]]) -> "ScenarioAddress":
        """With these answers in place of what stood under their facts."""
        given = {fact: tuple(values) for fact, values in answers.items()}
        skipped = tuple(fact for fact in self.skipped if fact not in given)
        return replace(self, answers={**self.answers, **given}, skipped=skipped)

    def without(self, *facts: str) -> "ScenarioAddress":
        """With these facts neither answered nor left out."""
        answers = {fact: values for fact, values in self.answers.items() if fact not in facts}
        return replace(self, answers=answers, skipped=tuple(fact for fact in self.skipped if fact not in facts))

    def skipping(self, *facts: str) -> "ScenarioAddress":
        """With these facts left open on purpose."""
        bare = self.without(*facts)
        return replace(bare, skipped=(*bare.skipped, *facts))

    # Where it leads -----------------------------------------------------------------------------

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The scenario as the pairs of a query: what `GET /v1/evaluate` takes, and what only pages know behind it."""
        answered = tuple((fact, value) for fact, values in self.answers.items() for value in values or ("",))
        named = ((AS_OF, self.as_of), (RELEASE, self.release), *((SKIP, fact) for fact in self.skipped))
        more = ((MORE, "1"),) if self.wants_more else ()
        return (*answered, *(pair for pair in named if pair[1]), *more)

    def questions(self, visit: Visit, at: str | None = None) -> Address:
        """The address of its questions; `at` a fact to answer anew, whatever else is open."""
        extra = ((AT, at),) if at else ()
        return visit.link(f"/ask/{self.topic}", *self.pairs, *extra)

    def guide(self, visit: Visit) -> Address:
        """The address of its result."""
        return visit.link(f"/guide/{self.topic}", *self.pairs)

    def request(self, visit: Visit) -> EvaluateRequest:
        """What the evaluation takes.

        Raises: InvalidRequest where the day is none, UnknownTopic.
        """
        pairs = [(fact, value) for fact, values in self.answers.items() for value in values]
        return EvaluateRequest(
            topic=self.topic,
            facts=visit.served.evaluator.facts_from_text(self.topic, pairs),
            as_of=self.day,
            lang=visit.language,
            release=self.release or None,
        )

    @property
    def day(self) -> date | None:
        """The day asked about, None where none was given.

        Raises: InvalidRequest where it is none.
        """
        if not self.as_of:
            return None
        try:
            if _DAY.fullmatch(self.as_of):
                return date.fromisoformat(self.as_of)
        except ValueError:
            pass
        raise InvalidRequest(
            [Fault(f"/{AS_OF}", FaultCode.WRONG_TYPE, "as_of takes a date", params={"name": AS_OF, "expected": "date"})]
        )
