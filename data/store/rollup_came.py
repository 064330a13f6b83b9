"""How many posts came in by language, and by the hour in which they were written.

A post is counted under its language and under its hour apart, never under both together: these
serve the comparison with what was reviewed.
Rows are of one source each, so that on PostgreSQL two pages never wait for each other here.
"""

from __future__ import annotations

from datetime import UTC
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import String, delete, func, literal_column, select, union_all

from evenhand.data.store import dialect, rollups
from evenhand.data.store.rollups import DAY, DAY_MICROS, day_of, start_of
from evenhand.data.tables import item, post, rollup_came

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select

    from evenhand.data.store.arrivals import Incoming
    from evenhand.data.store.posts import Known
    from evenhand.data.store.rollups import Days

NAMES = ("day", "source_id", "part", "value", "posts")
HOUR_MICROS = DAY_MICROS // 24
# Whole days: dividing cuts towards zero, and times before 1970 would fall into the next hour.
LIFT = 1_000_000 * DAY_MICROS
_HOUR_OF = f"(post.published_at + {LIFT}) / {HOUR_MICROS} % 24"
_TWO_DIGITS: ColumnElement[str] = literal_column(
    f"CASE WHEN {_HOUR_OF} < 10 THEN '0' ELSE '' END || CAST({_HOUR_OF} AS VARCHAR)", String
)


class Came(StrEnum):
    """What posts are counted by."""

    LANG = "lang"
    # UTC, 00 to 23.
    HOUR = "hour"


def count(
    conn: Connection,
    source_id: int,
    new: Sequence[Incoming],
    edits: Sequence[tuple[Known, Incoming]],
    now: datetime,
) -> None:
    """Add posts that are stored in this transaction; an edit may move one to another language."""
    sums: dict[tuple[int, int, str, str], int] = {}

    def add(day: int, part: Came, value: str, by: int) -> None:
        key = (day, source_id, part.value, value)
        sums[key] = sums.get(key, 0) + by

    for one in new:
        add(day_of(now), Came.LANG, one.tag.lang, 1)
        add(day_of(now), Came.HOUR, f"{one.post.published_at.astimezone(UTC).hour:02}", 1)
    for was, one in edits:
        add(was.day, Came.LANG, was.lang, -1)
        add(was.day, Came.LANG, one.tag.lang, 1)
    rows = [(*key, by) for key, by in sums.items() if by]
    dialect.add_to_rows(conn, rollup_came, NAMES, rows)
    if any(by < 0 for by in sums.values()):
        conn.execute(delete(rollup_came).where(rollup_came.c.posts == 0))


def read(conn: Connection, days: Days) -> dict[Came, dict[str, int]]:
    """Read how many posts came in on these days, by the values of each part."""
    found: dict[Came, dict[str, int]] = {one: {} for one in Came}
    for row in rollups.sums(conn, rollup_came, days, ("part", "value"), ("posts",)):
        found[Came(row["part"])][row["value"]] = row["posts"]
    return found


def decided_by_hour(conn: Connection, days: Days, labels: Sequence[str]) -> dict[str, int]:
    """Count the items made for *labels* on these days that are decided, by their post's hour.

    Items are looked up with their posts: no roll-up of items knows when a post was written.
    """
    query = (
        select(_TWO_DIGITS.label("hour"), func.count())
        .select_from(item)
        .join(post, post.c.id == item.c.post_id)
        .where(
            item.c.of_item_id.is_(None),
            item.c.decided_at.is_not(None),
            item.c.label.in_(labels),
            item.c.created_at >= start_of(days.first),
            item.c.created_at < start_of(days.last + DAY),
        )
        .group_by(_TWO_DIGITS)
    )
    return {str(hour): int(items) for hour, items in conn.execute(query)}


def anew() -> CompoundSelect[Any]:
    """Select what the roll-up must hold."""
    return union_all(
        _by(Came.LANG, post.c.lang),
        _by(Came.HOUR, _TWO_DIGITS),
    )


def _by(part: Came, value: ColumnElement[str]) -> Select[Any]:
    name: ColumnElement[str] = literal_column(f"'{part.value}'").label("part")
    place = (post.c.day, post.c.source_id)
    return select(*place, name, value.label("value"), func.count()).group_by(*place, value)
