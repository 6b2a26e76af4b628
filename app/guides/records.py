"""What the doors may see of kept guides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Literal, TypeAlias, cast

import orjson

from app.errors import AppError
from app.evaluation import Answer
from app.guides.references import Reference
from app.guides.requests import AskedFor

Cause: TypeAlias = Literal["release", "law"]


@dataclass(frozen=True, slots=True)
class TreatmentChange:
    """A procedure whose treatment moved, and why.

    Shape: `before` and `after` are treatments, `not_required` among them; the lists hold what was possible.
    Unknown: a treatment of None is not decided.
    """

    procedure: str
    name: str
    cause: Cause
    before: str | None
    before_name: str | None
    before_possible: tuple[str, ...]
    after: str | None
    after_name: str | None
    after_possible: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OtherChange:
    """Something else that moved: a part of one procedure, or of the whole guide where `procedure` is None."""

    part: str
    procedure: str | None
    cause: Cause


@dataclass(frozen=True, slots=True)
class Comparison:
    """A kept guide beside what would be answered now (semantics 31).

    Shape: `because` is release, law or both; None where the guide still stands. `release` and `as_of` say what it was
        compared with: the active release, and today where the guide's day was only the day of asking.
    Unknown: `outdated` None where the active release no longer takes these facts, so that nothing can be compared.
    """

    outdated: bool | None
    because: Literal["release", "law", "both"] | None
    changes: tuple[TreatmentChange, ...]
    other_changes: tuple[OtherChange, ...]
    release: str
    as_of: date


@dataclass(frozen=True)
class KeptGuide:
    """One kept guide.

    Shape: `body` the guide's exact bytes; `as_of` its day; `asked` what it answers; `when_kept` how it stood to the
        release that was active when it was kept.
    """

    reference: Reference
    body: bytes
    asked: AskedFor
    as_of: date
    release_version: str
    release_hash: str
    kept_at: datetime
    when_kept: Comparison

    @cached_property
    def guide(self) -> Mapping[str, object]:
        """The body, read."""
        return cast("Mapping[str, object]", orjson.loads(self.body))


@dataclass(frozen=True, slots=True)
class KeptRequest:
    """What a kept guide was asked and on which day, without the guide itself."""

    reference: Reference
    asked: AskedFor
    as_of: date


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a wish to keep a guide: the guide, and whether it had been kept before under the same key."""

    guide: KeptGuide
    replayed: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A guide ready to be kept, made before the database is touched.

    Shape: either `answer` and `comparison`, or the `error` that evaluating ended in; a key that was used before still
        leads to its guide then, for the rules may have changed between the two requests.
    """

    asked: AskedFor
    answer: Answer | None = None
    comparison: Comparison | None = None
    error: AppError | None = None
