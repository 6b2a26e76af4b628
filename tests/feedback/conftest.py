"""Databases the tests of feedback run on."""

from tests.support.databases import database_url, migrated_file, migrated_template

__all__ = ["database_url", "migrated_file", "migrated_template"]
