"""What-if: one scenario with one answer changed, and the treatments that another answer would lead to."""

from bisect import insort
from collections.abc import Collection, Hashable, Iterable, Iterator
from functools import partial
from typing import TypeAlias, TypeVar

from app.engine.cells import LevelKind
from app.engine.changed import Cells, Change, answer_in, changes_of, is_one, steps, treatment_in, treatments_below
from app.engine.compile import CompiledTopic
from app.engine.components import admissible
from app.engine.decision import Decision, ProcedureDecision, WhatIf
from app.engine.diagram import TERMINAL
from app.engine.facts import AskedOf, Fact, FactCode, FactType, ProcedureCode
from app.engine.linked import BITS, Node, linked_law
from app.engine.memo import SERIALS
from app.engine.model import Treatment
from app.engine.view import View

T = TypeVar("T")

#: Nearest different answers named per procedure.
MOST_SHOWN = 3

#: Another treatment, as its bit, and the cells of one fact that lead to it.
Way: TypeAlias = tuple[int, Cells]


def what_if(compiled: CompiledTopic, decision: Decision) -> tuple[WhatIf, ...]:
    """For each decided procedure, single different answers of the company that lead to another treatment.

    Shape: grouped by procedure in its listed order; at most three each, lighter first, then topic order, the smallest
        change for each treatment.
    Cost: where the answers alone settle a procedure, the facts on its way through the diagram; else one view for each
        answered fact that it tests.
    """
    law = linked_law(compiled, compiled.period_of(decision.day), with_histories=False).procedures
    found: list[WhatIf] = []
    with compiled.store.scratch():
        changing = _Changing(compiled, decision)
        for item in decision.procedures:
            if item.outcome is not None:
                found += changing.nearest(item, law[item.code])
    return tuple(found)


class _Best:
    """The changes to be shown of one procedure, as far as they are found.

    Shape: `first` by the weight of the treatment and the fact's place in the topic, `others` the treatments other than
        the present one, `wanted` those that would be shown if another fact led to them. Sets of treatments are masks
        of their `BITS`.
    """

    def __init__(self, present: Treatment | None) -> None:
        self.first: list[tuple[int, int, Cells]] = []
        self.others = self.wanted = ~BITS[present]

    def add(self, order: int, ways: Iterable[Way]) -> None:
        """These changes of a fact, the one at this place in the topic's order."""
        first = self.first
        for treatment, cells in ways:
            insort(first, (treatment, order, cells))
        if len(first) >= MOST_SHOWN:
            del first[MOST_SHOWN:]
            heaviest = first[-1][0]
            self.wanted = self.others & (heaviest | heaviest - 1)


class _Changing:
    """The search for single different answers in one decision. Lives inside one `Store.scratch`.

    Shape: `is_full` where no level is open: each diagram is then settled by the answers alone, whichever is changed.
    """

    def __init__(self, compiled: CompiledTopic, decision: Decision) -> None:
        self.compiled = compiled
        self.decision = decision
        self.store = compiled.store
        self.whole = View(compiled, decision.answers, decision.cells)
        self.is_full = len(decision.cells) == len(compiled.levels)
        self.facts = tuple(compiled.topic.facts.values())
        self._ends: dict[Node, Node] = {}
        self._opened: dict[FactCode, View] = {}
        self._possible: dict[tuple[int, int], bool] = {}
        self._tying: dict[FactCode, list[int]] = {}

    def nearest(self, item: ProcedureDecision, root: Node) -> tuple[WhatIf, ...]:
        """The changes shown for one procedure.

        Where something is open they are remembered for every scenario that is alike in all that bears on them; else
        they are quicker found than found again.
        """
        if self.is_full:
            return self._shown(item, root)
        known = self.compiled.remembered.changes
        key = (item.code, root.number, self._bearing(root.number))
        found = known.get(key)
        return known.keep(key, self._shown(item, root)) if found is None else found

    def _shown(self, item: ProcedureDecision, root: Node) -> tuple[WhatIf, ...]:
        assert item.outcome is not None
        best = _Best(item.outcome.treatment)
        if self.is_full or self.store.level[self.whole.walked(root.number)] == TERMINAL:
            self._on_the_way(best, root)
        else:
            self._around(best, root.number)
        return tuple([self._told(item.code, *way) for way in best.first]) if best.first else ()

    def _told(self, code: ProcedureCode, treatment: int, order: int, cells: Cells) -> WhatIf:
        """The change with its answer, which beside the cells hangs on the present answer for sets and days alone."""
        place = cells[0][0]
        if len(cells) > 1 or place not in self.compiled.single_level:
            return self._what_if(code, treatment, order, cells, None)
        known, here = self.compiled.remembered.told, self.whole.row[place]
        key = (code, treatment, cells, here)
        found = known.get(key)
        if found is None:
            serial = self._serial((treatment, cells, here))
            found = known.keep(key, self._what_if(code, treatment, order, cells, serial))
        return found

    def _serial(self, seen: Hashable) -> int:
        """The number of a change, the same for all procedures."""
        known = self.compiled.remembered.seen
        return known.get(seen) or known.keep(seen, next(SERIALS))

    def _what_if(self, code: ProcedureCode, treatment: int, order: int, cells: Cells, serial: int | None) -> WhatIf:
        fact = self.facts[order]
        answer, side = answer_in(self.compiled, fact, dict(cells), self.decision)
        return WhatIf(code, fact.code, answer, side, treatment_in(treatment), serial)

    def _bearing(self, root: int) -> Hashable:
        """The cells of all levels that can matter, and the whole value where it is named or compared with another."""
        reach, answers = self.compiled.reach(root), self.decision.answers
        cells = tuple([self.whole.cells.get(level) for level in reach.levels])
        return (
            cells,
            tuple([answers.get(code) for code in reach.exact]),
            tuple([answers.get(code) for code in reach.sets]),
        )

    def _on_the_way(self, best: _Best, root: Node) -> None:
        """The changes where the answers alone lead to a leaf: only facts on the way to it matter."""
        single, asked, row = self.compiled.single_level, self.compiled.asked_levels, self.whole.row
        ends = self._ends = {}
        done: tuple[int, ...] = ()
        at, wanted = root, best.others
        while at.treatments & wanted:
            place, kids, here = at.place, at.kids, row[at.place]
            assert here is not None
            ahead = kids[here]
            if place in asked:
                found = []
                for cell, kid in enumerate(kids):
                    if kid is not ahead and (mask := kid.treatments) & wanted:
                        end = (ends.get(kid) or self._end(kid, wanted)) if mask & (mask - 1) else kid
                        if end.treatments & wanted:
                            found.append((cell, end))
                if found:
                    fact = single[place]
                    if len(found) > 1 or not self.is_full or fact.code in self.compiled.tied_facts:
                        wanted = self._beside(best, fact, found, root.number)
                    else:
                        cell, end = found[0]
                        best.add(self.compiled.fact_order[fact.code], ((end.treatments, ((place, cell),)),))
                        wanted = best.wanted
            elif place not in single and place not in done:
                for fact in self._facts(self.compiled.levels[place].facts):
                    done += self.compiled.fact_levels[fact.code]
                    wanted = self._add(best, fact, self._along(best, fact, place, at, root.number))
            at = ahead

    def _end(self, start: Node, wanted: int) -> Node:
        """Where the answers lead from a node, as far as it takes to know the treatment or that it is not wanted."""
        ends, row, at = self._ends, self.whole.row, start
        while (mask := at.treatments) & wanted and mask & (mask - 1) and (cell := row[at.place]) is not None:
            at = at.kids[cell]
            if at in ends:
                at = ends[at]
                break
        ends[start] = at
        return at

    def _add(self, best: _Best, fact: Fact, ways: Iterable[Way]) -> int:
        """Adds changes of a fact; gives the treatments that are still worth looking for.

        Where something is open these are all, for what is found then depends on what else is there.
        """
        best.add(self.compiled.fact_order[fact.code], ways)
        return best.wanted if self.is_full else best.others

    def _around(self, best: _Best, root: int) -> None:
        """The changes where the answers alone lead to no leaf, as what is open makes no difference."""
        answered, still_open, leaves = self.whole.tested(root)
        bearing, below = set(answered), 0
        for leaf in leaves:
            below |= treatments_below(self.compiled, leaf)
        if below and not is_one(below):
            # Settled by constraints: what these tie to an open fact may unsettle it.
            bearing.update(*(part.levels for part in self.compiled.components if part.levels & still_open))
        for fact in self._facts({code for level in bearing for code in self.compiled.levels[level].facts}):
            level = self.compiled.fact_levels[fact.code][0]
            if level in self.compiled.single_level and fact.code not in self.compiled.tied_facts:
                ways: Iterable[Way] = self._instead(best, fact, level, answered[level], root)
            else:
                ways = self._searched(best, fact, root)
            self._add(best, fact, ways)

    def _instead(self, best: _Best, fact: Fact, level: int, nodes: list[int], root: int) -> Iterable[Way]:
        """The nearest other cell for each other treatment, of a fact that these nodes test and no constraint is on."""
        children, here = self.store.children, self.whole.cells[level]
        below = partial(treatments_below, self.compiled)
        ends: list[tuple[int, int]] = []
        for cell in range(self.compiled.levels[level].size):
            if cell != here and any(below(children[node][cell]) & best.others for node in nodes):
                treatments = self._possible_treatments(self.whole.inside(level, cell), root)
                if is_one(treatments) and treatments & best.others:
                    ends.append((cell, treatments))
        found: dict[int, int] = {}
        for cell, treatments in self._nearest_first(level, ends):
            found.setdefault(treatments, cell)
        return [(mask, ((level, cell),)) for mask, cell in found.items()]

    def _facts(self, codes: Collection[FactCode]) -> list[Fact]:
        """The facts among these that the company answered, in topic order."""
        ordered = sorted(codes, key=self.compiled.fact_order.__getitem__) if len(codes) > 1 else codes
        facts = [self.compiled.topic.facts[code] for code in ordered]
        return [fact for fact in facts if fact.asked_of is AskedOf.COMPANY and fact.code in self.decision.answers]

    def _along(self, best: _Best, fact: Fact, level: int, node: Node, root: int) -> Iterable[Way]:
        """The changes of the fact, which the way to the leaf first tests at the node."""
        if self.compiled.levels[level].kind is LevelKind.PAIR or len(self.compiled.levels[level].facts) > 1:
            return self._searched(best, fact, root)
        if fact.type is FactType.CHOICES:
            return self._other_sets(best, fact, node, root)
        return self._searched(best, fact, root)

    def _beside(self, best: _Best, fact: Fact, ends: list[tuple[int, Node]], root: int) -> int:
        """Adds the nearest other cell of a fact with one level, for each other treatment; as `_add`.

        Shape: `ends` the cells that may lead to one, each with a node on its way that settles it, or asks what is open.
        """
        level = self.compiled.fact_levels[fact.code][0]
        is_tied = fact.code in self.compiled.tied_facts
        found: dict[int, int] = {}
        for cell, node in self._nearest_first(level, ends):
            treatments = node.treatments
            if not is_one(treatments):
                treatments = self._treatments(node, fact)
                if not is_one(treatments):
                    if is_tied:
                        # What is open may be settled by what the constraints make of the other answer.
                        return self._add(best, fact, self._searched(best, fact, root))
                    continue
            if treatments & best.others and treatments not in found and self._is_possible(fact, level, cell):
                found[treatments] = cell
        return self._add(best, fact, [(mask, ((level, cell),)) for mask, cell in found.items()])

    def _nearest_first(self, level: int, cells: list[tuple[int, T]]) -> list[tuple[int, T]]:
        """Those cells of a number that lie nearest to the present one first, the lower of two; others as they come."""
        if len(cells) > 1 and self.compiled.levels[level].kind is LevelKind.RANGE:
            here = self.whole.cells[level]
            cells.sort(key=lambda item: abs(item[0] - here))
        return cells

    def _treatments(self, node: Node, fact: Fact) -> int:
        """The treatments that the other answers leave possible from here on."""
        end = self.whole.walked(node.number)
        if self.store.level[end] == TERMINAL:
            return treatments_below(self.compiled, end)
        return self._possible_treatments(self._view(fact), end)

    def _possible_treatments(self, view: View, root: int) -> int:
        """The treatments of a compiled diagram's possible leaves."""
        found = 0
        for leaf in view.leaves(root):
            found |= treatments_below(self.compiled, leaf)
        return found

    def _is_possible(self, fact: Fact, level: int, cell: int) -> bool:
        """Whether the constraints leave the fact this cell under the other answers."""
        if fact.code not in self.compiled.tied_facts:
            return True
        found = self._possible.get((level, cell))
        if found is None:
            found = self._possible[level, cell] = self._is_admissible(fact, ((level, cell),))
        return found

    def _view(self, fact: Fact) -> View:
        found = self._opened.get(fact.code)
        if found is None:
            found = self._opened[fact.code] = self.whole.opened(fact.code)
        return found

    def _other_sets(self, best: _Best, fact: Fact, node: Node, root: int) -> Iterable[Way]:
        """The nearest other set of options for each other treatment."""
        found: dict[int, Change] = {}
        missed = 0
        for treatments, cells in self._ways(best, fact, node):
            if not is_one(treatments):
                return self._searched(best, fact, root)
            changed = self._nearest_set(fact, cells)
            if changed is None:
                missed |= treatments
            elif treatments not in found or self._cost(changed) < found[treatments].cost:
                found[treatments] = Change(changed, self._cost(changed))
        if missed & ~sum(found):
            # More options would have to change than this way tests: the constraints have to be searched.
            return self._searched(best, fact, root)
        return [(mask, change.cells) for mask, change in found.items()]

    def _ways(self, best: _Best, fact: Fact, node: Node) -> Iterator[tuple[int, Cells]]:
        """The ways through the set's options to one other treatment, each with the cells of the options it tests.

        Shape: also those to several, where constraints on the set may leave one of them.
        """
        block, is_tied = self.compiled.fact_levels[fact.code], fact.code in self.compiled.tied_facts
        wanted = best.wanted if self.is_full else best.others
        waiting: list[tuple[Node, Cells]] = [(node, ())]
        while waiting:
            at, cells = waiting.pop()
            if not at.treatments & wanted:
                continue
            place = at.place
            if place in block:
                ways = [(kid, (*cells, (place, cell))) for cell, kid in enumerate(at.kids)]
                waiting.extend(reversed(ways))
                continue
            if self.is_full:
                treatments = (self._ends.get(at) or self._end(at, wanted)).treatments
                if treatments & wanted:
                    yield treatments, cells
                continue
            treatments = self._treatments(at, fact)
            if treatments & wanted if is_one(treatments) else is_tied:
                yield treatments, cells

    def _nearest_set(self, fact: Fact, cells: Cells) -> Cells | None:
        """The levels to change for these cells; if the constraints forbid that alone, with one more changed.

        Unknown: None where more than one would have to change besides.
        """
        here = self.whole.cells
        changed = tuple([one for one in cells if here[one[0]] != one[1]])
        if not changed:
            return None
        if self._is_admissible(fact, changed):
            return changed
        others = [level for level in self.compiled.fact_levels[fact.code] if level not in dict(cells)]
        tries = sorted(((*changed, (level, 1 - here[level])) for level in others), key=self._cost)
        return next((one for one in tries if self._is_admissible(fact, one)), None)

    def _cost(self, changed: Iterable[tuple[int, int]]) -> int:
        """How many options change with these cells."""
        levels, here, answers = self.compiled.levels, self.whole.cells, self.decision.answers
        return sum(steps(levels[at], here[at], cell, answers[levels[at].facts[0]]) for at, cell in changed)

    def _is_admissible(self, fact: Fact, changed: Cells) -> bool:
        """Whether the constraints allow the fact these cells under the other answers."""
        if fact.code not in self.compiled.tied_facts:
            return True
        cells = {**self.whole.cells, **dict(changed)}
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

    def _searched(self, best: _Best, fact: Fact, root: int) -> list[Way]:
        """The changes of the fact, searched in the diagram with that fact open."""
        view = self._view(fact)
        treatments = self._possible_treatments(view, root)
        if not treatments or is_one(treatments):
            return []
        return list(changes_of(self.compiled, view, fact, best.others, self.decision, root))
