"""Counts of each day by the threshold that would put a post before people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
# Microseconds since 1970 UTC.
AT = sa.BigInteger()


def upgrade() -> None:
    """Make the two tables; the worker fills them."""
    op.create_table(
        "whatif",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("puts", sa.String(), nullable=False),
        sa.Column("kept", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Integer(), nullable=False),
        sa.Column("harm", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "model", "lang", "puts", "kept", name="pk_whatif"),
        sa.CheckConstraint("kept = 0 OR kept = 1", name="ck_whatif_kept_or_not"),
    )
    op.create_table(
        "whatif_day",
        sa.Column("day", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("counted_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_whatif_day"),
    )


def downgrade() -> None:
    """Drop them; they can be counted again."""
    op.drop_table("whatif_day")
    op.drop_table("whatif")
