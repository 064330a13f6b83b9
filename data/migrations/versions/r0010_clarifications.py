"""Clarifications of policies, and the indexes of what was not sure and of what joined a wave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
UNSURE, STAYS = sa.text("outcome = 'not_sure'"), sa.text("left_at IS NULL")


def upgrade() -> None:
    """Make the table and the two indexes."""
    op.create_table(
        "clarification",
        sa.Column("id", KEY, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("sentence_en", sa.Text(), nullable=False),
        sa.Column("sentence_vi", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("approved_at", AT, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_clarification"),
        sa.ForeignKeyConstraint(
            ["proposed_by"], ["person.id"], name="fk_clarification_proposed_by"
        ),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["person.id"], name="fk_clarification_approved_by"
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_clarification_ended_by"),
        sa.CheckConstraint("approved_by <> proposed_by", name="ck_clarification_two_persons"),
        sa.CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL", name="ck_clarification_active_by_two"
        ),
    )
    op.create_index("ix_clarification_state", "clarification", ["state"])
    op.create_index(
        "ix_decision_not_sure",
        "decision",
        ["decided_at"],
        sqlite_where=UNSURE,
        postgresql_where=UNSURE,
    )
    op.create_index(
        "ix_wave_member_joined_at",
        "wave_member",
        ["joined_at", "wave_id"],
        sqlite_where=STAYS,
        postgresql_where=STAYS,
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_index("ix_wave_member_joined_at", "wave_member")
    op.drop_index("ix_decision_not_sure", "decision")
    op.drop_table("clarification")
