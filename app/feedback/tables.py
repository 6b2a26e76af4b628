"""The table of feedback."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import Base, UtcMoment


class FeedbackRow(Base):
    """One grade. Nothing in a row changes any more, but that an idempotency key is let go of when it is old."""

    __tablename__ = "feedback"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random: nothing about who gave it or in which order."""
    reference: Mapped[str] = mapped_column(String(10), index=True)
    """The kept guide it is about; kept guides are never taken away."""
    topic: Mapped[str] = mapped_column(String(100))
    as_of: Mapped[date]
    release_version: Mapped[str] = mapped_column(String(100))
    release_hash: Mapped[str] = mapped_column(String(100))
    rules: Mapped[str] = mapped_column(Text)
    """The guide's rules as a JSON list, in its order."""
    grade: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[str] = mapped_column(Text)
    """Codes as a JSON list."""
    comment: Mapped[str | None] = mapped_column(Text)
    """Without what may name somebody."""
    is_masked: Mapped[bool]
    """Whether something was taken out of the comment."""
    lang: Mapped[str] = mapped_column(String(10))
    given_at: Mapped[datetime] = mapped_column(UtcMoment)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of guide and opinion as they were sent."""
    key_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    """SHA-256 of the Idempotency-Key, None without one or once it is old."""
