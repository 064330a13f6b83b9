"""Score ranges: items that are decided in one act after some of them were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
BY_RANGE = sa.text("kind = 'range'")


def upgrade() -> None:
    """Make the table, and the index of what was decided without being read."""
    op.create_table(
        "score_range",
        sa.Column("id", KEY, nullable=False),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("low", sa.Float(), nullable=False),
        sa.Column("high", sa.Float(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("remaining", sa.JSON(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.Column("undone_by", KEY, nullable=True),
        sa.Column("undone_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_score_range"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_score_range_team_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_score_range_made_by"),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name="fk_score_range_undone_by"),
        sa.CheckConstraint(
            "low >= 0 AND low <= high AND high <= 1", name="ck_score_range_scores_within_0_1"
        ),
    )
    op.create_index(
        "ix_decision_by_range",
        "decision",
        ["item_id"],
        sqlite_where=BY_RANGE,
        postgresql_where=BY_RANGE,
    )


def downgrade() -> None:
    """Drop them; decisions stay, and nothing takes them back together any more."""
    op.drop_index("ix_decision_by_range", "decision")
    op.drop_table("score_range")
