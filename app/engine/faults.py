"""What a proof can find wrong with a topic."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from app.engine.facts import FactCode, RuleCode, Value


class FaultKind(enum.StrEnum):
    """The claims a proof can find broken; each a code of `rules check` or `rules verify`."""

    NO_SCENARIO = "no_scenario"
    CONTRADICTION = "contradiction"
    GAP = "gap"
    DEAD_RULE = "dead_rule"
    IDLE_OVERRIDE = "idle_override"
    MERGE_TARGET = "merge_target"
    MERGE_CYCLE = "merge_cycle"
    ORDER_CYCLE = "order_cycle"
    USELESS_QUESTION = "useless_question"
    NODE_BUDGET = "node_budget"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong, with a counterexample where there is one.

    Shape: `codes` the rules, procedures, facts or constraints concerned, the one to look at first in front; `answers`
        a scenario of the facts that matter, `day` a day of the period it happens in; `about` what a contradiction is
        about (the treatment, or one of a procedure's particulars), or why a rule is dead; `rules` those that join or
        merge the procedures, or override the dead rule.
    """

    kind: FaultKind
    codes: tuple[str, ...]
    day: date | None = None
    answers: Mapping[FactCode, Value] = field(default_factory=dict)
    about: str = ""
    rules: tuple[RuleCode, ...] = ()
