"""Proofs: what the engine finds when it goes through every possible scenario of a topic, put into words."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from app.engine import FactCode, Fault, FaultKind, ProcedureCode, RuleCode, Topic, Value, compile_topic, find_faults
from app.rulebook.findings import Findings
from app.rulebook.places import Place
from app.rulebook.scope import Scope

#: What a module's rule may be in one topic, as long as it is not so in every topic that uses the module.
_IDLE: Final = frozenset({FaultKind.DEAD_RULE, FaultKind.IDLE_OVERRIDE})


def prove_topics(scopes: Mapping[str, Scope], topics: Mapping[str, Topic], findings: Findings) -> None:
    """Note every contradiction, gap, dead rule, idle override and merge into nothing, each with a scenario."""
    idle: dict[tuple[FaultKind, tuple[str, ...]], list[str]] = {}
    for code, topic in topics.items():
        for fault in _telling(find_faults(compile_topic(topic))):
            entry = scopes[code].rules.get(fault.codes[0])
            if fault.kind in _IDLE and entry is not None and not scopes[code].is_own(entry):
                idle.setdefault((fault.kind, fault.codes), []).append(code)
            else:
                _say(scopes[code], fault, code, findings)
    for (kind, codes), found_in in idle.items():
        if len(found_in) == sum(codes[0] in scopes[code].rules for code in topics):
            _say(scopes[found_in[0]], Fault(kind, codes, None, {}), ", ".join(found_in), findings, warning=True)


def _telling(faults: Sequence[Fault]) -> Iterator[Fault]:
    """The faults, without overrides that are idle only because one of the two rules is dead."""
    dead = {fault.codes[0] for fault in faults if fault.kind is FaultKind.DEAD_RULE}
    for fault in faults:
        if fault.kind is not FaultKind.IDLE_OVERRIDE or not dead & set(fault.codes):
            yield fault


def _say(scope: Scope, fault: Fault, topics: str, findings: Findings, *, warning: bool = False) -> None:
    place = _place(scope, fault)
    if not findings.has(place, fault.kind):
        findings.add(place, fault.kind, f"{topics}: {_said(fault)}", warning=warning, harmless=True)


def _place(scope: Scope, fault: Fault) -> Place:
    for code in fault.codes:
        entry = scope.rules.get(RuleCode(code)) or scope.procedures.get(ProcedureCode(code))
        if entry is not None:
            if fault.kind is FaultKind.IDLE_OVERRIDE and fault.codes[1] in scope.rules[code].overrides:
                return entry.place.at("overrides", scope.rules[code].overrides.index(fault.codes[1]))
            return entry.place
    return scope.topic.place


def _said(fault: Fault) -> str:
    first, *others = fault.codes
    match fault.kind:
        case FaultKind.CONTRADICTION:
            *rules, procedure = fault.codes
            return (
                f"{', '.join(rules)} set different treatments for `{procedure}`{_example(fault)};"
                " let one override the other, or narrow a condition"
            )
        case FaultKind.GAP:
            return (
                f"`{first}` is required and no rule says how it is handled{_example(fault)};"
                " write a rule, or give it `default: standard`"
            )
        case FaultKind.MERGE_TARGET:
            return (
                f"`{first}` is merged into `{others[0]}`, which is not there to do{_example(fault)};"
                " narrow the rule, or bring the target"
            )
        case FaultKind.IDLE_OVERRIDE:
            return f"`{first}` overrides `{others[0]}` in no possible scenario; take the override out"
        case FaultKind.NODE_BUDGET:
            return (
                f"the conditions of `{first}` are too entangled to be read exactly{_example(fault)};"
                " name a part of them as a definition of fewer facts, or split a rule"
            )
        case FaultKind.DEAD_RULE:
            return f"`{first}` has an effect in no possible scenario; mend its condition or dates, or take it out"


def _example(fault: Fault) -> str:
    day = f" on {fault.day}" if fault.day else ""
    facts = _facts(fault.answers)
    return f"{day} with {facts}" if facts else day


def _facts(answers: Mapping[FactCode, Value]) -> str:
    return ", ".join(f"{code} = {_value(value)}" for code, value in answers.items())


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, frozenset):
        return f"[{', '.join(sorted(value))}]"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
