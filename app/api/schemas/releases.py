"""Releases on the wire: what was published, how it stands, what was proved of it; and what publishing takes."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.api.schemas.base import Wire
from app.api.schemas.requests import InLanguage
from app.releases import ReleaseState, Source, StepKind


class ServedNow(Wire):
    """What this server answers from."""

    version: str
    content_hash: str
    source: Source
    """database: the active release; kept_copy: the one served last, for the database was away at the start; files: the
    rulebook's folder, for no release was ever activated."""


class ReleaseLine(Wire):
    """规则版本. A published rulebook, immutable."""

    version: str
    """`YYYY-MM-DD.N`: the day in China it was published, and which one of that day."""
    content_hash: str
    state: ReleaseState
    """published: never active yet; scheduled: will be; active; retired: was."""
    active_from: datetime | None
    """Since when it is active, or from when it will be; null where it is neither."""
    based_on: str | None
    """The release that was active when it was published."""
    notes: str
    author: str
    """Who published it: `client:<code>` or `operator:<name>`."""
    created_at: datetime


class ReleaseStep(Wire):
    """One step in a release's history."""

    kind: StepKind
    effective_at: datetime
    recorded_at: datetime
    actor: str


class Release(ReleaseLine):
    """One release with its history and its certificate."""

    history: list[ReleaseStep]
    certificate: dict[str, Any]
    """What was proved of it before it was published: by which software, on which days, over how many scenarios."""


class ReleaseList(Wire):
    """Every release, newest first."""

    served: ServedNow
    total: int
    releases: list[ReleaseLine]


class TakenBack(Wire):
    """A rollback: what is active again, what was taken back, and what was set for later and is withdrawn."""

    release: Release
    taken_back: str
    withdrawn: list[str]


# ---- what is sent -------------------------------------------------------------------------------------------


class PublishBody(BaseModel):
    """A rulebook's files. Documents the body; reading it is `app/api/v1/releases.py`."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    files: Annotated[dict[str, str], Field(description="Path inside the rulebook to the file's text.")]
    notes: Annotated[str, Field(description="What changes, for whoever activates it.", max_length=4_000)] = ""
    base: Annotated[
        str | None, Field(description="The release the files were made from; a 409 where another one is active.")
    ] = None


class PublishQuery(InLanguage):
    """What accompanies a zip."""

    notes: Annotated[
        str | None, Field(description="With a zip: what changes, for whoever activates it.", max_length=4_000)
    ] = None
    base: Annotated[str | None, Field(description="With a zip: the release the files were made from.")] = None


class ActivateBody(BaseModel):
    """When, and in place of what. Documents the body."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    at: Annotated[datetime | None, Field(description="From when on, with its zone; at once without it.")] = None
    replaces: Annotated[
        str | None,
        Field(
            description="The active release, where this one was made from another and shall replace it all the same."
        ),
    ] = None


class RollBackBody(BaseModel):
    """What is to be taken back. Documents the body."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    active: Annotated[
        str | None, Field(description="The release to take back; a 409 where another one is active by now.")
    ] = None
