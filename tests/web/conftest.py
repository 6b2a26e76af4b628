"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest

from tests.support.asking import Service, make_service, served, small_rulebook, small_service
from tests.web.real import TODAY, rulebook


@pytest.fixture(scope="session")
def real_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over the rulebook of this repository, with a database of its own."""
    with served(rulebook(), tmp_path_factory.mktemp("pages") / "guides.db", today=lambda: TODAY) as service:
        yield service


__all__ = ["make_service", "real_service", "small_rulebook", "small_service"]
