"""What the tests of the pages share."""

from tests.support.asking import make_service, small_rulebook, small_service

__all__ = ["make_service", "small_rulebook", "small_service"]
