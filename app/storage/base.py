"""What every table shares: the declarative base, names of constraints, moments in UTC, an insert that may lose."""

from datetime import UTC, datetime
from importlib import import_module
from typing import Any, Final

from sqlalchemy import DateTime, Dialect, MetaData, TypeDecorator
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

# A constraint without a name could not be changed by a later migration on both databases.
_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The tables of all use cases."""

    metadata = MetaData(naming_convention=_NAMES)


class UtcMoment(TypeDecorator[datetime]):
    """A moment, in UTC on the way in and out; SQLite keeps no zone, PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return what the driver takes.

        Raises: ValueError for a moment without a zone, which nobody could place later.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment with its zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


async def insert_if_new(
    session: AsyncSession, table: type[Base], values: dict[str, Any], returning: InstrumentedAttribute[Any]
) -> bool:
    """Insert a row and return True, or False where a unique value of it is taken already.

    Where another transaction holds such a value and has not ended, this waits for its end; both databases know
    this as ON CONFLICT DO NOTHING, each under its own name in SQLAlchemy.
    """
    # Each dialect is loaded with its engine; importing both would cost every start.
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    statement = dialect.insert(table).values(values).on_conflict_do_nothing().returning(returning)
    return (await session.execute(statement)).first() is not None
