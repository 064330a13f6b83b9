"""The review console: items read once more, waves, gold, appeals, routes, search, care."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
# BIGINT on PostgreSQL; on SQLite only INTEGER makes the row id.
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
TABLES = (
    "signature",
    "wave",
    "wave_member",
    "gold",
    "appeal",
    "route",
    "item_text",
    "saved_view",
    "opt_out",
    "exposure",
    "limits",
    "reading",
    "rest",
)
# What hangs on an item; those of the items that go are removed with them.
ON_ITEMS = ("current_decision", "decision", "response", "item_event", "skip", "draft")
OPEN, LIVE = sa.text("state = 'open'"), sa.text("state = 'claimed'")
ONCE, AGAIN = sa.text("of_item_id IS NULL"), sa.text("of_item_id IS NOT NULL")
UNANSWERED = sa.text("needs_answer AND state = 'decided'")
COLUMNS = (
    *("id", "post_id", "queue", "team_id", "lang", "label", "priority", "why", "due_at", "state"),
    *("claimed_by", "claim_until", "claim_no", "skips", "escalated", "edited_after_review"),
    *("needs_answer", "created_at", "state_at", "decided_at", "answered_at"),
)


def _index(
    name: str,
    columns: list[str | sa.TextClause],
    *,
    where: sa.TextClause,
    table: str = "item",
    unique: bool = False,
) -> None:
    """Make an index over the rows that *where* names."""
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def _columns() -> list[sa.Column[object]]:
    return [
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
    ]


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("purpose", sa.String(), nullable=False, server_default="review"),
        sa.Column("of_item_id", KEY, nullable=True),
        sa.Column("for_person", KEY, nullable=True),
    ]


def _made_anew(*more: sa.schema.SchemaItem) -> None:
    """Make SQLite's table of items anew around its rows: it drops no constraint in place.

    What hangs on items is checked at the end of the transaction, when they are all back.
    """
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute("CREATE TABLE item_before AS SELECT * FROM item")
    op.drop_table("item")
    op.create_table(
        "item",
        *_columns(),
        *more,
        sa.PrimaryKeyConstraint("id", name="pk_item"),
        sa.ForeignKeyConstraint(["claimed_by"], ["person.id"], name="fk_item_claimed_by"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_item_post_id"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_item_team_id"),
    )
    names = ", ".join(COLUMNS)
    op.execute(f"INSERT INTO item ({names}) SELECT {names} FROM item_before ORDER BY id")  # noqa: S608 - names from this file
    op.drop_table("item_before")
    _index("ix_item_claimed", ["claim_until"], where=LIVE)
    _index("ix_item_ready", ["queue", sa.text("priority DESC"), "id"], where=OPEN)
    newest: list[str | sa.TextClause] = [sa.text("decided_at DESC"), sa.text("id DESC")]
    _index("ix_item_unanswered", newest, where=UNANSWERED)


def _item() -> None:
    of_another = "(purpose = 'review') = (of_item_id IS NULL)"
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(
            *_new_columns(),
            sa.ForeignKeyConstraint(["of_item_id"], ["item.id"], name="fk_item_of_item_id"),
            sa.ForeignKeyConstraint(["for_person"], ["person.id"], name="fk_item_for_person"),
            sa.CheckConstraint(of_another, name="ck_item_of_another"),
        )
    else:
        op.drop_constraint("uq_item_post_id_queue", "item")
        for column in _new_columns():
            op.add_column("item", column)
        op.create_foreign_key("fk_item_of_item_id", "item", "item", ["of_item_id"], ["id"])
        op.create_foreign_key("fk_item_for_person", "item", "person", ["for_person"], ["id"])
        op.create_check_constraint(op.f("ck_item_of_another"), "item", sa.text(of_another))
    _index("uq_item_post_id_queue", ["post_id", "queue"], unique=True, where=ONCE)
    _index("ix_item_of_item_id", ["of_item_id"], where=AGAIN)


def _waves() -> None:
    op.create_table(
        "signature",
        sa.Column("post_id", KEY, autoincrement=False, nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="pk_signature"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_signature_post_id"),
    )
    op.create_index("ix_signature_at", "signature", ["at"])
    op.create_table(
        "wave",
        sa.Column("id", KEY, nullable=False),
        sa.Column("first_post_id", KEY, nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("joined_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_wave"),
        sa.ForeignKeyConstraint(["first_post_id"], ["post.id"], name="fk_wave_first_post_id"),
        sa.UniqueConstraint("first_post_id", name="uq_wave_first_post_id"),
    )
    op.create_table(
        "wave_member",
        sa.Column("post_id", KEY, autoincrement=False, nullable=False),
        sa.Column("wave_id", KEY, nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("joined_at", AT, nullable=False),
        sa.Column("left_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("post_id", name="pk_wave_member"),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name="fk_wave_member_post_id"),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name="fk_wave_member_wave_id"),
    )
    op.create_index("ix_wave_member_wave_id", "wave_member", ["wave_id"])


def _quality() -> None:
    op.create_table(
        "gold",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("approved_at", AT, nullable=True),
        sa.Column("retired_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_gold"),
        sa.UniqueConstraint("item_id", name="uq_gold_item_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_gold_item_id"),
        *_by_two("gold"),
    )
    op.create_table(
        "appeal",
        sa.Column("id", KEY, nullable=False),
        sa.Column("item_id", KEY, nullable=False),
        sa.Column("decision_id", KEY, nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("filed_by", KEY, nullable=False),
        sa.Column("filed_at", AT, nullable=False),
        sa.Column("review_item_id", KEY, nullable=True),
        sa.Column("result", sa.String(), nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_appeal"),
        sa.UniqueConstraint("review_item_id", name="uq_appeal_review_item_id"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_appeal_item_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_appeal_decision_id"),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name="fk_appeal_filed_by"),
        sa.ForeignKeyConstraint(["review_item_id"], ["item.id"], name="fk_appeal_review_item_id"),
    )
    op.create_index("ix_appeal_item_id", "appeal", ["item_id"])
    still = sa.text("result IS NULL")
    _index("ix_appeal_open", ["filed_at"], where=still, table="appeal")


def _by_two(table: str) -> list[sa.schema.SchemaItem]:
    people = ("proposed_by", "approved_by")
    return [
        *(
            sa.ForeignKeyConstraint([name], ["person.id"], name=f"fk_{table}_{name}")
            for name in people
        ),
        sa.CheckConstraint("approved_by <> proposed_by", name=f"ck_{table}_two_persons"),
    ]


def _rules() -> None:
    op.create_table(
        "route",
        sa.Column("id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("langs", sa.JSON(), nullable=False),
        sa.Column("sources", sa.JSON(), nullable=False),
        sa.Column("team_id", KEY, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("proposed_by", KEY, nullable=False),
        sa.Column("proposed_at", AT, nullable=False),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("approved_at", AT, nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("ended_at", AT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_route"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_route_team_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_route_ended_by"),
        sa.CheckConstraint(
            "state <> 'active' OR approved_by IS NOT NULL", name="ck_route_active_by_two"
        ),
        *_by_two("route"),
    )
    op.create_index("ix_route_state", "route", ["state"])


def _finding() -> None:
    op.create_table(
        "item_text",
        sa.Column("item_id", KEY, autoincrement=False, nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("item_id", name="pk_item_text"),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"], name="fk_item_text_item_id"),
    )
    op.create_table(
        "saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("team_id", KEY, nullable=True),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("made_by", KEY, nullable=False),
        sa.Column("made_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"),
        sa.UniqueConstraint("team_id", "page", "name", name="uq_saved_view_team_id_page_name"),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name="fk_saved_view_team_id"),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name="fk_saved_view_made_by"),
    )


def _care() -> None:
    op.create_table(
        "opt_out",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("since", AT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "label", name="pk_opt_out"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_opt_out_person_id"),
    )
    op.create_table(
        "exposure",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "day", "severity", name="pk_exposure"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_exposure_person_id"),
    )
    op.create_table(
        "limits",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("break_after_min", sa.Integer(), nullable=True),
        sa.Column("severe_a_day", sa.Integer(), nullable=True),
        sa.Column("changed_at", AT, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_limits"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_limits_person_id"),
    )
    op.create_table(
        "reading",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("last_at", AT, nullable=False),
        sa.Column("spared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_reading"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reading_person_id"),
    )
    op.create_table(
        "rest",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("began_at", AT, nullable=False),
        sa.Column("until", AT, nullable=False),
        sa.Column("by_timer", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rest"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_rest_person_id"),
    )
    op.create_index("ix_rest_person_id_until", "rest", ["person_id", "until"])


def upgrade() -> None:
    """Make room for items of items, then the tables around them."""
    _item()
    op.add_column("decision", sa.Column("also", sa.JSON(), nullable=False, server_default="[]"))
    _waves()
    _quality()
    _rules()
    _finding()
    _care()


def downgrade() -> None:
    """Remove what the older schema cannot hold: whatever was read once more, and what it said."""
    for name in reversed(TABLES):
        op.drop_table(name)
    op.drop_column("decision", "also")
    again = "SELECT id FROM item WHERE of_item_id IS NOT NULL"
    for name in ON_ITEMS:
        op.execute(f"DELETE FROM {name} WHERE item_id IN ({again})")  # noqa: S608 - names from this file
    op.execute("DELETE FROM item WHERE of_item_id IS NOT NULL")
    op.drop_index("ix_item_of_item_id", "item")
    op.drop_index("uq_item_post_id_queue", "item")
    once = sa.UniqueConstraint("post_id", "queue", name="uq_item_post_id_queue")
    if op.get_bind().dialect.name == "sqlite":
        _made_anew(once)
        return
    op.drop_constraint(op.f("ck_item_of_another"), "item")
    for name in ("fk_item_for_person", "fk_item_of_item_id"):
        op.drop_constraint(name, "item")
    for column in ("for_person", "of_item_id", "purpose"):
        op.drop_column("item", column)
    op.create_unique_constraint("uq_item_post_id_queue", "item", ["post_id", "queue"])
