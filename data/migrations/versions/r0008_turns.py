"""Whose turn it is: what waited too long, what is drawn at random, and who reads which language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'open'")
READY: list[str | sa.TextClause] = ["queue", sa.text("priority DESC"), "id"]
# What people filter by.
KINDS = ("lang", "label", "source_id")
# 52 random bits, so that every number lies from 0 up to 1 and none is rounded to 1.
ANY_PLACE = {
    "sqlite": "(random() & 4503599627370495) / 4503599627370496.0",
    "postgresql": "random()",
}


def _index(name: str, columns: list[str | sa.TextClause]) -> None:
    op.create_index(name, "item", columns, sqlite_where=OPEN, postgresql_where=OPEN)


def upgrade() -> None:
    """Give every item its source and a place for draws; make indexes and the table of languages."""
    place = sa.Column("draw", sa.Float(), nullable=False, server_default=sa.text("0"))
    op.add_column("item", place)
    op.execute(f"UPDATE item SET draw = {ANY_PLACE[op.get_bind().dialect.name]}")  # noqa: S608 - words from this file
    op.add_column("item", sa.Column("source_id", KEY, nullable=True))
    op.execute(
        "UPDATE item SET source_id = (SELECT source_id FROM post WHERE post.id = item.post_id)"
    )
    op.drop_index("ix_item_ready", "item")
    _index("ix_item_ready", [*READY, *KINDS])
    _index("ix_item_due", ["queue", "due_at", "id", *KINDS])
    _index("ix_item_draw", ["queue", "draw", *KINDS])
    op.create_table(
        "person_lang",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "lang", name="pk_person_lang"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_person_lang_person_id"),
    )


def downgrade() -> None:
    """Remove them."""
    op.drop_table("person_lang")
    op.drop_index("ix_item_draw", "item")
    op.drop_index("ix_item_due", "item")
    op.drop_index("ix_item_ready", "item")
    _index("ix_item_ready", READY)
    op.drop_column("item", "source_id")
    op.drop_column("item", "draw")
