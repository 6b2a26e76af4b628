"""One scenario's way through the diagrams: what each comes to, since when, and what declining a choice would change."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from app.engine.compile import CompiledTopic
from app.engine.conditions import Truth
from app.engine.details import carrying_rules
from app.engine.diagram import TERMINAL
from app.engine.facts import FactCode, ProcedureCode, Value
from app.engine.leaf import Leaf
from app.engine.memo import SERIALS
from app.engine.model import NOT_REQUIRED, Outcome, Procedure, ProcedureEffect
from app.engine.view import View


@dataclass(frozen=True, slots=True)
class Settled:
    """What a procedure's diagram comes to under a view.

    Shape: `leaves` the possible ones, `depends_on` the facts that settle the outcome, `asked` those that still move it
        between outcomes which differ in what there is to do, `details` those that move only carried changes;
        `node` the leaf's own where there is one leaf; `serial` the same only for what is the same.
    """

    leaves: tuple[Leaf, ...]
    outcomes: tuple[Outcome, ...]
    depends_on: tuple[FactCode, ...] = ()
    asked: tuple[FactCode, ...] = ()
    details: tuple[FactCode, ...] = ()
    node: int | None = None
    serial: int = field(default_factory=SERIALS.__next__, compare=False)


def outcomes_of(leaves: Iterable[Leaf]) -> tuple[Outcome, ...]:
    """The different outcomes among the leaves, not required first, then lightest first."""
    return tuple(sorted({leaf.outcome for leaf in leaves}, key=lambda outcome: outcome.rank))


class Settling:
    """The diagrams read under one scenario's answers. Lives inside one `Store.scratch`."""

    def __init__(
        self, compiled: CompiledTopic, answers: Mapping[FactCode, Value], cells: Mapping[int, int] | None = None
    ) -> None:
        self.compiled = compiled
        self.topic = compiled.topic
        self.store = compiled.store
        self.view = View(compiled, answers, cells)
        self._declined: dict[FactCode, View] = {}

    def settled(self, root: int) -> Settled:
        """What a procedure's diagram comes to."""
        node = self.view.walked(root)
        if self.store.level[node] == TERMINAL:
            return self._at_leaf(node)
        known = self.compiled.remembered.opened
        key = self._key(node)
        return known.get(key) or known.keep(key, self._reduced(node))

    def _reduced(self, node: int) -> Settled:
        diagram = self.view.reduced(node)
        return self._at_leaf(diagram) if self.store.level[diagram] == TERMINAL else self._open(diagram)

    def _key(self, node: int) -> Hashable:
        """All of the answers that can matter to a compiled diagram, by constraints too."""
        reach = self.compiled.reach(node)
        cells, answers = self.view.cells, self.view.answers
        exact = tuple([answers.get(code) for code in reach.exact])
        return node, tuple([cells.get(level) for level in reach.levels]), exact

    def _at_leaf(self, node: int) -> Settled:
        known = self.compiled.remembered.settled
        found = known.get(node)
        if found is None:
            leaf = self.store.value[node]
            assert isinstance(leaf, Leaf)
            found = known[node] = Settled((leaf,), (leaf.outcome,), node=node)
        return found

    def _open(self, diagram: int) -> Settled:
        view, store = self.view, self.store
        leaves = _leaves(view, diagram)
        outcomes = outcomes_of(leaves)
        if len(leaves) == 1:
            return Settled(leaves, outcomes)
        if len(outcomes) > 1:
            depends_on = view.settling_facts(store.mapped(diagram, _outcome_only))
            alike = sum(outcome.nothing_to_do for outcome in outcomes) > 1
            asked = view.settling_facts(store.mapped(diagram, _to_do_only)) if alike else depends_on
            return Settled(leaves, outcomes, depends_on, asked)
        changes = store.mapped(diagram, self._changes_only)
        return Settled(leaves, outcomes, details=view.settling_facts(changes))

    def _changes_only(self, value: Hashable) -> Hashable:
        """A leaf without the rules that change nothing a company could notice in the procedure."""
        if not isinstance(value, Leaf):
            return value
        return frozenset(
            code
            for code in value.carried
            for effect in self.topic.rules[code].effects
            if replace(effect, treatment=None, brings=False, merged_into=None, filing_timing=None)
            != ProcedureEffect(effect.procedure)
        )

    def truth(self, root: int) -> tuple[Truth, tuple[FactCode, ...]]:
        """Whether a boolean diagram holds; where that is open, the facts that settle it."""
        node = self.view.walked(root)
        if self.store.level[node] == TERMINAL:
            return self.store.value[node] is True, ()
        known = self.compiled.remembered.truths
        key = self._key(node)
        return known.get(key) or known.keep(key, self._truth(node))

    def _truth(self, node: int) -> tuple[Truth, tuple[FactCode, ...]]:
        diagram = self.view.reduced(node)
        values = self.store.leaves_in(diagram)
        if len(values) == 1:
            return values[0] is True, ()
        return None, self.view.settling_facts(diagram)

    # One outcome on other days, under another choice ------------------------------------------------

    def since(self, settled: Settled, history: Sequence[tuple[date, int]]) -> date | None:
        """The first day a decided outcome holds without a break, None where it is the first encoded one.

        Shape: `history` the days on which the procedure's diagram changed, latest first, each with the one before.
        """
        for begins, root in history:
            node = self.view.walked(root)
            if node != settled.node and self._possible(node) != settled.outcomes:
                return begins
        return None

    def fallback(self, procedure: Procedure, settled: Settled, root: int) -> Outcome | None:
        """The outcome if the company declines, where the decided way is voluntary and declining decides."""
        choice = self.choice_of(procedure, settled)
        if choice is None:
            return None
        view = self._declined.get(choice)
        if view is None:
            view = self._declined[choice] = self.view.answering(choice, False)
        options = self._outcomes(view, view.walked(root))
        return options[0] if len(options) == 1 else None

    def choice_of(self, procedure: Procedure, settled: Settled) -> FactCode | None:
        """The choice that the decided way of the procedure rests on."""
        known, node = self.compiled.remembered.choices, settled.node
        if node is not None and (procedure.code, node) in known:
            return known[procedure.code, node]
        rules = [self.topic.rules[code] for code in sorted(settled.leaves[0].carried)]
        carrying = carrying_rules(rules, procedure, settled.outcomes[0])
        choice = next((rule.voluntary for rule in carrying if rule.voluntary is not None), None)
        if node is not None:
            known[procedure.code, node] = choice
        return choice

    def possible(self, root: int) -> tuple[Outcome, ...]:
        """The possible outcomes of a procedure's diagram."""
        return self._possible(self.view.walked(root))

    def _possible(self, node: int) -> tuple[Outcome, ...]:
        if self.store.level[node] == TERMINAL:
            return self._at_leaf(node).outcomes
        known, key = self.compiled.remembered.possible, self._key(node)
        return known.get(key) or known.keep(key, self._outcomes(self.view, node))

    def _outcomes(self, view: View, node: int) -> tuple[Outcome, ...]:
        if self.store.level[node] == TERMINAL:
            return self._at_leaf(node).outcomes
        return outcomes_of(_leaves(view, view.reduced(node)))


def settled_outcomes(
    compiled: CompiledTopic, codes: Iterable[ProcedureCode], answers: Mapping[FactCode, Value], day: date
) -> dict[ProcedureCode, tuple[Outcome, ...]]:
    """The possible outcomes of some procedures, and nothing else: no reasons, no facts they hang on.

    Shape: as `codes` are. Facts with a default count as answered.
    Cost: a walk a diagram, nothing more where all of them are settled.
    """
    roots = compiled.law_in(compiled.period_of(day)).procedures
    given = {**compiled.defaults, **answers}
    cells = compiled.finder.cells(given)
    settled = compiled.remembered.settled
    level, children = compiled.store.level, compiled.store.children
    found: dict[ProcedureCode, tuple[Outcome, ...]] = {}
    is_open = False
    for code in codes:
        node = roots[code]
        place = level[node]
        while place in cells:
            node = children[node][cells[place]]
            place = level[node]
        if node in settled:
            found[code] = settled[node].outcomes
        else:
            found[code] = ()
            is_open = True
    if is_open:
        with compiled.store.scratch():
            settling = Settling(compiled, given, cells)
            found.update({code: settling.possible(roots[code]) for code, outcomes in found.items() if not outcomes})
    return found


def _leaves(view: View, diagram: int) -> tuple[Leaf, ...]:
    return tuple(leaf for leaf in view.store.leaves_in(diagram) if isinstance(leaf, Leaf))


def _outcome_only(value: Hashable) -> Hashable:
    return value.outcome if isinstance(value, Leaf) else value


def _to_do_only(value: Hashable) -> Hashable:
    """Outcomes that leave the company nothing to do are one."""
    if not isinstance(value, Leaf):
        return value
    return NOT_REQUIRED if value.outcome.nothing_to_do else value.outcome
