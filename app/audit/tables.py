"""The tables of the audit trail; triggers made with them refuse to change or delete anything (see the migration)."""

from sqlalchemy import BigInteger, CheckConstraint, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage import Base

#: SQLite keeps a row under its number only where the column is a plain INTEGER.
_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


class EntryRow(Base):
    """One entry. The moment is kept as the text that was hashed, so that no driver reads it differently later."""

    __tablename__ = "audit_entries"

    number: Mapped[int] = mapped_column(_NUMBER, primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(300))
    action: Mapped[str] = mapped_column(String(100), index=True)
    subject: Mapped[str] = mapped_column(String(300), index=True)
    details: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """Unique, so that no two entries can follow the same one, whatever the software does."""
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class HeadRow(Base):
    """The head of the trail, in one row that only ever moves on by one: a tail that was cut off is missed."""

    __tablename__ = "audit_head"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """Always 1."""
    number: Mapped[int] = mapped_column(_NUMBER)
    hash: Mapped[str] = mapped_column(String(64))
