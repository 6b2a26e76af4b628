"""Two releases compared, as `/v1/releases/{a}/diff/{b}` gives it."""

from datetime import date

from pydantic import Field

from app.api.schemas.base import Named, Wire


class ComparedRelease(Wire):
    """One of the two releases."""

    version: str
    content_hash: str


class ChangedField(Wire):
    """One field that is not what it was, in words."""

    path: list[str]
    """The keys that lead to it."""
    name: str
    before: str | None
    after: str | None
    is_wording: bool
    """Whether the words alone differ."""


class ChangedEntry(Wire):
    """A rule, procedure, fact, definition … that is not what it was."""

    kind: str
    code: str
    name: str
    what: str
    """added, removed, ended, changed or wording."""
    fields: list[ChangedField]


class ChangedHome(Wire):
    """A topic, module, policy or the shared lists, with what changed in it."""

    code: str
    name: str
    status: str
    """added, removed or changed."""
    topics: list[str]
    """The topics that it is part of."""
    changes: list[ChangedEntry]
    beside: list[ChangedEntry]
    """Worked examples, official totals, changelog."""
    wording: list[ChangedEntry]


class MovedExample(Wire):
    """A scenario that moves: facts and day as an evaluate request takes them."""

    as_of: date
    facts: dict[str, bool | int | float | str | list[str]]


class MovedWay(Wire):
    """From what to what, with the widest class of scenarios that go this way."""

    before: str
    after: str
    classes: int
    """How many classes of scenarios go it; `rules impact` lists them all."""
    when: list[str]
    """What all scenarios of the widest class have in common."""
    example: MovedExample


class MovedStretch(Wire):
    """A stretch of days over which the same scenarios move."""

    start: date = Field(serialization_alias="from")
    end: date | None = Field(serialization_alias="to")
    """The first day no more, null where it is open."""
    share: float
    """The part of the situations told apart by the rules that moves."""
    ways: list[MovedWay]


class MovedPart(Wire):
    """A definition, procedure, barrier … that moves in one respect."""

    code: str
    name: str
    facet: str
    """outcome, limit, materials, conditions, office, or truth for what holds or does not."""
    stretches: list[MovedStretch]


class MovedCase(Wire):
    """A worked example that comes out otherwise."""

    case: str
    as_of: date
    as_expected: bool | None
    """Whether the later rules give what it expects of what moves, null where it expects nothing of that."""


class MovedTopic(Wire):
    """What moves in one topic."""

    code: str
    name: str
    definitions: list[MovedPart]
    procedures: list[MovedPart]
    barriers: list[MovedPart]
    entitlements: list[MovedPart]
    obligations: list[MovedPart]
    notes: list[MovedPart]
    cases: list[MovedCase]
    classes: int


class ChangeCounts(Wire):
    """How many entries of law changed, by what became of them."""

    added: int
    removed: int
    ended: int
    changed: int
    wording: int


class DiffSummary(Wire):
    """What changes, whom it touches, from which day."""

    text: str
    from_day: date | None
    """The first day whose law treats something otherwise, null where none does today or later."""
    changes: ChangeCounts
    topics: list[str]
    procedures: int
    """How many procedures have another outcome for somebody."""
    classes: int


class ReleaseDiff(Wire):
    """Two releases compared: what changed in the law's words, and what that moves for whom."""

    before: ComparedRelease
    after: ComparedRelease
    summary: DiffSummary
    homes: list[ChangedHome]
    added: list[Named]
    """Topics that only the later one has."""
    removed: list[Named]
    """Topics that only the earlier one has."""
    not_compared: list[str]
    """Topics in which one release takes scenarios that the other refuses: these have no outcome to compare."""
    topics: list[MovedTopic]
