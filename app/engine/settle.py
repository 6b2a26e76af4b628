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
from app.engine.linked import Node, linked_law
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
        self.links = compiled.remembered.links
        self.true = self.links.of(compiled.store.true)
        self.not_listed = self.links.of(compiled.not_listed)
        self._declined: dict[FactCode, View] = {}
        self._ties: dict[int, Hashable] = {}
        self._keys: dict[int, Hashable] = {}

    def settled(self, roots: Mapping[ProcedureCode, Node]) -> dict[ProcedureCode, Settled]:
        """What the procedures' diagrams come to, and the facts that settle each.

        Shape: without procedures that the answers alone tell not to exist.
        """
        known, found = self.compiled.remembered.settled, self._listed(roots)
        return {code: known.get(node) or self._settled(node) for code, node in found}

    def _listed(self, roots: Mapping[ProcedureCode, Node]) -> list[tuple[ProcedureCode, int]]:
        """The procedures' diagrams under the answers, without those that then do not exist."""
        nodes, not_listed = self.view.walked_all(roots.values()), self.not_listed
        return [(code, node.number) for code, node in zip(roots, nodes, strict=True) if node is not not_listed]

    def _settled(self, node: int) -> Settled:
        if self.store.level[node] == TERMINAL:
            return self._at_leaf(node)
        known, key = self.compiled.remembered.opened, self._key(node)
        return known.get(key) or known.keep(key, self._opened(node, self._outlined(node, key)))

    def outlined(self, roots: Mapping[ProcedureCode, Node]) -> dict[ProcedureCode, Settled]:
        """What the procedures' diagrams come to, the facts that settle each left out; else as `settled`."""
        known, found = self.compiled.remembered.settled, self._listed(roots)
        return {code: known.get(node) or self._outlined_at(node) for code, node in found}

    def _outlined_at(self, node: int) -> Settled:
        return self._at_leaf(node) if self.store.level[node] == TERMINAL else self._outlined(node, self._key(node))

    def _outlined(self, node: int, key: Hashable) -> Settled:
        known = self.compiled.remembered.outlined
        return known.get(key) or known.keep(key, self._outline(self.view, node))

    def _outline(self, view: View, node: int) -> Settled:
        nodes = view.leaves(node)
        if len(nodes) == 1:
            return self._at_leaf(nodes[0])
        leaves = tuple(leaf for leaf in map(self.store.value.__getitem__, nodes) if isinstance(leaf, Leaf))
        return Settled(leaves, self._shared(outcomes_of(leaves)))

    def _shared(self, outcomes: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
        """The one tuple of these outcomes, so that the same are told by what they are, not by comparing them."""
        return self.compiled.remembered.outcomes.setdefault(outcomes, outcomes)

    def _key(self, node: int) -> Hashable:
        """All of the answers that can matter to a compiled diagram, by constraints too."""
        found = self._keys.get(node)
        if found is None:
            found = self._keys[node] = (node, *self._mattering(node))
        return found

    def _mattering(self, node: int) -> tuple[Hashable, Hashable, Hashable]:
        """The cells that the open ways go by, and the answers that constraints or days tie to what is open on them."""
        compiled, cells = self.compiled, self.view.cells
        answered, still_open, _ = self.view.tested(node)
        passed = tuple([(place, cells[place]) for place in sorted(answered)])
        tying = [self._tying(at) for at, part in enumerate(compiled.components) if part.levels & still_open]
        paired = [
            code for place in sorted(compiled.paired_levels & still_open) for code in compiled.levels[place].facts
        ]
        return passed, tuple(tying), tuple([self.view.answers.get(code) for code in paired])

    def _tying(self, place: int) -> Hashable:
        """All of the answers that a component of constraints hangs on."""
        found = self._ties.get(place)
        if found is None:
            component, cells = self.compiled.components[place], self.view.cells
            exact = () if component.relations is None else component.relations.facts
            found = self._ties[place] = (
                tuple([cells.get(level) for level in sorted(component.levels)]),
                tuple([self.view.answers.get(code) for code in exact]),
            )
        return found

    def _at_leaf(self, node: int) -> Settled:
        known = self.compiled.remembered.settled
        found = known.get(node)
        if found is None:
            leaf = self.store.value[node]
            assert isinstance(leaf, Leaf)
            found = known[node] = Settled((leaf,), self._shared((leaf.outcome,)), node=node)
        return found

    def _opened(self, node: int, outline: Settled) -> Settled:
        """The outline with the facts that settle what is open in it."""
        outcomes, view = outline.outcomes, self.view
        if len(outline.leaves) == 1:
            return outline
        if len(outcomes) == 1:
            details = view.telling_facts(node, self._changes_only)
            return replace(outline, details=details, serial=next(SERIALS)) if details else outline
        depends_on = view.telling_facts(node, _outcome_only)
        alike = sum(outcome.nothing_to_do for outcome in outcomes) > 1
        asked = view.telling_facts(node, _to_do_only) if alike else depends_on
        return replace(outline, depends_on=depends_on, asked=asked, serial=next(SERIALS))

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

    def holds(self, roots: Iterable[Node]) -> list[Truth]:
        """Whether each of the boolean diagrams holds."""
        true, false = self.true, self.links.of(self.store.false)
        nodes = self.view.walked_all(roots)
        return [True if node is true else False if node is false else self._holds(node.number) for node in nodes]

    def _holds(self, node: int) -> Truth:
        known, key = self.compiled.remembered.held, self._key(node)
        if key in known:
            return known[key]
        leaves = self.view.leaves(node)
        return known.keep(key, leaves[0] == self.store.true if len(leaves) == 1 else None)

    def telling(self, root: int) -> tuple[FactCode, ...]:
        """The facts that settle a boolean diagram which is open."""
        node = self.view.walked(root)
        known, key = self.compiled.remembered.truths, self._key(node)
        return known.get(key) or known.keep(key, self.view.telling_facts(node, _itself))

    # One outcome on other days, under another choice ------------------------------------------------

    def since(self, settled: Settled, history: Sequence[tuple[date, Node]]) -> date | None:
        """The first day a decided outcome holds without a break, None where it is the first encoded one.

        Shape: `history` the days on which the procedure's diagram changed, latest first, each with the one before.
        """
        known, own, outcomes = self.compiled.remembered.settled, settled.node, settled.outcomes
        row = self.view.row
        for begins, node in history:
            while (cell := row[node.place]) is not None:
                node = node.kids[cell]
            number = node.number
            if number != own and (known.get(number) or self._outlined_at(number)).outcomes is not outcomes:
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
        options = self._outline(view, view.walked(root)).outcomes
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
        return self._outlined_at(self.view.walked(root)).outcomes


def settled_outcomes(
    compiled: CompiledTopic, codes: Iterable[ProcedureCode], answers: Mapping[FactCode, Value], day: date
) -> dict[ProcedureCode, tuple[Outcome, ...]]:
    """The possible outcomes of some procedures, and nothing else: no reasons, no facts they hang on.

    Shape: as `codes` are. Facts with a default count as answered.
    Cost: a walk a diagram, nothing more where all of them are settled.
    """
    given = {**compiled.defaults, **answers}
    cells = compiled.finder.cells(given)
    asked, known = list(codes), compiled.remembered.settled
    law = linked_law(compiled, compiled.period_of(day), with_histories=False).procedures
    nodes = [node.number for node in View(compiled, given, cells).walked_all([law[code] for code in asked])]
    found = {code: known[node].outcomes if node in known else () for code, node in zip(asked, nodes, strict=True)}
    if () in found.values():
        with compiled.store.scratch():
            settling = Settling(compiled, given, cells)
            found.update(
                {code: settling.possible(law[code].number) for code, outcomes in found.items() if not outcomes}
            )
    return found


def _outcome_only(value: Hashable) -> Hashable:
    return value.outcome if isinstance(value, Leaf) else value


def _to_do_only(value: Hashable) -> Hashable:
    """Outcomes that leave the company nothing to do are one."""
    if not isinstance(value, Leaf):
        return value
    return NOT_REQUIRED if value.outcome.nothing_to_do else value.outcome


def _itself(value: Hashable) -> Hashable:
    return value
