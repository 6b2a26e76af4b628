"""The audit trail: entries in one chain and its head, both kept from being changed by the database itself."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1900"
down_revision = "20261122_1640"
branch_labels = None
depends_on = None

_REFUSED = "the audit trail is only ever appended to"
_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("number", _NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("actor", sa.String(300), nullable=False),
        sa.Column("action", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit_entries"),
        sa.UniqueConstraint("previous_hash", name="uq_audit_entries_previous_hash"),
        sa.UniqueConstraint("hash", name="uq_audit_entries_hash"),
    )
    op.create_index("ix_audit_entries_action", "audit_entries", ["action"])
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject"])
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
    )
    for statement in _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql():
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_head")
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        for name in ("audit_refuse", "audit_follow", "audit_advance"):
            op.execute(f"DROP FUNCTION {name}()")


# What may be done: an entry that follows the last one, and a head that moves on to it.
_FOLLOWS = """
    NEW.number = coalesce((SELECT max(number) FROM audit_entries), 0) + 1
    AND NEW.previous_hash = coalesce(
        (SELECT hash FROM audit_entries ORDER BY number DESC LIMIT 1), '{genesis}')
""".format(genesis="0" * 64)
_ADVANCES = """
    NEW.id = OLD.id AND NEW.number = OLD.number + 1
    AND EXISTS (SELECT 1 FROM audit_entries WHERE number = NEW.number AND hash = NEW.hash)
"""


def _sqlite() -> list[str]:
    refuse = f"BEGIN SELECT raise(ABORT, '{_REFUSED}'); END"
    # Before INSERT, for INSERT OR REPLACE takes rows away without any trigger on DELETE.
    return [
        f"CREATE TRIGGER audit_entries_follow BEFORE INSERT ON audit_entries WHEN NOT ({_FOLLOWS}) {refuse}",
        f"CREATE TRIGGER audit_entries_keep BEFORE UPDATE ON audit_entries {refuse}",
        f"CREATE TRIGGER audit_entries_stay BEFORE DELETE ON audit_entries {refuse}",
        f"CREATE TRIGGER audit_head_one BEFORE INSERT ON audit_head WHEN EXISTS (SELECT 1 FROM audit_head) {refuse}",
        f"CREATE TRIGGER audit_head_advance BEFORE UPDATE ON audit_head WHEN NOT ({_ADVANCES}) {refuse}",
        f"CREATE TRIGGER audit_head_stay BEFORE DELETE ON audit_head {refuse}",
    ]


def _postgresql() -> list[str]:
    # The code is that of a broken constraint: a mistake of whoever writes, and not a database that is away.
    refuse = f"RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'restrict_violation';"

    def function(name: str, body: str) -> str:
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"

    def trigger(name: str, when: str, function_name: str) -> str:
        return f"CREATE TRIGGER {name} BEFORE {when} EXECUTE FUNCTION {function_name}()"

    return [
        function("audit_refuse", refuse),
        function("audit_follow", f"IF NOT ({_FOLLOWS}) THEN {refuse} END IF; RETURN NEW;"),
        function("audit_advance", f"IF NOT ({_ADVANCES}) THEN {refuse} END IF; RETURN NEW;"),
        trigger("audit_entries_follow", "INSERT ON audit_entries FOR EACH ROW", "audit_follow"),
        trigger("audit_entries_keep", "UPDATE OR DELETE ON audit_entries FOR EACH ROW", "audit_refuse"),
        trigger("audit_entries_stay", "TRUNCATE ON audit_entries FOR EACH STATEMENT", "audit_refuse"),
        trigger("audit_head_advance", "UPDATE ON audit_head FOR EACH ROW", "audit_advance"),
        trigger("audit_head_keep", "DELETE ON audit_head FOR EACH ROW", "audit_refuse"),
        trigger("audit_head_stay", "TRUNCATE ON audit_head FOR EACH STATEMENT", "audit_refuse"),
    ]
