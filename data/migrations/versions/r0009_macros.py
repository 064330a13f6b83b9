"""Macros: one key for a decision and the beginning of a response."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()


def _one_each(name: str, columns: list[str], where: str) -> None:
    active = sa.text(where)
    op.create_index(
        name, "macro", columns, unique=True, sqlite_where=active, postgresql_where=active
    )


def upgrade() -> None:
    """Make the table, and let a decision say which macro made it."""
    op.create_table(
        "macro",
        sa.Column("id", KEY, nullable=False),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("policies", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_macro"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_macro_team_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_macro_made_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_macro_ended_by"),
        sa.CheckConstraint(
            "key IN ('F', 'G', 'H', 'J', 'K', 'L', 'X', 'Z')", name="ck_macro_free_key"
        ),
    )
    _one_each("uq_macro_team_id_key", ["team_id", "key"], "ended_at IS NULL")
    _one_each("uq_macro_key_of_nobody", ["key"], "ended_at IS NULL AND team_id IS NULL")
    # No foreign key: SQLite could not drop such a column again.
    op.add_column("decision", sa.Column("macro_id", KEY, nullable=True))


def downgrade() -> None:
    """Drop them; decisions stay, and what they began is forgotten."""
    op.drop_column("decision", "macro_id")
    op.drop_table("macro")
