"""Topics, facts, procedures and rules as the reading routes give them."""

from datetime import date

from app.api.schemas.base import Cite, Effective, Named, Number, Span, Wire
from app.engine import AskedOf, FactType, FilingTiming, Force, ProcedureKind, Purpose, Treatment


class TopicLine(Named):
    """一件事. A topic in a list."""

    group: str
    summary: str
    before_day: date
    """The day whose law stands for "before the reform"."""
    covers_from: date
    """The first day that is answered."""
    reviewed_until: date
    """The day up to which the law was read."""
    fact_count: int
    procedure_count: int
    rule_count: int


class TopicList(Wire):
    """All topics."""

    total: int
    topics: list[TopicLine]


class Option(Wire):
    """One answer of a choice."""

    value: str
    label: str
    help: str | None


class AskWhom(Wire):
    """The authority that can say, and what to ask it."""

    authority: str
    authority_name: str
    ask: str


class Fact(Named):
    """情形要素. One question with its possible answers, and who uses it."""

    type: FactType
    asked_of: AskedOf
    question: str
    help: str | None
    statement: str | None
    """boolean: the sentence when true."""
    negation: str | None
    """boolean: the sentence when false."""
    options: list[Option]
    """choice, choices: in the order they are offered; [] for other types."""
    minimum: Number | None
    maximum: Number | None
    unit: str | None
    default: bool | None
    group: str | None
    """Facts of one group are asked on one page."""
    ask: str
    """normal or last."""
    purpose: Purpose
    empty_allowed: bool
    ask_whom: AskWhom | None
    topics: list[Named]
    """The topics that ask it."""
    rules: list[Named]
    """The rules whose condition mentions it."""


class FactList(Wire):
    """Facts."""

    total: int
    facts: list[Fact]


class Limit(Span):
    """A time limit as its source gives it."""

    parts: list["LimitPart"]
    extension: Span | None
    note: str | None


class LimitPart(Span):
    """A named stretch of a limit."""

    name: str


class DatedLimit(Wire):
    """法定办结时限 and 承诺办结时限 for a period; null is not known."""

    effective: Effective
    statutory: Limit | None
    promised: Limit | None
    note: str | None
    basis: list[Cite]


class Material(Named):
    """申请材料. One paper."""

    note: str | None


class Condition(Wire):
    """受理条件. What has to be so before the office takes the case."""

    code: str
    text: str
    unmet: str | None
    """confirm or barrier: what follows where a fact shows it unmet; null where no fact tests it."""
    basis: list[Cite]


class Fee(Wire):
    """收费."""

    charged: bool
    amount_yuan: Number | None
    text: str | None


class ProcedureLine(Named):
    """事项. A procedure in a list."""

    everyday_name: str
    kind: ProcedureKind
    item_type: str
    item_type_code: str
    authority: str
    authority_name: str
    level: str
    level_code: str
    topics: list[Named]
    """The topics it belongs to."""


class ProcedureList(Wire):
    """Procedures."""

    total: int
    procedures: list[ProcedureLine]


class ApplyBefore(Span):
    """How long before which event it has to be applied for."""

    event: str


class ProcedureResult(Wire):
    """What the company holds in its hands at the end."""

    name: str
    validity: Span | None


class Procedure(ProcedureLine):
    """事项. What would have to be done without any rule, and which rules speak of it."""

    effective: Effective
    summary: str | None
    has_default: bool
    """False where only a reform brings it."""
    depends_on: list[Named]
    replaces: list[Named]
    filing_timing: FilingTiming | None
    basis: list[Cite]
    limits: list[DatedLimit]
    materials: list[Material] | None
    """null: the list is not known."""
    materials_complete: bool
    conditions: list[Condition]
    channel: str | None
    visits: int | None
    fee: Fee | None
    result: ProcedureResult | None
    form_fields: list[str]
    """What its form asks beside the applicant's name and address."""
    apply_before: ApplyBefore | None
    optional: bool
    notes: list[str]
    rules: list[Named]
    """The rules that say something about it."""


class DatedForce(Wire):
    """效力 for a period."""

    effective: Effective
    force: Force


class RuleLine(Named):
    """规则. A rule in a list; `name` is its title."""

    effective: Effective
    force: list[DatedForce]
    procedures: list[Named]
    """What it speaks of."""
    clauses: list[str]
    """`policy#clause` of its sources."""
    topics: list[Named]


class RuleList(Wire):
    """Rules."""

    total: int
    rules: list[RuleLine]


class Effect(Wire):
    """What a rule says about one procedure."""

    procedure: Named
    treatment: Treatment | None
    treatment_name: str | None
    brings: bool
    """Makes it required."""
    merged_into: Named | None
    filing_timing: FilingTiming | None
    parallel_with: list[Named]
    reason: str | None
    """With `closed`: why it may not be done."""
    limits: list["EffectLimit"]
    materials_added: list[Material]
    materials_dropped: list[Named]
    materials_deferred: list[Named]
    materials_shared: list[Named]
    conditions_added: list[Condition]
    conditions_dropped: list[str]
    authority: str | None
    authority_name: str | None
    level: str | None
    level_code: str | None
    channel: str | None
    visits: int | None
    fee: Fee | None


class EffectLimit(Wire):
    """A time limit a rule sets; null that none is known any more."""

    effective: Effective
    limit: Limit | None


class Extra(Wire):
    """An entitlement, obligation or note that a rule gives."""

    code: str
    name: str | None
    text: str


class ConfirmWith(Wire):
    """Whom to ask before relying on it, and why."""

    authority: str
    authority_name: str
    why: str


class Rule(Named):
    """规则. When it holds, what follows, because of which clause, from which day."""

    effective: Effective
    force: list[DatedForce]
    when: str
    """Its condition as a sentence."""
    voluntary: Named | None
    """The fact by which the company chooses this way."""
    overrides: list[Named]
    overridden_by: list[Named]
    confirm_with: ConfirmWith | None
    effects: list[Effect]
    entitlements: list[Extra]
    obligations: list[Extra]
    notes: list[Extra]
    basis: list[Cite]
    topics: list[Named]


class DefinitionVersion(Wire):
    """A definition's wording for a period."""

    effective: Effective
    text: str
    basis: list[Cite]


class Definition(Named):
    """认定标准. A named, dated condition; `name` is its title."""

    versions: list[DefinitionVersion]


class Topic(TopicLine):
    """一件事. A topic with all that bears on it."""

    facts: list[Fact]
    """In the order they are asked, with the options this topic takes."""
    procedures: list[ProcedureLine]
    rules: list[RuleLine]
    definitions: list[Definition]
    clauses: list[Cite]
    """The plan's clauses it rests on."""
    words: list[str]
    """How people say it."""
