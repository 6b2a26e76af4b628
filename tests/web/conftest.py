"""What the tests of the pages share."""

from collections.abc import Iterator

import pytest

from app.settings import Settings
from tests.support.asking import Service, make_service, served, small_rulebook, small_service
from tests.support.serving import running_server
from tests.web.real import TODAY, rulebook


@pytest.fixture(scope="session")
def real_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service over the rulebook of this repository, with a database of its own."""
    with served(rulebook(), tmp_path_factory.mktemp("pages") / "guides.db", today=lambda: TODAY) as service:
        yield service


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a real server over the rulebook of this repository answers, for real browsers."""
    folder = tmp_path_factory.mktemp("server")
    database, rules = f"sqlite:///{folder / 'guides.db'}", Settings().rules_dir
    with running_server(folder, database_url=database, rules_dir=rules) as server:
        yield server.url


__all__ = ["make_service", "real_service", "small_rulebook", "small_service", "url"]
