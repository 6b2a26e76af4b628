"""What every test may ask for; builders and fixtures of one area stand in that area's folder."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from tests.support.postgres import PostgresServer, PostgresUnavailable, running_postgres

# How this machine likes its output, whom it asks through, and settings of a service that runs beside: no test is about
# them, and programs that tests start would go by them too.
_OF_THIS_MACHINE: Final = frozenset(
    [
        "ALL_PROXY",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "FORCE_COLOR",
        "GITHUB_ACTIONS",
        "HTTPS_PROXY",
        "HTTP_PROXY",
        "LINES",
        "NO_COLOR",
        "NO_PROXY",
        "PY_COLORS",
        "TTY_COMPATIBLE",
        "TTY_INTERACTIVE",
        "TYPER_USE_RICH",
    ]
)
for _name in [name for name in os.environ if name.startswith("APG_") or name.upper() in _OF_THIS_MACHINE]:
    del os.environ[_name]

# The same examples in every run and no clock: a slow machine is no fault, and a fault found is found again.
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, one per test process, started when a test first asks for it."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(running_postgres())
        except PostgresUnavailable as reason:
            if os.environ.get("CI") == "true":
                pytest.fail(str(reason))
            pytest.skip(str(reason))
        yield server
