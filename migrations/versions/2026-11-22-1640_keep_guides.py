"""Keep guides: one row a guide, its exact bytes beside what was asked."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1640"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guides",
        sa.Column("reference", sa.String(10), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("body_hash", sa.LargeBinary(), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("as_of_given", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
        sa.Column("release_asked", sa.String(100), nullable=True),
        sa.Column("release_version", sa.String(100), nullable=False),
        sa.Column("release_hash", sa.String(100), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comparison", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("reference", name="pk_guides"),
        sa.UniqueConstraint("key_hash", name="uq_guides_key_hash"),
    )


def downgrade() -> None:
    op.drop_table("guides")
