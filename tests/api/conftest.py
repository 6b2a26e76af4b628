"""What the tests of this folder share: databases to run on, and a service over the small rulebook."""

from tests.support.asking import make_service, small_rulebook, small_service
from tests.support.databases import database_url, empty_url, migrated_file, migrated_template

__all__ = [
    "database_url",
    "empty_url",
    "make_service",
    "migrated_file",
    "migrated_template",
    "small_rulebook",
    "small_service",
]
