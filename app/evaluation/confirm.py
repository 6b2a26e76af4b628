"""Whom to ask before relying on a procedure's outcome, and why."""

from collections.abc import Iterator

from app.engine import Force, ProcedureDecision, RuleCode, Verification
from app.evaluation.blocks import Json
from app.evaluation.telling import Telling

#: Sources as weak as this one decide nothing without being confirmed.
_TOO_WEAK = Verification.UNVERIFIED


def confirm_with(telling: Telling, item: ProcedureDecision) -> Json | None:
    """The authority to ask and what about, None where there is no need.

    Shape: the first reason's authority; its other reasons joined in `why`, other authorities, if any, in `others`.
    """
    by_authority: dict[str, list[str]] = {}
    for authority, why in reasons_to_ask(telling, item):
        reasons = by_authority.setdefault(authority, [])
        if why not in reasons:
            reasons.append(why)
    if not by_authority:
        return None
    spoken: list[Json] = [
        {"authority": authority, "why": telling.phrases.sentences(reasons)}
        for authority, reasons in by_authority.items()
    ]
    return {**spoken[0], "others": spoken[1:]} if len(spoken) > 1 else spoken[0]


def stated_by_rule(telling: Telling, item: ProcedureDecision) -> tuple[str, str] | None:
    """Whom a rule behind the outcome says to ask, and why."""
    return next(_from_rules(telling, item), None)


def reasons_to_ask(telling: Telling, item: ProcedureDecision) -> Iterator[tuple[str, str]]:
    """Open facts only an authority can settle, then what rules say, then what the sources do not carry alone."""
    for code in item.depends_on:
        whom = telling.book.facts[code].ask_whom
        if whom is not None:
            yield telling.authority(whom.authority), telling.phrases.pick(whom.ask)
    stated = list(_from_rules(telling, item))
    yield from stated
    own = telling.authority(item.authority or telling.book.procedures[item.code].authority)
    for condition in item.conditions:
        if condition.required and condition.met is False and not condition.condition.is_barrier:
            text = telling.blocks.acceptance(item.code, condition.condition)
            yield own, telling.phrases.say("confirm.condition", text=text)
    if stated:
        return
    if item.force is Force.PLAN_COMMITMENT:
        yield own, telling.phrases.say("confirm.plan_commitment")
    elif item.verification is _TOO_WEAK and _is_set_by_rule(telling, item):
        yield own, telling.phrases.say("confirm.unverified")


def _from_rules(telling: Telling, item: ProcedureDecision) -> Iterator[tuple[str, str]]:
    """Those that set the outcome first; of a decided outcome only rules that are certain to bear on it."""
    bearing = (rule for rule in item.rules if rule.certain or not item.is_decided)
    carried = sorted(bearing, key=lambda rule: not _sets(telling, item, rule.rule))
    for rule in carried:
        entry = telling.book.rules[rule.rule].confirm_with
        if entry is None:
            continue
        # Where the procedure is moved to another office, what would be asked of its own one is asked there.
        is_own = entry.authority == telling.book.procedures[item.code].authority
        whom = (item.authority or entry.authority) if is_own else entry.authority
        yield telling.authority(whom), telling.phrases.pick(entry.why)


def _sets(telling: Telling, item: ProcedureDecision, rule: RuleCode) -> bool:
    effect = telling.topic.rules[rule].effect_on(item.code)
    return effect is not None and effect.treatment is not None


def _is_set_by_rule(telling: Telling, item: ProcedureDecision) -> bool:
    return any(_sets(telling, item, rule.rule) for rule in item.rules)
