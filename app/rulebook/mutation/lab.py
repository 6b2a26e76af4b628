"""One topic in which mutants are tried: does any decision change, and does a worked example or a proof notice."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from app.engine import (
    Alteration,
    Atom,
    Compare,
    Condition,
    Defined,
    DefinitionCode,
    Extra,
    FactCode,
    IsOneOf,
    Original,
    ProcedureCode,
    RuleCode,
    SetIs,
    Topic,
    Value,
    Variant,
    View,
    Within,
    full_condition,
    leaves,
    periods_answered,
    told_otherwise,
    variant_faults,
    with_defaults,
)
from app.rulebook.books import Rulebook, TopicBook
from app.rulebook.build import Builder
from app.rulebook.cases import answers_of, run_case
from app.rulebook.files.cases import CaseEntry
from app.rulebook.files.procedures import ProcedureEntry
from app.rulebook.files.rules import RuleEntry
from app.rulebook.files.topics import DefinitionEntry
from app.rulebook.mutation.mutants import Mutant, Owner
from app.rulebook.mutation.roughness import known_otherwise, with_entry

#: What a case expects that a variant does not work out: since when an outcome holds.
_NOT_ASKED: Final = ".since"


class Fate(enum.StrEnum):
    """What became of a mutant."""

    EQUIVALENT = "equivalent"
    """Proved: no admissible scenario is decided or told otherwise on any day."""
    CASE = "case"
    """A worked example noticed."""
    PROOF = "proof"
    """`rules verify` noticed."""
    CHECK = "check"
    """`rules check` noticed."""
    SURVIVED = "survived"
    """Nobody noticed."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant, and who noticed: `topic::case`, or the code of a finding."""

    fate: Fate
    by: str = ""


class Lab:
    """A topic ready for its mutants. Gives the same verdicts in whichever order they are tried.

    Cost: the topic is compiled once for all periods; a mutant costs what its change reaches.
    """

    def __init__(self, rulebook: Rulebook, book: TopicBook, mutants: Iterable[Mutant]) -> None:
        self.book = book
        self.builder = Builder(
            {str(code): fact for code, fact in book.facts.items()},
            book.definitions,
            {str(code): procedure for code, procedure in book.procedures.items()},
            {str(code): rule for code, rule in book.rules.items()},
            lambda reference: rulebook.article(reference).verification,
        )
        self.alterations = {id(mutant): self._alteration(mutant) for mutant in mutants}
        self.original = Original(book.topic, self._atoms())
        self.periods = periods_answered(self.original)
        for period in self.periods:
            # What is not compiled now would be compiled inside a scratch, and be lost with it.
            self.original.law_in(period)
            self.original.histories_in(period)
        self.cases = [(case, self.original.finder.cells(self._answers(case))) for case in book.cases]

    def _answers(self, case: CaseEntry) -> Mapping[FactCode, Value]:
        return with_defaults(self.book.topic.facts, answers_of(self.book, case))

    # Alterations ------------------------------------------------------------------------------------

    def _alteration(self, mutant: Mutant) -> Alteration:
        topic, code = self.book.topic, mutant.code
        match mutant.owner, mutant.entry:
            case Owner.RULE, RuleEntry() | None:
                rules = _with(topic.rules, RuleCode(code), self.builder.rule(mutant.entry) if mutant.entry else None)
                return Alteration(replace(topic, rules=rules), rules=frozenset({RuleCode(code)}), day=mutant.day)
            case Owner.DEFINITION, DefinitionEntry():
                made = self.builder.definition(mutant.entry)
                definitions = _with(topic.definitions, DefinitionCode(code), made)
                other = replace(topic, definitions=definitions)
                return Alteration(other, definitions=frozenset({DefinitionCode(code)}), day=mutant.day)
            case Owner.PROCEDURE, ProcedureEntry():
                procedures = _with(topic.procedures, ProcedureCode(code), self.builder.procedure(mutant.entry))
                other = replace(topic, procedures=procedures)
                return Alteration(other, procedures=frozenset({ProcedureCode(code)}), day=mutant.day)
        raise AssertionError(mutant)

    def _atoms(self) -> Iterator[Atom]:
        for alteration in self.alterations.values():
            for condition in _conditions(alteration):
                for leaf in leaves(condition):
                    if isinstance(leaf, IsOneOf | Compare | SetIs | Within):
                        yield leaf

    # Trying -------------------------------------------------------------------------------------

    def verdict(self, mutant: Mutant) -> Verdict:
        """What becomes of the mutant in this topic; checks of its entry aside."""
        alteration = self.alterations[id(mutant)]
        with self.original.store.scratch():
            trial = _Trial(self, Variant(self.original, alteration), mutant)
            if not trial.changes_something():
                return Verdict(Fate.EQUIVALENT)
            noticed = next(trial.cases_noticing(), "")
            if noticed:
                return Verdict(Fate.CASE, noticed)
            fault = next(variant_faults(trial.variant, trial.periods), "")
            return Verdict(Fate.PROOF, fault) if fault else Verdict(Fate.SURVIVED)


class _Trial:
    """One mutant being tried. Lives inside one scratch.

    Shape: `moved` period -> the diagrams that are true where it is decided or told otherwise; `on_any_day` where that
        is not bound to the one day that the change bears on.
    """

    def __init__(self, lab: Lab, variant: Variant, mutant: Mutant) -> None:
        self.lab = lab
        self.mutant = mutant
        self.variant = variant
        self.original = lab.original
        self.store = variant.store
        self.view = View(variant, {})
        self.moved: dict[int, list[int]] = {}
        self.on_any_day = False
        self._known: dict[tuple[int, int], int] = {}

    @property
    def periods(self) -> tuple[int, ...]:
        """The periods in which something is decided otherwise."""
        return tuple(sorted(self.moved))

    def changes_something(self) -> bool:
        """Whether some admissible scenario is decided or told otherwise on some day the topic answers for."""
        day = self.variant.alteration.day
        if day is not None and day < self.original.topic.covers_from:
            return False
        periods = self.lab.periods if day is None else (self.original.period_of(day),)
        answered = [period for period in periods if period in self.lab.periods]
        for period in answered:
            self._note(period, (self._difference(one, other) for one, other in self._pairs(period)))
        if not self.moved:
            for period in answered:
                self._note_where(period, told_otherwise(self.variant, period))
        if not self.moved:
            for period in self.lab.periods:
                self._note_where(period, known_otherwise(self.original, self.lab.book, self.mutant, period))
            self.on_any_day = bool(self.moved)
        return bool(self.moved)

    def _note_where(self, period: int, nodes: Iterable[int]) -> None:
        self._note(period, (self._difference(self.store.false, node) for node in nodes))

    def _note(self, period: int, nodes: Iterable[int]) -> None:
        found = [node for node in nodes if node != self.store.false]
        if found:
            self.moved[period] = found

    def _pairs(self, period: int) -> Iterator[tuple[int, int]]:
        """Each diagram that the change can reach, as it was and as it is."""
        variant, known = self.variant, self.original.law_in(period)
        for code in variant.reached:
            yield known.procedures[code], variant.procedure(code, period)
        for definition in variant.definitions_reached:
            was = known.definitions.get(definition, self.store.false)
            yield was, variant.condition(Defined(definition), period)
        for extra in self._extras():
            is_given = extra in variant.extras
            now = variant.extra(extra, period) if is_given else self.store.false
            yield known.extras.get(extra, self.store.false), now

    def _extras(self) -> tuple[Extra, ...]:
        """What the changed rules give, and what rules give that speak of no procedure and hang on the change."""
        variant, found = self.variant, dict[Extra, None]()
        for code in variant.alteration.rules:
            for rules in (self.original.topic.rules, variant.topic.rules):
                found.update(dict.fromkeys(rules[code].extras if code in rules else ()))
        for rule in variant.topic.rules.values():
            if not rule.effects and rule.extras and variant.reaches(rule):
                found.update(dict.fromkeys(rule.extras))
        return tuple(found)

    def _difference(self, one: int, other: int) -> int:
        """The diagram that is true where the two differ; false where they do in no admissible scenario."""
        if one == other:
            return self.store.false
        found = self._known.get((one, other))
        if found is None:
            differing = self.store.apply(lambda left, right: left != right, one, other)
            possible = True in self.store.leaves_in(self.view.reduced(differing))
            found = self._known[one, other] = differing if possible else self.store.false
        return found

    # Who notices --------------------------------------------------------------------------------

    def cases_noticing(self) -> Iterator[str]:
        """The worked examples whose outcome is no longer what they expect."""
        book = replace(with_entry(self.lab.book, self.mutant), topic=self.variant.topic)
        day = None if self.on_any_day else self.variant.alteration.day
        speaking = [item for item in self.lab.cases if self._speaks(item[0])]
        others = [item for item in self.lab.cases if self._is_broad(item[0]) and not self._speaks(item[0])]
        for case, cells in (*speaking, *others):
            nodes = self.moved.get(self.original.period_of(case.as_of), ())
            if (day is None or day == case.as_of) and self._meets(nodes, cells):
                result = run_case(book, self.variant, case)
                if any(not difference.key.endswith(_NOT_ASKED) for difference in result.differences):
                    yield f"{self.lab.book.code}::{case.code}"

    def _speaks(self, case: CaseEntry) -> bool:
        """Whether the case expects something of what the alteration reaches; such are tried first."""
        expect, variant = case.expect, self.variant
        procedures, definitions = expect.procedures.keys(), expect.definitions.keys()
        return bool(variant.reached & procedures or variant.definitions_reached & definitions)

    def _is_broad(self, case: CaseEntry) -> bool:
        """Whether the case expects something of the scenario as a whole."""
        return bool(case.expect.model_fields_set - {"place", "procedures", "definitions"})

    def _meets(self, nodes: Iterable[int], cells: Mapping[int, int]) -> bool:
        """Whether the answers leave room for a difference."""
        return any(self.store.restricted(node, cells) != self.store.false for node in nodes)


def _with(known: Mapping, code: object, made: object | None) -> dict:  # type: ignore[type-arg]
    """The mapping in its order with one value changed, or left out for None."""
    return {key: (made if key == code else value) for key, value in known.items() if key != code or made is not None}


def _conditions(alteration: Alteration) -> Iterator[Condition]:
    """The conditions of what is changed."""
    topic: Topic = alteration.topic
    for rule in (topic.rules[code] for code in alteration.rules if code in topic.rules):
        yield full_condition(rule)
        added = (item for effect in rule.effects for item in effect.conditions_added)
        yield from (item.test for item in added if item.test is not None)
    for code in alteration.definitions:
        yield from (version.when for version in topic.definitions[code].versions)
    for procedure in (topic.procedures[code] for code in alteration.procedures):
        yield procedure.required_when
        yield from (item.test for item in procedure.conditions if item.test is not None)
