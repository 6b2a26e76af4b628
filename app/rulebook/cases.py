"""Runs the worked examples of a topic against the engine and says for each key what was expected and what came."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from app.engine import (
    CompiledTopic,
    Decision,
    DefinitionCode,
    Duration,
    FactCode,
    FactType,
    MaterialStatus,
    Outcome,
    ProcedureCode,
    ProcedureDecision,
    Truth,
    Value,
    conflicting_facts,
    decide,
    has_scenarios,
)
from app.rulebook.books import TopicBook
from app.rulebook.claims import claims_broken
from app.rulebook.files.cases import PLURALS, CaseEntry, Expect, ExpectedProcedure
from app.rulebook.files.facts import FactEntry

#: Gives the compiled form of a topic; who calls decides how long it is kept.
Compiled: TypeAlias = Callable[[TopicBook], CompiledTopic]


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of a case that came out otherwise.

    Shape: `key` is the path below `expect`; both sides in plain words and lists.
    """

    key: str
    expected: object
    got: object

    def __str__(self) -> str:
        """Return the key and both sides in one line."""
        return f"{self.key}: expected {_shown(self.expected)}, got {_shown(self.got)}"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What became of one case.

    Shape: `rules` those behind the procedures that came out otherwise.
    """

    topic: str
    case: CaseEntry
    differences: tuple[Difference, ...]
    rules: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """`topic::case`."""
        return f"{self.topic}::{self.case.code}"

    @property
    def cure(self) -> str:
        """What to do about a case that failed."""
        behind = f" ({', '.join(self.rules)})" if self.rules else ""
        return f"mend the rules behind it{behind}, or the example where the law itself says otherwise"

    @property
    def passed(self) -> bool:
        """Whether every key came as expected."""
        return not self.differences


def run_cases(book: TopicBook, compiled: Compiled, chosen: Callable[[str], bool] = bool) -> Iterator[CaseResult]:
    """Return the result of each case of the topic whose code is chosen, in order of the files."""
    for case in book.cases:
        if chosen(f"{book.code}::{case.code}"):
            yield run_case(book, compiled(book), case)


def run_case(book: TopicBook, compiled: CompiledTopic, case: CaseEntry) -> CaseResult:
    """Return what the engine makes of the case's facts on its day, compared with what the case expects."""
    answers = answers_of(book, case)
    if not has_scenarios(compiled):
        nothing = Difference("facts", "an admissible scenario", "the topic's constraints leave none")
        return CaseResult(book.code, case, (nothing,))
    conflict = conflicting_facts(compiled, answers)
    if conflict is not None:
        broken = f"{', '.join(conflict.facts)} contradict each other by {', '.join(conflict.constraints)}"
        return CaseResult(book.code, case, (Difference("facts", "an admissible scenario", broken),))
    decision = decide(compiled, answers, case.as_of)
    broken_claims = claims_broken(book, compiled, case.expect, answers, case.as_of)
    differences = [*_differences(book, case.expect, decision), *(Difference(*claim) for claim in broken_claims)]
    return CaseResult(book.code, case, tuple(differences), _behind(differences, decision))


def _behind(differences: Iterable[Difference], decision: Decision) -> tuple[str, ...]:
    """The rules of the procedures that the differences speak of."""
    keys = [difference.key.split(".") for difference in differences]
    codes = {parts[1] for parts in keys if parts[0] == "procedures"}
    found = (carried.rule for item in decision.procedures if item.code in codes for carried in item.rules)
    return tuple(dict.fromkeys(found))


def answers_of(book: TopicBook, case: CaseEntry) -> dict[FactCode, Value]:
    """Return the case's facts as the engine takes them; `null` is not answered."""
    found: dict[FactCode, Value] = {}
    for code, answer in case.facts.items():
        if answer is not None:
            found[FactCode(code)] = _value(book.facts[FactCode(code)], answer)
    return found


def _value(fact: FactEntry, answer: bool | int | Decimal | date | str | tuple[str, ...]) -> Value:
    if isinstance(answer, tuple):
        return frozenset(answer)
    if fact.type is FactType.DECIMAL and not isinstance(answer, bool) and isinstance(answer, int):
        return Decimal(answer)
    return answer


# ---- comparing ---------------------------------------------------------------------------------------


def _differences(book: TopicBook, expect: Expect, decision: Decision) -> Iterator[Difference]:
    written = expect.model_fields_set
    if expect.status is not None and expect.status is not decision.status:
        yield Difference("status", expect.status, decision.status)
    for code, wanted in expect.procedures.items():
        found = decision.procedure(ProcedureCode(code))
        if wanted == "not_listed":
            if found is not None:
                yield Difference(f"procedures.{code}", "not_listed", _treatments(found.possible))
        elif found is None:
            yield Difference(f"procedures.{code}", "listed", "not_listed")
        else:
            for key, expected, got in _procedure(book, wanted, found):
                if expected != got:
                    yield Difference(f"procedures.{code}.{key}", expected, got)
    yield from _sets(expect, written, decision)
    for code, truth in expect.definitions.items():
        holds = _definition(book, DefinitionCode(code), decision)
        if holds is not truth:
            yield Difference(f"definitions.{code}", truth, holds)
    yield from _grounds(book, expect, decision)


def _grounds(book: TopicBook, expect: Expect, decision: Decision) -> Iterator[Difference]:
    """On what definitions rest, and which rules give an entitlement, obligation or note."""
    for code, references in expect.definitions_by.items():
        version = book.topic.definitions[DefinitionCode(code)].version_on(decision.day)
        sources = () if version is None else version.sources
        got = sorted(source.reference for source in sources if source.period.covers(decision.day))
        if sorted(references) != got:
            yield Difference(f"definitions_by.{code}", sorted(references), got)
    for code, rules in expect.given_by.items():
        giving = sorted(rule for item in decision.extras if item.extra.code == code for rule in item.rules)
        if sorted(rules) != giving:
            yield Difference(f"given_by.{code}", sorted(rules), giving)


def _definition(book: TopicBook, code: DefinitionCode, decision: Decision) -> Truth:
    """Whether it holds; one that has no version in force is false, though the decision does not list it."""
    definition = book.topic.definitions[code]
    in_force = definition.version_on(decision.day) is not None
    return decision.definitions.get(code) if in_force else False


def _sets(expect: Expect, written: set[str], decision: Decision) -> Iterator[Difference]:
    """The keys that are lists of codes: exactly these, at least these, none of these."""
    exact: Mapping[str, Sequence[str]] = {
        "barriers": [barrier.code for barrier in decision.barriers if barrier.applies],
        "barriers_open": [barrier.code for barrier in decision.barriers if barrier.applies is None],
        "questions": [question.fact for question in decision.questions],
        "confirmations": [question.fact for question in decision.confirmations],
    }
    for key, got in exact.items():
        if key in written and set(getattr(expect, key) or ()) != set(got):
            yield Difference(key, sorted(getattr(expect, key) or ()), sorted(got))
    for kind, name in PLURALS.items():
        listed = {item.extra.code: item.applies for item in decision.extras if item.extra.kind is kind}
        applying, hanging = ({code for code, applies in listed.items() if applies is truth} for truth in (True, None))
        yield from _inclusion(f"{name}_include", getattr(expect, f"{name}_include"), applying)
        yield from _inclusion(f"{name}_open_include", getattr(expect, f"{name}_open_include"), hanging)
        yield from _exclusion(f"{name}_exclude", getattr(expect, f"{name}_exclude"), applying | hanging)
    asked = {str(question.fact) for question in decision.questions}
    yield from _inclusion("questions_include", expect.questions_include, asked)
    yield from _exclusion("questions_exclude", expect.questions_exclude, asked)


def _inclusion(key: str, wanted: Iterable[str], got: set[str]) -> Iterator[Difference]:
    if not set(wanted) <= got:
        yield Difference(key, sorted(wanted), sorted(got))


def _exclusion(key: str, unwanted: Iterable[str], got: set[str]) -> Iterator[Difference]:
    if set(unwanted) & got:
        yield Difference(key, sorted(unwanted), sorted(got))


def _procedure(
    book: TopicBook, wanted: ExpectedProcedure, found: ProcedureDecision
) -> Iterator[tuple[str, object, object]]:
    """Each key that is written, with what is expected and what came, in a form that compares."""
    got = _facets(book, found)
    for key in sorted(wanted.model_fields_set - {"place"}):
        expected, came = getattr(wanted, key), got[key]
        if isinstance(came, list) and key.endswith("_include"):
            yield key, sorted(expected), sorted(set(expected) & set(came))
        elif isinstance(came, list) and key.endswith("_exclude"):
            yield key, [], sorted(set(expected) & set(came))
        elif key == "days":
            yield key, _days(Duration(expected.value, expected.unit) if expected else None), came
        else:
            yield key, sorted(expected) if isinstance(expected, tuple) else expected, came


def _facets(book: TopicBook, found: ProcedureDecision) -> Mapping[str, object]:
    outcome, fallback = found.outcome, found.fallback
    entry = book.procedures[found.code]
    rules = [book.topic.rules[carried.rule] for carried in found.rules]
    deciding = [rule for rule in rules if (effect := rule.effect_on(found.code)) and effect.treatment is not None]
    papers = [item.code for item in found.materials or () if item.status is not MaterialStatus.DROPPED]
    return {
        "required": found.required,
        "treatment": outcome.treatment if outcome else None,
        "possible": sorted(_treatments(found.possible)),
        "depends_on": sorted(found.depends_on),
        "filing_timing": outcome.filing_timing if outcome else None,
        "merged_into": outcome.merged_into if outcome else None,
        "legal_force": found.force,
        "verification": found.verification,
        "fallback": fallback.treatment if fallback else None,
        "fallback_merged_into": fallback.merged_into if fallback else None,
        "fallback_filing_timing": fallback.filing_timing if fallback else None,
        "days": _days(found.limit.applicable),
        "rules": sorted(rule.code for rule in deciding),
        "confirm": any(rule.needs_confirmation for rule in rules),
        "parallel_with": sorted(found.parallel_with),
        "replaces": sorted(found.replaces),
        "authority": found.authority or entry.authority,
        "level": found.level or entry.level,
        "channel": found.channel or entry.channel,
        "visits": found.visits,
        "since": found.since,
        "date_precision": book.start_precision([rule.code for rule in rules], found.since),
        "rules_include": sorted(rule.code for rule in rules),
        "rules_exclude": sorted(rule.code for rule in rules),
        "materials_include": papers,
        "materials_exclude": papers,
        "materials_dropped": _papers(found, MaterialStatus.DROPPED),
        "materials_deferred": _papers(found, MaterialStatus.DEFERRED),
        "materials_shared": _papers(found, MaterialStatus.SHARED),
        "conditions_include": [item.condition.code for item in found.conditions],
        "conditions_exclude": [item.condition.code for item in found.conditions if item.required],
        "conditions_dropped": sorted(item.condition.code for item in found.conditions if not item.required),
    }


def _papers(found: ProcedureDecision, status: MaterialStatus) -> list[str]:
    return sorted(item.code for item in found.materials or () if item.status is status)


def _treatments(outcomes: Iterable[Outcome]) -> list[str]:
    found = (str(outcome.treatment) if outcome.treatment else "not_required" for outcome in outcomes)
    return list(dict.fromkeys(found))


def _days(duration: Duration | None) -> str | None:
    return f"{duration.value.normalize():f} {duration.unit}" if duration else None


def _shown(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(str(part) for part in value)}]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)
