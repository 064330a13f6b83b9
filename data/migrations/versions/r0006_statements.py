"""Statements: the list that misinformation is matched with, each entry by two persons."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()


def upgrade() -> None:
    """Make the table; what safeguard 5 asks for is held by the engine."""
    op.create_table(
        "statement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("wordings", sa.JSON(), nullable=False),
        sa.Column("what_is_true", sa.Text(), nullable=False),
        sa.Column("source_name", sa.String(), nullable=False),
        sa.Column("source_url", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("approved_at", AT, nullable=True),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("corrects", KEY, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_statement"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="fk_statement_proposed_by"),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name="fk_statement_approved_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_statement_ended_by"),
        sa.ForeignKeyConstraint(["corrects"], ["statement.id"], name="fk_statement_corrects"),
        sa.CheckConstraint("approved_by <> proposed_by", name="ck_statement_two_persons"),
        sa.CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL", name="ck_statement_active_by_two"
        ),
        sa.CheckConstraint(
            "(policy = 'health_misinformation' AND topic = 'health') OR "
            "(policy = 'disaster_misinformation' AND topic = 'emergency')",
            name="ck_statement_health_or_emergency",
        ),
        # 180 days in microseconds.
        sa.CheckConstraint(
            "expires_at > proposed_at AND expires_at - proposed_at <= 15552000000000",
            name="ck_statement_expires_within_180_days",
        ),
        sa.CheckConstraint(
            "source_url LIKE 'http://_%' OR source_url LIKE 'https://_%'",
            name="ck_statement_published_source",
        ),
    )
    op.create_index("ix_statement_state", "statement", ["state"])


def downgrade() -> None:
    """Drop it; flags keep the numbers of the statements that raised them."""
    op.drop_table("statement")
