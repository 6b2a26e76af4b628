"""The worked examples that come out otherwise under the later rulebook, and whether that is what they expect."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.engine import (
    CompiledTopic,
    Facet,
    Moved,
    OfProcedure,
    Outcome,
    ProcedureCode,
    TopicImpact,
    compile_topic,
    conflicting_facts,
    may_move,
    outcomes_under,
)
from app.rulebook import CaseEntry, TopicBook, answers_of
from app.wording import Phrases

Json: TypeAlias = dict[str, Any]


def moved_cases(before: TopicBook, after: TopicBook, impact: TopicImpact, phrases: Phrases) -> list[Json]:
    """Return each case of either version in which the possible outcomes of a procedure differ.

    Shape: `as_expected` whether the later rules give what the case expects of the procedures that move, None where it
        expects nothing of them.
    Cost: two readings of the procedures that may move, a case.
    """
    items = [item for item in impact.of(OfProcedure) if item.facet is Facet.OUTCOME]
    if not items:
        return []
    looking = _Looking(before, after, compile_topic(before.topic), compile_topic(after.topic), phrases)
    found = []
    for book, case in _cases(before, after):
        moves = list(looking.moves(book, case, items))
        if moves:
            found.append(
                {
                    "case": f"{after.code}::{case.code}",
                    "as_of": case.as_of,
                    "clause": case.clause.ref,
                    "place": {"file": case.place.file, "line": case.place.mark.line},
                    "moves": moves,
                    "as_expected": _as_expected(case, moves),
                }
            )
    return found


def _cases(before: TopicBook, after: TopicBook) -> Iterator[tuple[TopicBook, CaseEntry]]:
    known = {case.code for case in after.cases}
    yield from ((after, case) for case in after.cases)
    yield from ((before, case) for case in before.cases if case.code not in known)


@dataclass(frozen=True, slots=True)
class _Looking:
    """Two versions of a topic, ready to decide a case."""

    before: TopicBook
    after: TopicBook
    old: CompiledTopic
    new: CompiledTopic
    phrases: Phrases

    def moves(self, book: TopicBook, case: CaseEntry, items: Iterable[Moved]) -> Iterator[Json]:
        """The procedures whose possible outcomes differ in the case; none where one version refuses its facts."""
        answers = answers_of(book, case)
        if set(answers) - self.before.facts.keys() or set(answers) - self.after.facts.keys():
            return
        may = [item for item in items if may_move(item, self.old, self.new, answers, case.as_of)]
        codes = [item.subject.code for item in may if isinstance(item.subject, OfProcedure)]
        if not codes or any(conflicting_facts(side, answers) is not None for side in (self.old, self.new)):
            return
        was = outcomes_under(self.old, codes, answers, case.as_of)
        now = outcomes_under(self.new, codes, answers, case.as_of)
        yield from (self._move(code, was[code], now[code]) for code in codes if was[code] != now[code])

    def _move(self, code: ProcedureCode, was: tuple[Outcome, ...], now: tuple[Outcome, ...]) -> Json:
        entry = self.after.procedures.get(code) or self.before.procedures[code]
        return {
            "code": code,
            "name": self.phrases.pick(entry.everyday_name),
            "before": [_treatment(item) for item in was],
            "before_name": self._names(was),
            "after": [_treatment(item) for item in now],
            "after_name": self._names(now),
        }

    def _names(self, outcomes: Iterable[Outcome]) -> str:
        names = dict.fromkeys(self.phrases.say(f"treatment.{_treatment(item)}") for item in outcomes)
        return self.phrases.joined(list(names), "or")


def _treatment(outcome: Outcome) -> str:
    return str(outcome.treatment or "not_required")


def _as_expected(case: CaseEntry, moves: Iterable[Json]) -> bool | None:
    told = [found for move in moves if (found := _fits(case, move)) is not None]
    return all(told) if told else None


def _fits(case: CaseEntry, move: Json) -> bool | None:
    wanted = case.expect.procedures.get(move["code"])
    after = list(dict.fromkeys(move["after"]))
    if wanted is None:
        return None
    if isinstance(wanted, str):
        return after == ["not_required"]
    if wanted.possible is not None:
        return sorted(wanted.possible) == sorted(after)
    if "treatment" in wanted.model_fields_set:
        return after == [str(wanted.treatment)] if wanted.treatment is not None else len(after) > 1
    return None
