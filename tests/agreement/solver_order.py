"""Circles as an SMT solver looks for them: a set of procedures, each merged into, or waiting for, another one of it."""

import z3

from app.engine import (
    ProcedureCode,
    ProcedureKind,
    Treatment,
)
from tests.agreement.solver_law import Law

TO_HAND_IN = {Treatment.FILING, Treatment.COMMITMENT, Treatment.SIMPLIFIED, Treatment.STANDARD, Treatment.MERGED}
NO_STEP = {ProcedureKind.INTERNAL, ProcedureKind.INSPECTION}


def merge_circle(law: Law) -> list[z3.BoolRef]:
    """A set of procedures, each merged into another one of the set; nothing at all is closed."""
    chosen = {code: z3.Bool(f"in the circle {code}") for code in law.topic.procedures}
    ways = {
        code: [z3.And(where, chosen[target]) for target, where in law.merged(code).items() if target in chosen]
        for code in chosen
    }
    return [
        z3.Or(list(chosen.values())),
        *(z3.Implies(chosen[code], z3.Or(way)) for code, way in ways.items()),
        *(z3.Not(law.closed(code)) for code in chosen),
    ]


def order_circle(law: Law) -> list[z3.BoolRef]:
    """A set of steps, each of which waits for another one of the set; nothing at all is closed."""
    steps = _Steps(law)
    codes = [code for code in law.topic.procedures if steps.can_be(code)]
    chosen = {code: z3.Bool(f"waits in the circle {code}") for code in codes}
    waits = {
        code: [
            z3.And(where, chosen[other])
            for other in codes
            if other != code and (where := steps.joint(code, other)) is not None
        ]
        for code in codes
    }
    return [
        z3.Or(list(chosen.values())),
        *(z3.Implies(chosen[code], z3.And(steps.leads(code), z3.Or(way))) for code, way in waits.items()),
        *(z3.Not(law.closed(code)) for code in law.topic.procedures),
    ]


#: A formula, or None where the words alone already rule it out; so large topics stay small.
Maybe = z3.BoolRef | None


def either(ways: list[Maybe]) -> Maybe:
    found = [way for way in ways if way is not None]
    return z3.Or(found) if found else None


def both(*parts: Maybe) -> Maybe:
    return None if any(part is None for part in parts) else z3.And(list(parts))


def apart(where: Maybe, but: Maybe) -> Maybe:
    return where if but is None or where is None else z3.And(where, z3.Not(but))


class _Steps:
    """Which procedures are steps of their own, which belong to them, and who waits for whom."""

    def __init__(self, law: Law) -> None:
        self.law = law
        self.topic = law.topic
        self._joining = {
            code: joining
            for code in self.topic.procedures
            if (joining := [said for said in law.said(code) if said.effect.parallel_with])
        }
        self._is_step = {code: self._step(code) for code in self.topic.procedures}
        self._members: dict[str, dict[ProcedureCode, z3.BoolRef]] = {}
        self._through: dict[tuple[str, str], Maybe] = {}
        self._waits: dict[tuple[str, str], Maybe] = {}
        self._beside: dict[tuple[str, str], Maybe] = {}
        self._mates: dict[str, list[ProcedureCode]] = {}

    def can_be(self, code: ProcedureCode) -> bool:
        procedure = self.topic.procedures[code]
        return procedure.kind not in NO_STEP and not procedure.optional

    def _step(self, code: ProcedureCode) -> Maybe:
        if not self.can_be(code):
            return None
        lighter = [where for item, where in self.law.outcomes(code).items() if item.treatment not in TO_HAND_IN]
        return z3.And(self.law.open(code), z3.Not(z3.Or(lighter)))

    def members(self, leader: ProcedureCode) -> dict[ProcedureCode, z3.BoolRef]:
        """Each procedure that can belong to the leader's step, and where it does."""
        if leader not in self._members:
            ways = {code: self._belongs(code, leader, len(self.topic.procedures)) for code in self.topic.procedures}
            self._members[leader] = {code: where for code, where in ways.items() if where is not None}
        return self._members[leader]

    def _belongs(self, code: ProcedureCode, leader: ProcedureCode, depth: int) -> Maybe:
        merged = self.law.merged(code)
        ways = [self.leads(code)] if code == leader else []
        if depth:
            ways += [
                both(self._is_step[code], where, self._belongs(target, leader, depth - 1))
                for target, where in merged.items()
                if target in self.topic.procedures and target != code
            ]
        return either(ways)

    def leads(self, code: ProcedureCode) -> Maybe:
        return apart(self._is_step[code], either(list(self.law.merged(code).values())))

    def through(self, code: ProcedureCode, needed: ProcedureCode) -> Maybe:
        """The procedure depends on the needed one, over what is no step."""
        if (code, needed) not in self._through:
            ways: list[Maybe] = []
            for each in self.topic.procedures[code].depends_on:
                if each == needed:
                    ways.append(self._is_step[each])
                elif each in self.topic.procedures:
                    ways.append(apart(self.through(each, needed), self._is_step[each]))
            self._through[code, needed] = either(ways)
        return self._through[code, needed]

    def waits(self, code: ProcedureCode, other: ProcedureCode) -> Maybe:
        """Some member of the one step depends on some member of the other one."""
        if (code, other) not in self._waits:
            self._waits[code, other] = either(
                [
                    both(mine, its, self.through(member, needed))
                    for member, mine in self.members(code).items()
                    for needed, its in self.members(other).items()
                ]
            )
        return self._waits[code, other]

    def beside(self, code: ProcedureCode, other: ProcedureCode) -> Maybe:
        """Some member of the one step is to run beside some member of the other one, by either's rules."""
        if (code, other) not in self._beside:
            self._beside[code, other] = either([*self._names(code, other), *self._names(other, code)])
        return self._beside[code, other]

    def _names(self, code: ProcedureCode, other: ProcedureCode) -> list[Maybe]:
        theirs = self.members(other)
        return [
            both(mine, said.carried, theirs[named])
            for member, mine in self.members(code).items()
            for said in self._joining.get(member, ())
            for named in said.effect.parallel_with
            if named in theirs and named != member
        ]

    def mates(self, code: ProcedureCode) -> list[ProcedureCode]:
        """The steps that can begin together with this one."""
        if code not in self._mates:
            others = [other for other in self.topic.procedures if other != code and self.can_be(other)]
            self._mates[code] = [other for other in others if self.beside(code, other) is not None]
        return self._mates[code]

    def joint(self, code: ProcedureCode, other: ProcedureCode) -> Maybe:
        """The step waits for the other one, or one that begins together with it does; those beside it do not count."""
        freed = apart(self.waits(code, other), self.beside(code, other))
        together = [
            both(self.beside(code, mate), apart(self.waits(mate, other), self.beside(mate, other)))
            for mate in self.mates(code)
            if mate != other
        ]
        return apart(either([freed, *together]), self.beside(code, other))
