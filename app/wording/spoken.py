"""The spoken answer: two or three sentences that can be read aloud, with the main clause."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.engine import (
    BarrierDecision,
    Decision,
    Force,
    Path,
    ProcedureCode,
    ProcedureDecision,
    ProcedureKind,
    Source,
    Status,
    Treatment,
    Verification,
)
from app.wording.figures import date_text, duration_text
from app.wording.names import Names
from app.wording.phrases import Phrases

#: Procedures named with their treatment, and waived ones named, before the rest is only counted.
_MOST_NAMED: Final = 2
_MOST_GONE: Final = 3
#: What belongs to the ground that several topics share is said last.
_SHARED_GROUND: Final = 2
_BEHIND_THE_COUNTER: Final = frozenset(
    {ProcedureKind.INTERNAL, ProcedureKind.INSPECTION, ProcedureKind.PRIVATE_CONTRACT}
)
_TIMED: Final = frozenset({Treatment.FILING, Treatment.COMMITMENT, Treatment.SIMPLIFIED, Treatment.STANDARD})
_TO_DO: Final = _TIMED | {Treatment.MERGED, Treatment.PROACTIVE}
_STOPS: Final = "。？！.?!"


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the spoken answer is made from.

    Shape: `main` the procedures the topic is about; `reasons` barrier -> why in words;
        `confirm_with` tells (authority, why) where a rule behind the procedure's outcome says whom to ask.
    """

    decision: Decision
    path: Path
    main: frozenset[ProcedureCode]
    reasons: Mapping[str, str]
    confirm_with: Callable[[ProcedureDecision], tuple[str, str] | None]


def spoken_answer(spoken: Spoken, names: Names) -> str:
    """What applies to the main procedures, in how many days, by which clause; what is open and whom to ask."""
    return _Speaking(spoken, names).answer()


class _Speaking:
    def __init__(self, spoken: Spoken, names: Names) -> None:
        self.spoken = spoken
        self.decision = spoken.decision
        self.names = names
        self.phrases: Phrases = names.phrases
        self.day = date_text(self.decision.day, self.phrases)
        self.to_do = [item for item in self.decision.procedures if self._is_to_do(item)]

    def answer(self) -> str:
        barred = [item for item in self.decision.barriers if item.applies]
        if barred:
            return self.phrases.sentences([self.barred(barred), self.phrases.say("spoken.barred_then")])
        headline = self.headline()
        closing = [*self.still_open(), *self.honest(headline)]
        total = [] if len(closing) > 1 else self.total()
        return self.phrases.sentences([self.what_applies(headline), *total, *closing])

    # What applies -------------------------------------------------------------------------------

    def barred(self, barriers: Sequence[BarrierDecision]) -> str:
        said = []
        for barrier in barriers[:_MOST_NAMED]:
            reason = self.spoken.reasons[barrier.code].rstrip(_STOPS)
            cite = self._cite(barrier.sources)
            said.append(self.phrases.say("spoken.item", done=reason, cite=cite) if cite else reason)
        return self.phrases.say("spoken.barred", day=self.day, reason=self.phrases.say("list.clauses").join(said))

    def headline(self) -> list[ProcedureDecision]:
        """The procedures that say most; one that may not even be there stands in only for want of others."""
        sure = [item for item in self.to_do if item.required and self._tier(item.code) < _SHARED_GROUND]
        named = sure or [item for item in self.to_do if item.is_decided or self._tier(item.code) < _SHARED_GROUND]
        if not sure and not any(item.is_decided for item in named):
            return []
        return sorted(named, key=self._rank)[:_MOST_NAMED]

    def _rank(self, item: ProcedureDecision) -> tuple[int, bool, bool]:
        """The topic's own first, what the reform changed before the rest; shared ground that rides along comes last."""
        tier = self._tier(item.code)
        merged = item.outcome is not None and item.outcome.treatment is Treatment.MERGED
        return tier, tier == _SHARED_GROUND and merged, self._is_unchanged(item)

    def _tier(self, code: ProcedureCode) -> int:
        if code in self.spoken.main:
            return 0
        return 1 if code in self.names.book.own else _SHARED_GROUND

    @staticmethod
    def _is_unchanged(item: ProcedureDecision) -> bool:
        return item.outcome is not None and item.outcome.treatment is Treatment.STANDARD

    def _is_to_do(self, item: ProcedureDecision) -> bool:
        """Whether the company meets the procedure, as something to do or as something that is still open."""
        procedure = self.names.book.topic.procedures[item.code]
        if procedure.optional or procedure.kind in _BEHIND_THE_COUNTER:
            return False
        return item.outcome is None or item.outcome.treatment in _TO_DO

    def what_applies(self, headline: Sequence[ProcedureDecision]) -> str:
        parts = [self._item(item) for item in headline]
        named = {item.code for item in headline}
        steps = [item.outcome for item in self.to_do if item.code not in named]
        others = sum(outcome is not None and outcome.treatment in _TIMED for outcome in steps)
        if others and parts:
            parts.append(self.phrases.say("spoken.more", count=others))
        parts += self._gone()
        if parts:
            return self.phrases.say("spoken.law_of", day=self.day, items=self.phrases.say("list.clauses").join(parts))
        undecided = [item.code for item in self.decision.procedures if not item.is_decided]
        if not undecided:
            return self.phrases.say("spoken.nothing", day=self.day)
        first = sorted(undecided, key=self._tier)
        names = self.phrases.listed([self.names.everyday(code) for code in first[:_MOST_GONE]])
        return self.phrases.say("spoken.all_open", names=names, count=len(undecided))

    def _item(self, item: ProcedureDecision) -> str:
        if item.outcome is None:
            return self.names.undecided(item.code, item.possible)
        done = self.names.done(item.code, item.outcome)
        cite = self._cite(self._sources(item))
        if not cite:
            return done
        if item.outcome.treatment not in _TIMED:
            return self.phrases.say("spoken.item", done=done, cite=cite)
        if item.limit.applicable is None:
            return self.phrases.say("spoken.item_no_days", done=done, cite=cite)
        if not item.limit.applicable.value and item.limit.verification is not Verification.UNVERIFIED:
            return self.phrases.say("spoken.item_same_day", done=done, cite=cite)
        days = duration_text(item.limit.applicable, self.phrases)
        if item.limit.verification is Verification.UNVERIFIED:
            days = self.phrases.say("spoken.unverified_days", days=days)
        return self.phrases.say("spoken.item_days", done=done, days=days, cite=cite)

    def _gone(self) -> list[str]:
        gone = [
            item.code
            for item in self.decision.procedures
            if item.outcome is not None and item.outcome.treatment is Treatment.WAIVED
        ]
        if not gone:
            return []
        first = sorted(gone, key=self._tier)[:_MOST_GONE]
        names = self.phrases.listed([self.names.everyday(code) for code in first])
        key = "spoken.gone" if len(gone) <= _MOST_GONE else "spoken.gone_more"
        return [self.phrases.say(key, names=names, count=len(gone))]

    def _sources(self, item: ProcedureDecision) -> Sequence[Source]:
        topic = self.names.book.topic
        for carried in item.rules:
            effect = topic.rules[carried.rule].effect_on(item.code)
            if carried.certain and effect is not None and effect.treatment is not None:
                return topic.rules[carried.rule].sources
        return topic.procedures[item.code].sources

    def _cite(self, sources: Sequence[Source]) -> str:
        first = next((source for source in sources if source.period.covers(self.decision.day)), None)
        return "" if first is None else self.names.cite(first.reference)

    def total(self) -> list[str]:
        after = self.spoken.path.after
        if after is None or not after.complete or len(self.spoken.path.steps) < _MOST_NAMED or not after.days.value:
            return []
        days = duration_text(after.days, self.phrases)
        if not after.other_units:
            return [self.phrases.say("spoken.total" if after.days_complete else "spoken.total_at_least", days=days)]
        left_out = [code for code, _ in after.other_units]
        names = self.phrases.listed([self.names.everyday(code) for code in left_out[:_MOST_NAMED]])
        key = "spoken.total_without" if len(left_out) <= _MOST_NAMED else "spoken.total_without_more"
        return [self.phrases.say(key, days=days, names=names, count=len(left_out))]

    # What is open, and how sure it is ------------------------------------------------------------

    def still_open(self) -> list[str]:
        if self.decision.status is Status.NEEDS_ANSWERS:
            asked = [item for item in self.decision.questions if not item.optional]
            if not asked:
                return [self.phrases.say("spoken.open")]
            question = self.phrases.pick(self.names.book.facts[asked[0].fact].question)
            key = "spoken.ask_one" if len(asked) == 1 else "spoken.ask_many"
            return [self.phrases.say(key, count=len(asked), question=question)]
        if self.decision.status is Status.NEEDS_CONFIRMATION:
            return [self._to_confirm()]
        return []

    def _to_confirm(self) -> str:
        for item in self.decision.confirmations:
            whom = self.names.book.facts[item.fact].ask_whom
            if whom is not None and not item.optional:
                district = self.names.district_in(self.decision.answers)
                authority = self.names.authority(whom.authority, district)
                return self._ended(
                    self.phrases.say("spoken.confirm", authority=authority, ask=self.phrases.pick(whom.ask))
                )
        return self.phrases.say("spoken.open")

    def honest(self, headline: Sequence[ProcedureDecision]) -> list[str]:
        """Whom to ask before relying on it, where the first headline's source is weak or its rule says so."""
        district = self.names.district_in(self.decision.answers)
        for item in (item for item in headline if item.is_decided):
            explicit = self.spoken.confirm_with(item)
            authority = self.names.authority(
                item.authority or self.names.book.procedures[item.code].authority, district
            )
            if explicit is not None:
                whom, why = explicit
                return [self._ended(self.phrases.say("spoken.check_with", authority=whom, why=why))]
            if item.force is Force.PLAN_COMMITMENT:
                return [self.phrases.say("spoken.check_plan", authority=authority)]
            if item.verification is Verification.UNVERIFIED:
                return [self.phrases.say("spoken.check_unverified", authority=authority)]
            if item.verification is Verification.SECONDARY:
                return [self.phrases.say("spoken.check_secondary", authority=authority)]
        return []

    def _ended(self, text: str) -> str:
        return text if text[-1:] in _STOPS else text + self.phrases.say("list.stop")
