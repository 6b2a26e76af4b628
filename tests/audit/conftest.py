"""Databases that the tests of this folder run on."""

from tests.support.databases import (
    database_url,
    empty_url,
    migrated_file,
    migrated_template,
    shared_database_url,
)

__all__ = ["database_url", "empty_url", "migrated_file", "migrated_template", "shared_database_url"]
