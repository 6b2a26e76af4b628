"""Shared ground of the use cases' tables: the database, its schema, copies of it."""

from app.storage.address import Address, DatabaseKind, make_engine
from app.storage.base import Base, UtcMoment, insert_if_new
from app.storage.copies import CopyFault, CopyForm, CopyReport, back_up, restore
from app.storage.schema import SchemaState, migrate_embedded, upgrade
from app.storage.session import Database, DatabaseState

__all__ = [
    "Address",
    "Base",
    "CopyFault",
    "CopyForm",
    "CopyReport",
    "Database",
    "DatabaseKind",
    "DatabaseState",
    "SchemaState",
    "UtcMoment",
    "back_up",
    "insert_if_new",
    "make_engine",
    "migrate_embedded",
    "restore",
    "upgrade",
]
