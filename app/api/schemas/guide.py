"""导办结果. The guide as the contract fixes it.

Documents the answer of the evaluate routes, and holds them to it in the tests; the bytes themselves are made by the
evaluation. Fields may be added there, so every record here allows more than it names. What the rulebook's own routes
tell under a code is not repeated: names of facts, titles of rules and documents, summaries, results, form fields and
standing notes of procedures.
"""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict

from app.engine import FilingTiming, Force, MaterialStatus, ProcedureKind, Status, Treatment, Unit, Verification

Possible = Treatment | Literal["not_required"]
Answered = bool | int | float | str | list[str]


class Record(BaseModel):
    """A record of the guide: every named key is always there, and further ones may be."""

    model_config = ConfigDict(frozen=True, extra="allow", use_attribute_docstrings=True, defer_build=True)


class Coded(Record):
    """A code with its name."""

    code: str
    name: str


class GuideRelease(Record):
    """规则版本."""

    version: str
    content_hash: str


class ShortBasis(Record):
    """依据 by document and clause; the document's title is told under /v1/policies/{policy}."""

    policy: str
    clause: str
    cite: str
    document_number: str | None
    verification: Verification


class Basis(ShortBasis):
    """依据 with its words."""

    title: str
    quote: str | None
    """The plan's own text; null for every other document."""
    summary: str | None
    effective_from: date | None
    effective_to: date | None
    """The first day it no longer holds."""
    url: str | None


class ReadCondition(Record):
    """A condition as a sentence, what was answered, and whether it holds.

    One that is a definition has the text under which it is spelled out in `definition_details`.
    """

    fact: str | None
    text: str
    answer: str | None
    holds: bool | None
    """null is open; under a decided outcome it may stay open, either way leading there."""


class DefinitionDetail(Record):
    """认定标准, spelled out once."""

    code: str
    text: str
    conditions: list[ReadCondition]
    basis: list[ShortBasis]


class Barrier(Record):
    """Why it may not be done as described."""

    code: str
    applies: bool | None
    reason: str
    depends_on_facts: list[str]
    procedures: list[str]
    basis: list[ShortBasis]


class Duration(Record):
    """A length of time in the source's own unit; never converted."""

    value: float
    unit: Unit


class LimitFigure(Duration):
    """A time limit with how well its source was seen.

    `sources` beside it names the clauses it is from as `policy#clause`, each told under /v1/policies/{policy}/clauses;
    a promised limit beside a statutory one has the same. What applies because the law or the office's promise says so
    has them there; what a rule sets names the `rule`. `parts`, `extension` and `note` stand beside it where there are
    such. Where nobody waits for the procedure, all of these are told under /v1/procedures/{code}.
    """

    verification: Verification | None


class TimeLimit(Record):
    """办结时限; null where no source gives it."""

    statutory: LimitFigure | None
    promised: LimitFigure | None
    applicable: LimitFigure | None


class Material(Record):
    """申请材料."""

    code: str
    name: str
    status: MaterialStatus
    note: str | None


class Acceptance(Record):
    """受理条件."""

    code: str
    text: str
    status: Literal["required", "dropped"]
    met: bool | None
    basis: list[ShortBasis]


class Fee(Record):
    """收费."""

    charged: bool
    amount_yuan: float | None
    text: str | None
    verification: Verification | None


class ConfirmWith(Record):
    """Whom to ask before relying on it; `others` where more than one is to be asked."""

    authority: str
    why: str


class Because(Record):
    """A rule behind the outcome, condition by condition; its title is told under /v1/rules/{code}.

    `treatment` stands beside it where it is not the procedure's own. A rule that moves details alone has none; the
    clauses it is from are in `sources` then, as `policy#clause`. `certain` is false where it is open whether it holds.
    """

    rule: str
    conditions: list[ReadCondition]


class WhatIf(Record):
    """The nearest single answer that changes the treatment."""

    fact: str
    answer: Answered
    """The option, or the boundary."""
    text: str
    """The answer in words: an option's label, yes or no, on which side of the boundary."""
    treatment: Possible


class GuideProcedure(Coded):
    """事项. One procedure of this scenario; what it is for and what comes of it is told under /v1/procedures/{code}.

    Where there is something to say there are also `optional`, `voluntary` (the fact that declines it), `detail_facts`
    (open ones that move details alone), `date_precision` of `since`, `required_because` and `apply_before`.
    """

    everyday_name: str
    kind: ProcedureKind
    item_type: str
    item_type_code: str
    authority: str
    level: str
    level_code: str
    required: bool | None
    """Whether it exists in this scenario at all, leaving treatment aside."""
    decided: bool
    treatment: Treatment | None
    treatment_name: str | None
    possible_treatments: list[Possible]
    """Exactly what some way of answering the open facts leads to."""
    depends_on_facts: list[str]
    """The open facts that settle it, none to spare."""
    fallback: Possible | None
    """What applies if the company declines the voluntary way."""
    fallback_merged_into: str | None
    filing_timing: FilingTiming | None
    merged_into: str | None
    parallel_with: list[str]
    replaces: list[str]
    legal_force: Force | None
    verification: Verification | None
    """The weakest source the outcome rests on."""
    confirm_with: ConfirmWith | None
    time_limit: TimeLimit
    materials: list[Material] | None
    """null: the list is not known."""
    materials_complete: bool
    conditions: list[Acceptance]
    channel: str | None
    visits: int | None
    fee: Fee | None
    basis: list[Basis]
    since: date | None
    """The first day this outcome holds under these facts."""
    rules: list[str]
    because: list[Because]
    what_if: list[WhatIf]


class Extra(Record):
    """An entitlement, obligation or note."""

    code: str
    text: str
    applies: bool | None
    depends_on_facts: list[str]
    legal_force: Force | None
    """null for a remark of the service's own, which rests on no rule."""
    basis: list[ShortBasis]


class NamedExtra(Extra):
    """An entitlement 惠企政策, or an obligation; `verification` beside it where better than its weakest source."""

    name: str


class Due(Record):
    """By when an obligation has to be met."""

    value: float
    unit: Unit
    after: str
    """What it runs from, in words; where that is the end of a procedure, `after_procedure` stands beside it."""


class Obligation(NamedExtra):
    """What to keep to afterwards, how it is checked, what follows otherwise."""

    due: Due | None
    kind: Literal["duty", "check", "consequence"]
    procedures: list[str]
    """The procedures it comes with and that leave something to do; [] where it belongs to the whole matter."""


class QuestionOption(Record):
    """One possible answer."""

    value: str
    label: str


class Question(Record):
    """A question whose answer can still change something."""

    fact: str
    question: str
    help: str | None
    type: str
    options: list[QuestionOption]
    decides: list[str]


class Confirmation(Record):
    """An open fact that only an authority can settle."""

    fact: str
    question: str
    ask: str
    decides: list[str]


class Step(Record):
    """One step of the path."""

    number: int
    procedures: list[str]
    starts_after: list[int]
    days: Duration | None


class OtherUnit(Duration):
    """A limit in another unit than working days: listed, never added."""

    procedure: str


class Days(Record):
    """The critical path over the steps, in working days."""

    value: float
    unit: Unit
    complete: bool
    unknown: list[str]
    other_units: list[OtherUnit]
    computed: bool
    verification: Verification | None


class Totals(Record):
    """The figures of one day."""

    day: date
    procedures: int
    days: Days
    materials: int
    materials_complete: bool
    visits: int | None
    complete: bool


class Benchmark(Record):
    """An official total beside ours: of the whole path, or of the procedures it names."""

    code: str
    text: str
    procedures: list[str]
    steps: int | None
    value: float | None
    unit: Unit | None
    verification: Verification
    agrees: bool | None
    why: str | None


class Path(Record):
    """办事路径."""

    steps: list[Step]
    before: Totals | None
    after: Totals | None
    benchmarks: list[Benchmark]


class Guide(Record):
    """导办结果. The answer for one scenario on one day under one release."""

    topic: Coded
    as_of: date
    reviewed_until: date
    release: GuideRelease
    status: Status
    """complete; needs_answers of the company; needs_confirmation by an authority."""
    answer: str
    """Two or three sentences to read aloud, with the main clause."""
    facts: dict[str, Answered]
    assumed: dict[str, bool]
    """Answers taken by default: shown, changeable."""
    definitions: dict[str, bool | None]
    definition_details: list[DefinitionDetail]
    barriers: list[Barrier]
    procedures: list[GuideProcedure]
    entitlements: list[NamedExtra]
    obligations: list[Obligation]
    questions: list[Question]
    """Best first."""
    confirmations: list[Confirmation]
    path: Path
    notes: list[Extra]
