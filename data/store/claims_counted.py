"""What claims and skips add to the roll-ups: the first claim, the first skip, the escalation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from evenhand.data.store import rollup_counted
from evenhand.data.tables import item_event

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, Row

SKIPS_UNTIL_ESCALATED = 3
CLAIMED = "claimed"


def count_seen(conn: Connection, rows: Iterable[Row[*tuple[Any, ...]]], now: datetime) -> None:
    """Count the items, as they are after a claim, that were claimed for the first time *now*."""
    first = [
        rollup_counted.counted(row)
        for row in rows
        if row.of_item_id is None and row.seen_at == now and not _seen_before(conn, row)
    ]
    rollup_counted.count(conn, [(replace(one, seen_at=None), one) for one in first])


def count_skip(conn: Connection, row: Row[*tuple[Any, ...]]) -> None:
    """Count the first skip of an item, as it is after that, and the one that escalates it."""
    if row.of_item_id is None and row.skips in {1, SKIPS_UNTIL_ESCALATED}:
        now = rollup_counted.counted(row)
        was = row.escalated and row.skips > SKIPS_UNTIL_ESCALATED
        rollup_counted.count(conn, [(replace(now, skips=row.skips - 1, escalated=was), now)])


def _seen_before(conn: Connection, row: Row[*tuple[Any, ...]]) -> bool:
    """Say whether an item whose first claim is of this very moment had another one in it."""
    if row.claim_no == 1:
        return False
    # Whoever answers holds an item under a number too, without a claim of this kind.
    query = select(item_event.c.id).where(
        item_event.c.item_id == row.id, item_event.c.kind == CLAIMED
    )
    return conn.execute(query.limit(1)).first() is not None
