"""Posts, their versions, tags and flags."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
TABLES = ("post", "tombstone", "post_version", "tag", "flag")


def _post() -> None:
    op.create_table(
        "post",
        sa.Column("id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("native_key", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("author_ref", sa.String(), nullable=True),
        sa.Column("context_key", sa.String(), nullable=True),
        sa.Column("in_reply_to_key", sa.String(), nullable=True),
        sa.Column("locator", sa.LargeBinary(), nullable=True),
        sa.Column("community", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("published_at", AT, nullable=False),
        sa.Column("published_suspect", sa.Boolean(), nullable=False),
        sa.Column("updated_at", AT, nullable=True),
        sa.Column("fetched_at", AT, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body_hash", sa.String(), nullable=False),
        sa.Column("reach", sa.Integer(), nullable=False),
        sa.Column("civic", sa.Boolean(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("sentiment", sa.String(), nullable=True),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("may_train", sa.Boolean(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("text_erased_at", AT, nullable=True),
        sa.Column("deleted_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
        sa.UniqueConstraint("source_id", "native_key", name="uq_post_source_id_native_key"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_post_source_id"),
        sa.CheckConstraint(
            "NOT (civic AND sentiment IS NOT NULL)", name="ck_post_civic_without_sentiment"
        ),
    )
    op.create_index(
        "ix_post_author",
        "post",
        ["author_ref"],
        sqlite_where=sa.text("author_ref IS NOT NULL"),
        postgresql_where=sa.text("author_ref IS NOT NULL"),
    )
    op.create_index(
        "ix_post_context",
        "post",
        ["context_key"],
        sqlite_where=sa.text("context_key IS NOT NULL"),
        postgresql_where=sa.text("context_key IS NOT NULL"),
    )
    op.create_index(
        "ix_post_unflagged_text",
        "post",
        ["fetched_at"],
        sqlite_where=sa.text("NOT flagged AND text_erased_at IS NULL"),
        postgresql_where=sa.text("NOT flagged AND text_erased_at IS NULL"),
    )


def _tombstone() -> None:
    op.create_table(
        "tombstone",
        sa.Column("source_id", KEY, nullable=False),
        sa.Column("native_key", sa.String(), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.PrimaryKeyConstraint("source_id", "native_key", name="pk_tombstone"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_tombstone_source_id"),
    )


def _post_version() -> None:
    op.create_table(
        "post_version",
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("seen_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("post_id", "version", name="pk_post_version"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_post_version_post_id"),
        sqlite_with_rowid=False,
    )


def _tag() -> None:
    op.create_table(
        "tag",
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("harms", sa.JSON(), nullable=False),
        sa.Column("requests", sa.JSON(), nullable=False),
        sa.Column("sentiment_scores", sa.JSON(), nullable=True),
        sa.Column("tagged_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("post_id", "version", "model", name="pk_tag"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_tag_post_id"),
        sqlite_with_rowid=False,
    )


def _flag() -> None:
    op.create_table(
        "flag",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("band", sa.String(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("model", sa.String(), nullable=True),
        sa.Column("created_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flag"),
        sa.UniqueConstraint(
            "post_id", "version", "origin", "label", name="uq_flag_post_id_version_origin_label"
        ),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_flag_post_id"),
        sa.CheckConstraint("score >= 0 AND score <= 1", name="ck_flag_score_within_0_1"),
    )


def upgrade() -> None:
    """Make the tables."""
    _post()
    _tombstone()
    _post_version()
    _tag()
    _flag()


def downgrade() -> None:
    """Drop them, children first."""
    for table in reversed(TABLES):
        op.drop_table(table)
