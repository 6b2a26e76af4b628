"""Databases for tests: the same test body runs on SQLite and on a real PostgreSQL.

A folder's `conftest.py` takes the fixtures over by importing them.
"""

import asyncio
import shutil
from itertools import count
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from app.storage import Address, upgrade
from tests.support.postgres import PostgresServer

KINDS: Final = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
_numbers = count(1)


@pytest.fixture(params=KINDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that was never migrated; SQLite's file is not there yet."""
    return _fresh(request, tmp_path)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database with the current schema, made by the migrations."""
    return _migrated(request, tmp_path)


@pytest.fixture(scope="module", params=KINDS)
def shared_database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same, for all tests of a module that leave it as they found it: a hundred PostgreSQL databases take long."""
    return _migrated(request, tmp_path_factory.mktemp("shared"))


def _migrated(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), folder / "guides.db")
        return f"sqlite:///{folder / 'guides.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name, template = f"test_{next(_numbers)}", request.getfixturevalue("migrated_template")
    asyncio.run(_execute(server.url(), f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    return server.url(name)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the current schema, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    asyncio.run(upgrade(Address.of(f"sqlite:///{path}")))
    return path


@pytest.fixture(scope="session")
def migrated_template(postgres_server: PostgresServer) -> str:
    """The name of a PostgreSQL database with the current schema, to make others from."""
    # Each folder that takes this fixture over has one of its own.
    name = f"template_{next(_numbers)}"
    asyncio.run(upgrade(Address.of(postgres_server.create_database(name))))
    return name


def _fresh(request: pytest.FixtureRequest, folder: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{folder / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.create_database(f"empty_{next(_numbers)}")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
