"""A database's faults as ours: away for now, or a mistake in the code."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, DisconnectionError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.errors import StorageUnavailable

_AWAY: Final = (
    DBAPIError,
    DisconnectionError,
    PoolTimeout,
    OSError,  # a refused connection; TimeoutError is one too
    sqlite3.Error,
)
_LONGEST_REASON: Final = 200


@contextmanager
def storage_faults(tell: Callable[[str], None] | None = None) -> Iterator[None]:
    """Turn what a database raises into StorageUnavailable; `tell` hears the reason.

    A row that breaks a constraint is a mistake of ours and passes unchanged. A missing table does not: the schema is
    behind then, which the operator mends.
    """
    try:
        yield
    except (IntegrityError, DataError):
        raise
    except _AWAY as fault:
        reason = reason_of(fault)
        if tell is not None:
            tell(reason)
        raise StorageUnavailable(f"the database cannot be used: {reason}", reason=reason) from fault


def reason_of(fault: BaseException) -> str:
    """Return why, in one line without the statement and its values."""
    cause = fault.orig if isinstance(fault, DBAPIError) and fault.orig is not None else fault
    lines = str(cause).strip().splitlines()
    return f"{type(cause).__name__}: {lines[0] if lines else 'no answer in time'}"[:_LONGEST_REASON]
