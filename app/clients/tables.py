"""The tables of clients and their keys."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import Base, UtcMoment


class ClientRow(Base):
    """One client. Never deleted, so that a code always means the same one in the audit trail."""

    __tablename__ = "clients"

    code: Mapped[str] = mapped_column(String(63), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[str] = mapped_column(String(1_000))
    """The scopes in order, a space between two."""
    created_at: Mapped[datetime] = mapped_column(UtcMoment)
    expires_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcMoment)


class KeyRow(Base):
    """One key of a client: its hash, never the key."""

    __tablename__ = "client_keys"

    key_id: Mapped[str] = mapped_column(String(8), primary_key=True)
    client: Mapped[str] = mapped_column(String(63), ForeignKey("clients.code"), index=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256, as `keys.py` makes it."""
    created_at: Mapped[datetime] = mapped_column(UtcMoment)
    expires_at: Mapped[datetime] = mapped_column(UtcMoment)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcMoment)
    """Right to some minutes: it is not written with every request."""
