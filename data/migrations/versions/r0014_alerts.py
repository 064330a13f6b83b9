"""Alerts: what is open, what happened to each, what is muted, and what was sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
STANDING = sa.text("ended_at IS NULL")
UNDER_WAY = sa.text("state = 'waiting' OR state = 'sending'")
DELETED_TEXT = sa.text("deleted_at IS NOT NULL AND text_erased_at IS NULL")


def upgrade() -> None:
    """Make the tables, and the index of texts that outlived their post."""
    _alerts()
    _mutes()
    op.create_table(
        "alert_sent",
        sa.Column("id", KEY, nullable=False),
        sa.Column("alert_id", KEY, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_sent"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_sent_alert_id"),
        sa.UniqueConstraint("alert_id", "channel", name="uq_alert_sent_alert_id_channel"),
    )
    _index("ix_alert_sent_waiting", "alert_sent", ["at"], UNDER_WAY)
    _index("ix_post_deleted_text", "post", ["id"], DELETED_TEXT)


def _alerts() -> None:
    op.create_table(
        "alert",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("opened_at", AT, nullable=False),
        sa.Column("looked_at", AT, nullable=False),
        sa.Column("owner_id", KEY, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_alert_owner_id"),
        sa.CheckConstraint(
            "(state = 'ended') = (ended_at IS NOT NULL)", name="ck_alert_ended_with_a_time"
        ),
    )
    _index("uq_alert_open", "alert", ["kind", "subject"], STANDING, unique=True)
    op.create_table(
        "alert_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("alert_id", KEY, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alert_event"),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name="fk_alert_event_alert_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_alert_event_person_id"),
    )
    op.create_index("ix_alert_event_alert_id", "alert_event", ["alert_id"])


def _mutes() -> None:
    op.create_table(
        "alert_mute",
        sa.Column("id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("until", AT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert_mute"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_alert_mute_made_by"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_alert_mute_ended_by"),
    )
    _index("uq_alert_mute_standing", "alert_mute", ["kind", "subject"], STANDING, unique=True)


def _index(
    name: str, table: str, columns: list[str], where: sa.TextClause, *, unique: bool = False
) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Drop them; the ledger keeps who muted what."""
    op.drop_index("ix_post_deleted_text", "post")
    for name in ("alert_sent", "alert_mute", "alert_event", "alert"):
        op.drop_table(name)
