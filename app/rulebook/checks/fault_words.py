"""A fault that a proof found, in words: what is wrong, in which scenario, and what to do about it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from app.engine import FactCode, Fault, FaultKind, Value

#: What two rules that contradict each other set differently.
_ABOUT: Final = {
    "treatment": "treatments",
    "limit": "time limits",
    "authority": "authorities",
    "level": "levels",
    "channel": "channels",
    "visits": "numbers of visits",
    "fee": "fees",
    "materials": "fates of one paper",
}


def said_of(fault: Fault) -> str:
    """What is wrong, an example where there is one, and what to do."""
    first, *others = fault.codes
    match fault.kind:
        case FaultKind.CONTRADICTION:
            *rules, procedure = fault.codes
            return (
                f"{', '.join(rules)} set different {_ABOUT[fault.about]} for `{procedure}`{_example(fault)};"
                " let one override the other, or narrow a condition"
            )
        case FaultKind.GAP:
            return (
                f"`{first}` is required and no rule says how it is handled{_example(fault)};"
                " write a rule, or give it `default: standard`"
            )
        case FaultKind.MERGE_TARGET:
            return (
                f"{', '.join(fault.rules)}: `{first}` is merged into `{others[0]}`, which is not there to do"
                f"{_example(fault)};"
                " narrow the rule, or bring the target"
            )
        case FaultKind.IDLE_OVERRIDE:
            return f"`{first}` overrides `{others[0]}` in no possible scenario{_apart(fault)}; take the override out"
        case FaultKind.DEAD_RULE:
            return f"`{first}` has an effect in no possible scenario: {_why_dead(fault)}, or take it out"
        case _:
            return _said_of_the_topic(fault)


def _said_of_the_topic(fault: Fault) -> str:
    first = fault.codes[0] if fault.codes else ""
    circle = " → ".join((*fault.codes, first))
    match fault.kind:
        case FaultKind.NO_SCENARIO:
            return (
                f"{', '.join(f'`{code}`' for code in fault.codes)} cannot all be kept: no scenario is possible;"
                " mend one of these constraints"
            )
        case FaultKind.MERGE_CYCLE:
            return (
                f"these procedures are merged into each other: {circle}{_by(fault)}{_example(fault)};"
                " one of them has to stand by itself: narrow a rule, or let one override the other"
            )
        case FaultKind.ORDER_CYCLE:
            return (
                "after merges and parallel groups these procedures wait for each other:"
                f" {circle}{_by(fault)}{_example(fault)}; take out one `depends_on`, or narrow the rule that joins them"
            )
        case FaultKind.USELESS_QUESTION:
            return f"`{first}` is asked and moves nothing on any day; take it out, or write the rule that needs it"
        case _:
            return (
                f"the conditions of `{first}` are too entangled to be read exactly{_example(fault)};"
                " name a part of them as a definition of fewer facts, or split a rule"
            )


def _why_dead(fault: Fault) -> str:
    match fault.about:
        case "dates":
            return "it is in force on no day that the topic answers for; mend its dates"
        case "condition":
            return "its condition can never hold; mend the condition"
        case "overridden":
            over = ", ".join(f"`{code}`" for code in fault.rules)
            return f"where it holds, as{_example(fault)}, it is overridden by {over}; narrow one of them"
        case _:
            return f"where it holds, as{_example(fault)}, nothing it speaks of is required; mend its condition"


def _apart(fault: Fault) -> str:
    return f": where one holds, as{_example(fault)}, the other does not" if fault.day else ""


def _by(fault: Fault) -> str:
    return f" by {', '.join(fault.rules)}" if fault.rules else ""


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
