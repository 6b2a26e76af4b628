"""The tables of releases; triggers refuse to change or delete releases and steps (see the migration)."""

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import Base, UtcMoment


class ReleaseRow(Base):
    """规则版本. One published rulebook, whole."""

    __tablename__ = "releases"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    """`YYYY-MM-DD.N`: the day in China it was published, and which one of that day."""
    number: Mapped[int] = mapped_column(Integer, unique=True)
    """Counts all releases in order of publishing."""
    content_hash: Mapped[str] = mapped_column(String(80), unique=True)
    """`sha256:<hex>` of the canonical form: what the rules say, comments and layout left behind."""
    files: Mapped[bytes] = mapped_column(LargeBinary)
    """Every file of the rulebook, path to text, as sorted JSON compressed with zlib."""
    files_hash: Mapped[str] = mapped_column(String(80))
    """`sha256:<hex>` of that JSON: what is loaded is what was published, or an error."""
    based_on: Mapped[str | None] = mapped_column(String(20))
    """The release that was active when this one was made, None where none was."""
    notes: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(300))
    """Who published it, as the audit trail names actors."""
    created_at: Mapped[datetime] = mapped_column(UtcMoment)
    certificate: Mapped[str] = mapped_column(Text)
    """What was proved of it before it was published, as JSON."""


class ReadyFormRow(Base):
    """A release as one software read it, quickly had from again; any can be made anew from the release's files."""

    __tablename__ = "ready_forms"

    content_hash: Mapped[str] = mapped_column(String(80), ForeignKey("releases.content_hash"), primary_key=True)
    software: Mapped[str] = mapped_column(String(80), primary_key=True)
    """`sha256:<hex>` of all that the form depends on; another software reads the files."""
    packed: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(80))
    """`sha256:<hex>` of the form; the audit trail names it too, and without that word it is not used."""


class StepRow(Base):
    """One step in the history of what is active."""

    __tablename__ = "release_steps"

    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    """`activated`, `scheduled`, `rolled_back` or `withdrawn`."""
    version: Mapped[str] = mapped_column(String(20), ForeignKey("releases.version"))
    effective_at: Mapped[datetime] = mapped_column(UtcMoment)
    """From when it counts."""
    recorded_at: Mapped[datetime] = mapped_column(UtcMoment)
    actor: Mapped[str] = mapped_column(String(300))
    refers_to: Mapped[int | None] = mapped_column(Integer, ForeignKey("release_steps.number"))
    """The step that a rollback goes back to, or that is withdrawn."""
