"""How Alembic reaches the database: over the connection `app.storage` hands it, else over the one of the settings.

The second way serves `alembic revision --autogenerate` and the like; upgrades go by `approval-guide db upgrade`.
"""

import asyncio
from importlib import import_module
from pathlib import Path

from alembic import context
from sqlalchemy import Connection

from app.settings import Settings
from app.storage import Address, Base, make_engine

# The tables of every use case register themselves with Base.
for place in sorted(Path(__file__).parents[1].glob("app/*/tables.py")):
    import_module(f"app.{place.parent.name}.tables")


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite cannot alter a column in place; Alembic then copies the table.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_server_default=True,
    )
    # All steps in the caller's one transaction, where there is one.
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_settings() -> None:
    engine = make_engine(Address.of(Settings.from_environment().database_url), creates=True, patient=True)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    asyncio.run(migrate_by_settings())
