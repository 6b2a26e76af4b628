"""Clients and the hashes of their keys."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1930"
down_revision = "20261122_1900"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clients",
        sa.Column("code", sa.String(63), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("scopes", sa.String(1_000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code", name="pk_clients"),
    )
    op.create_table(
        "client_keys",
        sa.Column("key_id", sa.String(8), nullable=False),
        sa.Column("client", sa.String(63), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["client"], ["clients.code"], name="fk_client_keys_client_clients"),
        sa.PrimaryKeyConstraint("key_id", name="pk_client_keys"),
    )
    op.create_index("ix_client_keys_client", "client_keys", ["client"])


def downgrade() -> None:
    op.drop_table("client_keys")
    op.drop_table("clients")
