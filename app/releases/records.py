"""What the doors may see of releases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class StepKind(StrEnum):
    """What a step in the history of the active release is."""

    ACTIVATED = "activated"
    SCHEDULED = "scheduled"
    ROLLED_BACK = "rolled_back"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the history of what is active.

    Shape: `effective_at` when it counts from, `recorded_at` when somebody said so; `refers_to` the number of the step
        that a rollback goes back to, or that is withdrawn.
    """

    number: int
    kind: StepKind
    version: str
    effective_at: datetime
    recorded_at: datetime
    actor: str
    refers_to: int | None = None


class ReleaseState(StrEnum):
    """How a release stands: served, to be served from a set moment on, served once, or never yet."""

    ACTIVE = "active"
    SCHEDULED = "scheduled"
    RETIRED = "retired"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Release:
    """规则版本. A published rulebook without its content.

    Shape: `based_on` the release that was active when it was made; `author` as the audit trail names actors.
    """

    version: str
    content_hash: str
    based_on: str | None
    notes: str
    author: str
    created_at: datetime
    certificate: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """A release, how it stands, and its own steps in order.

    Shape: `active_from` since when it is active, or from when it will be; None where it is neither.
    """

    release: Release
    state: ReleaseState
    active_from: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Stored:
    """A release's content as it is kept.

    Shape: `packed` is the compressed JSON of path to text; the hashes are `sha256:<hex>`.
    """

    version: str
    content_hash: str
    packed: bytes
    files_hash: str


@dataclass(frozen=True, slots=True)
class ReadyForm:
    """A release's rulebook as one software read it, in the form it is quickest had from again.

    Shape: `content_hash` is the release's; `software` the `sha256:<hex>` of what wrote it, and alone can read it;
        `packed` the compressed light form; `digest` the `sha256:<hex>` of that.
    """

    content_hash: str
    software: str
    packed: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A rulebook that may be published: its files, the hash of what they say, what was proved of it, its ready form."""

    files: Mapping[str, str]
    content_hash: str
    certificate: Mapping[str, Any]
    ready: ReadyForm | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """What became of a wish to publish; `is_new` False where the same rules had been published before."""

    release: Release
    is_new: bool


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A rollback: its step, the release it takes away, and the scheduled ones it withdrew."""

    step: Step
    from_version: str
    withdrawn: tuple[str, ...]
