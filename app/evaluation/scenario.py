"""A request's facts made into a scenario, or refused with every fault at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from app.engine import CompiledTopic, Conflict, FactCode, FactType, Value, conflicting_facts
from app.errors import Fault, FaultCode, InvalidFact
from app.evaluation.values import WrongValue, typed, words_of
from app.rulebook import FactEntry, Rulebook, Text, TopicBook
from app.wording import fault_text


@dataclass(frozen=True, slots=True)
class Scenario:
    """情形. What was answered, as the engine takes it.

    Shape: `answers` the topic's facts in its order, `aside` shared facts the topic has no use for; they are echoed.
        `cells` are those of the answers.
    """

    answers: Mapping[FactCode, Value]
    aside: Mapping[FactCode, Value]
    cells: Mapping[int, int]


class ScenarioReader:
    """What makes scenarios of the raw facts of one topic.

    Shape: `compiled` is the topic, `shared` the facts all topics share with the constraints among them.
    """

    def __init__(self, rulebook: Rulebook, book: TopicBook, compiled: CompiledTopic, shared: CompiledTopic) -> None:
        self.rulebook = rulebook
        self.book = book
        self.compiled = compiled
        self.shared = shared
        single = [fact for fact in book.facts.values() if fact.type in (FactType.BOOLEAN, FactType.CHOICE)]
        self._as_given = frozenset((fact.code, value) for fact in single for value in fact.values or (False, True))

    def read(self, facts: Mapping[str, object]) -> Scenario:
        """The scenario that the raw facts describe.

        Unknown: None is not answered, and neither is what is not named.
        Raises: InvalidFact with every fault; a contradiction among the sound answers points at each fact of it.
        """
        book, shared_facts = self.book, self.rulebook.shared_facts
        faults: list[Fault] = []
        found: dict[str, Value] = {}
        as_given = self._as_given
        for code, raw in facts.items():
            if (raw.__class__ is bool or raw.__class__ is str) and (code, raw) in as_given:
                found[code] = raw
                continue
            entry = book.facts.get(FactCode(code)) or shared_facts.get(FactCode(code))
            if entry is None:
                faults.append(_unknown(self.rulebook, book, code))
            elif raw is not None:
                try:
                    found[code] = typed(entry, raw)
                except WrongValue as wrong:
                    faults.append(_explained(self.rulebook, book, entry, wrong.fault))
        answers = {code: found[code] for code in book.facts if code in found}
        aside = {}
        if len(answers) < len(found):
            aside = {code: found[code] for code in shared_facts if code in found and code not in answers}
        cells = self.compiled.finder.cells(answers)
        conflict = conflicting_facts(self.compiled, answers, cells)
        if conflict is None and aside:
            conflict = conflicting_facts(self.shared, {code: found[code] for code in shared_facts if code in found})
        if conflict is not None:
            faults.extend(_contradiction(self.rulebook, book, conflict))
        if faults:
            raise InvalidFact([replace(fault, message=fault_text(fault, "en")) for fault in faults], topic=book.code)
        return Scenario(answers, aside, cells)


def _unknown(rulebook: Rulebook, book: TopicBook, code: str) -> Fault:
    known = [*book.facts, *(shared for shared in rulebook.shared_facts if shared not in book.facts)]
    near = get_close_matches(code, known, n=3, cutoff=0.6)
    params = {"fact": code[:60], "near": near}
    return Fault(f"/facts/{_escaped(code)}", FaultCode.UNKNOWN_FACT, allowed=near or None, params=params)


def _escaped(code: str) -> str:
    """The key as a JSON pointer writes it."""
    return code[:60].replace("~", "~0").replace("/", "~1")


def _explained(rulebook: Rulebook, book: TopicBook, entry: FactEntry, fault: Fault) -> Fault:
    """The fault, and for an option the topic leaves out the topic that takes it."""
    other = book.elsewhere.get(FactCode(entry.code), {}).get(str(fault.params.get("value")))
    if fault.code != FaultCode.NOT_ALLOWED or other is None or other not in rulebook.topics:
        return fault
    name = words_of(rulebook.topics[other].entry.name)
    return replace(fault, params={**fault.params, "variant": "elsewhere", "topic": name, "topic_code": other})


def _contradiction(rulebook: Rulebook, book: TopicBook, conflict: Conflict) -> Iterator[Fault]:
    """One fault for each fact of the smallest set that cannot be true together."""
    entries = {code: book.facts.get(code) or rulebook.shared_facts[code] for code in conflict.facts}
    constraints = {**rulebook.constraints, **book.constraints}
    params = {
        "facts": [words_of(entry.name) for entry in entries.values()],
        "says": _says(constraints[code].says for code in conflict.constraints if code in constraints),
        "constraints": list(conflict.constraints),
        "with": list(conflict.facts),
    }
    for code, entry in entries.items():
        named = {"fact": code, "name": words_of(entry.name), **params}
        yield Fault(f"/facts/{code}", FaultCode.CONTRADICTION, params=named)


def _says(constraints: Iterable[Text]) -> dict[str, str]:
    """What the broken constraints say, in both languages."""
    said = list(constraints)
    return {
        "zh": "".join(f"{text.zh.rstrip('。')}。" for text in said),
        "en": " ".join(f"{text.en[:1].upper()}{text.en[1:].rstrip('.')}." for text in said),
    }
