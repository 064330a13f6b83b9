"""Items, claims, decisions and responses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
TABLES = (
    "item",
    "item_event",
    "skip",
    "draft",
    "decision",
    "current_decision",
    "template",
    "response",
)


def _item() -> None:
    op.create_table(
        "item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("priority", sa.Float(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("due_at", AT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("claimed_by", KEY, nullable=True),
        sa.Column("claim_until", AT, nullable=True),
        sa.Column("claim_no", sa.Integer(), nullable=False),
        sa.Column("skips", sa.SmallInteger(), nullable=False),
        sa.Column("escalated", sa.Boolean(), nullable=False),
        sa.Column("edited_after_review", sa.Boolean(), nullable=False),
        sa.Column("needs_answer", sa.Boolean(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("state_at", AT, nullable=False),
        sa.Column("decided_at", AT, nullable=True),
        sa.Column("answered_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name="fk_item_claimed_by"),
        sa.UniqueConstraint("post_id", "queue", name="uq_item_post_id_queue"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_item_post_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_item_team_id"),
    )
    op.create_index(
        "ix_item_claimed",
        "item",
        ["claim_until"],
        sqlite_where=sa.text("state = 'claimed'"),
        postgresql_where=sa.text("state = 'claimed'"),
    )
    op.create_index(
        "ix_item_ready",
        "item",
        ["queue", sa.text("priority DESC"), "id"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "ix_item_unanswered",
        "item",
        [sa.text("decided_at DESC"), sa.text("id DESC")],
        sqlite_where=sa.text("needs_answer AND state = 'decided'"),
        postgresql_where=sa.text("needs_answer AND state = 'decided'"),
    )


def _item_event() -> None:
    op.create_table(
        "item_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor_id", KEY, nullable=True),
        sa.Column("claim_no", sa.Integer(), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item_event"),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name="fk_item_event_actor_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_event_item_id"),
    )
    op.create_index("ix_item_event_item_id", "item_event", ["item_id"])


def _skip() -> None:
    op.create_table(
        "skip",
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "person_id", name="pk_skip"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_skip_item_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_skip_person_id"),
    )


def _draft() -> None:
    op.create_table(
        "draft",
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "person_id", name="pk_draft"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_draft_item_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_draft_person_id"),
    )


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=True),
        sa.Column("severity", sa.SmallInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("claim_no", sa.Integer(), nullable=False),
        sa.Column("reviewer_id", KEY, nullable=False),
        sa.Column("supersedes_id", KEY, nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("decided_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_decision_item_id"),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"], name="fk_decision_reviewer_id"),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["decision.id"], name="fk_decision_supersedes_id"
        ),
        sa.UniqueConstraint("uuid", name="uq_decision_uuid"),
    )
    op.create_index("ix_decision_item_id", "decision", ["item_id"])


def _current_decision() -> None:
    op.create_table(
        "current_decision",
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.PrimaryKeyConstraint("item_id", "slot", name="pk_current_decision"),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["decision.id"], name="fk_current_decision_decision_id"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_current_decision_item_id"),
    )


def _template() -> None:
    op.create_table(
        "template",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("retired_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", "version", "language", name="pk_template"),
    )


def _response() -> None:
    op.create_table(
        "response",
        sa.Column("id", KEY, nullable=False),
        sa.Column("uuid", sa.String(), nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("template_id", sa.String(), nullable=True),
        sa.Column("template_version", sa.Integer(), nullable=True),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("given_by", KEY, nullable=False),
        sa.Column("given_at", AT, nullable=False),
        sa.Column("logged_at", AT, nullable=False),
        sa.Column("supersedes_id", KEY, nullable=True),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_response"),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name="fk_response_given_by"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_response_item_id"),
        sa.ForeignKeyConstraint(
            ["supersedes_id"], ["response.id"], name="fk_response_supersedes_id"
        ),
        sa.UniqueConstraint("uuid", name="uq_response_uuid"),
    )
    op.create_index("ix_response_item_id", "response", ["item_id"])


def upgrade() -> None:
    """Make the tables."""
    _item()
    _item_event()
    _skip()
    _draft()
    _decision()
    _current_decision()
    _template()
    _response()


def downgrade() -> None:
    """Drop them, children first."""
    for table in reversed(TABLES):
        op.drop_table(table)
