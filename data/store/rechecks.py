"""Which stored posts to ask their platform about again: their sealed locators, newest first.

A sweep walks down the ids, a stretch at a time, so that a run costs the same at any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from evenhand.data.tables import post

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

# Rows looked at in one run at most: a source with few posts among many of others is found slowly
# rather than at the cost of everybody's reads (100,000 rows take less than 100 ms on SQLite).
STRETCH = 100_000


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sweep: sealed locators, the id to go on below, and whether nothing is left."""

    locators: tuple[bytes, ...]
    below: int
    ended: bool


def next_part(
    conn: Connection,
    source_id: str,
    *,
    below: int | None,
    since: datetime | None,
    at_most: int,
) -> Part:
    """Pick up to *at_most* posts of a source with ids below *below*, newest first.

    Args:
        conn: Inside a read.
        source_id: Which source.
        below: Where the part before ended; None starts from the newest post.
        since: Posts fetched before are left out; None takes all.
        at_most: Most locators (at least 1).
    """
    top = _newest(conn) + 1 if below is None else below
    floor = max(0, top - STRETCH)
    query = (
        select(post.c.id, post.c.locator)
        .where(
            post.c.id < top,
            post.c.id >= floor,
            # With a sum no engine takes the index on sources, whose rows lie in no order of time.
            post.c.source_id + 0 == int(source_id),
            post.c.locator.is_not(None),
            post.c.deleted_at.is_(None),
            *([] if since is None else [post.c.fetched_at >= since]),
        )
        .order_by(post.c.id.desc())
        .limit(at_most)
    )
    rows = conn.execute(query).all()
    lowest = rows[-1].id if len(rows) == at_most else floor
    return Part(tuple(row.locator for row in rows), lowest, _is_last(conn, lowest, since))


def _newest(conn: Connection) -> int:
    return conn.execute(select(post.c.id).order_by(post.c.id.desc()).limit(1)).scalar() or 0


def _is_last(conn: Connection, below: int, since: datetime | None) -> bool:
    """Say whether nothing below this id is to be asked about; ids grow with the time of arrival."""
    query = select(post.c.fetched_at).where(post.c.id < below).order_by(post.c.id.desc()).limit(1)
    fetched_at = conn.execute(query).scalar()
    return fetched_at is None or (since is not None and fetched_at < since)
