"""Retraining: who trained, asked and promoted, what was measured, and what was drawn to be read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
PEOPLE = ("trained_by", "asked_by", "promoted_by")


def _model() -> None:
    # SQLite adds no constraint to a table that exists, so the table is made anew there.
    with op.batch_alter_table("model") as model:
        model.add_column(sa.Column("file_hash", sa.String(), nullable=True))
        model.add_column(sa.Column("based_on", sa.String(), nullable=True))
        model.add_column(sa.Column("trained_by", KEY, nullable=True))
        model.add_column(sa.Column("asked_by", KEY, nullable=True))
        model.add_column(sa.Column("asked_at", AT, nullable=True))
        model.add_column(sa.Column("promoted_by", KEY, nullable=True))
        model.add_column(sa.Column("promoted_at", AT, nullable=True))
        model.add_column(sa.Column("replaced", sa.String(), nullable=True))
        for name in PEOPLE:
            model.create_foreign_key(f"fk_model_{name}", "person", [name], ["id"])


def _model_report() -> None:
    op.create_table(
        "model_report",
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_model_report"),
        sa.ForeignKeyConstraint(["version"], ["model.version"], name="fk_model_report_version"),
    )
    op.create_index("ix_model_report_version_kind", "model_report", ["version", "kind"])


def _draw() -> None:
    op.create_table(
        "draw",
        sa.Column("id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("probability", sa.Float(), nullable=True),
        sa.Column("drawn_by", KEY, nullable=True),
        sa.Column("drawn_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_draw"),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name="fk_draw_drawn_by"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_draw_post_id"),
        sa.UniqueConstraint("post_id", "kind", name="uq_draw_post_id_kind"),
        sa.CheckConstraint(
            "probability > 0 AND probability <= 1", name="ck_draw_probability_within_0_1"
        ),
    )
    op.create_index("ix_draw_week", "draw", ["week"])


def upgrade() -> None:
    """Add the columns and make the tables."""
    _model()
    _model_report()
    _draw()
    op.add_column(
        "tag", sa.Column("shadow", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Drop them; what a model on trial said is no tag of an older program."""
    op.execute("DELETE FROM tag WHERE shadow")
    op.drop_column("tag", "shadow")
    op.drop_table("draw")
    op.drop_table("model_report")
    with op.batch_alter_table("model") as model:
        for name in PEOPLE:
            model.drop_constraint(f"fk_model_{name}", type_="foreignkey")
        for name in ("replaced", "promoted_at", "asked_at", *PEOPLE, "based_on", "file_hash"):
            model.drop_column(name)
