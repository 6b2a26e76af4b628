"""The table of kept guides."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import Base, UtcMoment


class GuideRow(Base):
    """One kept guide. Nothing in a row changes any more, but that an idempotency key is let go of when it is old."""

    __tablename__ = "guides"

    reference: Mapped[str] = mapped_column(String(10), primary_key=True)
    """The ten characters, as `references.py` makes them."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
    """The guide's exact bytes, compressed with zlib."""
    body_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the bytes uncompressed: what comes back is what was given, or an error."""
    topic: Mapped[str] = mapped_column(String(100))
    facts: Mapped[str] = mapped_column(Text)
    """What was answered, as canonical JSON with exact numbers."""
    as_of: Mapped[date]
    """The day of the guide."""
    as_of_given: Mapped[bool]
    """False where the day was simply the day of asking."""
    lang: Mapped[str] = mapped_column(String(10))
    release_asked: Mapped[str | None] = mapped_column(String(100))
    """The release the request named, None where it took the one that was served."""
    release_version: Mapped[str] = mapped_column(String(100))
    release_hash: Mapped[str] = mapped_column(String(100))
    kept_at: Mapped[datetime] = mapped_column(UtcMoment)
    comparison: Mapped[str] = mapped_column(Text)
    """How the guide stood to the active release when it was kept, so that a replay says the same."""
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the normalised request."""
    key_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """SHA-256 of the Idempotency-Key, None without one or once it is old."""
