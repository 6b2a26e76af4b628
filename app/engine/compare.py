"""What-if: one scenario with one answer changed, and the treatments that another answer would lead to."""

from collections.abc import Collection, Hashable, Iterable, Iterator

from app.engine.cells import LevelKind
from app.engine.changed import Change, answer_in, changes_of, steps, treatments_below
from app.engine.compile import CompiledTopic
from app.engine.components import admissible
from app.engine.decision import Decision, ProcedureDecision, WhatIf
from app.engine.diagram import TERMINAL
from app.engine.facts import AskedOf, Fact, FactCode, FactType
from app.engine.leaf import Leaf
from app.engine.model import Treatment
from app.engine.view import View

#: Nearest different answers named per procedure.
MOST_SHOWN = 3


def what_if(compiled: CompiledTopic, decision: Decision) -> tuple[WhatIf, ...]:
    """For each decided procedure, single different answers of the company that lead to another treatment.

    Shape: grouped by procedure in its listed order; at most three each, lighter first, then topic order, the smallest
        change for each treatment.
    Cost: where the answers alone settle a procedure, the facts on its way through the diagram; else one view for each
        answered fact that it tests.
    """
    law = compiled.law_in(compiled.period_of(decision.day)).procedures
    found: list[WhatIf] = []
    with compiled.store.scratch():
        changing = _Changing(compiled, decision)
        for item in decision.procedures:
            if item.is_decided:
                found += changing.nearest(item, law[item.code])
    return tuple(found)


class _Changing:
    """The search for single different answers in one decision. Lives inside one `Store.scratch`."""

    def __init__(self, compiled: CompiledTopic, decision: Decision) -> None:
        self.compiled = compiled
        self.decision = decision
        self.store = compiled.store
        self.whole = View(compiled, decision.answers, decision.cells)
        self._opened: dict[FactCode, View] = {}
        self._possible: dict[tuple[int, int], bool] = {}
        self._tying: dict[FactCode, list[int]] = {}

    def nearest(self, item: ProcedureDecision, root: int) -> tuple[WhatIf, ...]:
        """The changes shown for one procedure; the same for every scenario that is alike in all that bears on it."""
        known = self.compiled.remembered.changes
        key = (item.code, root, self._bearing(root))
        found = known.get(key)
        if found is None:
            changes = sorted(self.changes(item, root), key=lambda change: _weight(change.treatment))
            found = known.keep(key, tuple(changes[:MOST_SHOWN]))
        return found

    def _bearing(self, root: int) -> Hashable:
        """The cells of all levels that can matter, and the whole value where it is named or compared with another."""
        reach, answers = self.compiled.reach(root), self.decision.answers
        cells = tuple([self.whole.cells.get(level) for level in reach.levels])
        return (
            cells,
            tuple([answers.get(code) for code in reach.exact]),
            tuple([answers.get(code) for code in reach.sets]),
        )

    def changes(self, item: ProcedureDecision, root: int) -> list[WhatIf]:
        """The changes for one procedure, facts in topic order."""
        assert item.outcome is not None
        trail = self._trail(root)
        if trail is None:
            return list(self._around(item, root))
        found: list[WhatIf] = []
        done: set[FactCode] = set()
        alone = frozenset({item.outcome.treatment})
        single, asked = self.compiled.single_level, self.compiled.asked_levels
        for level, node in trail:
            if treatments_below(self.compiled, node) == alone:
                break
            if level in single:
                if level in asked:
                    found += self._beside(item, single[level], level, node, root)
                continue
            for fact in self._facts((level,)):
                if fact.code not in done:
                    done.add(fact.code)
                    found += self._along(item, fact, level, node, root)
        order = self.compiled.fact_order
        found.sort(key=lambda change: order[change.fact])
        return found

    def _around(self, item: ProcedureDecision, root: int) -> Iterator[WhatIf]:
        """The changes where the answers alone lead to no leaf, as what is open makes no difference."""
        answered, still_open, leaves = self.whole.tested(root)
        bearing = set(answered)
        if len({treatment for leaf in leaves for treatment in treatments_below(self.compiled, leaf)}) > 1:
            # Settled by constraints: what these tie to an open fact may unsettle it.
            bearing.update(*(part.levels for part in self.compiled.components if part.levels & still_open))
        for fact in self._facts(bearing):
            level = self.compiled.fact_levels[fact.code][0]
            if level in self.compiled.single_level and fact.code not in self.compiled.tied_facts:
                yield from self._instead(item, fact, level, answered[level], root)
            else:
                yield from self._searched(item, fact, root)

    def _instead(
        self, item: ProcedureDecision, fact: Fact, level: int, nodes: list[int], root: int
    ) -> Iterable[WhatIf]:
        """The nearest other cell for each other treatment, of a fact that these nodes test and no constraint is on."""
        assert item.outcome is not None
        alone, children = frozenset({item.outcome.treatment}), self.store.children
        found: list[tuple[int, Treatment | None]] = []
        for cell in range(self.compiled.levels[level].size):
            if any(treatments_below(self.compiled, children[node][cell]) != alone for node in nodes):
                treatments = self._possible_treatments(self.whole.inside(level, cell), root)
                found += [(cell, treatment) for treatment in treatments if len(treatments) == 1]
        return self._nearest_cells(item, fact, level, found)

    def _facts(self, levels: Collection[int]) -> list[Fact]:
        """The answered facts of the company that have one of the levels, in topic order."""
        codes = {code for level in levels for code in self.compiled.levels[level].facts}
        facts = (self.compiled.topic.facts[code] for code in sorted(codes, key=self.compiled.fact_order.__getitem__))
        return [fact for fact in facts if fact.asked_of is AskedOf.COMPANY and fact.code in self.decision.answers]

    def _along(self, item: ProcedureDecision, fact: Fact, level: int, node: int, root: int) -> Iterable[WhatIf]:
        """The changes of the fact, which the way to the leaf first tests at the node."""
        if self.compiled.levels[level].kind is LevelKind.PAIR or len(self.compiled.levels[level].facts) > 1:
            return self._searched(item, fact, root)
        if fact.type is FactType.CHOICES:
            return self._other_sets(item, fact, node, root)
        return self._searched(item, fact, root)

    def _trail(self, root: int) -> list[tuple[int, int]] | None:
        """The levels on the way to the leaf with their nodes; None where the answers alone do not lead to one."""
        level, children, cells = self.store.level, self.store.children, self.whole.cells
        trail = []
        place = level[root]
        while place in cells:
            trail.append((place, root))
            root = children[root][cells[place]]
            place = level[root]
        return trail if place == TERMINAL else None

    def _beside(self, item: ProcedureDecision, fact: Fact, level: int, node: int, root: int) -> list[WhatIf]:
        """The nearest other cell of a fact with one level, for each other treatment."""
        assert item.outcome is not None
        here, alone = self.whole.cells[level], frozenset({item.outcome.treatment})
        found: list[tuple[int, Treatment | None]] = []
        for cell, child in enumerate(self.store.children[node]):
            below = treatments_below(self.compiled, child)
            if cell != here and below != alone:
                treatments = below if len(below) == 1 else self._treatments(child, fact)
                if len(treatments) > 1 and fact.code in self.compiled.tied_facts:
                    # What is open may be settled by what the constraints make of the other answer.
                    return list(self._searched(item, fact, root))
                found += [(cell, treatment) for treatment in treatments if len(treatments) == 1]
        return self._nearest_cells(item, fact, level, found)

    def _nearest_cells(
        self, item: ProcedureDecision, fact: Fact, level: int, found: Iterable[tuple[int, Treatment | None]]
    ) -> list[WhatIf]:
        """The nearest of these cells of a level for each treatment other than the present one."""
        assert item.outcome is not None
        here, has_order = self.whole.cells[level], self.compiled.levels[level].kind is LevelKind.RANGE
        best: dict[Treatment | None, int] = {}
        for cell, treatment in found:
            near = best.get(treatment)
            if treatment is item.outcome.treatment or cell == here:
                continue
            if near is not None and (not has_order or abs(near - here) <= abs(cell - here)):
                continue
            if self._is_possible(fact, level, cell):
                best[treatment] = cell
        return [
            WhatIf(item.code, fact.code, *answer_in(self.compiled, fact, {level: cell}, self.decision), treatment)
            for treatment, cell in best.items()
        ]

    def _treatments(self, node: int, fact: Fact) -> frozenset[Treatment | None]:
        """The treatments that the other answers leave possible from here on."""
        end = self.whole.walked(node)
        if self.store.level[end] == TERMINAL:
            return treatments_below(self.compiled, end)
        return self._possible_treatments(self._view(fact), end)

    def _possible_treatments(self, view: View, root: int) -> frozenset[Treatment | None]:
        """The treatments of a compiled diagram's possible leaves."""
        leaves = map(self.store.value.__getitem__, view.leaves(root))
        return frozenset(leaf.outcome.treatment for leaf in leaves if isinstance(leaf, Leaf))

    def _is_possible(self, fact: Fact, level: int, cell: int) -> bool:
        """Whether the constraints leave the fact this cell under the other answers."""
        if fact.code not in self.compiled.tied_facts:
            return True
        found = self._possible.get((level, cell))
        if found is None:
            found = self._possible[level, cell] = self._is_admissible(fact, {level: cell})
        return found

    def _view(self, fact: Fact) -> View:
        found = self._opened.get(fact.code)
        if found is None:
            found = self._opened[fact.code] = self.whole.opened(fact.code)
        return found

    def _other_sets(self, item: ProcedureDecision, fact: Fact, node: int, root: int) -> Iterable[WhatIf]:
        """The nearest other set of options for each other treatment."""
        assert item.outcome is not None
        best: dict[Treatment | None, Change] = {}
        missed: set[Treatment | None] = set()
        for treatments, cells in self._ways(item.outcome.treatment, fact, node):
            if len(treatments) > 1:
                return self._searched(item, fact, root)
            (treatment,) = treatments
            changed = self._nearest_set(fact, cells)
            if changed is None:
                missed.add(treatment)
            elif treatment not in best or self._cost(changed) < best[treatment].cost:
                best[treatment] = Change(changed, self._cost(changed))
        if missed - best.keys():
            # More options would have to change than this way tests: the constraints have to be searched.
            return self._searched(item, fact, root)
        return [
            WhatIf(item.code, fact.code, *answer_in(self.compiled, fact, dict(change.cells), self.decision), treatment)
            for treatment, change in best.items()
        ]

    def _ways(
        self, present: Treatment | None, fact: Fact, node: int
    ) -> Iterator[tuple[frozenset[Treatment | None], dict[int, int]]]:
        """The ways through the set's options to one other treatment, each with the cells of the options it tests.

        Shape: also those to several, where constraints on the set may leave one of them.
        """
        store, block = self.store, frozenset(self.compiled.fact_levels[fact.code])

        def walk(at: int, cells: dict[int, int]) -> Iterator[tuple[frozenset[Treatment | None], dict[int, int]]]:
            if treatments_below(self.compiled, at) == {present}:
                return
            if store.level[at] in block:
                for cell, child in enumerate(store.children[at]):
                    yield from walk(child, {**cells, store.level[at]: cell})
                return
            treatments = self._treatments(at, fact)
            if present not in treatments if len(treatments) == 1 else fact.code in self.compiled.tied_facts:
                yield treatments, cells

        return walk(node, {})

    def _nearest_set(self, fact: Fact, cells: dict[int, int]) -> tuple[tuple[int, int], ...] | None:
        """The levels to change for these cells; if the constraints forbid that alone, with one more changed.

        Unknown: None where more than one would have to change besides.
        """
        here = self.whole.cells
        changed = tuple((level, cell) for level, cell in cells.items() if here[level] != cell)
        if not changed:
            return None
        others = [level for level in self.compiled.fact_levels[fact.code] if level not in cells]
        tries = sorted(((*changed, (level, 1 - here[level])) for level in others), key=self._cost)
        return next((one for one in (changed, *tries) if self._is_admissible(fact, dict(one))), None)

    def _cost(self, changed: Iterable[tuple[int, int]]) -> int:
        """How many options change with these cells."""
        levels, here, answers = self.compiled.levels, self.whole.cells, self.decision.answers
        return sum(steps(levels[at], here[at], cell, answers[levels[at].facts[0]]) for at, cell in changed)

    def _is_admissible(self, fact: Fact, changed: dict[int, int]) -> bool:
        """Whether the constraints allow the fact these cells under the other answers."""
        if fact.code not in self.compiled.tied_facts:
            return True
        cells = {**self.whole.cells, **changed}
        return all(self.store.restricted(diagram, cells) != self.store.false for diagram in self._constraints(fact))

    def _constraints(self, fact: Fact) -> list[int]:
        """The diagrams of the constraints on the fact, relations at the other facts' exact values."""
        found = self._tying.get(fact.code)
        if found is None:
            compiled = self.compiled
            others = {code: value for code, value in self.decision.answers.items() if code != fact.code}
            found = self._tying[fact.code] = [
                admissible(component, compiled.topic, self.store, compiled.levels, others)
                for component in compiled.components
                if fact.code in component.facts
            ]
        return found

    def _searched(self, item: ProcedureDecision, fact: Fact, root: int) -> Iterator[WhatIf]:
        """The changes of the fact, searched in the diagram with that fact open."""
        view = self._view(fact)
        if len(self._possible_treatments(view, root)) < 2:
            return iter(())
        return changes_of(self.compiled, view, fact, item, self.decision, root)


def _weight(treatment: Treatment | None) -> int:
    return -1 if treatment is None else treatment.weight
