"""Whether a database that can be read can be written to as well, as far as can be told without writing."""

import os
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.storage.address import Address

_ONLY_READ: Final = "the database may only be read: guides cannot be kept"
_NO_ROOM: Final = "there is no room left where the database is: guides cannot be kept"
# A guide of the largest size and what SQLite writes around it.
_LEAST_BYTES: Final = 256 * 1024


async def why_unwritable(connection: AsyncConnection, address: Address) -> str | None:
    """Return why nothing can be kept in the database, None where nothing speaks against it.

    Unknown: a server's disk that is full shows with the first guide that is to be kept, and not before.
    """
    if address.path is None:
        # Set so, or a copy that follows another server, until it takes that one's place.
        said = await connection.scalar(text("SELECT current_setting('transaction_read_only')"))
        if said != "on":
            return None
        # Whoever looks next sees how it is then, and not how this connection was begun.
        await connection.invalidate()
        return _ONLY_READ
    folder = address.path.parent
    # SQLite writes beside the file too.
    if not (os.access(address.path, os.W_OK) and os.access(folder, os.W_OK)):
        return _ONLY_READ
    room = os.statvfs(folder)
    return _NO_ROOM if room.f_bavail * room.f_frsize < _LEAST_BYTES else None
