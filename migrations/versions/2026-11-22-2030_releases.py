"""Releases and the history of which is active, both kept from being changed by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2030"
down_revision = "20261122_2000"
branch_labels = None
depends_on = None

_TABLES = ("releases", "release_steps")
_REFUSED = "a release and its history are only ever added to"


def upgrade() -> None:
    op.create_table(
        "releases",
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(80), nullable=False),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("files_hash", sa.String(80), nullable=False),
        sa.Column("based_on", sa.String(20), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_releases"),
        sa.UniqueConstraint("number", name="uq_releases_number"),
        sa.UniqueConstraint("content_hash", name="uq_releases_content_hash"),
    )
    op.create_table(
        "release_steps",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("refers_to", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_release_steps"),
        sa.ForeignKeyConstraint(["version"], ["releases.version"], name="fk_release_steps_version_releases"),
        sa.ForeignKeyConstraint(
            ["refers_to"], ["release_steps.number"], name="fk_release_steps_refers_to_release_steps"
        ),
    )
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("release_steps")
    op.drop_table("releases")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION releases_refuse()")


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT raise(ABORT, '{_REFUSED}'); END"
    keys = {
        "releases": "version = NEW.version OR number = NEW.number OR content_hash = NEW.content_hash",
        "release_steps": "number = NEW.number",
    }
    return [
        statement
        for table in _TABLES
        for statement in (
            # Before INSERT, for INSERT OR REPLACE takes rows away without any trigger on DELETE.
            f"CREATE TRIGGER {table}_add BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {keys[table]}) {refuse}",
            f"CREATE TRIGGER {table}_keep BEFORE UPDATE ON {table} {refuse}",
            f"CREATE TRIGGER {table}_stay BEFORE DELETE ON {table} {refuse}",
        )
    ]


def _postgresql() -> list[str]:
    # The code is that of a broken constraint: a mistake of whoever writes, and not a database that is away.
    raised = f"RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';"
    return [
        f"CREATE FUNCTION releases_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {raised} END $$",
        *(
            f"CREATE TRIGGER {table}_{name} BEFORE {when} EXECUTE FUNCTION releases_refuse()"
            for table in _TABLES
            for name, when in (
                ("keep", f"UPDATE OR DELETE ON {table} FOR EACH ROW"),
                ("stay", f"TRUNCATE ON {table} FOR EACH STATEMENT"),
            )
        ),
    ]
