"""Audits of unflagged posts by day, and the weekly budget that two persons set."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()


def upgrade() -> None:
    """Make the two tables."""
    op.create_table(
        "audit",
        sa.Column("id", KEY, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("drawn_at", AT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("frame", sa.Integer(), nullable=False),
        sa.Column("flagged", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Integer(), nullable=False),
        sa.Column("budget", sa.Float(), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("least", sa.Float(), nullable=True),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("langs", sa.JSON(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("day", name="uq_audit_day"),
        sa.CheckConstraint("least > 0 AND least <= 1", name="ck_audit_least_within_0_1"),
    )
    op.create_table(
        "budget",
        sa.Column("id", KEY, nullable=False),
        sa.Column("weekly", sa.Integer(), nullable=False),
        sa.Column("audits", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("approved_at", AT, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_budget"),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name="fk_budget_proposed_by"),
        sa.ForeignKeyConstraint(["approved_by"], ["person.id"], name="fk_budget_approved_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_budget_ended_by"),
        sa.CheckConstraint(
            "audits >= 0 AND audits <= weekly", name="ck_budget_audits_within_weekly"
        ),
        sa.CheckConstraint("approved_by <> proposed_by", name="ck_budget_two_persons"),
        sa.CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL", name="ck_budget_active_by_two"
        ),
    )
    op.create_index("ix_budget_state", "budget", ["state"])


def downgrade() -> None:
    """Drop them; what was drawn stays drawn, and its frame is forgotten."""
    op.drop_table("budget")
    op.drop_table("audit")
