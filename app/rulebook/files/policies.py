"""policy.yaml and clauses.yaml: the documents the rules rest on, and the plan sentence by sentence."""

import enum
from datetime import date
from typing import Annotated

from pydantic import Field

from app.engine import Verification
from app.rulebook.files.base import (
    LAX,
    ArticleCode,
    Dated,
    Entry,
    PolicyCode,
    PolicyName,
    Text,
    WebAddress,
    Words,
)


class Rank(enum.StrEnum):
    """What sort of document a policy is."""

    LAW = "law"
    REGULATION = "regulation"
    LOCAL_REGULATION = "local_regulation"
    MINISTRY_RULE = "ministry_rule"
    NORMATIVE_DOCUMENT = "normative_document"
    PLAN = "plan"
    SERVICE_GUIDE = "service_guide"
    OFFICIAL_NOTICE = "official_notice"
    PRESS = "press"
    OTHER = "other"


class PolicyStatus(enum.StrEnum):
    """Whether a policy still stands."""

    IN_FORCE = "in_force"
    REPLACED = "replaced"
    EXPIRED = "expired"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


class Article(Dated):
    """An article of a policy, or whatever piece of it the rules cite."""

    code: ArticleCode
    """Its number or a speaking word."""
    cite: Text
    summary: Text
    """Our own words, all numbers kept; never a quotation."""
    verification: Annotated[Verification, LAX]
    """How well this article was seen."""


class PolicyFile(Dated):
    """policy.yaml. 政策文件 (CPSV-AP: LegalResource)."""

    code: PolicyCode
    """The document's code, which is the name of its folder too."""
    title: Text
    number: Text | None
    """The document's number, null where it has none or none was found."""
    issuer: Text
    rank: Annotated[Rank, LAX]
    issued: date | None
    """The day it bears, null where none was found."""
    status: Annotated[PolicyStatus, LAX]
    status_note: Text | None = None
    """What has to be said about its status."""
    replaced_by: PolicyName | None = None
    """The document that took its place."""
    url: WebAddress | None
    """Where it can be read; null where nowhere."""
    verification: Annotated[Verification, LAX]
    """How well the document as a whole was seen."""
    last_verified: date
    """The day somebody last looked whether it still stands."""
    review_by: date
    """By when to look again; `rules check --due` lists what is overdue."""
    articles: tuple[Article, ...] = ()
    """Its articles, as far as anything cites them."""


class ClauseKind(enum.StrEnum):
    """What a sentence of the plan does."""

    PROCEDURE_CHANGE = "procedure_change"
    ENTITLEMENT = "entitlement"
    SUPERVISION = "supervision"
    GOVERNMENT_TASK = "government_task"
    FRONT_MATTER = "front_matter"


class Certainty(enum.StrEnum):
    """How firmly a sentence of the plan speaks."""

    IN_FORCE = "in_force"
    PILOT = "pilot"
    TARGET = "target"


class ClausePart(Entry):
    """One measure of the plan: a clause, or a part of one that holds several."""

    id: ArticleCode
    """Its place in the plan, as 2.2.1.2.b."""
    text: Words
    """Letter by letter as the document has it."""
    kind: Annotated[ClauseKind, LAX]
    audience: Words | None = None
    """Whom it speaks of."""
    effect: Words | None = None
    """What it does, in our words."""
    treatment: Words | None = None
    """What it makes of a procedure, in our words."""
    treatment_also: tuple[Words, ...] = ()
    """What else it makes of it."""
    conditions: tuple[Words, ...] = ()
    """What has to be so."""
    certainty: Annotated[Certainty, LAX] | None = None
    """How firmly it speaks."""
    determinate: bool | None = None
    """False where it names no particular procedure: it is quoted and never decides."""
    note: Words | None = None
    """A remark of whoever classified it."""
    not_encodable: Text | None = None
    """Why no rule carries it, where nothing else says so."""


class Clause(ClausePart):
    """条款. One sentence-level piece of the plan with a stable id."""

    cite: Words
    """How it is cited, as 二(二)1.二."""
    heading: Words
    """The heading it stands under."""
    heading_en: Words
    """The same in English."""
    parts: tuple[ClausePart, ...] = Field(default=())
    """Consecutive slices of `text`, where it holds several measures."""

    @property
    def measures(self) -> tuple[ClausePart, ...]:
        """Its parts, or itself where it has none."""
        return self.parts or (self,)
