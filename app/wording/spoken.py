"""The spoken answer: two or three sentences that can be read aloud, with the main clause."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
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
class Mention:
    """How one procedure's decision bears on the spoken answer.

    Shape: `is_to_do` where the company meets it, as something to do or as something that is still open; `tier` 0 for
        what the topic is about, 1 for the rest of its own, 2 for the ground that several topics share; `rank` puts the
        topic's own first, what the reform changed before the rest, shared ground that rides along last; `is_timed`
        where an office takes its time, `is_gone` where it is waived; `said` is the decision itself, with its days and
        the main clause.
    """

    item: ProcedureDecision
    said: str
    is_to_do: bool
    tier: int
    rank: tuple[int, bool, bool]
    is_timed: bool
    is_gone: bool


def mention_of(item: ProcedureDecision, main: Collection[ProcedureCode], names: Names, day: date) -> Mention:
    """How the decision of the day bears on the spoken answer; `main` are the procedures the topic is about."""
    procedure = names.book.topic.procedures[item.code]
    is_met = not procedure.optional and procedure.kind not in _BEHIND_THE_COUNTER
    own = 1 if item.code in names.book.own else _SHARED_GROUND
    tier = 0 if item.code in main else own
    treatment = None if item.outcome is None else item.outcome.treatment
    return Mention(
        item,
        _said(item, names, day),
        is_met and (item.outcome is None or treatment in _TO_DO),
        tier,
        (tier, tier == _SHARED_GROUND and treatment is Treatment.MERGED, treatment is Treatment.STANDARD),
        treatment in _TIMED,
        treatment is Treatment.WAIVED,
    )


def _said(item: ProcedureDecision, names: Names, day: date) -> str:
    if item.outcome is None:
        return names.undecided(item.code, item.possible)
    say, limit = names.phrases.say, item.limit
    done = names.done(item.code, item.outcome)
    cite = _cite(_sources(item, names), names, day)
    if not cite:
        return done
    if item.outcome.treatment not in _TIMED:
        return say("spoken.item", done=done, cite=cite)
    if limit.applicable is None:
        return say("spoken.item_no_days", done=done, cite=cite)
    is_unverified = limit.verification is Verification.UNVERIFIED
    if not limit.applicable.value:
        return say("spoken.item_same_day_unverified" if is_unverified else "spoken.item_same_day", done=done, cite=cite)
    days = duration_text(limit.applicable, names.phrases)
    if is_unverified:
        days = say("spoken.unverified_days", days=days)
    return say("spoken.item_days", done=done, days=days, cite=cite)


def _sources(item: ProcedureDecision, names: Names) -> Sequence[Source]:
    topic = names.book.topic
    for carried in item.rules:
        effect = topic.rules[carried.rule].effect_on(item.code)
        if carried.certain and effect is not None and effect.treatment is not None:
            return topic.rules[carried.rule].sources
    return topic.procedures[item.code].sources


def _cite(sources: Sequence[Source], names: Names, day: date) -> str:
    first = next((source for source in sources if source.period.covers(day)), None)
    return "" if first is None else names.cite(first.reference)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the spoken answer is made from.

    Shape: `mentions` one for each procedure of the decision; `reasons` barrier -> why in words;
        `confirm_with` tells (authority, why) where a rule behind the procedure's outcome says whom to ask.
    """

    decision: Decision
    path: Path
    mentions: Sequence[Mention]
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
        self.to_do = [mention for mention in spoken.mentions if mention.is_to_do]

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
            cite = _cite(barrier.sources, self.names, self.decision.day)
            said.append(self.phrases.say("spoken.item", done=reason, cite=cite) if cite else reason)
        return self.phrases.say("spoken.barred", day=self.day, reason=self.phrases.say("list.clauses").join(said))

    def headline(self) -> list[Mention]:
        """The procedures that say most; one that may not even be there stands in only for want of others."""
        sure = [one for one in self.to_do if one.tier < _SHARED_GROUND and one.item.required]
        named = sure or [one for one in self.to_do if one.tier < _SHARED_GROUND or one.item.is_decided]
        if not sure and not any(one.item.is_decided for one in named):
            return []
        return sorted(named, key=attrgetter("rank"))[:_MOST_NAMED]

    def what_applies(self, headline: Sequence[Mention]) -> str:
        parts = [one.said for one in headline]
        others = sum([one.is_timed for one in self.to_do]) - sum([one.is_timed for one in headline])
        if others and parts:
            parts.append(self.phrases.say("spoken.more", count=others))
        parts += self._gone()
        if parts:
            return self.phrases.say("spoken.law_of", day=self.day, items=self.phrases.say("list.clauses").join(parts))
        undecided = [one for one in self.spoken.mentions if not one.item.is_decided]
        if not undecided:
            return self.phrases.say("spoken.nothing", day=self.day)
        names = self._foremost(undecided)
        return self.phrases.say("spoken.all_open", names=names, count=len(undecided))

    def _gone(self) -> list[str]:
        gone = [one for one in self.spoken.mentions if one.is_gone]
        if not gone:
            return []
        key = "spoken.gone" if len(gone) <= _MOST_GONE else "spoken.gone_more"
        return [self.phrases.say(key, names=self._foremost(gone), count=len(gone))]

    def _foremost(self, mentions: Iterable[Mention]) -> str:
        first = sorted(mentions, key=attrgetter("tier"))[:_MOST_GONE]
        return self.phrases.listed([self.names.everyday(one.item.code) for one in first])

    def total(self) -> list[str]:
        after = self.spoken.path.after
        if after is None or not after.complete or len(self.spoken.path.steps) < _MOST_NAMED or not after.days.value:
            return []
        days = duration_text(after.days, self.phrases)
        if not after.other_units:
            return [self.phrases.say("spoken.total" if after.days_complete else "spoken.total_at_least", days=days)]
        left_out = [
            self.phrases.say("spoken.left_out", name=self.names.everyday(code), days=duration_text(own, self.phrases))
            for code, own in after.other_units
        ]
        names = self.phrases.listed(left_out[:_MOST_NAMED])
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
        facts = self.names.book.facts
        asked = [facts[item.fact].ask_whom for item in self.decision.confirmations if not item.optional]
        known = [whom for whom in asked if whom is not None]
        if not known:
            return self.phrases.say("spoken.open")
        authority = self.names.authority(known[0].authority, self.names.district_in(self.decision.answers))
        key = "spoken.confirm" if len(known) == 1 else "spoken.confirm_many"
        ask = self.phrases.pick(known[0].ask)
        return self._ended(self.phrases.say(key, count=len(known), authority=authority, ask=ask))

    def honest(self, headline: Sequence[Mention]) -> list[str]:
        """Whom to ask before relying on it, where the first headline's source is weak or its rule says so."""
        district = self.names.district_in(self.decision.answers)
        for item in (one.item for one in headline if one.item.is_decided):
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
