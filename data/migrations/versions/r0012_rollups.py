"""Roll-ups of items by team and source, of outcomes, waiting times and what is done on a day."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
# BIGINT on PostgreSQL, INTEGER on SQLite.
KEY = sa.BigInteger()
# Microseconds since 1970 UTC.
AT = sa.BigInteger()
DAY = 86_400_000_000
MINUTE = 60_000_000
TABLES = ("rollup_outcome", "rollup_wait", "rollup_pace")
ITEM_KEYS = ("queue", "label", "lang")
ITEM_COUNTS = ("made", "decided", "harm", "needs_answer", "answered", "void")
MORE_COUNTS = ("in_time", "unsure", "skipped", "escalated")
OWN = "item.of_item_id IS NULL"
PLACE = "coalesce(item.team_id, 0) AS team_id"
STANDING = """
LEFT JOIN current_decision ON current_decision.item_id = item.id AND current_decision.slot = 1
LEFT JOIN decision ON decision.id = current_decision.decision_id"""


# In the order of the columns, after *made*.
FACTS = (
    "item.decided_at IS NOT NULL",
    "decision.outcome = 'violates'",
    "item.needs_answer",
    "item.needs_answer AND item.answered_at IS NOT NULL",
    "item.state = 'void'",
    "item.decided_at <= item.due_at",
    "decision.outcome = 'not_sure'",
    "item.skips > 0",
    "item.escalated",
)


def _count(fact: str) -> str:
    return f"sum(CASE WHEN {fact} THEN 1 ELSE 0 END)"


def _table(name: str, *columns: sa.Column[object]) -> None:
    keys = [column.name for column in columns if column.primary_key]
    for column in columns:
        column.primary_key = False
    key = sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}")
    op.create_table(name, *columns, key)


def _key(name: str, kind: sa.types.TypeEngine[Any] | None = None) -> sa.Column[object]:
    return sa.Column(name, kind or sa.String(), nullable=False, primary_key=True)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _day() -> sa.Column[object]:
    return _key("day", sa.Integer())


def _seen() -> None:
    """Tell from the log when each item was claimed for the first time."""
    op.add_column("item", sa.Column("seen_at", AT, nullable=True))
    op.execute(
        "UPDATE item SET seen_at = (SELECT min(item_event.at) FROM item_event "
        "WHERE item_event.item_id = item.id AND item_event.kind = 'claimed')"
    )


def _items() -> None:
    op.drop_table("rollup_item")
    _table(
        "rollup_item",
        _day(),
        *map(_key, ITEM_KEYS),
        _key("team_id", KEY),
        _key("source_id", KEY),
        *map(_number, (*ITEM_COUNTS, *MORE_COUNTS)),
    )
    op.execute(
        f"INSERT INTO rollup_item SELECT item.created_at / {DAY}, queue, label, lang, {PLACE}, "  # noqa: S608 - words from this file
        f"coalesce(item.source_id, 0), count(*), {', '.join(map(_count, FACTS))} "
        f"FROM item {STANDING} WHERE {OWN} GROUP BY 1, 2, 3, 4, 5, 6"
    )


def _outcomes() -> None:
    _table(
        "rollup_outcome",
        _day(),
        _key("label"),
        _key("lang"),
        _key("team_id", KEY),
        _key("source_id", KEY),
        *map(_key, ("model", "outcome", "policy")),
        *map(_number, ("items", "leading")),
    )
    if op.get_bind().dialect.name == "sqlite":
        pairs, name = "json_each(decision.also) AS pair", "json_extract(pair.value, '$[0]')"
    else:
        pairs, name = "json_array_elements(decision.also) AS pair(value)", "(pair.value ->> 0)"
    about = (
        f"decision.id, item.created_at / {DAY} AS day, item.label, item.lang, {PLACE}, "
        "coalesce(item.source_id, 0) AS source_id, coalesce(decision.model, '') AS model, outcome"
    )
    here = f"FROM item {STANDING.replace('LEFT ', '')}"
    keys = "day, label, lang, team_id, source_id, model, outcome, policy"
    op.execute(
        f"INSERT INTO rollup_outcome SELECT {keys}, count(*), sum(leads) FROM ("  # noqa: S608 - words from this file
        f"SELECT {about}, coalesce(policy, '') AS policy, 1 AS leads {here} WHERE {OWN} "
        f"UNION ALL SELECT DISTINCT {about}, {name} AS policy, 0 AS leads {here} "
        f"CROSS JOIN {pairs} WHERE {OWN} AND {name} <> decision.policy) AS named GROUP BY {keys}"
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


def _waits() -> None:
    _table(
        "rollup_wait",
        _day(),
        *map(_key, ITEM_KEYS),
        _key("team_id", KEY),
        _key("step"),
        _key("bucket", sa.Integer()),
        *map(_number, ("ended", "gone")),
    )
    void = "item.state = 'void'"
    steps = (
        ("seen", "seen_at", "item.decided_at, item.state_at", f"decided_at IS NOT NULL OR {void}"),
        ("decided", "decided_at", "item.state_at", void),
        ("answered", "answered_at", "item.state_at", void),
    )
    keys = "day, queue, label, lang, team_id"
    for step, at, else_at, gone in steps:
        passed = f"(coalesce(item.{at}, {else_at}) - item.created_at)"
        needs = "AND item.needs_answer" if step == "answered" else ""
        op.execute(
            f"INSERT INTO rollup_wait SELECT {keys}, '{step}', {_bucket()}, sum(ended), "  # noqa: S608 - words from this file
            f"sum(1 - ended) FROM (SELECT item.created_at / {DAY} AS day, queue, label, lang, "
            f"{PLACE}, CASE WHEN {passed} <= 0 THEN 0 "
            f"ELSE ({passed} + {MINUTE - 1}) / {MINUTE} END AS minutes, "
            f"CASE WHEN {at} IS NULL THEN 0 ELSE 1 END AS ended FROM item "
            f"WHERE {OWN} {needs} AND ({at} IS NOT NULL OR {gone})) AS waited "
            "GROUP BY 1, 2, 3, 4, 5, 6, 7"
        )


def _paces() -> None:
    _table(
        "rollup_pace",
        _day(),
        _key("queue"),
        _key("team_id", KEY),
        _key("deed"),
        _number("items"),
    )
    deeds = (
        ("arrived", "created_at", "1 = 1"),
        ("decided", "decided_at", "decided_at IS NOT NULL"),
        ("answered", "answered_at", "needs_answer AND answered_at IS NOT NULL"),
        ("late", "decided_at", "decided_at > due_at"),
    )
    for deed, at, done in deeds:
        op.execute(
            f"INSERT INTO rollup_pace SELECT {at} / {DAY}, queue, {PLACE}, '{deed}', count(*) "  # noqa: S608 - words from this file
            f"FROM item WHERE {OWN} AND {done} GROUP BY 1, 2, 3"
        )


def upgrade() -> None:
    """Note when items were first claimed, and count what the store holds."""
    _seen()
    _items()
    _outcomes()
    _waits()
    _paces()


def downgrade() -> None:
    """Count items by day, queue, reason and language alone; drop the rest."""
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_table("rollup_item")
    _table("rollup_item", _day(), *map(_key, ITEM_KEYS), *map(_number, ITEM_COUNTS))
    counts = ", ".join(map(_count, FACTS[: len(ITEM_COUNTS) - 1]))
    op.execute(
        f"INSERT INTO rollup_item SELECT item.created_at / {DAY}, queue, label, lang, count(*), "  # noqa: S608 - words from this file
        f"{counts} FROM item {STANDING} WHERE {OWN} GROUP BY 1, 2, 3, 4"
    )
    op.drop_column("item", "seen_at")
