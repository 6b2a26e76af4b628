"""Releases in the form that a server has them from in a moment, beside their files."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0130"
down_revision = "20261122_2030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ready_forms",
        sa.Column("content_hash", sa.String(80), nullable=False),
        sa.Column("software", sa.String(80), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("content_hash", "software", name="pk_ready_forms"),
        sa.ForeignKeyConstraint(
            ["content_hash"], ["releases.content_hash"], name="fk_ready_forms_content_hash_releases"
        ),
    )


def downgrade() -> None:
    op.drop_table("ready_forms")
