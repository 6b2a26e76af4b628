"""Feedback: one row a grade given to a kept guide."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2000"
down_revision = "20261122_1930"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(10), nullable=False),
        sa.Column("topic", sa.String(100), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("release_version", sa.String(100), nullable=False),
        sa.Column("release_hash", sa.String(100), nullable=False),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("is_masked", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(10), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(), nullable=False),
        sa.Column("key_hash", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("key_hash", name="uq_feedback_key_hash"),
    )
    op.create_index("ix_feedback_reference", "feedback", ["reference"])


def downgrade() -> None:
    op.drop_table("feedback")
