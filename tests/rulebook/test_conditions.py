"""Conditions as the files write them, and what the engine makes of them in a topic."""

from datetime import date
from decimal import Decimal

import pytest
from pydantic import TypeAdapter

from app.engine import (
    All,
    Always,
    Any,
    Compare,
    Condition,
    Defined,
    DefinitionCode,
    FactCode,
    IsOneOf,
    Not,
    ProcedureCode,
    Requires,
    SetIs,
    Within,
)
from app.rulebook.conditions import tree
from app.rulebook.files.conditions import ConditionEntry
from app.rulebook.files.facts import FactEntry
from app.rulebook.reader import read

FACTS = """
- {code: yes_no, type: boolean, statement: {zh: 是, en: yes}, negation: {zh: 否, en: not}}
- {code: one, type: choice, options: [{value: a, label: {zh: 甲, en: A}}, {value: no, label: {zh: 乙, en: B}}]}
- {code: some, type: choices, options: [{value: a, label: {zh: 甲, en: A}}, {value: b, label: {zh: 乙, en: B}}]}
- {code: floors, type: integer}
- {code: area, type: decimal}
- {code: day, type: date}
- {code: first, type: date}
"""
NAMED = "name: {zh: 名, en: name}, question: {zh: 问, en: ask}"


def known_facts() -> dict[FactCode, FactEntry]:
    """One fact of each type."""
    written = read(FACTS.replace(", type:", f", {NAMED}, type:"), "facts").data
    assert isinstance(written, tuple)
    entries = [FactEntry.model_validate(part) for part in written]
    return {FactCode(entry.code): entry for entry in entries}


def read_condition(text: str) -> Condition:
    """The condition as the engine takes it, in a topic with the procedure `licence`."""
    entry: ConditionEntry = TypeAdapter(ConditionEntry).validate_python(read(text, "f").data)
    return tree(entry, known_facts(), {"licence"})


YES = IsOneOf(FactCode("yes_no"), frozenset({True}))
SOME = FactCode("some")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{always: false}", Always(False)),
        ("{fact: yes_no, is: true}", YES),
        ("{not: {fact: yes_no, is: true}}", Not(YES)),
        ("{all: [{fact: yes_no, is: true}, {always: true}]}", All((YES, Always(True)))),
        ("{any: [{fact: yes_no, is: true}]}", Any((YES,))),
        ("{definition: small}", Defined(DefinitionCode("small"))),
        ("{procedure: licence, is: required}", Requires(ProcedureCode("licence"))),
        ("{fact: one, is: no}", IsOneOf(FactCode("one"), frozenset({"no"}))),
        ("{fact: one, is_not: a}", Not(IsOneOf(FactCode("one"), frozenset({"a"})))),
        ("{fact: one, in: [a, no]}", IsOneOf(FactCode("one"), frozenset({"a", "no"}))),
        ("{fact: floors, above: 2}", Compare(FactCode("floors"), "above", 2)),
        ("{fact: area, at_most: 0.5}", Compare(FactCode("area"), "at_most", Decimal("0.5"))),
        ("{fact: day, before: 2021-09-01}", Compare(FactCode("day"), "below", date(2021, 9, 1))),
        ("{fact: day, on_or_after: 2021-09-01}", Compare(FactCode("day"), "at_least", date(2021, 9, 1))),
        ("{fact: some, contains: a}", SetIs(SOME, "contains_any", frozenset({"a"}))),
        ("{fact: some, contains_all: [a, b]}", SetIs(SOME, "contains_all", frozenset({"a", "b"}))),
        ("{fact: some, only: [a]}", SetIs(SOME, "only", frozenset({"a"}))),
        ("{fact: some, is_exactly: [b]}", SetIs(SOME, "is_exactly", frozenset({"b"}))),
        ("{fact: some, is_empty: true}", SetIs(SOME, "is_empty", frozenset())),
        ("{fact: some, is_empty: false}", Not(SetIs(SOME, "is_empty", frozenset()))),
        ("{fact: day, within: {after: first, months: 12}}", Within(FactCode("day"), FactCode("first"), 12)),
    ],
)
def test_each_form_has_its_meaning(text: str, meant: Condition) -> None:
    assert read_condition(text) == meant


def test_several_tests_of_one_fact_hold_together() -> None:
    condition = read_condition("{fact: area, at_least: 1, below: 3}")

    assert isinstance(condition, All)
    assert set(condition.parts) == {
        Compare(FactCode("area"), "at_least", Decimal(1)),
        Compare(FactCode("area"), "below", Decimal(3)),
    }


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{fact: one, is: gone}", Always(False)),
        ("{fact: one, in: [a, gone]}", IsOneOf(FactCode("one"), frozenset({"a"}))),
        ("{fact: some, contains_any: [a, gone]}", SetIs(SOME, "contains_any", frozenset({"a"}))),
        ("{fact: some, contains_any: [gone]}", Always(False)),
        ("{fact: some, contains_all: [a, gone]}", Always(False)),
        ("{fact: some, is_exactly: [a, gone]}", Always(False)),
        ("{fact: some, only: [a, gone]}", SetIs(SOME, "only", frozenset({"a"}))),
    ],
)
def test_option_the_topic_leaves_out_can_never_be_chosen(text: str, meant: Condition) -> None:
    assert read_condition(text) == meant


def test_procedure_the_topic_does_not_have_is_never_required() -> None:
    assert read_condition("{procedure: elsewhere, is: required}") == Always(False)
