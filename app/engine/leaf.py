"""What a diagram of a procedure ends in: its outcome, with the rules that carry it."""

from collections.abc import Hashable
from dataclasses import dataclass

from app.engine.facts import RuleCode
from app.engine.model import NOT_REQUIRED, Outcome, Procedure, ProcedureEffect, Rule, Topic, Treatment


@dataclass(frozen=True, slots=True)
class Leaf:
    """What one part of the scenarios leads to for a procedure.

    Shape: `carried` the rules whose condition holds and that no other overrides; `unmet` the acceptance conditions
        not met that close it; `clash` all outcomes where rules contradict each other, else empty; `gap` where no rule
        sets the treatment and there is no default. Neither clash nor gap survives `rules check`.
    """

    outcome: Outcome
    carried: frozenset[RuleCode] = frozenset()
    unmet: frozenset[str] = frozenset()
    clash: tuple[Outcome, ...] = ()
    gap: bool = False


NOT_LISTED = Leaf(NOT_REQUIRED)
#: What a name in a leaf's set stands for.
RULE, UNMET = "rule", "unmet"


def leaf_of(topic: Topic, procedure: Procedure, names: Hashable) -> Leaf:
    """The leaf that a set of carried rules' and unmet conditions' names comes to."""
    assert isinstance(names, frozenset)
    unmet = frozenset(code for kind, code in names if kind == UNMET)
    carried = frozenset(RuleCode(code) for kind, code in names if kind == RULE)
    outcomes = {
        outcome
        for code in carried
        if (outcome := outcome_of(effect_of(topic.rules[code], procedure), procedure)) is not None
    }
    if unmet or any(outcome.treatment is Treatment.CLOSED for outcome in outcomes):
        return Leaf(Outcome(Treatment.CLOSED), carried, unmet)
    if len(outcomes) > 1:
        clash = tuple(sorted(outcomes, key=lambda outcome: outcome.rank))
        return Leaf(clash[-1], carried, unmet, clash=clash)
    standard = Outcome(Treatment.STANDARD, procedure.filing_timing)
    if not outcomes:
        return Leaf(standard, carried, unmet, gap=not procedure.has_default)
    return Leaf(outcomes.pop(), carried, unmet)


def outcome_of(effect: ProcedureEffect, procedure: Procedure) -> Outcome | None:
    """The outcome a rule's effect comes to, None where it sets no treatment.

    A filing by nature keeps its timing under every treatment but waived, proactive and closed.
    """
    if effect.treatment is None:
        return None
    if effect.treatment in (Treatment.WAIVED, Treatment.PROACTIVE, Treatment.CLOSED):
        return Outcome(effect.treatment)
    return Outcome(effect.treatment, effect.filing_timing or procedure.filing_timing, effect.merged_into)


def effect_of(rule: Rule, procedure: Procedure) -> ProcedureEffect:
    """What a rule that speaks of the procedure says about it."""
    effect = rule.effect_on(procedure.code)
    assert effect is not None
    return effect
