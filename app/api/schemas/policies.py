"""Policies and their clauses, with the ledger, as the reading routes give them."""

from datetime import date

from app.api.schemas.base import Effective, Named, Wire
from app.engine import Verification
from app.rulebook import LedgerStatus


class PolicyLine(Wire):
    """政策文件. A policy in a list."""

    code: str
    title: str
    document_number: str | None
    issuer: str
    rank: str
    issued: date | None
    effective: Effective
    status: str
    """in_force, replaced, expired, repealed or unknown."""
    url: str | None
    verification: Verification
    """How well the document as a whole was seen."""
    clause_count: int


class PolicyList(Wire):
    """All policies."""

    total: int
    policies: list[PolicyLine]


class Policy(PolicyLine):
    """政策文件. One document the rules rest on."""

    status_note: str | None
    replaced_by: Named | None
    last_verified: date
    review_by: date
    rules: list[Named]
    """The rules that cite it."""
    topics: list[Named]
    """The topics these rules decide in."""


class Clause(Wire):
    """条款. One citable piece of a policy, what the rulebook makes of it, and who cites it."""

    policy: str
    clause: str
    cite: str
    title: str
    effective: Effective
    quote: str | None
    """The plan's own text; null for every other document."""
    summary: str | None
    """Our own words for every other document."""
    verification: Verification
    part_of: str | None
    """The clause it is a piece of."""
    kind: str | None
    """What a sentence of the plan does: procedure_change, entitlement, supervision, government_task, front_matter."""
    certainty: str | None
    """How firmly the plan speaks: in_force, pilot, target."""
    determinate: bool | None
    """False where it names no particular procedure: it is quoted and never decides."""
    parts: list[str]
    """The pieces it is taken in, where it holds several measures."""
    ledger_status: LedgerStatus | None
    """条款台账. What became of it, or of the piece of it that came furthest; null outside the plan."""
    reason: str | None
    """Why no rule carries it, where none does."""
    rules: list[Named]
    definitions: list[str]
    procedures: list[Named]
    topics: list[Named]


class ClauseList(Wire):
    """The clauses of one policy, in order of the document."""

    policy: str
    title: str
    total: int
    by_status: dict[str, int]
    """条款台账: ledger status -> number of measures, whole clauses and pieces; {} outside the plan."""
    clauses: list[Clause]
