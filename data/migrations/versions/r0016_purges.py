"""When platforms deleted posts, frames of audits by source, posts by language and hour."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
DAY = 86_400_000_000
MINUTE = 60_000_000


def upgrade() -> None:
    """Add columns and roll-ups; no deletion before said when its platform made it."""
    _came()
    op.add_column("audit", sa.Column("sources", sa.JSON(), nullable=True))
    op.add_column("post", sa.Column("platform_deleted_at", AT, nullable=True))
    op.create_table(
        "rollup_purge",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("source_id", AT, nullable=False),
        sa.Column("counted_from", sa.String(), nullable=False),
        sa.Column("bucket", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("texts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint(
            "day", "source_id", "counted_from", "bucket", name="pk_rollup_purge"
        ),
    )
    passed = f"(text_erased_at - deleted_at + {MINUTE - 1}) / {MINUTE}"
    op.execute(
        f"INSERT INTO rollup_purge SELECT day, source_id, 'learned', {_bucket()}, count(*), "  # noqa: S608 - words from this file
        f"sum(with_text) FROM (SELECT deleted_at / {DAY} AS day, source_id, "
        f"CASE WHEN text_erased_at > deleted_at THEN {passed} ELSE 0 END AS minutes, "
        "CASE WHEN text_erased_at >= deleted_at THEN 1 ELSE 0 END AS with_text FROM post "
        "WHERE deleted_at IS NOT NULL AND text_erased_at IS NOT NULL) AS gone "
        "GROUP BY 1, 2, 3, 4"
    )


def _came() -> None:
    op.create_table(
        "rollup_came",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("source_id", AT, nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source_id", "part", "value", name="pk_rollup_came"),
    )
    # Lifted by whole days, so that times before 1970 are cut alike.
    hour = f"(published_at + {1_000_000 * DAY}) / {DAY // 24} % 24"
    digits = f"CASE WHEN {hour} < 10 THEN '0' ELSE '' END || CAST({hour} AS VARCHAR)"
    for part, value in (("lang", "lang"), ("hour", digits)):
        op.execute(
            f"INSERT INTO rollup_came SELECT day, source_id, '{part}', {value}, count(*) "  # noqa: S608 - words from this file
            "FROM post GROUP BY 1, 2, 4"
        )


def _bucket() -> str:
    """Put minutes into buckets: whole ones up to 1 hour, then twenty to each doubling."""
    parts = ["WHEN minutes <= 60 THEN minutes"]
    for doubled in range(16):
        low = 60 << doubled
        width = low // 20
        edge = f"{low} + (minutes - {low} + {width - 1}) / {width} * {width}"
        parts.append(f"WHEN minutes <= {low * 2} THEN {edge}")
    return f"CASE {' '.join(parts)} ELSE {60 << 16} END"


def downgrade() -> None:
    """Drop them; when platforms deleted, and frames by source, are forgotten."""
    op.drop_table("rollup_came")
    op.drop_table("rollup_purge")
    op.drop_column("post", "platform_deleted_at")
    op.drop_column("audit", "sources")
